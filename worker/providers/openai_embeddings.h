#pragma once
// Reading the answer of POST /embeddings.

#include <cstddef>
#include <string_view>
#include <vector>

#include "worker/providers/provider.h"

namespace omenia::providers {

// One vector an input, in the order of the inputs. Error provider_broken: a vector is missing, is given twice, or
// differs in length from the others; provider_* for an error object in an answer with status 200.
Result<std::vector<Vector>> read_embeddings(std::string_view body, std::size_t inputs);

}  // namespace omenia::providers
