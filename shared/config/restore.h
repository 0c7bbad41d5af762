#pragma once
// Restoring: what a client was shown, changed and sent back. Placeholders of hidden values become the values again, and
// a text that only shows what a ${VAR} stands for becomes the ${VAR} again.

#include "shared/config/load.h"

namespace omenia {

// Elements of lists are matched by their "id", else by their place in a list of the same length. A placeholder without
// a counterpart stays; write.h refuses it.
Json restored(JsonView document, const LoadedConfig& current);

}  // namespace omenia
