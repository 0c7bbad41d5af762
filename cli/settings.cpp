// See settings.h.

#include "cli/settings.h"

#include "shared/config/effective.h"

namespace omenia::cli {

Config usable_config(const Context& context) {
  return context.config.valid() ? context.config.config : Config{};
}

std::string log_file_of(const Context& context) {
  const std::string configured = usable_config(context).log_file;
  return configured.empty() ? context.paths.default_log_file : configured;
}

Result<int> local_port(const Context& context) {
  const LoadedConfig defaults;
  const LoadedConfig& loaded = context.config.valid() ? context.config : defaults;
  TRY_ASSIGN(const Setting<int> port, effective_port({}, context.environment, context.paths, loaded));
  return port.value;
}

}  // namespace omenia::cli
