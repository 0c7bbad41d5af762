// Opening: from nothing, again, from an older schema with a copy made before, and refused for a newer one.

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "state/files.h"
#include "state/migrations.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

int mode_of(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? static_cast<int>(facts.st_mode & 07777) : -1;
}

Result<std::unique_ptr<Store>> open_in(const std::string& directory) {
  return Store::open({.directory = directory, .post = [](std::function<void()>) {}});
}

using Opening = StoreTest;

TEST_F(Opening, makes_private_files_whatever_the_umask_says) {
  store.reset();
  const mode_t umask_before = ::umask(0);
  const std::string directory = folder.path() + "/fresh/state-directory";
  const auto opened = open_in(directory);
  ::umask(umask_before);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_EQ(mode_of(directory + "/state"), 0700);
  EXPECT_EQ(mode_of(directory + "/state/OmeniaClaw.sqlite"), 0600);
  EXPECT_EQ(mode_of(directory + "/state/OmeniaClaw.sqlite-wal"), 0600);
  EXPECT_EQ(mode_of(directory + "/state/OmeniaClaw.sqlite-shm"), 0600);
}

TEST_F(Opening, makes_existing_files_private_again) {
  store.reset();
  ASSERT_EQ(::chmod(database_path().c_str(), 0666), 0);
  ASSERT_EQ(::chmod((folder.path() + "/state").c_str(), 0755), 0);
  store = open_store();
  EXPECT_EQ(mode_of(database_path()), 0600);
  EXPECT_EQ(mode_of(folder.path() + "/state"), 0700);
}

TEST_F(Opening, again_changes_nothing_and_copies_nothing) {
  const std::string id = read<std::string>([](Tables& tables) { return tables.meta.instance_id(); }).value();
  reopen();
  EXPECT_EQ(read<std::string>([](Tables& tables) { return tables.meta.instance_id(); }).value(), id);
  store.reset();
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder.path() + "/state")) {
    names.push_back(file.path().filename());
  }
  EXPECT_THAT(names, testing::ElementsAre("OmeniaClaw.sqlite"));
}

TEST_F(Opening, refuses_a_newer_schema_and_names_both_numbers) {
  store.reset();
  ASSERT_TRUE(Database::open(database_path(), Database::Access::write)
                  .value()
                  ->run("UPDATE meta SET schema_version = 4711")
                  .ok());
  const auto refused = open_in(folder.path());
  ASSERT_THAT(refused, FailsWith(ErrorCode::schema_too_new));
  EXPECT_THAT(refused.error().message, testing::HasSubstr("4711"));
  EXPECT_THAT(refused.error().message, testing::HasSubstr("up to " + std::to_string(release_scripts().size())));
  EXPECT_THAT(refused.error().message, testing::HasSubstr(database_path()));
}

TEST_F(Opening, refuses_what_is_not_our_database) {
  store.reset();
  const std::string directory = folder.path() + "/other";
  ASSERT_TRUE(make_private_folder(directory + "/state").ok());
  const std::string path = directory + "/state/OmeniaClaw.sqlite";
  std::ofstream(path) << std::string(8192, 'x');
  EXPECT_THAT(open_in(directory), FailsWith(ErrorCode::storage));

  std::filesystem::remove(path);
  ASSERT_TRUE(make_private_file(path).ok());
  ASSERT_TRUE(Database::open(path, Database::Access::write).value()->run_script("CREATE TABLE theirs (x)").ok());
  const auto refused = open_in(directory);
  ASSERT_THAT(refused, FailsWith(ErrorCode::storage));
  EXPECT_THAT(refused.error().message, testing::HasSubstr("another program"));
}

TEST_F(Opening, says_where_and_why_it_cannot) {
  std::ofstream(folder.path() + "/file") << "not a folder";
  const auto under_file = open_in(folder.path() + "/file");
  ASSERT_THAT(under_file, FailsWith(ErrorCode::storage));
  EXPECT_THAT(under_file.error().message,
              testing::AllOf(testing::HasSubstr(folder.path() + "/file/state"), testing::HasSubstr("Not a directory")));

  const std::string taken = folder.path() + "/taken";
  std::filesystem::create_directories(taken + "/state/OmeniaClaw.sqlite");
  const auto a_folder = open_in(taken);
  ASSERT_THAT(a_folder, FailsWith(ErrorCode::storage));
  EXPECT_THAT(a_folder.error().message, testing::HasSubstr(taken + "/state/OmeniaClaw.sqlite"));
}

TEST_F(Opening, of_a_new_database_by_many_at_once_works) {
  store.reset();
  const std::string directory = folder.path() + "/shared";
  std::vector<std::string> problems(8);
  std::vector<std::thread> openers;
  for (std::string& problem : problems) {
    openers.emplace_back([&] {
      const auto opened = open_in(directory);
      if (!opened.ok()) problem = opened.error().message;
    });
  }
  for (std::thread& opener : openers) opener.join();
  EXPECT_THAT(problems, testing::Each(""));
}

class Migrating : public testing::Test {
 protected:
  Migrating() {
    EXPECT_TRUE(make_private_file(path).ok());
    database = Database::open(path, Database::Access::write).value();
    EXPECT_TRUE(migrate(*database, std::span(&first, 1)).ok());
    EXPECT_TRUE(database
                    ->run("INSERT INTO sessions (key, session_id, agent_id, created_ms, updated_ms)"
                          " VALUES ('kept', 's1', 'main', 1, 1)")
                    .ok());
  }
  std::int64_t version() { return database->number("SELECT schema_version FROM meta").value(); }

