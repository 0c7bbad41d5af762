// .env files fill variables that the process was not given, and the working folder's file cannot take over a gateway.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/dotenv.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(Dotenv, ReadsLinesAsShellsWriteThem) {
  EXPECT_THAT(
      parse_dotenv("# comment\nA=1\r\n  export B = two words # note\nC='a # b'\nD=\"x\\n\\\"y\\\"\" # z\nE=\nF=a#b\n"),
      UnorderedElementsAre(Pair("A", "1"), Pair("B", "two words"), Pair("C", "a # b"), Pair("D", "x\n\"y\""),
                           Pair("E", ""), Pair("F", "a#b")));
}

TEST(Dotenv, SkipsWhatIsNoVariable) {
  EXPECT_THAT(parse_dotenv("no equals\n=x\n1A=x\nA B=x\n[section]\n"), IsEmpty());
  EXPECT_THAT(parse_dotenv("A='open\nB=2"), UnorderedElementsAre(Pair("A", "open"), Pair("B", "2")));
}

TEST(Dotenv, NeverOverridesTheProcess) {
  const test::TempDir state;
  const test::TempDir folder;
  test::write_file(state / ".env", "A=state\nB=state\nC=state\n");
  test::write_file(folder / ".env", "A=folder\nB=folder\n");
  const auto environment = with_dotenv(test::environment_of({{"A", "process"}}), state.path(), folder.path());
  EXPECT_EQ(environment("A"), "process");
  EXPECT_EQ(environment("B"), "folder");
  EXPECT_EQ(environment("C"), "state");
  EXPECT_EQ(environment("D"), std::nullopt);
}

TEST(Dotenv, OfTheWorkingFolderCannotSetTheGatewaysOwnVariables) {
  const test::TempDir state;
  const test::TempDir folder;
  test::write_file(state / ".env", "OmeniaClaw_GATEWAY_PASSWORD=state\n");
  test::write_file(folder / ".env",
                   "OmeniaClaw_GATEWAY_TOKEN=x\nOMENIACLAW_GATEWAY_URL=x\nOmeniaClaw_GATEWAY_PASSWORD=x\n");
  const auto environment = with_dotenv(test::environment_of({}), state.path(), folder.path());
  EXPECT_EQ(environment("OmeniaClaw_GATEWAY_TOKEN"), std::nullopt);
  EXPECT_EQ(environment("OMENIACLAW_GATEWAY_URL"), std::nullopt);
  EXPECT_EQ(environment("OmeniaClaw_GATEWAY_PASSWORD"), "state");
}

}  // namespace

}  // namespace omenia
