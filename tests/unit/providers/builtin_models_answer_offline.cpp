// builtin/echo and builtin/hash: no key, no network, always the same answer.
#include <gmock/gmock.h>

#include <cmath>

#include "shared/base/limits.h"
#include "tests/unit/net/on_loop.h"
#include "worker/providers/builtin.h"
#include "worker/providers/hash_embedding.h"

namespace omenia::test {
namespace {

using namespace providers;
using testing::HasSubstr;
using testing::Not;

class BuiltinTest : public OnLoop {
 protected:
  Result<ModelAnswer> ask(ModelRequest request, std::stop_token stop = {}) {
    const auto on_text = [this](std::string_view piece) { pieces.emplace_back(piece); };
    return run(builtin.complete(std::move(request), on_text, std::move(stop)));
  }
  static ModelRequest saying(std::vector<Message> messages) {
    ModelRequest request;
    request.model = echo_model;
    request.messages = std::move(messages);
    return request;
  }
  std::string joined() const {
    std::string text;
    for (const auto& piece : pieces) text += piece;
    return text;
  }

  Builtin builtin{loop};
  std::vector<std::string> pieces;
};

TEST_F(BuiltinTest, EchoSaysWhatItHeardAndAtFirstWhatItIs) {
  const auto answer = ask(saying({{Role::user, "good morning"}}));
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer.value().text.starts_with("You said: good morning\n\n")) << answer.value().text;
  EXPECT_THAT(answer.value().text, HasSubstr("builtin/echo"));
  EXPECT_THAT(answer.value().text, HasSubstr("OmeniaClaw setup"));
  EXPECT_EQ(answer.value().stop_reason, "stop");
}

TEST_F(BuiltinTest, EchoIntroducesItselfOnce) {
  const auto answer = ask(saying({{Role::user, "one"}, {Role::assistant, "x"}, {Role::user, "two"}}));
  EXPECT_EQ(answer.value().text, "You said: two");
}

TEST_F(BuiltinTest, EchoCallsAToolOnlyWhenItHasTo) {
  ModelRequest request = saying({{Role::user, "hi"}});
  request.tools = {{"first", "", "", {}}, {"second", "", "", {}}};
  EXPECT_TRUE(ask(request).value().tool_calls.empty());
  EXPECT_EQ(ask(request).value().text, ask(request).value().text);
  request.tool_choice.kind = ToolChoice::Kind::required;
  const ModelAnswer demanded = ask(request).value();
  ASSERT_EQ(demanded.tool_calls.size(), 1u);
  EXPECT_EQ(demanded.tool_calls[0].name, "first");
  EXPECT_EQ(demanded.tool_calls[0].arguments, "{}");
  EXPECT_EQ(demanded.stop_reason, "tool_calls");
  EXPECT_EQ(demanded.text, "");
  request.tool_choice = {ToolChoice::Kind::named, "second"};
  EXPECT_EQ(ask(request).value().tool_calls.at(0).name, "second");
}

TEST_F(BuiltinTest, EchoStreams) {
  const auto answer = ask(saying({{Role::user, "a b c"}, {Role::assistant, "x"}, {Role::user, "three short words"}}));
  EXPECT_GE(pieces.size(), 4u);
  EXPECT_EQ(joined(), answer.value().text);
}

TEST_F(BuiltinTest, EchoOfALongTextHasABoundedNumberOfPieces) {
  for (const std::string& text : {std::string(300'000, 'x'), [] {
                                    std::string words;
                                    for (int i = 0; i < 50'000; ++i) words += "word ";
                                    return words;
                                  }()}) {
    pieces.clear();
    const auto answer = ask(saying({{Role::user, text}}));
    EXPECT_LE(pieces.size(), static_cast<std::size_t>(limits::echo_pieces_max));
    EXPECT_EQ(joined(), answer.value().text);
    EXPECT_THAT(answer.value().text, HasSubstr(text.substr(0, 1000)));
  }
}

TEST_F(BuiltinTest, EchoGivesTheLoopATurnBetweenPieces) {
  int turns = 0;
  Timer ticking(loop, [&] {
    ++turns;
    ticking.start(0);
  });
  ticking.start(0);
  EXPECT_TRUE(ask(saying({{Role::user, "one two three four five six"}})).ok());
  EXPECT_GE(turns, 5);
}

TEST_F(BuiltinTest, EchoKeepsToTheLongestAnswer) {
  auto request = saying({{Role::user, "äääääääääääääääääääää"}});
  request.sampling.max_tokens = 4;
  const auto answer = ask(std::move(request));
  EXPECT_EQ(answer.value().text, "You said: äää");
  EXPECT_EQ(answer.value().stop_reason, "length");
  EXPECT_EQ(answer.value().usage.output, 4);
}

TEST_F(BuiltinTest, EchoCountsFourBytesAsAToken) {
  auto request = saying({{Role::user, "12345678"}, {Role::assistant, "1234"}, {Role::user, "12345"}});
  request.system = "1234";
  const auto usage = ask(std::move(request)).value().usage;
  EXPECT_EQ(usage.input, 2 + 1 + 2 + 1);
  EXPECT_EQ(usage.output, 4);  // "You said: 12345"
  EXPECT_EQ(usage.total, 10);
}

TEST_F(BuiltinTest, EchoStopsWhenAsked) {
  std::stop_source stop;
  const auto on_text = [&](std::string_view piece) {
    pieces.emplace_back(piece);
    if (pieces.size() == 2) stop.request_stop();
  };
  const auto answer = run(builtin.complete(saying({{Role::user, "a b c d e f"}}), on_text, stop.get_token()));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::run_aborted);
  EXPECT_EQ(pieces.size(), 2u);
}

TEST_F(BuiltinTest, EachModelDoesItsOwnWork) {
  auto request = saying({{Role::user, "hi"}});
  request.model = hash_model;
  EXPECT_THAT(ask(request).error().message, HasSubstr("builtin/hash is no chat model"));
  EXPECT_THAT(run(builtin.embed({.model = echo_model, .inputs = {"a"}, .dimensions = 0}, {})).error().message,
              HasSubstr("builtin/echo makes no embeddings"));
}

TEST_F(BuiltinTest, HashHasTheDimensionsAskedFor) {
  const auto size = [this](std::int64_t dimensions) {
    const auto vectors = run(builtin.embed({.model = hash_model, .inputs = {"a text"}, .dimensions = dimensions}, {}));
    return vectors.ok() ? vectors.value().front().size() : 0u;
  };
  EXPECT_EQ(size(0), 384u);
  EXPECT_EQ(size(1), 1u);
  EXPECT_EQ(size(1536), 1536u);
  EXPECT_EQ(size(limits::embedding_dimensions_max + 1), 0u);
  EXPECT_EQ(size(-1), 0u);
}

double nearness(std::string_view a, std::string_view b) {
  const Vector x = hash_embedding(a, 384);
  const Vector y = hash_embedding(b, 384);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(x[i]) * static_cast<double>(y[i]);
  return sum;
}

TEST(HashEmbedding, HasUnitLength) {
  for (const char* text : {"", " ", "a", "?!", "hello world", "日本語", "\xff\xfe", "aaaaaaaaaaaaaaaa"})
    for (const std::size_t dimensions : {1u, 2u, 384u, 8192u}) {
      double square = 0;
      for (const float number : hash_embedding(text, dimensions))
        square += static_cast<double>(number) * static_cast<double>(number);
      EXPECT_NEAR(square, 1, 1e-5) << text << " " << dimensions;
    }
}

TEST(HashEmbedding, PutsSimilarTextsTogether) {
  const struct {
    const char *text, *similar, *different;
  } cases[] = {
      {"The cat sat on the mat.", "A cat is sitting on a mat", "Quarterly revenue rose by nine percent"},
      {"How do I restart the gateway?", "restarting the gateway", "a recipe for apple pie"},
      {"Grüße aus München", "viele Grüße aus München!", "network configuration of the router"},
      {"データベースの設定", "データベース設定", "今日の天気は晴れ"},
      {"configure the model provider", "CONFIGURE THE MODEL PROVIDERS", "the dog barks at night"},
  };
  for (const auto& each : cases)
    EXPECT_GT(nearness(each.text, each.similar), nearness(each.text, each.different) + 0.2) << each.text;
  EXPECT_NEAR(nearness("Same, text", "same text!"), 1, 1e-5);
  EXPECT_LT(nearness("alpha", "zebra"), 0.5);
}

// The bits are part of what is stored: a change of them makes old vectors useless. These were computed by a second
// program from the description alone.
TEST(HashEmbedding, NeverChanges) {
  const Vector vector = hash_embedding("The same on every machine, the same every time.", 8);
  const Vector expected = {0x1.774fd8p-3F, -0x1.3d63fcp-1F, 0x1.b7af8ep-4F,  0x1.571ffcp-2F,
                           0x1.36f022p-3F, -0x1.0963f4p-1F, -0x1.571ffcp-2F, -0x1.dd56a2p-3F};
  EXPECT_EQ(vector, expected);
}

}  // namespace
}  // namespace omenia::test
