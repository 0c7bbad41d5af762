// Hundreds of answers at once, streamed, cut short or given up, on one loop.
#include "tests/unit/net/outbound_fixture.h"

namespace omenia::test {
namespace {

constexpr int calls_at_once = 200;

TEST_P(OutboundTest, TwoHundredStreamsAtOnceGetWhatIsTheirs) {
  std::atomic<int> asked = 0;
  ScriptedServer server([&](Connection& connection) {
    const std::string request = connection.read_request();
    const std::string body = request.substr(request.find("\r\n\r\n") + 4);
    ++asked;
    eventually([&] { return asked >= calls_at_once; });  // All of them are under way together.
    connection.send(stream_head);
    for (int i = 0; i < 10; ++i) connection.send_chunk(body + "," + std::to_string(i) + ";");
    connection.send("0\r\n\r\n");
  });
  std::vector<std::unique_ptr<net::OutboundCall>> calls;
  std::vector<std::optional<Result<Received>>> answers(calls_at_once);
  std::vector<Task<void>> tasks;
  for (int i = 0; i < calls_at_once; ++i) {
    calls.push_back(outbound->start(to(server, std::to_string(i)), {}));
    tasks.push_back(keep(receive(calls.back().get()), &answers[static_cast<std::size_t>(i)]));
    tasks.back().start([] {});
  }
  run_until([&] { return std::all_of(answers.begin(), answers.end(), [](const auto& a) { return a.has_value(); }); });
  for (int i = 0; i < calls_at_once; ++i) {
    ASSERT_TRUE(answers[static_cast<std::size_t>(i)].has_value()) << server.accepted() << " connections, " << asked;
    const auto& answer = *answers[static_cast<std::size_t>(i)];
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    std::string expected;
    for (int k = 0; k < 10; ++k) expected += std::to_string(i) + "," + std::to_string(k) + ";";
    EXPECT_EQ(answer.value().body, expected);
  }
}

TEST_P(OutboundTest, HalfOfThemGivenUpLeavesTheOtherHalfAlone) {
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    for (int i = 0; i < 50 && connection.send("1\r\nx\r\n"); ++i) {
    }
    connection.send("0\r\n\r\n");
  });
  std::vector<std::unique_ptr<net::OutboundCall>> calls;
  for (int i = 0; i < calls_at_once; ++i) calls.push_back(outbound->start(to(server), {}));
  for (std::size_t i = 0; i < calls.size(); i += 2) calls[i].reset();
  for (std::size_t i = 1; i < calls.size(); i += 2) {
    const auto answer = run(receive(calls[i].get()));
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(answer.value().body, std::string(50, 'x'));
  }
}

}  // namespace
}  // namespace omenia::test
