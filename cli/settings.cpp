// See settings.h.

#include "cli/settings.h"

#include <charconv>

namespace omenia::cli {

Config usable_config(const Context& context) {
  return context.config.valid() ? context.config.config : Config{};
}

int local_port(const Context& context) {
  int port = 0;
  if (const auto text = product_variable(context.environment, "GATEWAY_PORT")) {
    std::from_chars(text->data(), text->data() + text->size(), port);
    if (port > 0 && port < 65536) return port;
  }
  if (context.config.valid() && context.config.source["gateway"]["port"].is_integer())
    return static_cast<int>(context.config.config.gateway_port);
  return context.paths.dev ? 19001 : 18789;
}

std::string bind_host_of(const Config& config) {
  return config.gateway_bind == "loopback" ? "127.0.0.1" : "0.0.0.0";
}

std::string log_file_of(const Context& context) {
  const std::string configured = usable_config(context).log_file;
  return configured.empty() ? context.paths.default_log_file : configured;
}

}  // namespace omenia::cli
