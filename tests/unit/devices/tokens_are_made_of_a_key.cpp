// Identity: one key a state directory, from which the same token comes for the same words and nobody else gets it.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "shared/base/ids.h"
#include "tests/support/temp_dir.h"
#include "worker/devices/identity.h"

namespace omenia::devices {
namespace {

class AnIdentity : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::mkdir((folder / "state").c_str(), 0700), 0); }
  Identity open() const { return Identity::open(folder.path()).value(); }
  std::string path() const { return folder / "state/identity.key"; }
  test::TempDir folder;
};

TEST_F(AnIdentity, StaysTheSame) {
  const Identity first = open();
  const Identity again = open();
  EXPECT_EQ(first.device_id(), again.device_id());
  EXPECT_EQ(first.public_key().size(), 43u);
  EXPECT_EQ(first.token_for("d", "operator", "n"), again.token_for("d", "operator", "n"));
  struct stat facts {};
  ASSERT_EQ(::stat(path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST_F(AnIdentity, MakesAnotherTokenForOtherWords) {
  const Identity identity = open();
  const std::string token = identity.token_for("d", "operator", "n");
  EXPECT_EQ(token.size(), 43u);
  EXPECT_NE(token, identity.token_for("d", "node", "n"));
  EXPECT_NE(token, identity.token_for("e", "operator", "n"));
  EXPECT_NE(token, identity.token_for("d", "operator", "m"));
  test::TempDir other;
  ASSERT_EQ(::mkdir((other / "state").c_str(), 0700), 0);
  EXPECT_NE(token, Identity::open(other.path()).value().token_for("d", "operator", "n"));
}

TEST_F(AnIdentity, IsOneForAllWhoOpenItFirst) {
  std::vector<std::string> ids(8);
  std::vector<std::thread> threads;
  for (std::string& id : ids) threads.emplace_back([&] { id = open().device_id(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(ids, testing::Each(ids.front()));
}

TEST_F(AnIdentity, ThatIsDamagedIsNotReplacedInSilence) {
  open();
  std::ofstream(path()) << "half a key";
  const auto damaged = Identity::open(folder.path());
  ASSERT_FALSE(damaged.ok());
  EXPECT_THAT(damaged.error().message, testing::AllOf(testing::HasSubstr(path()), testing::HasSubstr("damaged")));
}

}  // namespace
}  // namespace omenia::devices
