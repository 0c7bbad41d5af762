#include "shared/config/schema_tree.h"

#include <algorithm>

#include "shared/config/key_pattern.h"

namespace omenia {

namespace {

SchemaNode& place_for(SchemaNode& root, std::string_view pattern) {
  SchemaNode* node = &root;
  for (const std::string_view name : pattern_segments(pattern)) {
    const auto found = std::find_if(node->children.begin(), node->children.end(),
                                    [&](const SchemaNode& child) { return child.name == name; });
    node =
        found != node->children.end() ? &*found : &node->children.emplace_back(SchemaNode{.name = std::string(name)});
  }
  return *node;
}

}  // namespace

const SchemaNode* SchemaNode::exact_child(std::string_view child_name) const {
  const auto found =
      std::find_if(children.begin(), children.end(), [&](const SchemaNode& child) { return child.name == child_name; });
  return found == children.end() ? nullptr : &*found;
}

const SchemaNode* SchemaNode::child(std::string_view child_name) const {
  if (const SchemaNode* exact = exact_child(child_name)) return exact;
  if (const SchemaNode* any_name = exact_child("*")) return any_name;
  return child_name == "*" || array_index(child_name) ? exact_child("[]") : nullptr;
}

std::optional<Reload> SchemaNode::reload() const {
  std::optional<Reload> most = row ? std::optional(row->reload) : std::nullopt;
  for (const SchemaNode& each : children) most = std::max(most, each.reload());
  return most;
}

SchemaNode schema_tree() {
  SchemaNode root;
  for (const KeyRow* row : key_rows()) place_for(root, row->path).row = row;
  for (const IgnoredKey& key : ignored_keys) place_for(root, key.path).ignored = &key;
  return root;
}

}  // namespace omenia
