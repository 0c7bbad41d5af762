#pragma once
// Templates: texts of a mapping with places for what a sender has said: {{field}}, {{payload.a[0].b}}, {{headers.x}},
// {{query.k}}, {{path}}, {{now}}. A place for what is not there is empty; an object or list is its JSON. What is put in
// is never read as a template again.

#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "worker/http/message.h"

namespace omenia::hooks {

struct TemplateValues {
  JsonView payload;
  const http::Request& request;
  std::string_view path;  // Below hooks.path.
};

bool has_places(std::string_view text);

// Headers with credentials are never there. Error: invalid_request, the text becomes longer than a message may be.
Result<std::string> render(std::string_view text, const TemplateValues& values);

}  // namespace omenia::hooks
