#include "shared/config/substitute.h"

#include <algorithm>

#include "shared/base/utf8.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

constexpr std::string_view first_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

// The name in "${NAME}" at the start of `text`; empty when there is none.
std::string_view reference_at(std::string_view text) {
  if (!text.starts_with("${") || text.find_first_not_of(first_letters, 2) == 2) return {};
  const std::size_t end = text.find_first_not_of(letters, 2);
  return end != std::string_view::npos && text[end] == '}' ? text.substr(2, end - 2) : std::string_view();
}

// Writes the document again with its texts replaced.
class Resolver {
 public:
  explicit Resolver(const Environment& environment) : environment_(environment) {}

  Result<void> write(JsonView node) {
    if (writer_.text().size() > limits::json_document_bytes_max)
      return fail(ErrorCode::config_invalid, "environment variables make the configuration too large");
    if (node.is_object() || node.is_array()) return write_members(node);
    if (!node.is_string()) {
      writer_.value(node);
      return {};
    }
    Substituted substituted = substitute(node.text(), environment_);
    writer_.value(substituted.text);
    for (std::string& variable : substituted.missing) missing_.push_back({path_, std::move(variable)});
    return {};
  }

  Result<ResolvedDocument> finish() {
    TRY_ASSIGN(Json value, Json::parse(writer_.text(), 2 * limits::json_document_bytes_max));
    return ResolvedDocument{std::move(value), std::move(missing_)};
  }

 private:
  Result<void> write_members(JsonView node) {
    const bool named = node.is_object();
    named ? writer_.begin_object() : writer_.begin_array();
    std::size_t index = 0;
    for (JsonView member = node.first(); member; member = member.next(), ++index) {
      path_.push_back(named ? std::string(member.name()) : std::to_string(index));
      if (named) writer_.key(member.name());
      TRY(write(member));
      path_.pop_back();
    }
    named ? writer_.end_object() : writer_.end_array();
    return {};
  }

  const Environment& environment_;
  JsonWriter writer_;
  JsonPath path_;
  std::vector<ResolvedDocument::Missing> missing_;
};

}  // namespace

Substituted substitute(std::string_view text, const Environment& environment) {
  Substituted result;
  while (!text.empty() && result.text.size() <= limits::json_document_bytes_max) {
    const bool escaped = text.starts_with("$${");
    const std::string_view name = reference_at(escaped ? text.substr(1) : text);
    if (name.empty()) {
      const std::size_t length = std::min(text.find('$', 1), text.size());
      result.text.append(text.substr(0, length));
      text.remove_prefix(length);
      continue;
    }
    const std::string written = "${" + std::string(name) + "}";
    const auto value = escaped ? std::optional<std::string>(written) : environment(name);
    const bool usable = value.has_value() && is_utf8(*value);
    result.text.append(usable ? *value : written);
    if (!usable) result.missing.emplace_back(name);
    text.remove_prefix(written.size() + (escaped ? 1 : 0));
  }
  return result;
}

Result<ResolvedDocument> resolve_variables(JsonView document, const Environment& environment) {
  Resolver resolver(environment);
  TRY(resolver.write(document));
  return resolver.finish();
}

}  // namespace omenia
