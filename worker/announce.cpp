#include "worker/announce.h"

#include <filesystem>
#include <system_error>

namespace omenia::worker {

std::string announcement(const Context& context) {
  const ListenAddress& address = context.launch.listen.front();
  const std::string base = "http://" + address.host + ":" + std::to_string(address.port);
  const std::string& token = context.authenticator.settings().secret.reveal();
  std::error_code ignored;
  const auto worker = std::filesystem::weakly_canonical(context.launch.worker_path, ignored).string();
  const std::string folder = worker.substr(0, worker.rfind("/libexec/"));
  const std::string selector = context.launch.profile.empty() ? "" : " --profile " + context.launch.profile;
  std::string text = "\nOmeniaClaw is running at " + base + "\n";
  text += "Model: " + context.catalog->default_name() + "\n";
  if (!token.empty()) text += "Token: " + token + "\n";
  text += "\nTry it from another terminal:\n";
  text += "  curl " + base + "/v1/chat/completions -H 'Authorization: Bearer " + token +
          "' -d '{\"model\":\"OmeniaClaw/default\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}'\n";
  text += "  " + folder + "/bin/OmeniaClaw" + selector + " agent --message 'hello'\n\nStop it with Ctrl-C.\n";
  return text;
}

}  // namespace omenia::worker
