#pragma once
// Records: what the commands about devices and nodes share, one question to the gateway and cells of a table.

#include <optional>
#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "cli/context.h"
#include "shared/json/json.h"

namespace omenia::cli {

struct Question {
  std::string_view method;
  std::string_view scope;  // The least that it takes.
  std::string params;
};

// Connects, asks, tells failures. With --json the answer is printed. Nothing when it failed; the exit code is 1.
std::optional<Json> ask_once(Context& context, const Arguments& arguments, const Question& question);

// A sentence for people; nothing with --json. The exit code 0.
int say(Context& context, std::string_view sentence);

std::string cell(JsonView text);      // "-" for what is not there.
std::string short_id(JsonView text);  // The beginning, for tables where the whole stands elsewhere.
std::string joined(JsonView list);    // "a, b"; "-" for none.

}  // namespace omenia::cli
