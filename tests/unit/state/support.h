#pragma once
// What the store's tests share: a folder that goes away, a store on a loop, and answers awaited in place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "shared/base/task.h"
#include "shared/loop/loop.h"
#include "state/database.h"
#include "state/store.h"

namespace omenia::state {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <typename T>
Task<void> deliver(Pending<T> pending, std::function<void(T)> take) {
  T answer = co_await std::move(pending);
  take(std::move(answer));
}

// Runs the loop until the answer is there.
template <typename T>
T answer_of(Loop& loop, Pending<T> pending) {
  std::optional<T> answer;
  TaskScope scope;
  scope.spawn(deliver<T>(std::move(pending), [&](T value) {
    answer.emplace(std::move(value));
    loop.stop();
  }));
  if (!answer) loop.run();
  return std::move(*answer);
}

template <typename T>
using Unit = std::function<Result<T>(Tables&)>;

// A store in a folder of its own, on a loop.
class StoreTest : public testing::Test {
 protected:
  StoreTest();

  std::unique_ptr<Store> open_store();
  void reopen() {
    store.reset();
    store = open_store();
  }
  std::string database_path() const { return folder.path() + "/state/OmeniaClaw.sqlite"; }

  template <typename T>
  Result<T> write(Unit<T> unit) {
    return answer_of<Result<T>>(loop, store->write<T>(std::move(unit)));
  }
  template <typename T>
  Result<T> read(Unit<T> unit) {
    return answer_of<Result<T>>(loop, store->read<T>(std::move(unit)));
  }
  // The value of a unit that has to succeed.
  template <typename T>
  T written(Unit<T> unit) {
    Result<T> result = write<T>(std::move(unit));
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    return result.ok() ? std::move(result).value() : T{};
  }

  TempFolder folder;
  Loop loop;
  std::vector<StoreHealth> told_health;
  std::unique_ptr<Store> store;
};

// The repositories on a connection of their own, without threads.
class RepositoryTest : public testing::Test {
 protected:
  RepositoryTest();

  TempFolder folder;
  std::unique_ptr<Database> database;
  Meta meta;
  Sessions sessions;
  Entries entries;
  Runs runs;
  Idempotency idempotency;
  Devices devices;
  DeviceTokens device_tokens;
  PairingRequests pairing_requests;
  Nodes nodes;
  SetupCodes setup_codes;
  SystemEvents system_events;
  Turns turns;
};

std::unique_ptr<Database> migrated_database(const std::string& path);
RunRow run_named(const std::string& run_id, std::int64_t generation = 1);
EntryRow entry_of(const std::string& session_id, const std::string& body, std::int64_t created_ms = 1);
TurnRow turn_named(const std::string& name);  // The run's id and the last part of the session's key; complete.

// "ok" when the file is whole.
std::string integrity_of(const std::string& path);

MATCHER_P(FailsWith, code, "") {
  if (arg.ok()) {
    *result_listener << "is a success";
    return false;
  }
  *result_listener << "says: " << arg.error().message;
  return arg.error().code == code;
}

}  // namespace omenia::state