  TempFolder folder;
  const std::string path = folder.path() + "/test.sqlite";
  const char* const first = release_scripts()[0];
  std::unique_ptr<Database> database;
};

TEST_F(Migrating, keeps_the_rows_and_makes_a_copy_before) {
  const char* const scripts[] = {first, "ALTER TABLE sessions ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'",
                                 "CREATE TABLE extra (x INTEGER) STRICT"};
  ASSERT_TRUE(migrate(*database, scripts).ok());
  EXPECT_EQ(version(), 3);
  EXPECT_EQ(database->number("SELECT count(*) FROM sessions WHERE mood = 'calm'").value(), 1);

  EXPECT_EQ(mode_of(path + ".before-3"), 0600);
  EXPECT_FALSE(std::filesystem::exists(path + ".before-3.part"));
  auto copy = Database::open(path + ".before-3", Database::Access::write).value();
  EXPECT_EQ(copy->number("SELECT schema_version FROM meta").value(), 1);
  EXPECT_EQ(Sessions(*copy).count("").value(), 1);
}

TEST_F(Migrating, from_every_schema_ever_released_ends_in_the_same_tables) {
  ASSERT_TRUE(migrate(*database, release_scripts()).ok());
  const auto fresh = migrated_database(folder.path() + "/fresh.sqlite");
  const auto tables = [](Database& of) {
    std::vector<std::string> texts;
    auto row = of.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").value();
    while (row.step().value()) texts.push_back(row.text(0));
    return texts;
  };
  EXPECT_EQ(tables(*database), tables(*fresh));
  EXPECT_EQ(Sessions(*database).count("").value(), 1);
}

TEST_F(Migrating, gives_a_session_that_is_there_its_new_settings) {
  ASSERT_TRUE(migrate(*database, release_scripts()).ok());
  const auto row = Sessions(*database).find("kept").value();
  ASSERT_TRUE(row);
  EXPECT_EQ(row->started_ms, 1);
  EXPECT_EQ(row->look, "{}");
  EXPECT_FALSE(row->archived);
}

TEST_F(Migrating, keeps_runs_with_their_numbers_and_what_their_status_may_be) {
  const auto add = [this](const std::string& run_id, const std::string& status) {
    return database->run(
        "INSERT INTO runs (run_id, session_key, session_id, agent_id, origin, status, request, result,"
        " generation, accepted_ms, started_ms, ended_ms)"
        " VALUES (?1, 'kept', 's1', 'main', 'chat', ?2, '{}', '', 1, 1, 1, 1)",
        run_id, status);
  };
  ASSERT_TRUE(add("gone", "done").ok() && add("kept", "running").ok());
  ASSERT_TRUE(database->run("DELETE FROM runs WHERE run_id = 'gone'").ok());
  ASSERT_TRUE(migrate(*database, release_scripts()).ok());
  const auto kept = Runs(*database).find("kept").value();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->number, 2);
  EXPECT_EQ(kept->status, "running");
  for (const char* status : {"accepted", "running", "done", "failed", "aborted", "timed_out", "interrupted"})
    EXPECT_TRUE(add(status, status).ok()) << status;
  EXPECT_FALSE(add("unknown", "unknown").ok());
  EXPECT_EQ(database
                ->number("SELECT count(*) FROM sqlite_schema WHERE tbl_name = 'runs'"
                         " AND name IN ('runs_in_lane', 'runs_by_end', 'runs_of_wakes')")
                .value(),
            3);
}

TEST_F(Migrating, changes_nothing_when_a_script_fails) {
  const char* const scripts[] = {first, "CREATE TABLE half (x INTEGER) STRICT; DROP TABLE nothing"};
  EXPECT_FALSE(migrate(*database, scripts).ok());
  EXPECT_EQ(version(), 1);
  EXPECT_EQ(database->number("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").value(), 0);
  EXPECT_FALSE(database->in_transaction());
}

TEST_F(Migrating, replaces_what_a_failed_try_left) {
  std::ofstream(path + ".before-2.part") << "cut short";
  const char* const broken[] = {first, "nonsense"};
  EXPECT_FALSE(migrate(*database, broken).ok());
  const char* const scripts[] = {first, "CREATE TABLE extra (x INTEGER) STRICT"};
  ASSERT_TRUE(migrate(*database, scripts).ok());
  EXPECT_EQ(integrity_of(path + ".before-2"), "ok");
}

TEST_F(Migrating, does_not_begin_without_its_copy) {
  std::filesystem::create_directories(path + ".before-2/in-the-way");
  const char* const scripts[] = {first, "CREATE TABLE extra (x INTEGER) STRICT"};
  EXPECT_THAT(migrate(*database, scripts), FailsWith(ErrorCode::storage));
  EXPECT_EQ(version(), 1);
}

TEST_F(Migrating, is_done_once_by_many_who_try) {
  const char* const scripts[] = {first, "CREATE TABLE extra (x INTEGER) STRICT"};
  std::vector<std::string> problems(4);
  std::vector<std::thread> threads;
  for (std::string& problem : problems) {
    threads.emplace_back([&] {
      auto own = Database::open(path, Database::Access::write).value();
      const auto done = migrate(*own, scripts);
      if (!done.ok()) problem = done.error().message;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(problems, testing::Each(""));
  EXPECT_EQ(version(), 2);
}

}  // namespace
}  // namespace omenia::state
