#include "shared/loop/aside.h"

namespace omenia {

// The answer goes to the loop even where nobody waits any more: what it holds is destroyed there.
void Aside::handle(std::vector<Job> jobs) {
  for (Job& job : jobs) {
    job.work();
    loop_.post(std::move(job.answer));
  }
}

Error Aside::too_busy() {
  return fail(ErrorCode::unavailable, "Too many files wait to be written. Try again in a moment.");
}

}  // namespace omenia
