#pragma once
// Models that this machine could use at once: keys in the environment, a model server that runs here.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/config/paths.h"
#include "shared/json/json.h"

namespace omenia::cli {

struct ModelOffer {
  std::string found;     // "OPENAI_API_KEY is set"
  std::string provider;  // Its id under models.providers.
  Json settings;         // What stands there; keys are referred to by variable, never copied.
  std::string model;     // "openai/…"
};

// Providers that `document` already has are left out. `ollama_tags` is the answer of a local Ollama's /api/tags, empty
// when there is none.
std::vector<ModelOffer> model_offers(const Environment& environment, JsonView document, std::string_view ollama_tags);

// The answer of a local Ollama, asked with a short deadline; empty when there is none.
std::string ask_local_ollama();

// The commands that take the offer, ready for a shell.
std::vector<std::string> commands_for(const ModelOffer& offer, const Paths& paths);

}  // namespace omenia::cli
