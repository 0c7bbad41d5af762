#pragma once
// hash_embedding: a text as a vector, from its words and its short runs of characters, without any model. Pure, and the
// same on every machine.

#include <cstddef>
#include <string_view>

#include "worker/providers/provider.h"

namespace omenia::providers {

// Unit length; texts that share words, or parts of words, are nearer to each other than those that do not. Upper and
// lower case of ASCII letters are the same.
Vector hash_embedding(std::string_view text, std::size_t dimensions);

}  // namespace omenia::providers
