#include "worker/net/fetch.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "worker/net/outbound_endpoint.h"

namespace omenia::net {

namespace {

Error refused(std::string why) {
  return fail(ErrorCode::invalid_request, std::move(why));
}

// What different readers of URLs read differently is not taken: names and passwords before the host, backslashes,
// escapes inside the host, what is not printed.
Result<Endpoint> checked_endpoint(std::string_view url) {
  if (url.size() > limits::input_url_chars_max)
    return refused("the URL is longer than " + std::to_string(limits::input_url_chars_max) + " characters");
  for (const char c : url)
    if (c <= ' ' || c >= 0x7f || c == '\\') return refused("the URL holds a character that no URL holds");
  const auto parsed = parse_endpoint(url);
  if (!parsed.ok()) return refused("the URL is none of http or https");
  const auto start = url.find("://") + 3;
  const std::string_view authority = url.substr(start, url.find_first_of("/?#", start) - start);
  if (authority.find('@') != std::string_view::npos) return refused("the URL names a user");
  const bool plain = std::all_of(parsed.value().host.begin(), parsed.value().host.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_' || c == ':';
  });
  if (!plain) return refused("the URL's host is no name and no address");
  return parsed.value();
}

bool is_allowed(const std::string& host, const std::vector<std::string>& hosts) {
  return hosts.empty() || std::any_of(hosts.begin(), hosts.end(), [&host](const std::string& allowed) {
           if (allowed.starts_with("*."))
             return host.size() >= allowed.size() && host.ends_with(std::string_view(allowed).substr(1));
           return host == allowed;
         });
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<OutboundRequest> request_for(const std::string& url, const FetchRules& rules, std::int64_t left_ms) {
  TRY_ASSIGN(const Endpoint endpoint, checked_endpoint(url));
  if (!is_allowed(endpoint.host, rules.hosts)) return refused("nothing is fetched from " + endpoint.host);
  if (left_ms <= 0) return fail(ErrorCode::provider_timeout, "fetching took too long");
  OutboundRequest request;
  request.method = "GET";
  request.url = url;
  request.deadlines.total_ms = left_ms;
  request.may_connect = rules.may_connect;
  return request;
}

Task<Result<Fetched>> read_document(OutboundCall* call, OutboundHead head, std::size_t bytes_max) {
  if (head.status != 200) co_return fail(ErrorCode::provider_broken, "answered " + std::to_string(head.status));
  Fetched fetched{std::move(head.content_type), {}};
  while (true) {
    TRY_AWAIT(const std::string piece, call->piece());
    if (piece.empty()) co_return fetched;
    fetched.body.append(piece);
    if (fetched.body.size() > bytes_max)
      co_return fail(ErrorCode::provider_broken, "sent more than " + std::to_string(bytes_max) + " bytes");
  }
}

}  // namespace

Task<Result<Fetched>> fetch(Outbound* outbound, std::string url, FetchRules rules, std::stop_token stop) {
  const std::int64_t end_ms = steady_ms() + rules.time_ms_max;
  for (std::int64_t redirects = 0;; ++redirects) {
    CO_TRY_ASSIGN(OutboundRequest request, request_for(url, rules, end_ms - steady_ms()));
    const auto call = outbound->start(std::move(request), stop);
    TRY_AWAIT(const OutboundHead head, call->head());
    if (!is_redirect(head.status) || head.location.empty()) {
      auto reading = read_document(call.get(), head, rules.bytes_max);
      auto document = co_await std::move(reading);
      co_return document;
    }
    if (redirects >= rules.redirects_max)
      co_return fail(ErrorCode::provider_broken,
                     "leads on more than " + std::to_string(rules.redirects_max) + " times");
    url = url_joined(url, head.location);
  }
}

std::string url_joined(const std::string& base, const std::string& location) {
  if (location.find("://") < location.find_first_of("/?#")) return location;
  const auto authority = base.find("://") + 3;
  const auto path = std::min(base.find_first_of("/?#", authority), base.size());
  if (location.starts_with("//")) return base.substr(0, authority - 2) + location;
  if (location.starts_with("/")) return base.substr(0, path) + location;
  const auto query = std::min(base.find_first_of("?#", path), base.size());
  if (location.starts_with("?")) return base.substr(0, query) + location;
  const auto folder = base.rfind('/', query);
  if (folder == std::string::npos || folder < path) return base.substr(0, path) + "/" + location;
  return base.substr(0, folder + 1) + location;
}

}  // namespace omenia::net
