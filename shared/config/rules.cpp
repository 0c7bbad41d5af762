#include "shared/config/rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "shared/base/fingerprint.h"
#include "shared/config/report.h"

namespace omenia {

namespace {

constexpr std::string_view known_dialects[] = {
    "openai-responses", "openai-chatgpt-responses", "anthropic-messages",     "google-generative-ai", "google-vertex",
    "github-copilot",   "bedrock-converse-stream",  "azure-openai-responses", "pi-messages"};
constexpr std::string_view supported_dialect = "openai-completions";

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), [](unsigned char c) { return std::tolower(c); });
  return copy;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

bool is_in_list(std::string_view word, std::string_view values) {
  while (!values.empty()) {
    const std::size_t length = std::min(values.find('|'), values.size());
    if (values.substr(0, length) == word) return true;
    values.remove_prefix(std::min(length + 1, values.size()));
  }
  return false;
}

bool is_number_within(std::string_view digits, int min, int max) {
  int number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return problem == std::errc() && end == digits.data() + digits.size() && number >= min && number <= max;
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

// "host", "host:80", "[::1]:80"
bool is_authority(std::string_view text) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1))) return false;
    port = text.substr(end + 1);
  } else {
    const std::size_t end = std::min(text.find(':'), text.size());
    const std::string_view host = text.substr(0, end);
    const auto is_host_letter = [](unsigned char c) {
      return c >= 0x80 || std::isalnum(c) || c == '.' || c == '-' || c == '_';
    };
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_letter)) return false;
    port = text.substr(end);
  }
  return port.empty() || (port[0] == ':' && is_number_within(port.substr(1), 1, 65535));
}

std::optional<std::string> url_problem(std::string_view text, std::string_view schemes) {
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos || !is_in_list(lower(text.substr(0, scheme_end)), schemes)) {
    const std::string first(schemes.substr(0, schemes.find('|')));
    return "Invalid input: expected an address that begins with " + first + ":// or " + first + "s://";
  }
  const std::string_view rest = text.substr(scheme_end + 3);
  if (rest.find_first_of(" \\") != std::string_view::npos || has_control_character(rest))
    return "Invalid input: an address holds no spaces, backslashes or control characters";
  if (rest.find_first_of("?#") != std::string_view::npos)
    return "Invalid input: an address here ends before \"?\" and \"#\"";
  const std::string_view authority = rest.substr(0, std::min(rest.find('/'), rest.size()));
  if (authority.find('@') != std::string_view::npos) return "Invalid input: credentials do not belong into an address";
  if (!is_authority(authority)) return "Invalid input: the address has no usable host and port";
  return std::nullopt;
}

bool is_network(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string_view address = text.substr(0, slash);
  const bool narrow = is_ipv4(address);
  if (!narrow && !is_ipv6(address)) return false;
  return slash == text.size() || is_number_within(text.substr(slash + 1), 0, narrow ? 32 : 128);
}

bool is_origin(std::string_view text) {
  if (text == "*") return true;
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0) return false;
  const std::string_view scheme = text.substr(0, scheme_end);
  const auto is_scheme_letter = [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '-' || c == '.'; };
  return std::all_of(scheme.begin(), scheme.end(), is_scheme_letter) && is_authority(text.substr(scheme_end + 3));
}

// A page's address as browsers send it, also one of an app's or an extension's own scheme; that of every page is none.
bool is_exact_origin(std::string_view text) {
  return text != "*" && is_origin(text);
}

// One or more names, so that nothing else of the gateway is below it.
bool is_route(std::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7F && c != '?' && c != '#' && c != '%';
  });
  return text.size() > 1 && text.front() == '/' && text.back() != '/' && is_plain &&
         text.find("//") == std::string_view::npos;
}

std::optional<std::string> dialect_problem(std::string_view text) {
  if (text == supported_dialect) return std::nullopt;
  if (text == "ollama")
    return "\"ollama\" is not available in this release; use \"openai-completions\" with a baseUrl that ends in /v1";
  if (std::find(std::begin(known_dialects), std::end(known_dialects), text) != std::end(known_dialects))
    return quoted(text) + " is not available in this release; supported: \"openai-completions\"";
  return allowed_problem(supported_dialect);
}

std::optional<std::string> unless(bool fits, std::string problem) {
  if (fits) return std::nullopt;
  return problem;
}

}  // namespace

std::optional<std::string> problem_of(const KeyRule& rule, std::string_view text) {
  switch (rule.kind) {
    case KeyRule::Kind::name: return unless(!is_blank(text), "Invalid input: expected a name, received a blank text");
    case KeyRule::Kind::one_of: return unless(is_in_list(text, rule.allowed), allowed_problem(rule.allowed));
    case KeyRule::Kind::url: return url_problem(text, rule.allowed);
    case KeyRule::Kind::ipv4:
      return unless(is_ipv4(text), "Invalid input: expected an IPv4 address such as 192.168.1.5");
    case KeyRule::Kind::networks:
      return unless(is_network(text), "Invalid input: expected an address or a range such as 10.0.0.0/8");
    case KeyRule::Kind::origins:
      return unless(is_origin(text),
                    "Invalid input: expected an origin such as https://gateway.example, without a path");
    case KeyRule::Kind::exact_origins:
      return unless(is_exact_origin(text),
                    "Invalid input: expected an origin such as https://chat.example, without a path; \"*\" is not "
                    "possible here");
    case KeyRule::Kind::fingerprint:
      return unless(text.empty() || !plain_fingerprint(text).empty(),
                    "Invalid input: expected the SHA-256 of a certificate, 64 hexadecimal digits");
    case KeyRule::Kind::route:
      return unless(is_route(text), "Invalid input: expected a path such as /hooks, without a slash at its end");
    case KeyRule::Kind::dialect: return dialect_problem(text);
    case KeyRule::Kind::any:
    case KeyRule::Kind::within: return std::nullopt;
  }
  return std::nullopt;
}

bool is_redaction(std::string_view text) {
  return text == "***" || lower(text) == "[redacted]" || text == redaction;
}

std::optional<std::string> credential_problem(std::string_view text) {
  if (is_blank(text)) return "a credential may not be blank";
  if (is_redaction(text)) return "the placeholder of a hidden value is not a credential; write the value itself";
  const std::string word = lower(text);
  if (word == "undefined" || word == "null") return "\"" + word + "\" is not a credential; a script probably wrote it";
  if (has_control_character(text)) return "a credential may not hold control characters, such as a line end";
  return std::nullopt;
}

bool is_ipv4(std::string_view text) {
  in_addr address{};
  return inet_pton(AF_INET, std::string(text).c_str(), &address) == 1;
}

}  // namespace omenia
