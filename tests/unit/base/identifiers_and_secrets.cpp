// Identifiers, digests and times are what their standards say; a secret equals its whole text only.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "shared/base/clock.h"
#include "shared/base/fd.h"
#include "shared/base/ids.h"
#include "shared/base/secret.h"

namespace omenia {
namespace {

using ::testing::MatchesRegex;

TEST(Ids, AUuidIsOfVersionFourAndNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = random_uuid();
    EXPECT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Ids, AnOrderedUuidIsOfVersionSevenAndBeginsWithTheTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t before_ms = wall_ms();
    const std::string id = ordered_uuid();
    EXPECT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    const std::int64_t made_ms = std::stoll(id.substr(0, 8) + id.substr(9, 4), nullptr, 16);
    EXPECT_GE(made_ms, before_ms);
    EXPECT_LE(made_ms, wall_ms());
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Ids, AChildDoesNotRepeatWhatItsParentSaysNext) {
  [[maybe_unused]] const std::string before = random_uuid();  // Bytes for more names are there already.
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string id = random_uuid();
    ::_exit(::write(writing.get(), id.data(), id.size()) == static_cast<ssize_t>(id.size()) ? 0 : 1);
  }
  writing.reset();
  std::string of_child(36, '\0');
  EXPECT_EQ(::read(reading.get(), of_child.data(), of_child.size()), 36);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_NE(random_uuid(), of_child);
}

TEST(Ids, ATokenIs43CharactersThatAUrlTakes) {
  EXPECT_THAT(random_token(), MatchesRegex("[A-Za-z0-9_-]{43}"));
  EXPECT_NE(random_token(), random_token());
}

TEST(Ids, Base64IsThatOfTheStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\xFB\xFF\xBF"), "-_-_");
  EXPECT_EQ(base64url("f"), "Zg");
}

TEST(Ids, Base64IsReadBackOrRefused) {
  for (const std::string& bytes : {std::string(), std::string("f"), std::string("fo"), std::string("foo\0\xFF", 5)})
    EXPECT_EQ(decode_base64(base64(bytes)), bytes);
  EXPECT_EQ(decode_base64("Zm9v\r\nYm Fy"), "foobar");
  EXPECT_EQ(decode_base64("Zg"), "f");
  EXPECT_EQ(decode_base64("Zg="), "f");
  for (const char* wrong : {"Z", "Zg===", "Zm9vY", "Zm9-", "Zm_9", "Zm9v!", "=", "====", "Zg==Zg==", "data:,"})
    EXPECT_FALSE(decode_base64(wrong)) << wrong;
}

TEST(Ids, RandomDigitsAreAsManyAsAskedFor) {
  EXPECT_THAT(random_hex(9), MatchesRegex("[0-9a-f]{9}"));
  EXPECT_NE(random_hex(32), random_hex(32));
}

TEST(Ids, Sha256IsThatOfTheStandard) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Secret, EqualsOnlyTheWholeText) {
  const Secret secret("correct horse");
  EXPECT_TRUE(secret.equals("correct horse"));
  for (const char* wrong : {"", "correct", "correct horse ", "Correct horse"}) EXPECT_FALSE(secret.equals(wrong));
}

TEST(Secret, AnEmptyOneEqualsNothing) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_FALSE(Secret().equals(""));
}

TEST(Clock, AMomentIsWrittenInUtc) {
  EXPECT_EQ(iso_utc(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_utc(1'795'421'730'123), "2026-11-23T08:15:30.123Z");
}

TEST(Clock, SteadyTimeNeverGoesBack) {
  std::int64_t before = steady_ms();
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t now = steady_ms();
    EXPECT_GE(now, before);
    before = now;
  }
}

}  // namespace
}  // namespace omenia
