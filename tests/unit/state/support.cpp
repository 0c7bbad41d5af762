#include "tests/unit/state/support.h"

#include <cstdlib>
#include <filesystem>

#include "state/files.h"
#include "state/migrations.h"

namespace omenia::state {

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "omenia-state-XXXXXX").string();
  path_ = ::mkdtemp(name.data());
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

StoreTest::StoreTest() : store(open_store()) {}

std::unique_ptr<Store> StoreTest::open_store() {
  auto opened = Store::open({.directory = folder.path(),
                             .post = [this](std::function<void()> work) { loop.post(std::move(work)); },
                             .health_changed = [this](const StoreHealth& health) { told_health.push_back(health); },
                             .loop = &loop});
  EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().message);
  return opened.ok() ? std::move(opened).value() : nullptr;
}

RepositoryTest::RepositoryTest()
    : database(migrated_database(folder.path() + "/test.sqlite")),
      meta(*database),
      sessions(*database),
      entries(*database),
      runs(*database),
      idempotency(*database),
      devices(*database),
      device_tokens(*database),
      pairing_requests(*database),
      nodes(*database),
      setup_codes(*database),
      system_events(*database),
      turns(*database, sessions, entries, runs) {}

std::unique_ptr<Database> migrated_database(const std::string& path) {
  EXPECT_TRUE(make_private_file(path).ok());
  auto database = Database::open(path, Database::Access::write).value();
  EXPECT_TRUE(migrate(*database, release_scripts()).ok());
  return database;
}

RunRow run_named(const std::string& run_id, std::int64_t generation) {
  RunRow row;
  row.run_id = run_id;
  row.session_key = "agent:main:main";
  row.session_id = "a-session";
  row.agent_id = "main";
  row.origin = "chat";
  row.request = R"({"message":"hello"})";
  row.generation = generation;
  row.accepted_ms = 100;
  return row;
}

EntryRow entry_of(const std::string& session_id, const std::string& body, std::int64_t created_ms) {
  EntryRow row;
  row.session_id = session_id;
  row.kind = "message";
  row.role = "user";
  row.created_ms = created_ms;
  row.body = body;
  return row;
}

TurnRow turn_named(const std::string& name) {
  TurnRow turn;
  turn.session.key = "agent:main:" + name;
  turn.session.session_id = "session-of-" + name;
  turn.session.agent_id = "main";
  turn.session.input_tokens = turn.session.context_tokens = 30;
  turn.session.output_tokens = 7;
  turn.session.last_provider = "mock";
  turn.session.last_model = "m-1";
  turn.run = run_named(name);
  turn.run.status = "done";
  turn.run.result = R"({"text":"re: hello"})";
  turn.run.started_ms = 110;
  turn.run.ended_ms = 150;
  turn.question = entry_of({}, R"({"content":"hello"})", 110);
  turn.question.id = "question-of-" + name;
  turn.answer = entry_of({}, R"({"content":"re: hello"})", 150);
  turn.answer->id = "answer-of-" + name;
  turn.answer->role = "assistant";
  complete(turn);
  return turn;
}

std::string integrity_of(const std::string& path) {
  auto database = Database::open(path, Database::Access::read).value();
  auto row = database->prepare("PRAGMA integrity_check").value();
  return row.step().ok() ? row.text(0) : "unreadable";
}

}  // namespace omenia::state
