// Images and files of a request: what is taken of what is inside it, and what is fetched of what is named by URL.
#include "tests/unit/net/scripted_server.h"
#include "tests/unit/worker/worker_fixture.h"
#include "worker/openai/media.h"

namespace omenia::test {
namespace {

using namespace openai;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* png_data = "iVBORw0KGgoAAAAA";  // The first bytes of one.
const std::string png_bytes("\x89PNG\r\n\x1A\n\0\0\0\0", 12);

MediaRules some_rules() {
  return {.by_url = true,
          .hosts = {},
          .types = {"image/png", "image/jpeg"},
          .bytes_max = 100,
          .redirects_max = 1,
          .fetch_ms_max = 5'000};
}
std::string type_taken(std::string_view type, const std::string& bytes) {
  Media media;
  media.type = type;
  media.bytes = bytes;
  MediaRules rules = some_rules();
  rules.types = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif"};
  const auto image = image_of(media, rules);
  return image.ok() ? image.value().type : image.error().message;
}

TEST(AnImage, IsReadFromADataUrl) {
  const auto media = media_of_url(std::string("DATA:Image/PNG;charset=x;base64,") + png_data);
  ASSERT_TRUE(media.ok());
  EXPECT_EQ(media.value().type, "image/png");
  EXPECT_EQ(media.value().bytes, png_bytes);
  EXPECT_EQ(media.value().url, "");
  EXPECT_EQ(image_of(media.value(), some_rules()).value().data->substr(0, 12), "iVBORw0KGgoA");
  EXPECT_EQ(media_of_url("data:image/jpg;base64,AAAA").value().type, "image/jpeg");
  EXPECT_EQ(media_of_url("https://host/x").value().url, "https://host/x");
}

TEST(AnImage, IsWhatItsBytesSay) {
  EXPECT_EQ(type_taken("image/png", png_bytes), "image/png");
  EXPECT_EQ(type_taken("text/html", png_bytes), "image/png");
  EXPECT_EQ(type_taken("image/png", "\xFF\xD8\xFF\xE0"), "image/jpeg");
  EXPECT_EQ(type_taken("", "GIF89a"), "image/gif");
  EXPECT_EQ(type_taken("", std::string("RIFF\1\2\3\4WEBPVP8 ", 16)), "image/webp");
  EXPECT_EQ(type_taken("", std::string("\0\0\0\x18"
                                       "ftypheic",
                                       12)),
            "image/heic");
  EXPECT_EQ(type_taken("", std::string("\0\0\0\x18"
                                       "ftypmif1",
                                       12)),
            "image/heif");
  EXPECT_EQ(type_taken("image/gif", "short"), "image/gif") << "bytes that tell nothing are what they are called";
  EXPECT_THAT(type_taken("image/svg+xml", "<svg/>"), HasSubstr("image/svg+xml is not taken"));
  EXPECT_THAT(type_taken("application/pdf", "%PDF-1.7"), HasSubstr("not taken"));
  EXPECT_THAT(type_taken("", "RIFF"), HasSubstr("not known"));
}

TEST(AnImage, IsBounded) {
  Media media;
  media.type = "image/png";
  media.bytes = png_bytes + std::string(88, 'x');
  EXPECT_TRUE(image_of(media, some_rules()).ok());
  media.bytes.push_back('x');
  EXPECT_THAT(image_of(media, some_rules()).error().message, HasSubstr("100 bytes"));
}

// The worker fetches from one port of this machine, as if that were the world.
class MediaByUrl : public HttpTest {
 protected:
  static constexpr const char* config =
      R"({gateway: {http: {endpoints: {chatCompletions: {images: {allowUrl: true}}}}}})";
  void allow(const ScriptedServer& server) {
    context->may_fetch_from = [port = server.port()](const sockaddr& address) {
      return address.sa_family == AF_INET && reinterpret_cast<const sockaddr_in&>(address).sin_port == htons(port);
    };
  }
  std::string look_at(const std::string& url, const std::string& more = {}) {
    return exchange("POST", "/v1/chat/completions",
                    R"({"messages":[{"role":"user","content":[{"type":"text","text":"look"},)"
                    R"({"type":"image_url","image_url":{"url":")" +
                        url + "\"}}]}]" + more + "}");
  }
  static std::string message_of(const std::string& answer) {
    return std::string(parsed(body_of(answer))["error"]["message"].text());
  }
};

TEST_F(MediaByUrl, IsFetchedWhereThatIsAllowed) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, png_bytes, "", "image/png"));
  });
  start_serving(config);
  allow(server);
  EXPECT_THAT(look_at(server.url("/a.png")), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(MediaByUrl, IsNotFetchedOtherwise) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, png_bytes, "", "image/png"));
  });
  start_serving();
  allow(server);
  const std::string answer = look_at(server.url("/a.png"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(message_of(answer), StartsWith("Invalid image_url content in `messages`. URLs are not fetched"));
  EXPECT_EQ(server.accepted(), 0);
}

TEST_F(MediaByUrl, IsRefusedBeforeAStreamBegins) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, "<html>", "", "text/html"));
  });
  start_serving(config);
  allow(server);
  const std::string answer = look_at(server.url("/"), R"(,"stream":true)");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(message_of(answer), HasSubstr("text/html is not taken"));
}

TEST_F(MediaByUrl, IsNotFetchedThroughARedirectToThisMachine) {
  ScriptedServer inside([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, png_bytes, "", "image/png"));
  });
  ScriptedServer world([&](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(302, "", "Location: " + inside.url("/secret") + "\r\n"));
  });
  start_serving(config);
  allow(world);
  const std::string answer = look_at(world.url());
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(world.accepted(), 1);
  EXPECT_EQ(inside.accepted(), 0);
}

TEST_F(MediaByUrl, IsNotWaitedForWhenTheClientHasLeft) {
  std::atomic<bool> ended = false;
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.wait_for_close();
    ended = true;
  });
  start_serving(config);
  allow(server);
  const std::string request =
      R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":")" + server.url() + "\"}]}]}";
  Fd socket = send_request("POST", "/v1/chat/completions", request);
  run_until([&] { return server.accepted() == 1; });
  socket.reset();
  run_until([&] { return ended.load(); });
}

}  // namespace
}  // namespace omenia::test
