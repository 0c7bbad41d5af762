#pragma once
// Document: a text handed to another program through a descriptor, never through a file or an argument list.

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/base/fd.h"
#include "shared/base/result.h"

namespace omenia {

// A descriptor from which `text` can be read, by any number of programs, and that nobody can change.
Result<Fd> document_of(std::string_view text);

// The whole text behind a descriptor: from its start, or what still comes where there is no start to go to (a pipe).
Result<std::string> read_document(int fd, std::size_t bytes_max);

}  // namespace omenia
