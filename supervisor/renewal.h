#pragma once
// Renewal: the supervisor's program is replaced by the one on disk, in the same process: the port, the state lock and
// the workers stay. The new program is asked first, as a child, whether it can go on from here; only then it takes
// over.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "supervisor/context.h"
#include "supervisor/succession.h"

namespace omenia::supervisor {

inline constexpr std::string_view succeed_argument = "--succeed=";              // With the document's descriptor.
inline constexpr std::string_view check_succession_argument = "--can-succeed";  // The document is where a launch's is.

class Renewal {
 public:
  struct Asked {
    std::function<std::optional<Succession>()> leave;  // Nothing: something is under way that cannot be left now.
    std::function<void(const std::string& problem)> failed;
  };
  Renewal(Context& context, Asked asked);

  void begin();  // One at a time; a second joins the first.
  bool running() const { return running_; }
  void on_child_end();

 private:
  void go_on();
  void check(const Succession& left);
  void become(const Succession& left);
  void fail(const std::string& problem);

  Context& context_;
  Asked asked_;
  Logger log_;
  Timer again_;
  std::int64_t deadline_ms_ = 0;
  bool running_ = false;
  bool is_checked_ = false;
  pid_t checker_ = 0;
  Fd words_;  // What the checker says.
};

// The new program's part of the check. Returns the exit code.
int answer_whether_we_can_succeed();

// What is left to this program, whose document has this descriptor.
Result<Succession> read_succession(std::string_view descriptor);

}  // namespace omenia::supervisor
