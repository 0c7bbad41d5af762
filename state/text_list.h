#pragma once
// Lists of texts in one column: a JSON array.

#include <string>
#include <vector>

namespace omenia::state {

std::string to_column(const std::vector<std::string>& texts);
std::vector<std::string> texts_in(const std::string& column);  // Empty for what is no list.

}  // namespace omenia::state
