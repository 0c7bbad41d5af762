#include "worker/providers/catalog.h"

#include "worker/net/outbound.h"
#include "worker/providers/builtin.h"
#include "worker/providers/openai_completions.h"

namespace omenia::providers {

namespace {

std::string joined(const std::vector<CatalogRow>& rows) {
  std::string names;
  for (const CatalogRow& row : rows) names.append(names.empty() ? "" : ", ").append(row.provider + "/" + row.model.id);
  return names;
}

}  // namespace

std::string ModelChoice::name() const {
  return std::string(provider->id()) + "/" + model.id;
}

Catalog::Catalog(Loop& loop, net::Outbound& outbound, const Config& config, Logger log) {
  for (const ProviderConfig& provider : config.providers) {
    providers_[provider.id] = std::make_shared<OpenAiCompletions>(loop, outbound, provider, log);
    if (provider.models.empty()) open_providers_.push_back(provider.id);
    for (const ModelConfig& model : provider.models) rows_.push_back({provider.id, model, false});
  }
  ModelConfig echo;
  echo.id = echo_model;
  echo.name = "Echo (built in, offline)";
  rows_.push_back({builtin_id, echo, false});
  providers_[builtin_id] = std::make_shared<Builtin>(loop);
  default_name_ =
      config.default_model.empty() ? rows_.front().provider + "/" + rows_.front().model.id : config.default_model;
  for (CatalogRow& row : rows_) row.is_default = row.provider + "/" + row.model.id == default_name_;
}

Result<ModelChoice> Catalog::find(std::string_view name) const {
  const std::string wanted(name.empty() ? std::string_view(default_name_) : name);
  const auto slash = wanted.find('/');
  const std::string provider = slash == std::string::npos ? "" : wanted.substr(0, slash);
  const std::string model = slash == std::string::npos ? wanted : wanted.substr(slash + 1);
  for (const CatalogRow& row : rows_)
    if ((row.provider == provider && row.model.id == model) || (row.model.id == wanted))
      return ModelChoice{providers_.find(row.provider)->second, row.model};
  for (const std::string& id : open_providers_) {
    if (id != provider) continue;
    ModelConfig any;
    any.id = model;
    return ModelChoice{providers_.find(id)->second, any};
  }
  return fail(ErrorCode::model_not_configured, "model '" + wanted + "' is not configured; known are " + joined(rows_));
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
  return fail(ErrorCode::model_not_configured,
              "provider '" + std::string(id) + "' is not configured under models.providers");
}

}  // namespace omenia::providers
