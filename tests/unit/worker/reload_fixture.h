#pragma once
// A worker whose configuration stands in a real file that the test edits.

#include "tests/unit/worker/worker_fixture.h"
#include "worker/config/lines.h"

namespace omenia::test {

class ReloadTest : public WireTest {
 protected:
  static constexpr const char* token = "first-token-of-the-file";

  // The worker was started with the file as it is now. Flags are set in `launch` before.
  void start_with(std::string_view text);
  void edit(std::string_view text) const { write_file(config_path(), text); }
  void edit_dotenv(std::string_view text) const { write_file(folder / ".env", text); }

  const worker::PlannedReload& plan() { return context->live_config.plan(); }
  std::string planned_action();  // Of a new plan: none, ignore, apply, swap, or what is wrong.
  void take_over();              // Plans and applies; fails the test when that is not possible.

  std::string config_path() const { return folder / "OmeniaClaw.json"; }
  std::string log_text();  // The log file so far.

  Launch launch;
};

// gateway {mode: 'local', auth: {token}, ...members}, ...more
std::string gateway_config(std::string_view members = "", std::string_view more = "",
                           std::string_view auth = "token: 'first-token-of-the-file'");

}  // namespace omenia::test
