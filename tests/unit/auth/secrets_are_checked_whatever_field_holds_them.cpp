// Authenticator and the Authorization header: which secret opens, in which field, and what does not.
#include <gtest/gtest.h>

#include "worker/auth/authenticator.h"

namespace omenia::auth {
namespace {

Authenticator asking(AuthMode mode, std::string secret) {
  return Authenticator(AuthSettings{mode, Secret(std::move(secret))});
}

TEST(ASecret, OpensFromEitherField) {
  for (const AuthMode mode : {AuthMode::token, AuthMode::password}) {
    const Authenticator authenticator = asking(mode, "s3cret");
    EXPECT_EQ(authenticator.check("s3cret", ""), SecretCheck::granted);
    EXPECT_EQ(authenticator.check("", "s3cret"), SecretCheck::granted);
    EXPECT_EQ(authenticator.check("wrong", "s3cret"), SecretCheck::granted);
    EXPECT_EQ(authenticator.check("s3cret", "wrong"), SecretCheck::granted);
  }
}

TEST(ASecret, IsMissingWhenBothFieldsAreEmpty) {
  EXPECT_EQ(asking(AuthMode::token, "s3cret").check("", ""), SecretCheck::missing);
  EXPECT_EQ(asking(AuthMode::password, "s3cret").check({}, {}), SecretCheck::missing);
}

TEST(ASecret, IsWrongWhenItIsOnlyAlike) {
  const Authenticator authenticator = asking(AuthMode::token, "s3cret");
  for (const std::string& guess : {std::string("s3cre"), std::string("s3cret "), std::string(" s3cret"),
                                   std::string("S3CRET"), std::string("s3cret\0", 7), std::string("s3crets3cret"),
                                   std::string(1, '\0'), std::string("\xff\xfe"), std::string(1'000'000, 'x')}) {
    EXPECT_EQ(authenticator.check(guess, ""), SecretCheck::wrong) << guess.substr(0, 20);
    EXPECT_EQ(authenticator.check("", guess), SecretCheck::wrong) << guess.substr(0, 20);
  }
}

TEST(ASecret, MayHoldAnyBytes) {
  const std::string odd("p\0ä \n\xff", 7);
  EXPECT_EQ(asking(AuthMode::password, odd).check("", odd), SecretCheck::granted);
  EXPECT_EQ(asking(AuthMode::password, odd).check("", "p"), SecretCheck::wrong);
}

TEST(ASecret, ThatIsEmptyOpensNothing) {
  const Authenticator authenticator = asking(AuthMode::token, "");
  EXPECT_EQ(authenticator.check("", ""), SecretCheck::missing);
  EXPECT_EQ(authenticator.check("x", ""), SecretCheck::wrong);
}

TEST(ASecret, IsIgnoredWithoutAuthentication) {
  const Authenticator authenticator = asking(AuthMode::none, "");
  EXPECT_EQ(authenticator.check("", ""), SecretCheck::granted);
  EXPECT_EQ(authenticator.check("anything", "else"), SecretCheck::granted);
}

TEST(AMode, HasTheNameClientsKnow) {
  EXPECT_EQ(name_of(AuthMode::none), "none");
  EXPECT_EQ(name_of(AuthMode::token), "token");
  EXPECT_EQ(name_of(AuthMode::password), "password");
}

TEST(ABearer, IsWhatFollowsTheScheme) {
  EXPECT_EQ(bearer_of("Bearer abc"), "abc");
  EXPECT_EQ(bearer_of("bearer abc"), "abc");
  EXPECT_EQ(bearer_of("BEARER   abc \t"), "abc");
  EXPECT_EQ(bearer_of("Bearer \t a b c"), "a b c");
  EXPECT_EQ(bearer_of("Bearer =+/-._~\xc3\xa4"), "=+/-._~\xc3\xa4");
}

TEST(ABearer, IsNothingForAnythingElse) {
  for (const char* header : {"", " ", "B", "Bearer", "Bearer ", "Bearer \t ", "Basic YTpi", "Bearerabc", "Bearer\tabc",
                             " Bearer abc", "abc", "Token abc", "Digest Bearer abc"})
    EXPECT_EQ(bearer_of(header), std::nullopt) << header;
}

}  // namespace
}  // namespace omenia::auth
