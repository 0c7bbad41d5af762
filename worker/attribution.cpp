#include "worker/attribution.h"

namespace omenia::worker {

namespace {

// Valid as long as the request.
auth::Passage passage_of(const http::Request& head) {
  return {head.peer.address, head.peer.loopback, head.is_forwarded(), [&head](std::string_view name) {
            std::vector<std::string_view> values;
            for (const http::Header& header : head.headers)
              if (http::same_token(header.name, name)) values.push_back(header.value);
            return values;
          }};
}

}  // namespace

auth::ProxyRules proxy_rules(const Config& config) {
  return {.proxies = config.trusted_proxies,
          .user_header = config.trusted_proxy_user_header,
          .required_headers = config.trusted_proxy_required_headers,
          .allow_users = config.trusted_proxy_allow_users,
          .allow_loopback = config.trusted_proxy_allow_loopback,
          .real_ip_fallback = config.real_ip_fallback};
}

auth::Attribution attribution_of(const http::Request& head, const Config& config) {
  return auth::attribute(passage_of(head), proxy_rules(config));
}

auth::Voucher voucher_of(const http::Request& head, const Config& config) {
  return auth::vouched_user(passage_of(head), proxy_rules(config));
}

bool is_direct_local(const http::Request& head, const Config& config) {
  return head.peer.loopback && attribution_of(head, config).direct;
}

auth::Caller caller_of(const http::Request& head, const Config& config) {
  const auth::Attribution attribution = attribution_of(head, config);
  return {attribution.address, head.has_header("origin"), head.peer.loopback && attribution.direct};
}

}  // namespace omenia::worker
