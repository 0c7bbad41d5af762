#include "worker/announce.h"

#include <filesystem>
#include <system_error>

namespace omenia::worker {

namespace {

// What a command in another terminal must be told, because flags or variables of this run say something else than the
// configuration that the command reads.
std::string variables_for(const Context& context) {
  const Config& config = *context.config();
  const int port = context.launch.listen.front().port;
  const auth::AuthSettings& auth = context.authenticator.settings();
  std::string text;
  if (port != config.gateway_port) text += "OmeniaClaw_GATEWAY_PORT=" + std::to_string(port) + " ";
  if (auth.mode == auth::AuthMode::token && auth.secret.reveal() != config.gateway_auth_token.reveal())
    text += "OmeniaClaw_GATEWAY_TOKEN='" + auth.secret.reveal() + "' ";
  return text;
}

}  // namespace

std::string announcement(const Context& context) {
  const std::string base = context.address("http", "https");
  const std::string trust = context.tls ? " --cacert " + context.tls->files().certificate : "";
  const std::string& token = context.authenticator.settings().secret.reveal();
  std::error_code ignored;
  const auto worker = std::filesystem::weakly_canonical(context.launch.worker_path, ignored).string();
  const std::string folder = worker.substr(0, worker.rfind("/libexec/"));
  const std::string selector = context.launch.profile.empty() ? "" : " --profile " + context.launch.profile;
  std::string text = "\nOmeniaClaw is running at " + base + "\n";
  text += "Model: " + context.catalog->default_name() + "\n";
  if (!token.empty()) text += "Token: " + token + "\n";
  text += "\nTry it from another terminal:\n";
  text += "  curl" + trust + " " + base + "/v1/chat/completions -H 'Authorization: Bearer " + token +
          "' -d '{\"model\":\"OmeniaClaw/default\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}'\n";
  text += "  " + variables_for(context) + folder + "/bin/OmeniaClaw" + selector +
          " agent --message 'hello'\n\nStop it with Ctrl-C.\n";
  return text;
}

}  // namespace omenia::worker
