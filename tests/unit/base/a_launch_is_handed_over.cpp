// The launch document comes out as it went in; one that is broken or of another release is refused.
#include <gtest/gtest.h>

#include "shared/base/version.h"
#include "shared/json/json.h"
#include "shared/protocol/launch.h"

namespace omenia {
namespace {

Launch example() {
  Launch launch;
  launch.version = version;
  launch.config_path = "/home/ada/.OmeniaClaw/OmeniaClaw.json";
  launch.state_dir = "/home/ada/.OmeniaClaw";
  launch.profile = "rescue";
  launch.bind_mode = "lan";
  launch.log_file = "/tmp/OmeniaClaw/OmeniaClaw.log";
  launch.worker_path = "/usr/libexec/OmeniaClaw/OmeniaClaw-worker";
  launch.listen = {{"0.0.0.0", 18789}, {"::1", 18789}};
  launch.port_flag = 18789;
  launch.bind_flag = "lan";
  launch.auth_mode = "token";
  launch.token = Secret("tok\"en");
  launch.password = Secret("größer");
  launch.token_is_made = true;
  launch.verbose = true;
  launch.allow_unconfigured = true;
  launch.announce = true;
  return launch;
}

TEST(Launch, ComesOutAsItWentIn) {
  const auto read = Launch::from_json(example().to_json());
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Launch& launch = read.value();
  EXPECT_EQ(launch.to_json(), example().to_json());
  EXPECT_EQ(launch.profile, "rescue");
  EXPECT_EQ(launch.listen[1].host, "::1");
  EXPECT_EQ(launch.listen[1].port, 18789);
  EXPECT_EQ(launch.port_flag, 18789);
  EXPECT_EQ(launch.bind_flag, "lan");
  EXPECT_EQ(launch.token.reveal(), "tok\"en");
  EXPECT_EQ(launch.password.reveal(), "größer");
  EXPECT_TRUE(launch.token_is_made && launch.verbose && launch.allow_unconfigured && launch.announce);
}

TEST(Launch, ThatOfAnotherReleaseIsRefusedEvenWithOtherMembers) {
  const auto read = Launch::from_json(R"({"version":"99.1.0","somethingNew":true})");
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("written by OmeniaClaw 99.1.0"), std::string::npos) << read.error().message;
}

TEST(Launch, EachFlawIsNamed) {
  const auto refusal_with = [](std::string_view name, Json value) {
    Json document = Json::parse(example().to_json()).value();
    if (value) {
      document.set(name, std::move(value));
    } else {
      document.remove(name);
    }
    const auto read = Launch::from_json(document.dump());
    return read.ok() ? std::string() : read.error().message;
  };
  EXPECT_NE(refusal_with("stateDir", {}).find("'stateDir'"), std::string::npos);
  EXPECT_NE(refusal_with("stateDir", Json::of("relative/path")).find("/stateDir: must be an absolute path"),
            std::string::npos);
  EXPECT_NE(refusal_with("listen", Json::array()).find("/listen"), std::string::npos);
  EXPECT_NE(refusal_with("listen", Json::parse(R"([{"host":"::1","port":70000}])").value()).find("/listen/0/port"),
            std::string::npos);
  EXPECT_NE(refusal_with("verbose", Json::of("yes")).find("/verbose: must be boolean"), std::string::npos);
  EXPECT_NE(refusal_with("surprise", Json::of(1)).find("'surprise'"), std::string::npos);
}

TEST(Launch, WhatIsNoDocumentIsRefused) {
  for (const char* text : {"", "null", "[]", "{}", "{\"version\":1}"}) EXPECT_FALSE(Launch::from_json(text).ok());
  EXPECT_FALSE(Launch::from_json(std::string(limits::launch_document_bytes_max + 1, ' ')).ok());
}

}  // namespace
}  // namespace omenia
