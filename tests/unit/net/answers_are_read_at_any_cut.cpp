// An answer is the same answer however its bytes are cut, and bytes that are none are told from one.
#include <gmock/gmock.h>

#include "shared/base/limits.h"
#include "worker/net/answer_reader.h"

namespace omenia::test {
namespace {

using net::AnswerReader;
using State = AnswerReader::State;

// Feeds bytes as a connection would: what was not consumed comes again with more behind it.
class Reading {
 public:
  State feed(std::string_view bytes) {
    waiting_.append(bytes);
    waiting_.erase(0, reader.feed(waiting_, 0));
    return reader.state();
  }
  std::string waiting() const { return waiting_; }

  net::OutboundHeadReader head;
  std::string body;
  AnswerReader reader{head, [this](std::string_view part) { body.append(part); }};

 private:
  std::string waiting_;
};

constexpr std::string_view chunked =
    "HTTP/1.1 103 Early Hints\r\nContent-Type: a/b\r\n\r\n"
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    "6\r\nfirst \r\n1;x=y\r\ns\r\n5\r\necond\r\n0\r\nX-Trailer: 1\r\nContent-Type: no\r\n\r\n";

TEST(Answer, IsTheSameAtEveryCut) {
  for (std::size_t cut = 0; cut <= chunked.size(); ++cut) {
    Reading reading;
    reading.feed(chunked.substr(0, cut));
    EXPECT_EQ(reading.feed(chunked.substr(cut)), State::complete) << cut;
    EXPECT_EQ(reading.body, "first second") << cut;
    EXPECT_EQ(reading.head.head().status, 200) << cut;
    EXPECT_EQ(reading.head.head().content_type, "text/event-stream") << cut;
    EXPECT_TRUE(reading.reader.keeps_connection());
  }
}

TEST(Answer, IsTheSameByteByByte) {
  Reading reading;
  for (std::size_t i = 0; i + 1 < chunked.size(); ++i)
    ASSERT_EQ(reading.feed(chunked.substr(i, 1)), State::reading) << i;
  EXPECT_EQ(reading.feed(chunked.substr(chunked.size() - 1)), State::complete);
  EXPECT_EQ(reading.body, "first second");
}

TEST(Answer, NeedsNoWordsForItsStatus) {
  constexpr std::string_view bare = "HTTP/1.1 100\r\n\r\nHTTP/1.1 204\r\n\r\n";
  for (std::size_t cut = 0; cut <= bare.size(); ++cut) {
    Reading reading;
    reading.feed(bare.substr(0, cut));
    EXPECT_EQ(reading.feed(bare.substr(cut)), State::complete) << cut;
    EXPECT_EQ(reading.head.head().status, 204) << cut;
  }
}

TEST(Answer, GivesAPartOfAChunkOutBeforeTheRestIsThere) {
  Reading reading;
  reading.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nab");
  EXPECT_EQ(reading.body, "ab");
  reading.feed("c");
  EXPECT_EQ(reading.body, "abc");
}

TEST(Answer, LeavesWhatFollowsAlone) {
  Reading reading;
  EXPECT_EQ(reading.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200"), State::complete);
  EXPECT_EQ(reading.body, "ok");
  EXPECT_EQ(reading.waiting(), "HTTP/1.1 200");
}

TEST(Answer, WithoutABodyIsCompleteWithItsHead) {
  for (const char* head : {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
    Reading reading;
    EXPECT_EQ(reading.feed(head), State::complete) << head;
  }
}

TEST(Answer, MayEndWithItsConnection) {
  Reading reading;
  EXPECT_EQ(reading.feed("HTTP/1.0 200 OK\r\n\r\nuntil the end"), State::reading);
  EXPECT_TRUE(reading.reader.finish());
  EXPECT_EQ(reading.body, "until the end");
  EXPECT_FALSE(reading.reader.keeps_connection());
}

TEST(Answer, ThatEndsTooEarlyIsNotWhole) {
  for (const char* part : {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 103 Early\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"}) {
    Reading reading;
    EXPECT_EQ(reading.feed(part), State::reading) << part;
    EXPECT_FALSE(reading.reader.finish()) << part;
  }
}

TEST(Answer, SaysWhetherItsConnectionCanBeUsedAgain) {
  const auto keeps = [](std::string_view head) {
    Reading reading;
    EXPECT_EQ(reading.feed(std::string(head) + "Content-Length: 0\r\n\r\n"), State::complete) << head;
    return reading.reader.keeps_connection();
  };
  EXPECT_TRUE(keeps("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nConnection: close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0 200 OK\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"));
}

TEST(Answer, IsToldFromOtherThings) {
  for (const char* bytes : {"220 mail.example.com ESMTP\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
                            "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 200OK\r\n\r\n", "HTTP/1.1 20\r\n\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nno field\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcdefgh\r\n"}) {
    Reading reading;
    EXPECT_EQ(reading.feed(bytes), State::broken) << bytes;
    EXPECT_NE(reading.reader.problem(), "") << bytes;
  }
}

TEST(Answer, HasABoundedHead) {
  const std::string line = "X: " + std::string(1000, 'x') + "\r\n";
  Reading lines;
  lines.feed("HTTP/1.1 200 OK\r\n");
  std::size_t bytes = 0;
  while (lines.feed(line) == State::reading && bytes < 2 * limits::outbound_head_bytes_max) bytes += line.size();
  EXPECT_EQ(lines.reader.state(), State::head_too_large);
  EXPECT_LE(bytes, limits::outbound_head_bytes_max);

  Reading one_line;
  EXPECT_EQ(one_line.feed("HTTP/1.1 200 OK\r\nX: " + std::string(limits::outbound_head_bytes_max, 'x')),
            State::head_too_large);

  Reading interims;
  bytes = 0;
  const std::string interim = "HTTP/1.1 100 Continue\r\n" + line + "\r\n";
  while (interims.feed(interim) == State::reading && bytes < 2 * limits::outbound_head_bytes_max)
    bytes += interim.size();
  EXPECT_EQ(interims.reader.state(), State::head_too_large) << "interim answers without end are a head without end";
}

}  // namespace
}  // namespace omenia::test
