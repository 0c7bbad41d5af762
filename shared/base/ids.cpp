#include "shared/base/ids.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "shared/base/clock.h"

namespace omenia {

namespace {

void fill_random(unsigned char* bytes, std::size_t size) {
  // At most 256 bytes are asked for, which getrandom gives whole or not at all.
  if (::getrandom(bytes, size, 0) != static_cast<ssize_t>(size)) {
    std::fputs("omenia: the system gives no random numbers\n", stderr);
    std::abort();
  }
}

constexpr std::size_t pool_bytes = 256;

// How many forks led to this process, for what a child must not share with its parent.
std::atomic<unsigned> forks = 0;
[[maybe_unused]] const int counts_forks = ::pthread_atfork(nullptr, nullptr, [] { ++forks; });

// Random bytes for names, asked for many at a time: the system call costs more than the name. Secrets have a call each.
// A child that goes on without exec does not repeat its parent's.
class Pool {
 public:
  void take(unsigned char* bytes, std::size_t size) {
    if (used_ + size > pool_bytes || forks_ != forks) {
      fill_random(pool_, pool_bytes);
      forks_ = forks;
      used_ = 0;
    }
    std::copy_n(pool_ + used_, size, bytes);
    used_ += size;
  }

 private:
  unsigned char pool_[pool_bytes] = {};
  std::size_t used_ = pool_bytes;
  unsigned forks_ = 0;
};

void fill_for_name(unsigned char* bytes, std::size_t size) {
  thread_local Pool pool;
  pool.take(bytes, size);
}

constexpr char hex_digits[] = "0123456789abcdef";

std::string hex(const unsigned char* bytes, std::size_t size) {
  std::string text;
  text.reserve(size * 2);
  for (std::size_t i = 0; i < size; ++i) {
    text.push_back(hex_digits[bytes[i] >> 4]);
    text.push_back(hex_digits[bytes[i] & 15]);
  }
  return text;
}

constexpr std::size_t uuid_bytes = 16;
constexpr std::size_t uuid_chars = 36;

// With the marks of its version and variant.
std::string uuid_text(unsigned char (&bytes)[uuid_bytes], int version) {
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | (version << 4));
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text(uuid_chars, '-');
  std::size_t at = 0;
  for (std::size_t i = 0; i < uuid_bytes; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    text[at++] = hex_digits[bytes[i] >> 4];
    text[at++] = hex_digits[bytes[i] & 15];
  }
  return text;
}

}  // namespace

std::string random_uuid() {
  unsigned char bytes[uuid_bytes];
  fill_for_name(bytes, sizeof bytes);
  return uuid_text(bytes, 4);
}

std::string ordered_uuid() {
  constexpr int time_bytes = 6;
  unsigned char bytes[uuid_bytes];
  fill_for_name(bytes, sizeof bytes);
  std::int64_t ms = wall_ms();
  for (int i = time_bytes - 1; i >= 0; --i, ms >>= 8) bytes[i] = static_cast<unsigned char>(ms & 0xff);
  return uuid_text(bytes, 7);
}

std::string random_token() {
  unsigned char bytes[32];
  fill_random(bytes, sizeof bytes);
  return base64url({reinterpret_cast<const char*>(bytes), sizeof bytes});
}

std::string random_hex(std::size_t digits) {
  unsigned char bytes[32];
  fill_random(bytes, sizeof bytes);
  return hex(bytes, sizeof bytes).substr(0, digits);
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string base64url(std::string_view bytes) {
  std::string text = base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string digits;
  digits.reserve(text.size() + 2);
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') digits.push_back(c);
  while (!digits.empty() && digits.back() == '=' && digits.size() % 4 != 1) digits.pop_back();
  const bool all_known = std::all_of(digits.begin(), digits.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  });
  if (!all_known || digits.size() % 4 == 1) return std::nullopt;
  const std::size_t padding = (4 - digits.size() % 4) % 4;
  digits.append(padding, '=');
  std::string bytes(digits.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(digits.data()), static_cast<int>(digits.size())) < 0)
    return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

std::string sha256_hex(std::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return hex(digest, sizeof digest);
}

}  // namespace omenia
