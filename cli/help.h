#pragma once
// Help pages, written from the command table.

#include <string>

#include "cli/command.h"

namespace omenia::cli {

std::string version_line();                     // "OmeniaClaw 0.1.0 (abc1234)"
std::string help_text(const Command* command);  // Null: the program's own page.

}  // namespace omenia::cli
