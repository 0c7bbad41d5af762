// A model server that speaks the OpenAI dialect, asked over a real connection.
#include <gmock/gmock.h>

#include <numeric>

#include "shared/base/limits.h"
#include "tests/unit/providers/provider_fixture.h"

namespace omenia::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST_F(ProviderTest, AnswersPieceByPiece) {
  std::atomic<int> allowed = 0;
  std::string request;
  ScriptedServer server([&](Connection& connection) {
    request = connection.read_request();
    connection.send(stream_head);
    connection.send_chunk(text_event("Hel"));
    eventually([&] { return allowed > 0; });
    connection.send_chunk(text_event("lo") + std::string(stop_event));
    connection.send_chunk(done_event);
    connection.send("0\r\n\r\n");
  });
  auto config = config_for(server);
  config.api_key = Secret("sk-test");
  const auto provider = provider_for(config);
  const auto on_text = [&](std::string_view piece) {
    pieces.emplace_back(piece);
    ++allowed;
  };
  const auto answer = run(provider->complete(hello(), on_text, {}));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer.value().text, "Hello");
  EXPECT_THAT(pieces, ElementsAre("Hel", "lo"));
  EXPECT_TRUE(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nAuthorization: Bearer sk-test\r\n"));
  EXPECT_THAT(request, HasSubstr(R"({"role":"user","content":"hello"})"));
}

TEST_F(ProviderTest, SendsConfiguredHeadersAndNoKeyWhereThereIsNone) {
  std::string request;
  ScriptedServer server([&](Connection& connection) {
    request = connection.read_request();
    send_stream(connection, "a");
  });
  auto config = config_for(server);
  config.headers = {{"api-key", "abc"}, {"accept", "x/y"}};
  ASSERT_TRUE(ask(config).ok());
  EXPECT_THAT(request, Not(HasSubstr("Authorization")));
  EXPECT_THAT(request, HasSubstr("\r\napi-key: abc\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\naccept: x/y\r\n"));
  EXPECT_THAT(request, Not(HasSubstr("Accept:")));
}

TEST_F(ProviderTest, AsksForTheLongestAnswerThatIsConfigured) {
  std::string request;
  ScriptedServer server([&](Connection& connection) {
    request = connection.read_request();
    send_stream(connection, "a");
  });
  auto config = config_for(server);
  ModelConfig model;
  model.id = "m-1";
  model.max_tokens = 77;
  config.models = {model};
  ASSERT_TRUE(ask(config).ok());
  EXPECT_THAT(request, HasSubstr("\"max_completion_tokens\":77"));
}

TEST_F(ProviderTest, GivesAPlainCompletionOutAsOnePiece) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, R"({"choices":[{"message":{"content":"plain"},"finish_reason":"stop"}]})"));
  });
  EXPECT_EQ(ask(config_for(server)).value().text, "plain");
  EXPECT_THAT(pieces, ElementsAre("plain"));
}

TEST_F(ProviderTest, KeepsItsConnection) {
  ScriptedServer server([](Connection& connection) {
    while (!connection.read_request().empty()) send_stream(connection, "a");
  });
  const auto provider = provider_for(config_for(server));
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(run(provider->complete(hello(), collect(), {})).ok());
    run_what_is_due();
  }
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(ProviderTest, NamesProviderModelAndWhatTheServerSaid) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(400, R"({"error":{"message":"temperature\nmust be below 2"}})"));
  });
  const auto answer = ask(config_for(server));
  EXPECT_EQ(answer.error().code, ErrorCode::provider_format);
  EXPECT_EQ(answer.error().message, "provider 'mock', model 'm-1': answered 400: temperature must be below 2");
}

TEST_F(ProviderTest, QuotesAtMostThreeHundredCharacters) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(400, std::string(100'000, 'x')));
  });
  const auto answer = ask(config_for(server));
  EXPECT_LE(answer.error().message.size(), limits::provider_said_chars_max + 40);
}

TEST_F(ProviderTest, NeverShowsAKey) {
  const std::string key = "sk-live-0123456789abcdef";
  for (const int status : {200, 400, 401, 500}) {
    ScriptedServer server([&](Connection& connection) {
      while (true) {
        const std::string request = connection.read_request();
        if (request.empty()) return;
        connection.send(answer_of(status, "Incorrect key " + key + " or " + key.substr(0, 12) + "... in " + request));
      }
    });
    auto config = config_for(server);
    config.api_key = Secret(key);
    config.headers = {{"x-second", "another-secret-value"}};
    const auto answer = ask(config);
    ASSERT_FALSE(answer.ok());
    EXPECT_THAT(answer.error().message, Not(HasSubstr("sk-live-")));
    EXPECT_THAT(answer.error().message, Not(HasSubstr("another-secret")));
    EXPECT_THAT(answer.error().message, HasSubstr("***"));
  }
}

TEST_F(ProviderTest, AKeyWithALineBreakIsToldWithoutTheKey) {
  ScriptedServer server([](Connection&) {});
  auto config = config_for(server);
  config.api_key = Secret("sk-live-0123\n");
  const auto answer = ask(config);
  EXPECT_EQ(answer.error().code, ErrorCode::provider_auth);
  EXPECT_THAT(answer.error().message, HasSubstr("\"Authorization\" cannot be sent"));
  EXPECT_THAT(answer.error().message, Not(HasSubstr("sk-live")));
  EXPECT_EQ(server.accepted(), 0);
}

