#include "shared/config/compose.h"

#include <algorithm>

#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "shared/config/file.h"
#include "shared/config/include_path.h"
#include "shared/config/merge.h"
#include "shared/config/report.h"
#include "shared/json/json5.h"

namespace omenia {

namespace {

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// A file on the way from the configuration to the one that is read.
struct OpenFile {
  std::size_t file;
  std::string path;  // As named.
  std::string real;
};

class Composer {
 public:
  Composer(const std::string& path, const Environment& environment, const ConfigReader& read)
      : roots_(path, environment), read_(read) {}

  Composition compose(std::string_view text, const std::string& path) {
    result_.value = enter(text, {add_file(path), path, real_path(path)});
    result_.hash = hashes_.size() == 1 ? hashes_.front().second : sha256_hex(joined_hashes());
    if (!result_.issues.empty()) result_.value = Json();
    return std::move(result_);
  }

 private:
  std::size_t add_file(const std::string& path) {
    for (std::size_t i = 0; i < result_.files.size(); ++i)
      if (result_.files[i] == path) return i;
    result_.files.push_back(path);
    return result_.files.size() - 1;
  }

  std::string joined_hashes() const {
    std::string text;
    for (const auto& [file, hash] : hashes_) text += result_.files[file] + "\n" + hash + "\n";
    return text;
  }

  void note(std::string message, std::size_t file, int line) {
    if (result_.issues.size() >= limits::config_issues_max) return;
    const std::string path = place_.empty() ? "<root>" : to_text(place_);
    result_.issues.push_back({path, std::move(message), line, file == 0 ? "" : result_.files[file]});
  }

  // Reads what a file holds, with all that it includes.
  Json enter(std::string_view text, OpenFile reading) {
    result_.mounts.push_back({reading.file, place_});
    hashes_.emplace_back(reading.file, sha256_hex(text));
    bytes_ += text.size();
    auto document = parse_json5(text);
    if (!document.ok()) {
      const auto details = Json::parse(document.error().details);
      const auto line = details.ok() ? details.value()["line"].integer() : 0;
      note(document.error().message, reading.file, static_cast<int>(line));
      return Json::object();
    }
    Json value = std::move(document.value().value);
    std::size_t order = 0;
    note_origins(value, document.value().lines, reading.file, order);
    stack_.push_back(std::move(reading));
    fill(value.mutable_node());
    stack_.pop_back();
    return value;
  }

  void note_origins(JsonView node, const std::vector<int>& lines, std::size_t file, std::size_t& order) {
    result_.origins[node.node()] = {file, order < lines.size() ? lines[order] : 0};
    ++order;
    for (JsonView child = node.first(); child; child = child.next()) note_origins(child, lines, file, order);
  }

  // Replaces the directives in `node` and below.
  void fill(cJSON* node) {
    const JsonView view(node);
    const bool named = view.is_object();
    std::size_t index = 0;
    for (JsonView child = view.first(); child; child = child.next(), ++index) {
      if (named && child.name() == include_key) continue;
      place_.push_back(named ? std::string(child.name()) : std::to_string(index));
      fill(const_cast<cJSON*>(child.node()));
      place_.pop_back();
    }
    if (named && view[include_key]) include_in(node);
  }

  void include_in(cJSON* node) {
    const JsonView directive = JsonView(node)[include_key];
    const Origin origin = result_.origins[directive.node()];
    Json included = included_by(directive, origin);
    remove_member(node, include_key);
    if (!JsonView(node).first()) return swap_values(node, included.mutable_node(), result_.origins);
    if (!included.view().is_object())
      return note("$include: the file holds no object, so other members cannot stand beside it", origin.file,
                  origin.line);
    merge_into(included.mutable_node(), node, result_.origins);
    result_.origins[included.view().node()] = result_.origins[node];
    swap_values(node, included.mutable_node(), result_.origins);
  }

