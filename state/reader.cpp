#include "state/reader.h"

namespace omenia::state {

Result<void> Reader::run(const Job& job) {
  if (!connection_) TRY(connect());
  Result<void> outcome = connection_->database->transaction("BEGIN", [&]() -> Result<void> {
    job.run(connection_->tables);
    return {};
  });
  // What the failed connection remembers is not trusted: the next read opens a new one.
  if (connection_->database->take_disk_failure()) connection_.reset();
  return outcome;
}

Result<void> Reader::connect() {
  TRY_ASSIGN(auto database, Database::open(path_, Database::Access::read));
  connection_ = std::make_unique<Connection>(std::move(database));
  return {};
}

}  // namespace omenia::state
