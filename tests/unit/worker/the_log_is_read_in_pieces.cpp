// LogTail: whole lines from the end of a file that grows, is rotated, and may hold anything.
#include <gmock/gmock.h>

#include <filesystem>

#include "shared/json/json.h"
#include "tests/support/temp_dir.h"
#include "worker/log_tail.h"

namespace omenia::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TheLog : public testing::Test {
 protected:
  struct Answer {
    std::vector<std::string> lines;
    std::int64_t cursor = 0;
    std::int64_t size = 0;
    bool truncated = false;
    bool reset = false;
    std::int64_t skipped = 0;
  };
  Answer tail(std::int64_t cursor = -1, std::int64_t lines_max = 100, std::int64_t bytes_max = 1000) {
    const auto text = worker::read_log_tail({file, cursor, lines_max, bytes_max});
    EXPECT_TRUE(text.ok()) << text.error().message;
    const Json json = Json::parse(text.value()).value();
    Answer answer{{},
                  json["cursor"].integer(-1),
                  json["size"].integer(-1),
                  json["truncated"].boolean(),
                  json["reset"].boolean(),
                  json["skippedBytes"].integer()};
    for (JsonView line = json["lines"].first(); line; line = line.next()) answer.lines.emplace_back(line.text());
    EXPECT_EQ(json["file"].text(), file);
    return answer;
  }
  void write(std::string_view text) { write_file(file, text); }
  void append(std::string_view text) { write_file(file, read_file(file) + std::string(text)); }

  TempDir folder;
  std::string file = folder / "log";
};

TEST_F(TheLog, ThatIsNotThereYetIsEmpty) {
  const Answer answer = tail();
  EXPECT_THAT(answer.lines, IsEmpty());
  EXPECT_EQ(answer.cursor, 0);
  EXPECT_EQ(answer.size, 0);
  EXPECT_FALSE(answer.truncated);
  EXPECT_FALSE(answer.reset);
}

TEST_F(TheLog, ThatMayNotBeReadSaysSo) {
  std::filesystem::create_directory(folder / "closed");
  file = folder / "log" + "/below/a/file";
  write_file(folder / "log", "x");
  const auto refused = worker::read_log_tail({file, -1, 10, 100});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::system);
  EXPECT_THAT(refused.error().message, testing::HasSubstr(file));
}

TEST_F(TheLog, IsReadFromItsEndAndThenOnwards) {
  write("one\ntwo\n");
  const Answer first = tail();
  EXPECT_THAT(first.lines, ElementsAre("one", "two"));
  EXPECT_EQ(first.cursor, 8);
  append("three\n");
  const Answer second = tail(first.cursor);
  EXPECT_THAT(second.lines, ElementsAre("three"));
  EXPECT_THAT(tail(second.cursor).lines, IsEmpty());
  EXPECT_EQ(tail(second.cursor).cursor, second.cursor);
}

TEST_F(TheLog, IsReadFromItsBeginningWithACursorOfZero) {
  write("one\ntwo\n");
  EXPECT_THAT(tail(0).lines, ElementsAre("one", "two"));
}

TEST_F(TheLog, KeepsALineBackUntilItIsFinished) {
  write("one\nhal");
  const Answer first = tail();
  EXPECT_THAT(first.lines, ElementsAre("one"));
  EXPECT_EQ(first.cursor, 4);
  append("f\n");
  EXPECT_THAT(tail(first.cursor).lines, ElementsAre("half"));
}

TEST_F(TheLog, ThatWasRotatedIsBegunAgain) {
  write("old line one\nold line two\n");
  const Answer before = tail();
  write("new\n");
  const Answer after = tail(before.cursor);
  EXPECT_TRUE(after.reset);
  EXPECT_THAT(after.lines, ElementsAre("new"));
  EXPECT_EQ(after.cursor, 4);
  std::filesystem::remove(file);
  const Answer gone = tail(after.cursor);
  EXPECT_TRUE(gone.reset);
  EXPECT_EQ(gone.cursor, 0);
}

