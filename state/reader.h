#pragma once
// Reader: answers reads on a connection of its own that cannot write. The connection is opened by the first read.

#include <memory>
#include <string>

#include "state/connection.h"
#include "state/job.h"

namespace omenia::state {

class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  // Runs the job in a read transaction that begins now, so it sees all that is committed by now. Error: storage.
  Result<void> run(const Job& job);

 private:
  Result<void> connect();

  std::string path_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace omenia::state
