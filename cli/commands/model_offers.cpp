// See model_offers.h.

#include "cli/commands/model_offers.h"

#include "cli/client.h"
#include "cli/http_get.h"
#include "shared/base/limits.h"

namespace omenia::cli {

namespace {

constexpr std::string_view dialect = "openai-completions";
constexpr int ollama_port = 11434;
constexpr int ollama_ms_max = 300;

// A service that is reached by a key in the environment.
struct KeyedService {
  const char* variable;
  const char* provider;
  const char* base_url;
  const char* model;
};

// Anthropic is offered through its OpenAI-compatible address, because this release does not speak its own dialect.
constexpr KeyedService keyed_services[] = {
    {"OPENAI_API_KEY", "openai", "https://api.openai.com/v1", "gpt-5-mini"},
    {"ANTHROPIC_API_KEY", "anthropic", "https://api.anthropic.com/v1", "claude-sonnet-4-5"},
};

Json provider_settings(std::string_view base_url) {
  Json settings = Json::object();
  settings.set("baseUrl", Json::of(base_url));
  settings.set("api", Json::of(dialect));
  return settings;
}

ModelOffer offer_of(const KeyedService& service) {
  ModelOffer offer;
  offer.found = std::string(service.variable) + " is set";
  offer.provider = service.provider;
  offer.settings = provider_settings(service.base_url);
  offer.settings.set("apiKey", Json::of("${" + std::string(service.variable) + "}"));
  offer.model = offer.provider + "/" + service.model;
  return offer;
}

// Nothing of use in the answer: an offer without a model.
ModelOffer ollama_offer(std::string_view tags) {
  ModelOffer offer;
  const Result<Json> answer = Json::parse(tags);
  if (!answer.ok()) return offer;
  const std::string_view name = answer.value()["models"].at(0)["name"].text();
  if (name.empty()) return offer;
  offer.found = "Ollama runs on this machine";
  offer.provider = "ollama";
  offer.settings = provider_settings("http://127.0.0.1:" + std::to_string(ollama_port) + "/v1");
  offer.model = "ollama/" + std::string(name);
  return offer;
}

// As one word of a POSIX shell.
std::string shell_word(std::string_view text) {
  std::string word = "'";
  for (const char letter : text) word += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return word + "'";
}

}  // namespace

std::vector<ModelOffer> model_offers(const Environment& environment, JsonView document, std::string_view ollama_tags) {
  std::vector<ModelOffer> offers;
  const JsonView providers = document["models"]["providers"];
  for (const KeyedService& service : keyed_services)
    if (environment(service.variable) && !providers[service.provider]) offers.push_back(offer_of(service));
  ModelOffer ollama = ollama_offer(ollama_tags);
  if (!ollama.model.empty() && !providers["ollama"]) offers.push_back(std::move(ollama));
  return offers;
}

std::string ask_local_ollama() {
  auto tags = http_get("127.0.0.1", ollama_port, "/api/tags", deadline_after(ollama_ms_max), limits::MiB);
  return tags.ok() ? std::move(tags).value() : "";
}

std::vector<std::string> commands_for(const ModelOffer& offer, const Paths& paths) {
  return {paths.command("config set models.providers." + offer.provider + " " + shell_word(offer.settings.dump())),
          paths.command("config set agents.defaults.model.primary " + shell_word(offer.model))};
}

}  // namespace omenia::cli
