#pragma once
// The configuration that `setup` writes: what is missing is added, what is there stays as it is.

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/model_offers.h"
#include "shared/base/result.h"
#include "shared/base/secret.h"
#include "shared/json/json.h"

namespace omenia::cli {

struct BaselineWishes {
  std::optional<int> port;
  std::string bind;       // Empty: not wished.
  std::string auth_mode;  // "token" or "password".
  Secret credential;      // A given one; empty: one is made.
  bool needs_credential = true;
  std::string workspace;
};

struct Baseline {
  Json document;
  bool made_credential = false;
  std::vector<std::string> kept;  // Wishes that the file answers differently, by path.
};

// Error: usage, when the document is no place to put values into.
Result<Baseline> baseline_of(JsonView existing, const BaselineWishes& wishes);

// Adds the provider, and its model as the default one when there is none. Error: as above.
Result<void> take_offer(Json& document, const ModelOffer& offer);

// Says which release wrote the file, and when.
Result<void> stamp(Json& document);

}  // namespace omenia::cli
