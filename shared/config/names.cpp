#include "shared/config/names.h"

#include <vector>

#include "shared/base/nearest.h"
#include "shared/config/key_pattern.h"
#include "shared/config/keys.h"

namespace omenia {

namespace {

// What may stand below a path, read from the tables.
struct Section {
  std::vector<std::string_view> names;  // Known names, without the placeholders.
  bool any_name = false;                // Ids of records: every name is allowed.
  bool elements = false;                // An array of records.

  bool known() const { return any_name || elements || !names.empty(); }
};

void add_names_below(std::string_view pattern, const JsonPath& path, Section& section) {
  if (!pattern_reaches_below(pattern, path)) return;
  const std::string_view name = pattern_segments(pattern)[path.size()];
  if (name == "*") {
    section.any_name = true;
  } else if (name == "[]") {
    section.elements = true;
  } else {
    section.names.push_back(name);
  }
}

Section section_at(const JsonPath& path) {
  Section section;
  for (const KeyRow* row : key_rows()) add_names_below(row->path, path, section);
  for (const IgnoredKey& key : ignored_keys) add_names_below(key.path, path, section);
  return section;
}

class NameCheck {
 public:
  explicit NameCheck(Report& report) : report_(report) {}

  void check_document(JsonView document) {
    if (!document.is_object()) return report_.error({}, type_problem("object", document));
    check_members(document, section_at({}));
  }

 private:
  void check_members(JsonView parent, const Section& section) {
    std::size_t index = 0;
    for (JsonView child = parent.first(); child && !report_.full(); child = child.next(), ++index) {
      const std::string name = parent.is_array() ? std::to_string(index) : std::string(child.name());
      path_.push_back(name);
      check_value(child);
      const bool known = known_;
      path_.pop_back();
      if (!known) report_unknown(name, section);
    }
  }

  // Sets known_: false when the tables have nothing at this path.
  void check_value(JsonView value) {
    known_ = true;
    if (is_tolerated(value)) return;
    if (const IgnoredKey* ignored = find_ignored_key(path_)) return report_ignored(*ignored);
    const KeyRow* row = find_key(path_);
    if (row && (pattern_matches(row->path, path_) || value.is_string())) return;
    const Section section = section_at(path_);
    if (!section.known()) {
      known_ = false;
    } else if (section.elements ? !value.is_array() : !value.is_object()) {
      report_.error(path_, type_problem(section.elements ? "array" : "object", value));
    } else {
      check_members(value, section);
      known_ = true;
    }
  }

  // Members of the document that editors and other gateways put there.
  bool is_tolerated(JsonView value) {
    if (path_.size() != 1) return false;
    if (path_[0] == "$schema" && !value.is_string()) report_.error(path_, type_problem("string", value));
    if (path_[0] == "meta" && !value.is_object()) report_.error(path_, type_problem("object", value));
    return path_[0] == "$schema" || path_[0] == "meta";
  }

  void report_ignored(const IgnoredKey& key) {
    std::string message = "known from other gateways, but this release does not use it: it is ignored";
    if (!key.consequence.empty()) message += " (" + std::string(key.consequence) + ")";
    report_.warn(path_, std::move(message));
  }

  void report_unknown(const std::string& name, const Section& section) {
    std::string message = "Unrecognized key: " + quoted(name);
    if (const std::string_view near = nearest(name, section.names); !near.empty()) {
      message += ". Did you mean \"" + std::string(near) + "\"?";
    }
    report_.error_at_member(path_, name, std::move(message));
  }

  Report& report_;
  JsonPath path_;
  bool known_ = true;
};

}  // namespace

void check_names(JsonView document, Report& report) {
  NameCheck(report).check_document(document);
}

}  // namespace omenia
