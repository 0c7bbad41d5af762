#pragma once
// HistoryPage: a page of a session's history, as the text that HTTP clients read.

#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/task.h"
#include "worker/context.h"

namespace omenia::endpoints {

struct ReadPage {
  std::string text;  // {"sessionKey","items":[...],"messages":[the same],"hasMore","nextCursor"?}, oldest first.
  std::string session_id;
  std::int64_t last_seq = 0;  // Of the session's last message, on this page or not.
};

// Nothing: there is no such session.
using FoundPage = std::optional<ReadPage>;
Task<Result<FoundPage>> read_page(worker::Context* context, HistoryPage page);

}  // namespace omenia::endpoints