  Json included_by(JsonView directive, const Origin& origin) {
    if (directive.is_string()) return load(directive.text(), origin);
    Json merged = Json::object();
    result_.origins[merged.view().node()] = origin;
    const bool is_list = directive.is_array() && directive.first();
    if (!is_list) note("$include: expected a path or a list of paths", origin.file, origin.line);
    for (JsonView item = is_list ? directive.first() : JsonView(); item; item = item.next()) {
      const Origin here = result_.origins[item.node()];
      if (!item.is_string()) {
        note("$include: expected a path, received another value", here.file, here.line);
        continue;
      }
      Json next = load(item.text(), here);
      merge_value(merged.mutable_node(), next.mutable_node(), result_.origins);
    }
    return merged;
  }

  Json load(std::string_view text, const Origin& origin) {
    auto loaded = try_load(text);
    if (loaded.ok()) return std::move(loaded).value();
    note(loaded.error().message, origin.file, origin.line);
    return Json::object();
  }

  // Error: why the file cannot be included. What is wrong inside it is noted there.
  Result<Json> try_load(std::string_view text) {
    const std::string shown = "$include " + quoted(text);
    TRY_ASSIGN(const IncludePath path, roots_.resolve(text, stack_.back().path));
    const std::size_t file = add_file(path.named);
    if (path.real.empty()) return fail(ErrorCode::config_invalid, shown + ": there is no file " + path.named);
    TRY(check_way(path, shown));
    TRY_ASSIGN(const auto content, read_(path.real));
    if (!content) return fail(ErrorCode::config_invalid, shown + ": there is no file " + path.named);
    if (bytes_ + content->size() > limits::config_included_bytes_max)
      return fail(ErrorCode::config_invalid, shown + ": all files together are larger than " +
                                                 std::to_string(limits::config_included_bytes_max) + " bytes");
    return enter(*content, {file, path.named, path.real});
  }

  Result<void> check_way(const IncludePath& path, const std::string& shown) const {
    const auto is_open = [&](const OpenFile& reading) { return reading.real == path.real; };
    const auto first = std::find_if(stack_.begin(), stack_.end(), is_open);
    if (first != stack_.end()) {
      std::string way;
      for (auto each = first; each != stack_.end(); ++each) way += file_name(each->path) + " → ";
      return fail(ErrorCode::config_invalid, shown + ": the files include each other: " + way + file_name(path.named));
    }
    if (stack_.size() > static_cast<std::size_t>(limits::config_include_depth_max))
      return fail(ErrorCode::config_invalid, shown + ": included files may be nested " +
                                                 std::to_string(limits::config_include_depth_max) + " deep");
    if (result_.mounts.size() > limits::config_includes_max)
      return fail(ErrorCode::config_invalid,
                  shown + ": more than " + std::to_string(limits::config_includes_max) + " files are included");
    return {};
  }

  const IncludeRoots roots_;
  const ConfigReader& read_;
  Composition result_;
  std::vector<OpenFile> stack_;
  std::vector<std::pair<std::size_t, std::string>> hashes_;  // Of every file that was read.
  JsonPath place_;
  std::size_t bytes_ = 0;
};

}  // namespace

Origin Composition::origin_of(const JsonPath& path) const {
  JsonView node = value;
  for (const std::string& name : path) {
    const JsonView child = find(node, {name});
    if (!child) break;
    node = child;
  }
  const auto found = origins.find(node.node());
  return found == origins.end() ? Origin{} : found->second;
}

Result<std::optional<std::string>> read_included_file(const std::string& path) {
  return read_config_file(path, limits::config_file_bytes_max);
}

Composition compose(std::string_view text, const std::string& path, const Environment& environment,
                    const ConfigReader& read) {
  return Composer(path, environment, read).compose(text, path);
}

bool holds_include(JsonView document) {
  if (document.is_object() && document[include_key]) return true;
  for (JsonView member = document.first(); member; member = member.next())
    if (holds_include(member)) return true;
  return false;
}

}  // namespace omenia
