// SessionKey: many ways to name a conversation, one form inside, and words for what is no name.
#include <gmock/gmock.h>

#include "shared/base/limits.h"
#include "worker/sessions/key.h"

namespace omenia::sessions {
namespace {

using testing::HasSubstr;

std::string canonical(std::string_view text, std::string_view agent = "main") {
  const auto key = parse_key(text, agent);
  return key.ok() ? key.value().text : "refused: " + key.error().message;
}

TEST(ASessionKey, IsQualifiedWithTheDefaultAgent) {
  EXPECT_EQ(canonical("main"), "agent:main:main");
  EXPECT_EQ(canonical("my-thread", "Helper"), "agent:helper:my-thread");
  EXPECT_EQ(canonical("a:b:c"), "agent:main:a:b:c");
  EXPECT_EQ(canonical("agent"), "agent:main:agent");
  EXPECT_EQ(canonical("agents:x"), "agent:main:agents:x");
}

TEST(ASessionKey, KeepsTheAgentItNames) {
  EXPECT_EQ(canonical("agent:other:thread", "main"), "agent:other:thread");
  EXPECT_EQ(canonical("AGENT:Other:Thread", "main"), "agent:other:thread");
  EXPECT_EQ(canonical("agent:other:a:b", "main"), "agent:other:a:b");
}

TEST(ASessionKey, IsTakenApart) {
  const SessionKey key = parse_key(" Agent:Main:openai-user:Bob ", "x").value();
  EXPECT_EQ(key.agent_id, "main");
  EXPECT_EQ(key.rest, "openai-user:bob");
  EXPECT_FALSE(key.is_main());
  EXPECT_TRUE(parse_key("Main", "x").value().is_main());
  EXPECT_FALSE(parse_key("agent:x:a:main", "x").value().is_main());
}

TEST(ASessionKey, LowersAsciiAloneAndKeepsTheRest) {
  EXPECT_EQ(canonical("Größe ÄÖ 日本 🎉"), "agent:main:größe ÄÖ 日本 🎉");
}

TEST(ASessionKey, LosesBlanksAtItsEndsAlone) {
  EXPECT_EQ(canonical("  a  b  "), "agent:main:a  b");
}

TEST(ASessionKey, WithoutAnAgentOrANameIsRefused) {
  for (const char* text : {"agent:", "agent:main", "agent:main:", "agent::x", "agent::", "AGENT:", "agent:main: "})
    EXPECT_THAT(canonical(text), HasSubstr(text == std::string("agent:main: ") ? "refused" : "agent:<agentId>:<name>"))
        << text;
}

TEST(ASessionKey, ThatIsEmptyIsRefused) {
  for (const char* text : {"", " ", "     "}) EXPECT_EQ(canonical(text), "refused: session key is empty");
}

TEST(ASessionKey, WithControlCharactersOrBrokenBytesIsRefused) {
  for (const std::string& text : {std::string("a\nb"), std::string("a\tb"), std::string("a\0b", 3), std::string("\x7f"),
                                  std::string("a\x1b[2J"), std::string("\xff"), std::string("\xc3"),
                                  std::string("\xed\xa0\x80"), std::string("\xc0\xaf"), std::string("agent:main:\r")})
    EXPECT_THAT(canonical(text), HasSubstr("refused: session key holds characters")) << text;
}

TEST(ASessionKey, KeepsToItsLengthInFull) {
  const std::string prefix = "agent:main:";
  const std::string longest(limits::session_key_chars_max - prefix.size(), 'k');
  EXPECT_EQ(canonical(longest), prefix + longest);
  EXPECT_EQ(canonical(prefix + longest), prefix + longest);
  for (const std::string& text : {longest + "k", prefix + longest + "k", std::string(10'000'000, 'k')})
    EXPECT_THAT(canonical(text), HasSubstr("refused: session key is longer than 512")) << text.size();
}

// What was taken once has to be taken again under its own name.
TEST(ASessionKey, InItsOneFormStaysWhatItIs) {
  for (const char* text : {"main", "agent:a b:c", "agent: :x", "::", ":", "a: b", "agent:main:agent:x:y", "Ünï", "{}",
                           "agent:main:'; drop table"}) {
    const auto key = parse_key(text, "Main");
    ASSERT_TRUE(key.ok()) << text;
    const auto again = parse_key(key.value().text, "another");
    ASSERT_TRUE(again.ok()) << key.value().text;
    EXPECT_EQ(again.value().text, key.value().text);
    EXPECT_EQ(again.value().agent_id, key.value().agent_id);
    EXPECT_EQ(again.value().rest, key.value().rest);
  }
}

TEST(ASessionKey, OfTheGatewaysOwnIsReserved) {
  for (const char* text : {"subagent:1", "cron:job", "acp:x", "agent:main:subagent:1", "AGENT:X:CRON:1", " acp: "})
    EXPECT_TRUE(is_reserved(parse_key(text, "main").value())) << text;
  for (const char* text : {"main", "subagents:1", "my-cron:1", "subagent", "agent:cron:x", "x:cron:1", "openai:1"})
    EXPECT_FALSE(is_reserved(parse_key(text, "main").value())) << text;
}

TEST(ASessionKey, IsMadeOfParts) {
  const SessionKey key = make_key("Main", "OpenAI:1");
  EXPECT_EQ(key.text, "agent:main:openai:1");
  EXPECT_EQ(key.agent_id, "main");
  EXPECT_EQ(key.rest, "openai:1");
}

}  // namespace
}  // namespace omenia::sessions
