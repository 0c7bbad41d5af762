#include "shared/config/schema.h"

#include <limits>

#include "shared/config/schema_tree.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

std::string_view kind_of(const std::optional<Reload>& reload) {
  if (!reload) return "none";
  return *reload >= Reload::Worker ? "restart" : "hot";
}

void write_types(JsonWriter& writer, std::initializer_list<std::string_view> types) {
  writer.key("type");
  if (types.size() == 1) {
    writer.value(*types.begin());
    return;
  }
  writer.begin_array();
  for (const std::string_view type : types) writer.value(type);
  writer.end_array();
}

void write_type(JsonWriter& writer, KeyType type) {
  switch (type) {
    case KeyType::Text:
    case KeyType::Path: return write_types(writer, {"string"});
    case KeyType::TextOrFalse: return write_types(writer, {"string", "boolean"});
    case KeyType::Flag: return write_types(writer, {"boolean"});
    case KeyType::Integer: return write_types(writer, {"integer"});
    case KeyType::Number: return write_types(writer, {"number"});
    case KeyType::Hidden: return write_types(writer, {"string", "object"});
    case KeyType::List:
      write_types(writer, {"array"});
      writer.key("items").begin_object().member("type", "string").end_object();
      return;
    case KeyType::Headers:
      write_types(writer, {"object"});
      writer.key("additionalProperties").begin_object().member("type", "string").end_object();
  }
}

void write_rule(JsonWriter& writer, const KeyRule& rule) {
  if (rule.kind == KeyRule::Kind::within) {
    writer.member("minimum", rule.min).member("maximum", rule.max);
  } else if (rule.kind == KeyRule::Kind::ipv4) {
    writer.member("format", "ipv4");
  } else if (rule.kind == KeyRule::Kind::name) {
    writer.member("minLength", 1);
  } else if (rule.kind == KeyRule::Kind::one_of) {
    writer.key("enum").begin_array();
    for (std::string_view rest = rule.allowed; !rest.empty();) {
      const std::size_t length = std::min(rest.find('|'), rest.size());
      writer.value(rest.substr(0, length));
      rest.remove_prefix(std::min(length + 1, rest.size()));
    }
    writer.end_array();
  }
}

void write_key(JsonWriter& writer, const KeyRow& row) {
  write_type(writer, row.type);
  write_rule(writer, row.rule);
  if (const std::string initial = default_text(row); !initial.empty()) writer.raw_member("default", initial);
  writer.member("description", row.doc).member("x-reload", to_text(row.reload));
  if (row.hidden()) writer.member("writeOnly", true);
}

void write_members(JsonWriter& writer, const SchemaNode& node);

void write_node(JsonWriter& writer, const SchemaNode& node) {
  writer.begin_object();
  if (node.row) {
    write_key(writer, *node.row);
  } else if (node.ignored) {
    std::string text = "Accepted and not used by this release";
    if (!node.ignored->consequence.empty()) text += ": " + std::string(node.ignored->consequence);
    writer.member("description", text + ".");
  } else if (const SchemaNode* element = node.exact_child("[]")) {
    write_types(writer, {"array"});
    writer.key("items");
    write_node(writer, *element);
  } else {
    write_members(writer, node);
  }
  writer.end_object();
}

// "model" may be the text of its "primary".
void write_members(JsonWriter& writer, const SchemaNode& node) {
  node.exact_child("primary") ? write_types(writer, {"object", "string"}) : write_types(writer, {"object"});
  writer.key("properties").begin_object();
  if (node.name.empty())
    for (const char* name : {"$schema", "meta"}) writer.key(name).begin_object().end_object();
  for (const SchemaNode& child : node.children) {
    if (child.name == "*") continue;
    writer.key(child.name);
    write_node(writer, child);
  }
  writer.end_object().key("additionalProperties");
  if (const SchemaNode* any_name = node.exact_child("*")) {
    write_node(writer, *any_name);
  } else {
    writer.value(false);
  }
}

void write_hint(JsonWriter& writer, const KeyRow& row) {
  writer.begin_object().member("help", row.doc);
  if (row.hidden()) writer.member("sensitive", true);
  writer.end_object();
}

void write_hint_here(JsonWriter& writer, const KeyRow& row) {
  write_hint(writer.key("hint"), row);
  writer.member("hintPath", row.path);
}

// "models.providers.*.models[0]" as segments.
std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  std::string name;
  const auto finish = [&] {
    if (!name.empty()) segments.push_back(std::move(name));
    name.clear();
  };
  for (const char c : path) {
    if (c == '.' || c == '/') {
      finish();
    } else if (c == '[') {
      finish();
      name = "[";
    } else if (c == ']') {
      name = name == "[" || name == "[*" ? "[]" : name.substr(name.find('[') + 1);
      finish();
    } else {
      name.push_back(c);
    }
  }
  finish();
  return segments;
}

std::string_view type_word(const SchemaNode& node) {
  if (!node.row) return node.exact_child("[]") ? "array" : "object";
  switch (node.row->type) {
    case KeyType::Flag: return "boolean";
    case KeyType::Integer: return "integer";
    case KeyType::Number: return "number";
    case KeyType::List: return "array";
    case KeyType::Headers: return "object";
    default: return "string";
  }
}

void write_child(JsonWriter& writer, const SchemaNode& child, const std::string& parent) {
  const std::string path = parent.empty() ? child.name : child.name == "[]" ? parent + "[]" : parent + "." + child.name;
  writer.begin_object().member("key", child.name).member("path", path);
  if (!child.ignored) writer.member("type", type_word(child));
  writer.member("required", false).member("hasChildren", !child.children.empty());
  writer.member("reloadKind", kind_of(child.reload()));
  if (child.row) write_hint_here(writer, *child.row);
  writer.end_object();
}

}  // namespace

std::string config_schema() {
  JsonWriter writer(32 * limits::KiB);
  writer.begin_object().member("$schema", "https://json-schema.org/draft/2020-12/schema");
  writer.member("title", "OmeniaClaw configuration");
  write_members(writer, schema_tree());
  return writer.end_object().take();
}

std::string config_schema_hints() {
  JsonWriter writer(16 * limits::KiB);
  writer.begin_object();
  for (const KeyRow* row : key_rows()) {
    writer.key(row->path);
    write_hint(writer, *row);
  }
  return writer.end_object().take();
}

std::optional<std::string> lookup_config_schema(std::string_view path) {
  const SchemaNode root = schema_tree();
  const SchemaNode* node = &root;
  std::string name;
  for (const std::string& segment : segments_of(path)) {
    node = node->child(segment);
    if (!node) return std::nullopt;
    name += (name.empty() || segment == "[]" ? "" : ".") + segment;
  }
  JsonWriter writer;
  writer.begin_object().member("path", name.empty() ? "." : name).key("schema");
  write_node(writer, *node);
  writer.member("reloadKind", kind_of(node->reload()));
  if (node->row) write_hint_here(writer, *node->row);
  writer.key("children").begin_array();
  for (const SchemaNode& child : node->children) write_child(writer, child, name);
  return writer.end_array().end_object().take();
}

}  // namespace omenia
