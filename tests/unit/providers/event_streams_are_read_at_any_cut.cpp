// Server-sent events, however their bytes are cut and whatever their lines end with.
#include <gtest/gtest.h>

#include "shared/base/limits.h"
#include "worker/providers/sse.h"

namespace omenia::test {
namespace {

using providers::SseEvent;
using providers::SseReader;

std::vector<std::string> data_of(std::string_view stream, std::size_t piece_bytes) {
  SseReader reader;
  std::vector<std::string> data;
  for (std::size_t at = 0; at < stream.size(); at += piece_bytes) {
    auto events = reader.feed(stream.substr(at, piece_bytes));
    EXPECT_TRUE(events.ok());
    for (auto& event : events.value()) data.push_back(event.data);
  }
  if (const auto last = reader.rest()) data.push_back(last->data);
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
  const auto events = reader.feed("data: a\r\n\r\n: x\ndata: b\ndata: c\n\n");
  ASSERT_EQ(events.value().size(), 2u);
  EXPECT_EQ(events.value()[0].line, 1);
  EXPECT_EQ(events.value()[1].line, 4);
}

TEST(EventStream, HasALongestEvent) {
  SseReader one_line;
  EXPECT_FALSE(one_line.feed("data: " + std::string(limits::sse_line_bytes_max, 'x')).ok());
  SseReader many_lines;
  const std::string line = "data: " + std::string(limits::MiB, 'x') + "\n";
  Result<std::vector<SseEvent>> fed = many_lines.feed(line);
  for (int i = 0; i < 5 && fed.ok(); ++i) fed = many_lines.feed(line);
  ASSERT_FALSE(fed.ok());
  EXPECT_EQ(fed.error().code, ErrorCode::provider_broken);
}

}  // namespace
}  // namespace omenia::test
