#pragma once
// The configuration as a JSON Schema (draft 2020-12), made of the rows of the key tables. Every key carries its reload
// class as "x-reload".

#include <optional>
#include <string>
#include <string_view>

namespace omenia {

std::string config_schema();

// What a form shows beside a key: {"<path>": {help, sensitive?}}.
std::string config_schema_hints();

// What the schema has at a path such as "models.providers.*" or "gateway.port": {path, schema, reloadKind?, hint?,
// children[]}. A record's id and `*` mean the same, as do an index and `[]`. Nothing: there is no such path.
std::optional<std::string> lookup_config_schema(std::string_view path);

}  // namespace omenia
