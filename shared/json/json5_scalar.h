#pragma once
// Strings, names and numbers of JSON5, read at a cursor.

#include <string>

#include "shared/base/result.h"
#include "shared/json/json5_cursor.h"

namespace omenia::json5 {

Result<std::string> read_string(Cursor& cursor);  // The cursor stands on the quote.
Result<std::string> read_name(Cursor& cursor);    // Of a member: quoted or bare.
Result<double> read_number(Cursor& cursor);       // Always finite.

bool starts_word(const Cursor& cursor);  // A bare name can begin here.
bool starts_number(const Cursor& cursor);

}  // namespace omenia::json5