TEST_F(ProviderTest, TimesOutInWords) {
  ScriptedServer server([](Connection& connection) { connection.wait_for_close(); });
  auto config = config_for(server);
  config.timeout_seconds = 1;
  const auto answer = ask(config);
  EXPECT_EQ(answer.error().code, ErrorCode::provider_timeout);
  EXPECT_THAT(answer.error().message, HasSubstr("total deadline of 1000 ms"));
  EXPECT_EQ(server.accepted(), 1) << "a timeout is not tried again";
}

TEST_F(ProviderTest, AnAnswerCutAtAnyByteIsNeverTakenForWhole) {
  const std::string stream = text_event("Hello") + text_event(" there");
  std::atomic<std::size_t> size = 0;
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + stream.substr(0, size));
    connection.close();
  });
  const auto provider = provider_for(config_for(server));
  const std::size_t first_text_bytes = text_event("Hello").size();
  for (size = first_text_bytes; size <= stream.size(); ++size) {
    pieces.clear();
    const auto answer = run(provider->complete(hello(), collect(), {}));
    ASSERT_FALSE(answer.ok()) << size;
    EXPECT_EQ(answer.error().code, ErrorCode::provider_server_error) << answer.error().message;
    const std::string given_out = std::accumulate(pieces.begin(), pieces.end(), std::string());
    EXPECT_EQ(given_out, size < stream.size() ? "Hello" : "Hello there") << size;
  }
}

TEST_F(ProviderTest, AConnectionThatBreaksAfterTheFinishReasonBreaksNothing) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    connection.send_chunk(text_event("Hello") + std::string(stop_event));
    connection.close();
  });
  EXPECT_EQ(ask(config_for(server)).value().text, "Hello");
}

TEST_F(ProviderTest, TheLastEventIsGivenOutEvenWithoutItsBlankLine) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    connection.send_chunk(R"(data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]})");
    connection.close();
  });
  EXPECT_EQ(ask(config_for(server)).value().text, "Hello");
  EXPECT_THAT(pieces, ElementsAre("Hello"));
}

TEST_F(ProviderTest, ASilenceAfterTheFinishReasonBreaksNothing) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    connection.send_chunk(text_event("Hello") + std::string(stop_event));
    connection.wait_for_close();
  });
  auto config = config_for(server);
  config.timeout_seconds = 1;
  EXPECT_EQ(ask(config).value().text, "Hello");
}

TEST_F(ProviderTest, TwoHundredAnswersAtOnce) {
  constexpr int calls = 200;
  std::atomic<int> asked = 0;
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    ++asked;
    eventually([&] { return asked >= calls; });
    for (const char byte : std::string(stream_head)) connection.send(std::string_view(&byte, 1));
    for (int i = 0; i < 5; ++i) connection.send_chunk(text_event("x"));
    connection.send_chunk(stop_event);
    connection.send("0\r\n\r\n");
  });
  const auto provider = provider_for(config_for(server));
  std::vector<std::optional<Result<providers::ModelAnswer>>> answers(calls);
  std::vector<Task<void>> tasks;
  for (auto& answer : answers) {
    tasks.push_back(keep(provider->complete(hello(), [](std::string_view) {}, {}), &answer));
    tasks.back().start([] {});
  }
  run_until([&] { return std::all_of(answers.begin(), answers.end(), [](const auto& a) { return a.has_value(); }); });
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.has_value()) << server.accepted() << " connections, " << asked << " requests";
    ASSERT_TRUE(answer->ok()) << answer->error().message;
    EXPECT_EQ(answer->value().text, "xxxxx");
  }
}

TEST_F(ProviderTest, EmbedsTexts) {
  std::string request;
  ScriptedServer server([&](Connection& connection) {
    request = connection.read_request();
    connection.send(answer_of(200, R"({"data":[{"embedding":[1,2]},{"embedding":[3,4]}]})"));
  });
  const auto provider = provider_for(config_for(server));
  const auto vectors = run(provider->embed({.model = "e", .inputs = {"a", "b"}, .dimensions = 0}, {}));
  ASSERT_TRUE(vectors.ok()) << vectors.error().message;
  EXPECT_EQ(vectors.value()[1], (providers::Vector{3, 4}));
  EXPECT_TRUE(request.starts_with("POST /v1/embeddings HTTP/1.1\r\n"));
}

TEST_F(ProviderTest, AnEmbeddingsFailureIsNamedAndTriedAgainOnce) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(500, "", "Connection: close\r\n"));
  });
  const auto provider = provider_for(config_for(server));
  const auto vectors = run(provider->embed({.model = "e", .inputs = {"a"}, .dimensions = 0}, {}));
  EXPECT_EQ(vectors.error().message, "provider 'mock', model 'e': answered 500");
  EXPECT_EQ(server.accepted(), 2);
}

TEST(ProviderDeadlines, DependOnWhereTheServerIs) {
  const auto deadlines = [](const char* url, std::int64_t timeout_seconds = 0) {
    ProviderConfig config;
    config.timeout_seconds = timeout_seconds;
    return providers::deadlines_of(config, net::parse_endpoint(url).value());
  };
  EXPECT_EQ(deadlines("https://api.openai.com").first_byte_ms, limits::provider_first_byte_ms);
  EXPECT_EQ(deadlines("http://localhost:11434").first_byte_ms, limits::provider_first_byte_local_ms);
  EXPECT_EQ(deadlines("http://192.168.1.9:1234").idle_ms, limits::provider_first_byte_local_ms);
  EXPECT_EQ(deadlines("http://localhost", 7).total_ms, 7000);
  EXPECT_EQ(deadlines("http://localhost", 7).idle_ms, 0) << "the configured time is the one that fires";
  EXPECT_EQ(deadlines("http://localhost", 7).connect_ms, limits::provider_connect_ms);
}

}  // namespace
}  // namespace omenia::test
