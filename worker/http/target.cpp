#include "worker/http/target.h"

#include <algorithm>

#include "worker/http/message.h"

namespace omenia::http {

namespace {

// What stands behind "http://" or "https://"; nothing for another text.
std::string_view behind_scheme(std::string_view text) {
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (text.size() > scheme.size() && same_token(text.substr(0, scheme.size()), scheme)) {
      return text.substr(scheme.size());
    }
  }
  return {};
}

}  // namespace

Result<Target> split_target(std::string_view method, std::string_view text) {
  Target target;
  if (method == "CONNECT" || (method == "OPTIONS" && text == "*")) {
    target.path = text;
    return target;
  }
  if (!text.starts_with('/')) {
    const std::string_view address = behind_scheme(text);
    const auto end = std::min(address.find_first_of("/?"), address.size());
    target.authority = address.substr(0, end);
    if (target.authority.empty()) {
      return fail(ErrorCode::invalid_request, "The request's target is neither a path nor an http address.");
    }
    text = address.substr(end);
  }
  const auto question = std::min(text.find('?'), text.size());
  target.path = question == 0 ? std::string_view("/") : text.substr(0, question);
  if (question < text.size()) target.query = text.substr(question + 1);
  return target;
}

}  // namespace omenia::http
