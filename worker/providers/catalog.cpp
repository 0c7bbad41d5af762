#include "worker/providers/catalog.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "worker/net/outbound.h"
#include "worker/providers/builtin.h"
#include "worker/providers/openai_completions.h"

namespace omenia::providers {

namespace {

std::string name_of(const CatalogRow& row) {
  return row.provider + "/" + row.model.id;
}

std::string joined(const std::vector<CatalogRow>& rows, const std::vector<std::string>& open_providers) {
  std::string names;
  const auto add = [&names](const std::string& name) { names.append(names.empty() ? "" : ", ").append(name); };
  for (const CatalogRow& row : rows) add(name_of(row));
  for (const std::string& provider : open_providers) add(provider + "/<any model>");
  return names;
}

CatalogRow echo_row() {
  CatalogRow row;
  row.provider = builtin_id;
  row.model.id = echo_model;
  row.model.name = "Echo (built in, offline)";
  return row;
}

}  // namespace

std::string ModelChoice::name() const {
  return std::string(provider->id()) + "/" + model.id;
}

Catalog::Catalog(Loop& loop, net::Outbound& outbound, const Config& config, Logger log) {
  providers_[builtin_id] = std::make_shared<Builtin>(loop);
  for (const ProviderConfig& provider : config.providers) {
    if (provider.id == builtin_id) {
      log.warn("models.providers.builtin is ignored: that name belongs to the built-in models");
      continue;
    }
    providers_[provider.id] = std::make_shared<OpenAiCompletions>(loop, outbound, provider, log);
    if (provider.models.empty()) open_providers_.push_back(provider.id);
    for (const ModelConfig& model : provider.models) rows_.push_back({provider.id, model, false});
  }
  rows_.push_back(echo_row());
  default_name_ = config.default_model.empty() ? name_of(rows_.front()) : config.default_model;
  const auto chosen = find(default_name_);
  if (!chosen.ok()) return;
  for (CatalogRow& row : rows_) row.is_default = name_of(row) == chosen.value().name();
}

Result<ModelChoice> Catalog::find(std::string_view name) const {
  const std::string wanted(name.empty() ? std::string_view(default_name_) : name);
  const auto row_where = [this](auto fits) -> std::optional<ModelChoice> {
    const auto row = std::find_if(rows_.begin(), rows_.end(), fits);
    if (row == rows_.end()) return std::nullopt;
    return ModelChoice{providers_.find(row->provider)->second, row->model};
  };
  const auto any_model_of = [this](const std::string& provider, std::string model) {
    ModelChoice choice{providers_.find(provider)->second, {}};
    choice.model.id = choice.model.name = std::move(model);
    return choice;
  };
  if (auto named = row_where([&](const CatalogRow& row) { return name_of(row) == wanted; })) return *std::move(named);
  for (const std::string& provider : open_providers_)
    if (wanted.starts_with(provider + "/") && wanted.size() > provider.size() + 1)
      return any_model_of(provider, wanted.substr(provider.size() + 1));
  if (auto bare = row_where([&](const CatalogRow& row) { return row.model.id == wanted; })) return *std::move(bare);
  if (!open_providers_.empty() && !wanted.empty() && wanted.find('/') == std::string::npos)
    return any_model_of(open_providers_.front(), wanted);
  if (wanted == std::string(builtin_id) + "/" + hash_model)
    return fail(ErrorCode::model_not_configured, "builtin/hash makes embeddings and cannot chat; use builtin/echo");
  return fail(ErrorCode::model_not_configured,
              "model '" + wanted + "' is not configured; known are " + joined(rows_, open_providers_));
}

std::string Catalog::default_name() const {
  return default_name_;
}

std::vector<CatalogRow> Catalog::rows() const {
  return rows_;
}

Result<std::shared_ptr<Provider>> Catalog::provider(std::string_view id) const {
  const auto found = providers_.find(id);
  if (found != providers_.end()) return found->second;
  std::string known;
  for (const auto& [name, provider] : providers_) known.append(known.empty() ? "" : ", ").append(name);
  return fail(ErrorCode::model_not_configured,
              "provider '" + std::string(id) + "' is not configured under models.providers; known are " + known);
}

}  // namespace omenia::providers
