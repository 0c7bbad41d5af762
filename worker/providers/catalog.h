#pragma once
// Catalog: the configured providers and models by name, and the one that is used when nobody names one.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/config/config.h"
#include "shared/log/log.h"
#include "shared/loop/loop.h"
#include "worker/providers/provider.h"

namespace omenia::net {
class Outbound;
}

namespace omenia::providers {

struct ModelChoice {
  std::shared_ptr<Provider> provider;  // Shared, so that a run outlives a change of configuration.
  ModelConfig model;
  std::string name() const;  // "provider/model"
};

// A row of models.list.
struct CatalogRow {
  std::string provider;
  ModelConfig model;
  bool is_default = false;
};

class Catalog {
 public:
  Catalog(Loop& loop, net::Outbound& outbound, const Config& config, Logger log);

  // "provider/model"; a bare "model" is looked for in every provider, configured ones first. A configured provider with
  // an empty `models` list takes any model id. Empty: the default. Error model_not_configured, names what is known.
  Result<ModelChoice> find(std::string_view name) const;
  // agents.defaults.model.primary, else the first configured model, else builtin/echo.
  std::string default_name() const;
  std::vector<CatalogRow> rows() const;  // Configured ones in file order, then the built-in.
  Result<std::shared_ptr<Provider>> provider(std::string_view id) const;

 private:
  std::map<std::string, std::shared_ptr<Provider>, std::less<>> providers_;
  std::vector<CatalogRow> rows_;
  std::vector<std::string> open_providers_;  // Those that take any model id.
  std::string default_name_;
};

}  // namespace omenia::providers
