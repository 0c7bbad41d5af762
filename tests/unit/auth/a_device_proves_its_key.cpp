// DeviceProof: a signature over this connection's nonce by the key that the device is named after, and nothing less.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <functional>
#include <limits>
#include <memory>

#include "shared/base/ids.h"
#include "worker/auth/device_proof.h"

namespace omenia::auth {
namespace {

constexpr std::int64_t now_ms = 1'795'351'142'553;
constexpr const char* nonce = "7b1c0a3e-0000-4000-8000-000000000001";

class Key {
 public:
  Key() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free) {}

  std::string raw_public() const {
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
    return raw;
  }
  std::string sign(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return signature;
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

class ADevice : public testing::Test {
 protected:
  DeviceClaim claim() const {
    DeviceClaim claim;
    claim.id = sha256_hex(key.raw_public());
    claim.public_key = base64url(key.raw_public());
    claim.signed_at_ms = now_ms;
    claim.nonce = nonce;
    claim.client_id = "cli";
    claim.client_mode = "cli";
    claim.role = "operator";
    claim.scopes = "operator.read,operator.write";
    claim.token = "my-token";
    claim.platform = " Linux\t";
    claim.device_family = "DESKTOP";
    return claim;
  }
  // The text is written here as the protocol describes it, not as the product builds it.
  DeviceClaim signed_v3(DeviceClaim unsigned_claim) const {
    unsigned_claim.signature = base64url(key.sign("v3|" + fields(unsigned_claim) + "|linux|desktop"));
    return unsigned_claim;
  }
  DeviceClaim signed_v2(DeviceClaim unsigned_claim) const {
    unsigned_claim.signature = base64url(key.sign("v2|" + fields(unsigned_claim)));
    return unsigned_claim;
  }
  static std::string fields(const DeviceClaim& of) {
    return of.id + "|" + of.client_id + "|" + of.client_mode + "|" + of.role + "|" + of.scopes + "|" +
           std::to_string(of.signed_at_ms) + "|" + of.token + "|" + of.nonce;
  }
  static std::string refusal(const DeviceClaim& claim, std::int64_t at_ms = now_ms) {
    const auto refused = refuse_proof(claim, nonce, at_ms);
    return refused ? std::string(refused->message) : "";
  }

  Key key;
};

TEST_F(ADevice, IsBelievedWithASignatureOfEitherVersion) {
  EXPECT_EQ(refusal(signed_v3(claim())), "");
  EXPECT_EQ(refusal(signed_v2(claim())), "");
}

TEST_F(ADevice, IsBelievedWithEmptyFields) {
  DeviceClaim bare = claim();
  bare.scopes.clear();
  bare.token.clear();
  bare.platform.clear();
  bare.device_family.clear();
  bare.signature = base64url(key.sign("v3|" + fields(bare) + "||"));
  EXPECT_EQ(refusal(bare), "");
}

TEST_F(ADevice, IsBelievedWithPaddedBase64) {
  DeviceClaim padded = signed_v3(claim());
  padded.public_key += "=";
  padded.signature += "==";
  EXPECT_EQ(refusal(padded), "");
}

TEST_F(ADevice, IsRefusedWhenAnythingSignedWasChanged) {
  const std::function<void(DeviceClaim&)> changes[] = {
      [](DeviceClaim& c) { c.client_id = "test"; },
      [](DeviceClaim& c) { c.client_mode = "ui"; },
      [](DeviceClaim& c) { c.role = "node"; },
      [](DeviceClaim& c) { c.scopes = "operator.read,operator.write,operator.admin"; },
      [](DeviceClaim& c) { c.scopes = "operator.write,operator.read"; },
      [](DeviceClaim& c) { c.signed_at_ms += 1; },
      [](DeviceClaim& c) { c.token = ""; },
      [](DeviceClaim& c) { c.platform = "darwin"; },
      [](DeviceClaim& c) { c.device_family = ""; },
      [](DeviceClaim& c) { c.client_mode = "cli|operator", c.role = "operator.read,operator.write", c.scopes = ""; },
  };
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    DeviceClaim changed = signed_v3(claim());
    changes[i](changed);
    EXPECT_EQ(refusal(changed), "device signature invalid") << i;
  }
}

TEST_F(ADevice, IsRefusedWithTheSignatureOfAnotherKey) {
  DeviceClaim forged = claim();
  forged.signature = base64url(Key().sign("v3|" + fields(forged) + "|linux|desktop"));
  EXPECT_EQ(refusal(forged), "device signature invalid");
}

TEST_F(ADevice, IsRefusedUnderTheNameOfAnother) {
  DeviceClaim borrowed = claim();
  borrowed.id = sha256_hex(Key().raw_public());
  EXPECT_EQ(refusal(signed_v3(borrowed)), "device identity mismatch");
  borrowed.id = claim().id;
  borrowed.public_key = base64url(Key().raw_public());
  EXPECT_EQ(refusal(signed_v3(borrowed)), "device identity mismatch");
}

TEST_F(ADevice, IsRefusedWithAKeyThatIsNone) {
  for (const std::string& text :
       {std::string(), std::string("="), std::string("===="), std::string("A"), std::string("!!!!"), std::string("ä"),
        std::string(43, ' '), std::string(44, '\n'), std::string(1'000'000, 'A'), base64url(std::string(31, 'k')),
        base64url(std::string(33, 'k')), std::string("AA==AA=="), std::string("-----BEGIN PUBLIC KEY-----")}) {
    DeviceClaim broken = claim();
    broken.public_key = text;
    broken.id = sha256_hex("");
    EXPECT_EQ(refusal(signed_v3(broken)), "device identity mismatch") << text.substr(0, 30);
  }
}

TEST_F(ADevice, IsRefusedWithASignatureThatIsNone) {
  const std::string good = signed_v3(claim()).signature;
  for (const std::string& text :
       {std::string(), std::string("="), good.substr(0, 85), good + "AAAA", good.substr(1), std::string(86, 'A'),
        std::string(86, '!'), std::string(1'000'000, 'A'), "\xff" + good}) {
    DeviceClaim broken = claim();
    broken.signature = text;
    EXPECT_EQ(refusal(broken), "device signature invalid") << text.substr(0, 30);
  }
}

TEST_F(ADevice, MaySignTwoMinutesEarlyOrLate) {
  const DeviceClaim good = signed_v3(claim());
  EXPECT_EQ(refusal(good, now_ms + proof_skew_ms_max), "");
  EXPECT_EQ(refusal(good, now_ms - proof_skew_ms_max), "");
  EXPECT_EQ(refusal(good, now_ms + proof_skew_ms_max + 1), "device signature expired");
  EXPECT_EQ(refusal(good, now_ms - proof_skew_ms_max - 1), "device signature expired");
}

TEST_F(ADevice, IsRefusedWithATimeThatIsAbsurd) {
  for (const std::int64_t at_ms :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 53, std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min()}) {
    DeviceClaim odd = claim();
    odd.signed_at_ms = at_ms;
    EXPECT_EQ(refusal(signed_v3(odd)), "device signature expired") << at_ms;
  }
}

TEST_F(ADevice, MustSignTheNonceOfThisConnection) {
  DeviceClaim replayed = claim();
  replayed.nonce = "7b1c0a3e-0000-4000-8000-000000000002";
  EXPECT_EQ(refusal(signed_v3(replayed)), "device nonce mismatch");
  replayed.nonce = "";
  EXPECT_EQ(refusal(signed_v3(replayed)), "device nonce required");
  replayed.nonce = std::string(nonce) + " ";
  EXPECT_EQ(refusal(signed_v3(replayed)), "device nonce mismatch");
}

TEST_F(ADevice, IsToldTheFirstThingThatIsWrong) {
  DeviceClaim wrong = claim();
  wrong.signed_at_ms = 0;
  wrong.nonce = "";
  EXPECT_EQ(refusal(wrong), "device signature expired");
  wrong.id = "x";
  EXPECT_EQ(refusal(wrong), "device identity mismatch");
  wrong = claim();
  wrong.nonce = "";
  EXPECT_EQ(refusal(wrong), "device nonce required");
}

TEST_F(ADevice, IsToldCodeAndReason) {
  DeviceClaim stale = signed_v3(claim());
  const auto refused = refuse_proof(stale, nonce, now_ms + 10 * proof_skew_ms_max);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, "DEVICE_AUTH_SIGNATURE_EXPIRED");
  EXPECT_EQ(refused->reason, "device-signature-stale");
}

// An empty challenge is our own mistake, and must not open the door to an empty nonce.
TEST_F(ADevice, IsNotBelievedWithoutAChallenge) {
  DeviceClaim bare = claim();
  bare.nonce = "";
  EXPECT_TRUE(refuse_proof(signed_v3(bare), "", now_ms));
}

}  // namespace
}  // namespace omenia::auth
