#include "shared/config/redact.h"

#include <algorithm>
#include <cctype>

#include "shared/config/keys.h"
#include "shared/config/rules.h"
#include "shared/config/substitute.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

constexpr std::string_view secret_words[] = {"password",   "passphrase", "secret",       "apikey",
                                             "privatekey", "credential", "authorization"};
constexpr std::string_view secret_endings[] = {"token", "key"};

bool sounds_secret(std::string_view name) {
  std::string letters;
  for (const unsigned char c : name)
    if (std::isalnum(c)) letters.push_back(static_cast<char>(std::tolower(c)));
  const auto contained = [&](std::string_view word) { return letters.find(word) != std::string::npos; };
  const auto at_end = [&](std::string_view word) { return letters.ends_with(word); };
  return std::any_of(std::begin(secret_words), std::end(secret_words), contained) ||
         std::any_of(std::begin(secret_endings), std::end(secret_endings), at_end);
}

// What is at `path` is hidden with everything in it.
bool is_hidden(const JsonPath& path) {
  if (path.empty()) return false;
  if (const KeyRow* row = find_key(path)) return row->hidden();
  return path[0] == "env" || sounds_secret(path.back());
}

// "${NAME}" and nothing else.
bool is_variable_reference(std::string_view text) {
  const Substituted substituted = substitute(text, [](std::string_view) { return std::optional<std::string>(); });
  return substituted.missing.size() == 1 && text == "${" + substituted.missing[0] + "}";
}

bool is_secret_reference(JsonView value) {
  return value.is_object() && value["source"].is_string() && value["id"].is_string();
}

bool has_credentials_in_address(std::string_view text) {
  const std::size_t scheme = text.find("://");
  return scheme != std::string_view::npos && text.find('@', scheme) != std::string_view::npos;
}

class Redactor {
 public:
  explicit Redactor(JsonPath place) : path_(std::move(place)) {
    for (std::size_t count = 1; count <= path_.size(); ++count)
      hidden_ = hidden_ || is_hidden({path_.begin(), path_.begin() + static_cast<std::ptrdiff_t>(count)});
  }

  void write(JsonView value) {
    if (value.is_object() || value.is_array()) {
      write_members(value);
    } else if (must_hide(value)) {
      writer_.value(redaction);
    } else {
      writer_.value(value);
    }
  }

  const std::string& text() const { return writer_.text(); }

 private:
  bool must_hide(JsonView value) const {
    if (!value.is_string()) return hidden_ && value.is_number();
    const std::string_view text = value.text();
    if (text.empty() || is_variable_reference(text)) return false;
    return hidden_ || has_credentials_in_address(text);
  }

  void write_members(JsonView value) {
    const bool outer = hidden_;
    if (is_secret_reference(value)) hidden_ = false;
    const bool inherited = hidden_;
    const bool named = value.is_object();
    named ? writer_.begin_object() : writer_.begin_array();
    std::size_t index = 0;
    for (JsonView member = value.first(); member; member = member.next(), ++index) {
      path_.push_back(named ? std::string(member.name()) : std::to_string(index));
      if (named) writer_.key(member.name());
      hidden_ = inherited || is_hidden(path_);
      write(member);
      path_.pop_back();
    }
    named ? writer_.end_object() : writer_.end_array();
    hidden_ = outer;
  }

  JsonWriter writer_;
  JsonPath path_;
  bool hidden_ = false;
};

}  // namespace

Json redacted(JsonView value, const JsonPath& place) {
  if (!value) return Json();
  Redactor redactor(place);
  redactor.write(value);
  auto copy = Json::parse(redactor.text());
  return copy.ok() ? std::move(copy).value() : Json::null();
}

bool holds_redaction(JsonView value) {
  if (value.is_string()) return is_redaction(value.text());
  for (JsonView member = value.first(); member; member = member.next())
    if (holds_redaction(member)) return true;
  return false;
}

}  // namespace omenia
