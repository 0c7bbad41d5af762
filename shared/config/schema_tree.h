#pragma once
// SchemaTree: the rows of the key tables as the tree that their paths describe.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/config/keys.h"

namespace omenia {

struct SchemaNode {
  std::string name;                     // `*` for any name, `[]` for an element.
  const KeyRow* row = nullptr;          // A key; else a section.
  const IgnoredKey* ignored = nullptr;  // Accepted and not used.
  std::vector<SchemaNode> children{};

  const SchemaNode* child(std::string_view child_name) const;  // Exactly this name, else `*` or `[]`; null: none.
  const SchemaNode* exact_child(std::string_view child_name) const;

  // What a change of the key, or of any key below, takes. Nothing: no key that is used.
  std::optional<Reload> reload() const;
};

SchemaNode schema_tree();

}  // namespace omenia
