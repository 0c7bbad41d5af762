#include "shared/config/include_edit.h"

#include <algorithm>
#include <optional>

#include "shared/config/changed_paths.h"
#include "shared/config/edit.h"
#include "shared/config/file.h"
#include "shared/json/json5.h"

namespace omenia {

namespace {

// A value's place inside the file that it is written in.
struct Owner {
  std::size_t file = 0;
  JsonPath path;
};

bool is_prefix(const JsonPath& place, const JsonPath& path) {
  return place.size() <= path.size() && std::equal(place.begin(), place.end(), path.begin());
}

// Where a change at `path` has to be written. The value that is a whole file belongs to the directive that names it.
std::optional<Owner> owner_of(const Composition& current, const JsonPath& path) {
  for (JsonPath place = path;; place.pop_back()) {
    const std::size_t file = current.origin_of(place).file;
    const Mount* deepest = nullptr;
    for (const Mount& mount : current.mounts)
      if (mount.file == file && is_prefix(mount.place, path) &&
          (!deepest || mount.place.size() > deepest->place.size()))
        deepest = &mount;
    if (deepest && deepest->place.size() < path.size())
      return Owner{file, {path.begin() + static_cast<std::ptrdiff_t>(deepest->place.size()), path.end()}};
    if (place.empty()) return std::nullopt;
  }
}

std::string names_of(const Composition& current) {
  std::string names;
  for (const std::string& file : current.files) names += (names.empty() ? "" : ", ") + file;
  return names;
}

Error not_expressible(const Composition& current, const JsonPath& path) {
  return fail(ErrorCode::invalid_request, "Config write rejected: " + to_text(path) +
                                              " is made of several files, and no change of one of them gives this "
                                              "value. Edit them by hand: " +
                                              names_of(current));
}

Result<std::vector<Owner>> owners_of(const Composition& current, const std::vector<JsonPath>& changed) {
  std::vector<Owner> owners;
  for (const JsonPath& path : changed) {
    auto owner = owner_of(current, path);
    if (!owner) return not_expressible(current, path);
    if (!owners.empty() && owners.front().file != owner->file)
      return fail(ErrorCode::invalid_request, "Config write rejected: " + to_text(changed.front()) + " is in " +
                                                  current.files[owners.front().file] + ", and " + to_text(path) +
                                                  " is in " + current.files[owner->file] +
                                                  ". Change the keys of one file at a time.");
    owners.push_back(std::move(*owner));
  }
  return owners;
}

Result<Json> read_document(const std::string& file) {
  TRY_ASSIGN(const auto text, read_included_file(real_path(file)));
  TRY_ASSIGN(auto document, parse_json5(text.value_or("{}")));
  return std::move(document.value);
}

}  // namespace

Result<FileEdit> edit_through_includes(const Composition& current, JsonView wanted, const Environment& environment) {
  const std::vector<JsonPath> changed = changed_paths(current.value, wanted);
  TRY_ASSIGN(const std::vector<Owner> owners, owners_of(current, changed));
  const std::string& file = current.files[owners.front().file];
  TRY_ASSIGN(Json document, read_document(file));
  for (std::size_t i = 0; i < changed.size(); ++i) {
    const JsonView value = find(wanted, changed[i]);
    const bool done =
        value ? set_value(document, owners[i].path, Json::copy(value)).ok() : unset_value(document, owners[i].path);
    if (!done) return not_expressible(current, changed[i]);
  }
  FileEdit edit{file, document.dump_pretty() + "\n"};
  TRY_ASSIGN(const Composition after, compose_with(edit, current.files.front(), environment));
  if (!after.issues.empty()) return fail(ErrorCode::invalid_request, after.issues.front().message);
  if (after.value.view() == wanted) return edit;
  return not_expressible(current, changed_paths(after.value, wanted).front());
}

Result<Composition> compose_with(const FileEdit& edit, const std::string& config_path, const Environment& environment) {
  if (edit.file == config_path) return compose(edit.text, config_path, environment);
  TRY_ASSIGN(const auto text, read_included_file(real_path(config_path)));
  const std::string edited = real_path(edit.file);
  const auto read = [&](const std::string& path) {
    if (path == edited) return Result<std::optional<std::string>>(edit.text);
    return read_included_file(path);
  };
  return compose(text.value_or("{}"), config_path, environment, read);
}

}  // namespace omenia
