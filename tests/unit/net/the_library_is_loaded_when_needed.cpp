// libcurl is not linked: it comes with the first request, or when it is asked for, and its absence is told in words.
#include <gmock/gmock.h>

#include "tests/unit/net/outbound_fixture.h"
#include "worker/net/curl_library.h"

namespace omenia::test {
namespace {

using testing::HasSubstr;

TEST(CurlLibrary, IsMissingInWords) {
  for (const char* file : {"libcurl-that-is-not-there.so.4", "libm.so.6"}) {
    const auto library = net::CurlLibrary::load(file);
    ASSERT_FALSE(library.ok());
    EXPECT_EQ(library.error().code, ErrorCode::provider_unreachable);
    EXPECT_THAT(library.error().message, HasSubstr("Install the package libcurl4"));
  }
}

TEST_P(OutboundTest, TwoOfThemStandBesideEachOther) {
  ScriptedServer server([](Connection& connection) {
    while (!connection.read_request().empty()) connection.send(answer_of(200, "ok"));
  });
  EXPECT_TRUE(ask(to(server)).ok());
  auto other = std::make_unique<net::Outbound>(loop, Logger());
  const auto call = other->start(to(server), {});
  EXPECT_TRUE(run(receive(call.get())).ok());
  outbound.reset();
  const auto next = other->start(to(server), {});
  EXPECT_TRUE(run(receive(next.get())).ok());
}

}  // namespace
}  // namespace omenia::test
