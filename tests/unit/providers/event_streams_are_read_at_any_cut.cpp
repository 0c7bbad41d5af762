// Server-sent events, however their bytes are cut and whatever their lines end with.
#include <gtest/gtest.h>

#include "shared/base/limits.h"
#include "worker/providers/sse.h"

namespace omenia::test {
namespace {

using providers::SseEvent;
using providers::SseReader;

Result<void> take_nothing(const SseEvent&) {
  return {};
}

std::vector<std::string> data_of(std::string_view stream, std::size_t piece_bytes) {
  SseReader reader;
  std::vector<std::string> data;
  const auto take = [&data](const SseEvent& event) -> Result<void> {
    data.push_back(event.data);
    return {};
  };
  for (std::size_t at = 0; at < stream.size(); at += piece_bytes)
    EXPECT_TRUE(reader.feed(stream.substr(at, piece_bytes), take).ok());
  EXPECT_TRUE(reader.finish(take).ok());
  return data;
}

using Data = std::vector<std::string>;

TEST(EventStream, MeansTheSameAtAnyCut) {
  constexpr std::string_view stream =
      "\xEF\xBB\xBF: a comment\nevent: x\ndata: one\n\ndata:two\r\ndata:  three\r\n\r\nid: 7\n\ndata\n\n: c\n\rdata: "
      "four\r\rdata:\n\n";
  const Data expected = {"one", "two\n three", "four", ""};
  for (std::size_t bytes = 1; bytes <= stream.size(); ++bytes) EXPECT_EQ(data_of(stream, bytes), expected) << bytes;
}

TEST(EventStream, GivesTheLastEventWithoutItsBlankLine) {
  EXPECT_EQ(data_of("data: a\n\ndata: b\n", 100), (Data{"a", "b"}));
  EXPECT_EQ(data_of("data: a\n\ndata: b", 100), (Data{"a", "b"}));
  EXPECT_EQ(data_of(": nothing", 100), Data{});
}

TEST(EventStream, NumbersItsLines) {
  SseReader reader;
  std::vector<std::int64_t> lines;
  const auto fed = reader.feed("data: a\r\n\r\n: x\ndata: b\ndata: c\n\n", [&lines](const SseEvent& event) {
    lines.push_back(event.line);
    return Result<void>();
  });
  EXPECT_TRUE(fed.ok());
  EXPECT_EQ(lines, (std::vector<std::int64_t>{1, 4}));
}

TEST(EventStream, EndsWithTheErrorOfWhoTakesIt) {
  SseReader reader;
  Data data;
  const auto fed = reader.feed("data: a\n\ndata: b\n\ndata: c\n\n", [&data](const SseEvent& event) -> Result<void> {
    data.push_back(event.data);
    if (event.data == "b") return fail(ErrorCode::provider_broken, "no more");
    return {};
  });
  ASSERT_FALSE(fed.ok());
  EXPECT_EQ(fed.error().message, "no more");
  EXPECT_EQ(data, (Data{"a", "b"}));
}

TEST(EventStream, HasALongestEvent) {
  SseReader one_line;
  EXPECT_FALSE(one_line.feed("data: " + std::string(limits::sse_line_bytes_max, 'x'), take_nothing).ok());
  SseReader many_lines;
  const std::string line = "data: " + std::string(limits::MiB, 'x') + "\n";
  Result<void> fed = many_lines.feed(line, take_nothing);
  for (int i = 0; i < 5 && fed.ok(); ++i) fed = many_lines.feed(line, take_nothing);
  ASSERT_FALSE(fed.ok());
  EXPECT_EQ(fed.error().code, ErrorCode::provider_broken);
}

TEST(EventStream, GivesTheEventsBeforeOneThatIsTooLong) {
  const std::string stream = "data: a\n\ndata: " + std::string(limits::sse_line_bytes_max, 'x');
  for (const std::size_t cut : {0u, 3u, 9u, 100u}) {
    SseReader reader;
    Data data;
    const auto take = [&data](const SseEvent& event) -> Result<void> {
      data.push_back(event.data);
      return {};
    };
    EXPECT_TRUE(reader.feed(stream.substr(0, cut), take).ok());
    EXPECT_FALSE(reader.feed(stream.substr(cut), take).ok());
    EXPECT_EQ(data, Data{"a"}) << cut;
  }
}

}  // namespace
}  // namespace omenia::test
