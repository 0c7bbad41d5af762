// Supervisor and worker exchange messages over a socket, however they are cut, until one side ends.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <optional>
#include <vector>

#include "shared/protocol/control.h"

namespace omenia {
namespace {

// One end is a channel on a loop, the other a plain socket that can send anything.
class Control : public ::testing::Test {
 protected:
  Control() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    peer = Fd(ends[1]);
    channel.emplace(
        loop, Fd(ends[0]), [this](JsonView message) { receive(message); },
        [this](const std::string& reason) {
          reasons.push_back(reason);
          loop.stop();
        });
  }

  void receive(JsonView message) {
    types.emplace_back(message["type"].text());
    if (types.back() == "last") loop.stop();
    if (types.back() == "destroy") {
      channel.reset();
      loop.stop();
    }
  }

  void send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t put = ::send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL);
      ASSERT_GT(put, 0);
      text.remove_prefix(static_cast<std::size_t>(put));
    }
  }

  Loop loop;
  Fd peer;
  std::optional<ControlChannel> channel;
  std::vector<std::string> types;
  std::vector<std::string> reasons;
};

using Texts = std::vector<std::string>;

TEST_F(Control, LinesBecomeMessagesHoweverTheyAreCut) {
  loop.post([this] { send(R"({"type":"fir)"); });
  loop.post([this] { loop.post([this] { send("st\"}\n{\"type\":\"second\"}\n{\"type\":\"last\"}\n"); }); });
  loop.run();
  EXPECT_EQ(types, (Texts{"first", "second", "last"}));
}

TEST_F(Control, AMessageGoesOutAsOneLine) {
  channel->send(R"({"type":"drain"})");
  channel->send(R"({"type":"stop"})");
  char text[100];
  const ssize_t got = ::recv(peer.get(), text, sizeof text, 0);
  EXPECT_EQ(std::string(text, static_cast<std::size_t>(got)), "{\"type\":\"drain\"}\n{\"type\":\"stop\"}\n");
}

TEST_F(Control, TheEndOfTheOtherSideIsToldOnceWithoutFault) {
  send("{\"type\":\"words\"}\n{\"type\":\"cut");
  peer.reset();
  loop.run();
  EXPECT_EQ(types, Texts{"words"});
  EXPECT_EQ(reasons, Texts{std::string(control_closed)});
}

TEST_F(Control, WhatIsNoMessageEndsTheTalk) {
  send("{\"type\":\"good\"}\nnonsense\n{\"type\":\"late\"}\n");
  loop.run();
  EXPECT_EQ(types, Texts{"good"});
  ASSERT_EQ(reasons.size(), 1u);
  EXPECT_NE(reasons[0], control_closed);
}

TEST_F(Control, AMessageWithoutATypeEndsTheTalk) {
  send("{\"kind\":\"ready\"}\n");
  loop.run();
  EXPECT_EQ(reasons, Texts{"a control message has no type"});
}

TEST_F(Control, ALineWithoutEndIsBounded) {
  std::size_t sent = 0;
  Timer feed(loop, [&] {
    const std::string piece(64 * limits::KiB, ' ');
    const ssize_t put = ::send(peer.get(), piece.data(), piece.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put > 0) sent += static_cast<std::size_t>(put);
    feed.start(0);
  });
  feed.start(0);
  loop.run();
  ASSERT_EQ(reasons.size(), 1u);
  EXPECT_NE(reasons[0].find("is longer than"), std::string::npos) << reasons[0];
  EXPECT_LT(sent, 2 * limits::control_line_bytes_max);
}

TEST_F(Control, APeerThatDoesNotReadIsGivenUpInsteadOfFillingMemory) {
  const std::string large = R"({"type":"large","text":")" + std::string(limits::control_line_bytes_max, 'x') + "\"}";
  for (std::size_t i = 0; i < 2 * limits::control_outbox_bytes_max / large.size(); ++i) channel->send(large);
  loop.run();
  EXPECT_EQ(reasons, Texts{"the other end does not read"});
}

TEST_F(Control, WhatTheSocketDoesNotTakeFollowsWhenItDoes) {
  const std::string large = R"({"type":"large","text":")" + std::string(900'000, 'x') + "\"}";
  channel->send(large);
  std::string got;
  Watch reading(loop, peer.get(), Watch::For::reading, [&] {
    char bytes[65536];
    const ssize_t count = ::recv(peer.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (count > 0) got.append(bytes, static_cast<std::size_t>(count));
    if (got.ends_with('\n')) loop.stop();
  });
  loop.run();
  EXPECT_EQ(got, large + "\n");
}

TEST_F(Control, ItMayBeDestroyedByAMessage) {
  send("{\"type\":\"destroy\"}\n{\"type\":\"late\"}\n");
  loop.run();
  EXPECT_EQ(types, Texts{"destroy"});
  EXPECT_TRUE(reasons.empty());
}

TEST_F(Control, LastWordsCanBeReadWithoutTheLoop) {
  send("{\"type\":\"refused\"}\n");
  peer.reset();
  channel->read_pending();
  EXPECT_EQ(types, Texts{"refused"});
  EXPECT_EQ(reasons, Texts{std::string(control_closed)});
}

TEST_F(Control, SendingToAPeerThatIsGoneIsNoHarm) {
  peer.reset();
  channel->send(R"({"type":"stop"})");
  loop.run();
  EXPECT_EQ(reasons, Texts{std::string(control_closed)});
  channel->send(R"({"type":"stop"})");
}

}  // namespace
}  // namespace omenia
