// The answer of an embeddings endpoint: one vector an input, or an error that says what is wrong.
#include <gmock/gmock.h>

#include "worker/providers/openai_embeddings.h"

namespace omenia::test {
namespace {

using providers::read_embeddings;
using providers::Vector;
using testing::HasSubstr;

TEST(Embeddings, ComeInTheOrderOfTheInputs) {
  const auto vectors =
      read_embeddings(R"({"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2.5]}]})", 2);
  ASSERT_TRUE(vectors.ok()) << vectors.error().message;
  EXPECT_EQ(vectors.value()[0], (Vector{1, 2.5}));
  EXPECT_EQ(vectors.value()[1], (Vector{3, 4}));
}

TEST(Embeddings, MayLackTheirIndex) {
  EXPECT_EQ(read_embeddings(R"({"data":[{"embedding":[1]},{"embedding":[2]}]})", 2).value()[1], (Vector{2}));
}

TEST(Embeddings, AreRefusedInWords) {
  const auto message = [](std::string_view body, std::size_t inputs = 1) {
    const auto vectors = read_embeddings(body, inputs);
    EXPECT_TRUE(vectors.ok() || vectors.error().code == ErrorCode::provider_broken) << vectors.error().message;
    return vectors.ok() ? "no error" : vectors.error().message;
  };
  EXPECT_THAT(message("<html>"), HasSubstr("no embeddings but: <html>"));
  EXPECT_THAT(message("{}"), HasSubstr("no embeddings but: {}"));
  EXPECT_THAT(message(R"({"data":[]})"), HasSubstr("no embedding for input 0"));
  EXPECT_THAT(message(R"({"data":[{"embedding":[1]}]})", 2), HasSubstr("no embedding for input 1"));
  EXPECT_THAT(message(R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})", 2),
              HasSubstr("two embeddings"));
  EXPECT_THAT(message(R"({"data":[{"index":-1,"embedding":[1]}]})"), HasSubstr("input -1"));
  EXPECT_THAT(message(R"({"data":[{"index":5,"embedding":[1]}]})"), HasSubstr("input 5"));
  EXPECT_THAT(message(R"({"data":[{"embedding":[1]},{"embedding":[1,2]}]})", 2), HasSubstr("different lengths"));
  EXPECT_THAT(message(R"({"data":[{"embedding":[1,"2"]}]})"), HasSubstr("something else than numbers"));
  EXPECT_THAT(message(R"({"data":[{"embedding":[1e300]}]})"), HasSubstr("something else than numbers"));
  EXPECT_THAT(message(R"({"data":[{"embedding":"AAAA"}]})"), HasSubstr("no list of numbers"));
  EXPECT_THAT(message(R"({"data":[{"embedding":[]}]})"), HasSubstr("no list of numbers"));
}

TEST(Embeddings, MayBeAFailureInsideAGoodAnswer) {
  const auto vectors = read_embeddings(R"({"error":{"message":"rate limit"}})", 1);
  ASSERT_FALSE(vectors.ok());
  EXPECT_EQ(vectors.error().code, ErrorCode::provider_rate_limit);
}

}  // namespace
}  // namespace omenia::test
