// A child process gets the descriptors, signals and group it is given and nothing else; its end is told in words.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "shared/os/child.h"
#include "shared/os/document.h"
#include "shared/os/executable.h"
#include "tests/support/child_process.h"
#include "tests/support/deadline.h"

namespace omenia {
namespace {

struct Finished {
  ChildEnd end;
  std::string output;
};

// Runs a shell script with standard output in a pipe.
Finished run_script(const std::string& script, ChildPlan plan = {}) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  plan.program = "/bin/sh";
  plan.arguments = {"-c", script};
  plan.descriptors.push_back({write_end.get(), STDOUT_FILENO});
  const auto pid = spawn_child(plan);
  EXPECT_TRUE(pid.ok());
  write_end.reset();
  Finished finished;
  finished.output = read_document(read_end.get(), 100'000).value();
  std::optional<ChildEnd> end;
  EXPECT_TRUE(test::eventually([&] { return (end = reap_child(pid.value())).has_value(); }));
  if (end) finished.end = *end;
  return finished;
}

TEST(Child, EndsWithItsExitCodeInWords) {
  const Finished finished = run_script("exit 3");
  EXPECT_EQ(finished.end.exit_code, 3);
  EXPECT_EQ(finished.end.words, "exited with code 3");
  EXPECT_FALSE(finished.end.by_signal);
}

TEST(Child, EndsBySignalInWords) {
  const Finished finished = run_script("kill -KILL $$");
  EXPECT_EQ(finished.end.exit_code, 137);
  EXPECT_EQ(finished.end.words, "was ended by signal 9 (Killed)");
  EXPECT_TRUE(finished.end.by_signal);
}

TEST(Child, AMissingProgramIsNamed) {
  ChildPlan plan;
  plan.program = "/nowhere/program";
  const auto pid = spawn_child(plan);
  ASSERT_FALSE(pid.ok());
  EXPECT_EQ(pid.error().message, "cannot start /nowhere/program: No such file or directory");
}

// The sources are exactly each other's targets, the case in which a careless dup2 loses one.
TEST(Child, DescriptorsMayChangePlaces) {
  const Fd first = document_of("first").value();
  const Fd second = document_of("second").value();
  ChildPlan plan;
  plan.descriptors = {{first.get(), second.get()}, {second.get(), first.get()}};
  const std::string a = std::to_string(first.get());
  const std::string b = std::to_string(second.get());
  EXPECT_EQ(run_script("cat <&" + a + "; cat <&" + b, plan).output, "secondfirst");
}

TEST(Child, ADescriptorMayKeepItsNumber) {
  const Fd document = document_of("still open").value();
  ChildPlan plan;
  plan.descriptors = {{document.get(), document.get()}};
  EXPECT_EQ(run_script("cat <&" + std::to_string(document.get()), plan).output, "still open");
}

TEST(Child, NothingElseIsInherited) {
  const Fd stranger(::dup(STDIN_FILENO));  // Without the flag that closes it.
  EXPECT_EQ(run_script("ls /proc/self/fd | wc -l").output.substr(0, 1), "4") << "0, 1, 2 and the folder";
}

TEST(Child, SignalsHaveTheirDefaultActionUnlessItShallIgnoreThem) {
  const auto before = ::signal(SIGUSR2, SIG_IGN);
  ChildPlan plan;
  plan.ignored_signals = {SIGTERM};
  EXPECT_EQ(run_script("kill -TERM $$; echo alive", plan).output, "alive\n");
  EXPECT_EQ(run_script("kill -USR2 $$; echo alive").end.exit_code, 128 + SIGUSR2);
  ::signal(SIGUSR2, before);
}

TEST(Child, AGroupOfItsOwnIsItsOwn) {
  ChildPlan plan;
  plan.own_group = true;
  const std::string script = "set -- $(cat /proc/self/stat); test $5 = $$ && echo own";
  EXPECT_EQ(run_script(script, plan).output, "own\n");
  EXPECT_EQ(run_script(script).output, "");
}

TEST(Document, CanBeReadAgainAndNotBeChanged) {
  const Fd document = document_of("text").value();
  EXPECT_EQ(read_document(document.get(), 100).value(), "text");
  EXPECT_EQ(read_document(document.get(), 100).value(), "text");
  EXPECT_EQ(::write(document.get(), "x", 1), -1);
}

TEST(Document, OneThatIsTooLargeIsRefused) {
  const Fd document = document_of(std::string(101, 'x')).value();
  EXPECT_FALSE(read_document(document.get(), 100).ok());
  EXPECT_FALSE(read_document(-1, 100).ok());
}

TEST(Executable, ItsFolderIsTheOneItRunsFrom) {
  const auto folder = directory_of_executable();
  ASSERT_TRUE(folder.ok());
  EXPECT_EQ(::access((folder.value() + "/unit_supervisor").c_str(), X_OK), 0) << folder.value();
}

}  // namespace
}  // namespace omenia
