// /v1/embeddings: one vector an input, from the built-in model or a provider.
#include <cmath>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* path = "/v1/embeddings";

std::vector<double> vector_of(JsonView body, std::size_t index) {
  std::vector<double> numbers;
  const JsonView values = body["data"].at(index)["embedding"];
  for (JsonView value = values.first(); value; value = value.next()) numbers.push_back(value.number());
  return numbers;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) sum += a[i] * b[i];
  return sum;
}

TEST_F(Flow, EmbeddingsHaveTheShapeSdksRead) {
  const HttpAnswer answer = gateway.post(path, R"({"model":"OmeniaClaw/main","input":["alpha","beta"]})");
  const Json body = answer.json();
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(body["object"].text(), "list");
  EXPECT_EQ(body["model"].text(), "OmeniaClaw/main");
  ASSERT_EQ(body["data"].size(), 2u);
  EXPECT_EQ(body["data"].at(1)["index"].integer(), 1);
  EXPECT_EQ(body["data"].at(1)["object"].text(), "embedding");
  EXPECT_TRUE(body["usage"]["total_tokens"].is_integer());
}

TEST_F(Flow, TheBuiltInVectorsAreDeterministicUnitAndNearForNearTexts) {
  const Json body =
      gateway.post(path, R"({"model":"OmeniaClaw","input":["the cat sat","the cat sat down","quarterly tax report"]})")
          .json();
  const auto cat = vector_of(body, 0), other_cat = vector_of(body, 1), tax = vector_of(body, 2);
  EXPECT_EQ(cat.size(), 384u);
  EXPECT_NEAR(product(cat, cat), 1, 1e-3);
  EXPECT_GT(product(cat, other_cat), product(cat, tax));
  const Json again = gateway.post(path, R"({"model":"OmeniaClaw","input":"the cat sat"})").json();
  EXPECT_EQ(vector_of(again, 0), cat);
}

TEST_F(Flow, VectorsComeAsBase64WhenAskedFor) {
  const Json body = gateway.post(path, R"({"model":"OmeniaClaw","input":"alpha","encoding_format":"base64"})").json();
  EXPECT_EQ(body["data"].at(0)["embedding"].text().size(), 384u * 4 * 4 / 3);
}

TEST_F(FlowNotStarted, AProviderMakesTheVectorsWhenConfigured) {
  gateway.instance().configure(mock.port(), R"(,"memory":{"search":{"provider":"mock","model":"mock-embed"}})");
  ASSERT_TRUE(gateway.start());
  const Json body = gateway.post(path, R"({"model":"OmeniaClaw","input":["a","four"]})").json();
  EXPECT_EQ(vector_of(body, 0), (std::vector<double>{1, 0.25}));
  EXPECT_EQ(vector_of(body, 1), (std::vector<double>{4, 0.25}));
  ASSERT_EQ(mock.requests().size(), 1u);
  EXPECT_THAT(mock.requests()[0].body, HasSubstr("mock-embed"));
}

TEST_F(Flow, BadEmbeddingRequestsAreNamed) {
  const auto refusal = [&](const std::string& body) {
    const HttpAnswer answer = gateway.post(path, body);
    EXPECT_EQ(answer.status, 400) << body.substr(0, 100);
    return std::string(answer.json()["error"]["message"].text());
  };
  EXPECT_THAT(refusal(R"({"input":"x"})"), HasSubstr("model"));
  EXPECT_THAT(refusal(R"({"model":"text-embedding-3-small","input":"x"})"), HasSubstr("model"));
  EXPECT_THAT(refusal(R"({"model":"OmeniaClaw","input":[1,2]})"), HasSubstr("input"));
  EXPECT_THAT(refusal(R"({"model":"OmeniaClaw","input":[]})"), HasSubstr("input"));
  EXPECT_THAT(refusal(R"({"model":"OmeniaClaw","input":""})"), HasSubstr("input"));
  EXPECT_EQ(refusal("{\"model\":\"OmeniaClaw\",\"input\":\"" + std::string(8193, 'x') + "\"}"),
            "Input too long (max 8192 chars).");
  std::string ideographs;
  for (int i = 0; i < 8192; ++i) ideographs += "漢";
  const auto status_of_text = [&](const std::string& text) {
    return gateway.post(path, R"({"model":"OmeniaClaw","input":")" + text + "\"}").status;
  };
  EXPECT_EQ(status_of_text(ideographs), 200) << "characters are counted, not bytes";
  EXPECT_EQ(status_of_text(ideographs + "漢"), 400);
  std::string many = "\"x\"";
  for (int i = 0; i < 128; ++i) many += ",\"x\"";
  EXPECT_EQ(refusal("{\"model\":\"OmeniaClaw\",\"input\":[" + many + "]}"), "Too many inputs (max 128).");
}

}  // namespace
}  // namespace omenia::test
