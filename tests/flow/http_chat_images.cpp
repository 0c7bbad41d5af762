// Images in /v1/chat/completions: shown to the model, kept out of the store, and never fetched from this machine.
#include "shared/base/ids.h"
#include "tests/flow/openai_flow.h"

namespace omenia::test {
namespace {

constexpr const char* path = "/v1/chat/completions";
constexpr const char* png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

std::string with_images(const std::vector<std::string>& urls, const std::string& text = "look",
                        const std::string& more = {}) {
  JsonWriter writer;
  writer.begin_object().member("model", "OmeniaClaw").key("messages").begin_array().begin_object();
  writer.member("role", "user").key("content").begin_array();
  if (!text.empty()) writer.begin_object().member("type", "text").member("text", text).end_object();
  for (const std::string& url : urls) {
    writer.begin_object().member("type", "image_url").key("image_url").begin_object().member("url", url);
    writer.end_object().end_object();
  }
  writer.end_array().end_object().end_array();
  std::string body = writer.end_object().take();
  body.insert(body.size() - 1, more);
  return body;
}
std::string data_url(const std::string& data, const std::string& type = "image/png") {
  return "data:" + type + ";base64," + data;
}

class ChatImages : public Flow {
 protected:
  std::string refusal(const std::string& body) {
    const HttpAnswer answer = gateway.post(path, body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.json()["error"]["type"].text(), "invalid_request_error");
    EXPECT_TRUE(mock.requests().empty());
    return std::string(answer.json()["error"]["message"].text());
  }
};

TEST_F(ChatImages, ReachTheModelBesideTheText) {
  EXPECT_EQ(gateway.post(path, with_images({data_url(png), data_url("/9j/4AAQ", "image/jpeg")})).status, 200);
  const Json sent = Json::parse(mock.requests().at(0).body).value();
  const JsonView content = sent["messages"].at(1)["content"];
  ASSERT_EQ(content.size(), 3u) << content.dump();
  EXPECT_EQ(content.at(0)["text"].text(), "look");
  EXPECT_EQ(content.at(1)["image_url"]["url"].text(), data_url(png));
  EXPECT_EQ(content.at(2)["image_url"]["url"].text(), data_url("/9j/4AAQ", "image/jpeg"));
}

TEST_F(ChatImages, WithoutTextSaySo) {
  EXPECT_EQ(gateway.post(path, with_images({data_url(png)}, "")).status, 200);
  const Json sent = Json::parse(mock.requests().at(0).body).value();
  EXPECT_EQ(sent["messages"].at(1)["content"].at(0)["text"].text(), "User sent image(s) with no text.");
}

TEST_F(ChatImages, AreKeptInTheHistoryAsWhatTheyWere) {
  gateway.post(path, with_images({data_url(png)}, "look", R"(,"user":"ann")"));
  const Json history = gateway.client().call("chat.history", R"({"sessionKey":"agent:main:openai-user:ann"})");
  const JsonView content = history["payload"]["messages"].at(0)["content"];
  EXPECT_EQ(content.at(0)["text"].text(), "look") << history.dump();
  EXPECT_EQ(content.at(1)["type"].text(), "image");
  EXPECT_EQ(content.at(1)["mimeType"].text(), "image/png");
  EXPECT_TRUE(content.at(1)["omitted"].boolean());
  EXPECT_GT(content.at(1)["bytes"].integer(), 60);
  EXPECT_THAT(history.dump(), Not(HasSubstr("iVBOR")));
  gateway.post(path, with_images({}, "and now?", R"(,"user":"ann")"));
  EXPECT_THAT(mock.requests().at(1).body, AllOf(HasSubstr("images that came"), Not(HasSubstr("iVBOR"))));
}

TEST_F(ChatImages, AreBounded) {
  EXPECT_THAT(refusal(with_images(std::vector<std::string>(9, data_url(png)))), HasSubstr("8 images"));
  EXPECT_THAT(refusal(with_images({data_url(base64(std::string(11'000'000, 'x')))})), HasSubstr("10485760"));
  EXPECT_THAT(refusal(with_images({data_url("PHN2Zy8+", "image/svg+xml")})), HasSubstr("image/svg+xml"));
  EXPECT_THAT(refusal(with_images({"data:image/png,rawdata"})), HasSubstr("base64"));
  EXPECT_THAT(refusal(with_images({data_url("%%%")})), HasSubstr("base64"));
}

TEST_F(ChatImages, AreNotFetchedUnlessThatIsAllowed) {
  const std::string url = "http://127.0.0.1:" + std::to_string(mock.port()) + "/x.png";
  EXPECT_THAT(refusal(with_images({url})), HasSubstr("URLs are not fetched"));
}

TEST_F(FlowNotStarted, ImagesAreNeverFetchedFromThisMachine) {
  gateway.instance().configure(mock.port(), {},
                               R"(,"http":{"endpoints":{"chatCompletions":{"images":{"allowUrl":true}}}})");
  ASSERT_TRUE(gateway.start());
  const std::string port = ":" + std::to_string(mock.port()) + "/v1/models";
  for (const std::string& host :
       {std::string("127.0.0.1"), std::string("[::ffff:127.0.0.1]"), std::string("localhost"), std::string("[::1]"),
        std::string("0.0.0.0"), std::string("2130706433"), std::string("127.1")}) {
    const HttpAnswer answer = gateway.post(path, with_images({"http://" + host + port}));
    EXPECT_EQ(answer.status, 400) << host;
    EXPECT_THAT(answer.body, HasSubstr("was not fetched; the gateway's log says why")) << host;
  }
  EXPECT_TRUE(gateway.says("may not be connected to"));
  for (const char* url : {"file:///etc/passwd", "http://user@127.0.0.1/", "gopher://127.0.0.1/", "ftp://127.0.0.1/"})
    EXPECT_EQ(gateway.post(path, with_images({url})).status, 400) << url;
  EXPECT_TRUE(mock.requests().empty());
}

}  // namespace
}  // namespace omenia::test
