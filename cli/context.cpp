// See context.h.

#include "cli/context.h"

namespace omenia::cli {

std::string Context::advice(std::string_view command) const {
  std::string text = "OmeniaClaw ";
  if (paths.dev) {
    text += "--dev ";
  } else if (!paths.profile.empty()) {
    text += "--profile " + paths.profile + " ";
  }
  return text + std::string(command);
}

}  // namespace omenia::cli