TEST_F(TheLog, AnswersACursorFarBeyondItsEnd) {
  write("one\n");
  const Answer answer = tail(std::int64_t{1} << 53);
  EXPECT_TRUE(answer.reset);
  EXPECT_THAT(answer.lines, ElementsAre("one"));
}

TEST_F(TheLog, AnswersTheLastLinesWhenThereAreTooMany) {
  write("1\n2\n3\n4\n");
  const Answer answer = tail(-1, 2);
  EXPECT_THAT(answer.lines, ElementsAre("3", "4"));
  EXPECT_TRUE(answer.truncated);
  EXPECT_EQ(answer.cursor, 8);
  EXPECT_FALSE(tail(-1, 4).truncated);
}

TEST_F(TheLog, AnswersTheLastBytesInWholeLines) {
  write("aaaa\nbbbb\ncccc\n");
  EXPECT_THAT(tail(-1, 100, 9).lines, ElementsAre("cccc"));
  EXPECT_THAT(tail(-1, 100, 5).lines, ElementsAre("cccc"));
  EXPECT_THAT(tail(-1, 100, 10).lines, ElementsAre("bbbb", "cccc"));
  EXPECT_TRUE(tail(-1, 100, 10).truncated);
  EXPECT_THAT(tail(-1, 100, 15).lines, ElementsAre("aaaa", "bbbb", "cccc"));
  EXPECT_FALSE(tail(-1, 100, 15).truncated);
  EXPECT_THAT(tail(-1, 100, 4).lines, IsEmpty());
}

TEST_F(TheLog, SkipsWhatAPollerCannotTake) {
  write("first\n");
  const Answer first = tail();
  append("aaaa\nbbbb\ncccc\n");
  const Answer second = tail(first.cursor, 100, 10);
  EXPECT_THAT(second.lines, ElementsAre("bbbb", "cccc"));
  EXPECT_TRUE(second.truncated);
  EXPECT_EQ(second.skipped, 5);
  EXPECT_EQ(second.cursor, second.size);
}

// A piece from the middle of a line is no line, also when the line has grown since.
TEST_F(TheLog, NeverAnswersAPieceOfALine) {
  write("one\n" + std::string(5000, 'x'));
  const Answer first = tail();
  EXPECT_THAT(first.lines, IsEmpty());
  append(std::string(50, 'y') + "\ntwo\n");
  const Answer second = tail(first.cursor);
  EXPECT_THAT(second.lines, ElementsAre("two"));
  append("three\n");
  EXPECT_THAT(tail(second.cursor).lines, ElementsAre("three"));
  write("one\ntwo\nthree\n");
  for (const std::int64_t odd : {1, 2, 3}) EXPECT_THAT(tail(odd).lines, ElementsAre("two", "three")) << odd;
  EXPECT_THAT(tail(5).lines, ElementsAre("three"));
}

TEST_F(TheLog, PollsThroughALineThatNeverEnds) {
  write("one\n");
  std::int64_t cursor = tail().cursor;
  for (int i = 0; i < 20; ++i) {
    append(std::string(300, 'x'));
    const Answer answer = tail(cursor);
    EXPECT_THAT(answer.lines, IsEmpty());
    EXPECT_GE(answer.cursor, cursor);
    cursor = answer.cursor;
  }
  append("\nafter\n");
  EXPECT_EQ(tail(cursor).lines.back(), "after");
}

TEST_F(TheLog, LeavesOutEmptyLines) {
  write("\n\none\n\n\ntwo\n\n");
  EXPECT_THAT(tail().lines, ElementsAre("one", "two"));
}

TEST_F(TheLog, MayHoldAnyBytes) {
  using namespace std::string_literals;  // The length counts the NUL.
  write("\xff\xfe broken\nn\0ul\n\x1b[31m\r\n\"quoted\\\"\n"s);
  const Answer answer = tail();
  ASSERT_EQ(answer.lines.size(), 4u);
  EXPECT_EQ(answer.lines[0], "\ufffd\ufffd broken");
  EXPECT_EQ(answer.lines[1], "n?ul");
  EXPECT_EQ(answer.lines[2], "\x1b[31m\r");
  EXPECT_EQ(answer.lines[3], "\"quoted\\\"");
}

}  // namespace
}  // namespace omenia::test
