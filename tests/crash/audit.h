#pragma once
// Audit: what the gateway, its database and the model server know at the end of a crash test, held against the ledger.

#include <cstddef>

#include "tests/crash/ledger.h"
#include "tests/support/gateway.h"
#include "tests/support/mock_upstream.h"

namespace omenia::crash {

struct Findings {
  std::size_t messages = 0;
  std::size_t acknowledged = 0;
  std::size_t runs_done = 0;
  std::size_t runs_interrupted = 0;

  // Must be zero.
  std::size_t runs_without_end = 0;
  std::size_t ends_that_changed = 0;        // A client was told the answer, and now there is another end.
  std::size_t messages_lost = 0;            // Acknowledged, and not in the history; or the answer is not.
  std::size_t messages_doubled = 0;         // More than once in the history.
  std::size_t messages_out_of_order = 0;    // Not as they were accepted in their session.
  std::size_t runs_twice = 0;               // The model was asked more than once.
  std::size_t runs_never = 0;               // Done, and the model was never asked.
  std::size_t database_damage = 0;          // PRAGMA integrity_check.
  std::size_t database_contradictions = 0;  // Rows that no sequence of events may leave.
};

// With the gateway running and quiet.
void audit_gateway(const test::Gateway& gateway, Ledger& ledger, Findings& findings);
void audit_model(const test::MockUpstream& mock, Ledger& ledger, Findings& findings);
// With nobody in it.
void audit_database(const std::string& path, Ledger& ledger, Findings& findings);

}  // namespace omenia::crash
