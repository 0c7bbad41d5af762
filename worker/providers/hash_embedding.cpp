#include "worker/providers/hash_embedding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "shared/base/ascii.h"
#include "shared/base/utf8.h"

namespace omenia::providers {

namespace {

constexpr std::array<std::size_t, 2> gram_lengths = {3, 4};  // In characters.
constexpr double word_weight = 3 * 1024;
constexpr double gram_weight = 1024;

// What was found in a text, by hash: how often, and how much one occurrence counts.
struct Feature {
  int count = 0;
  double weight = 0;
};
using Features = std::unordered_map<std::uint64_t, Feature>;

// FNV-1a with 64 bits, its bits mixed once more: on short texts its upper bits differ too little.
std::uint64_t hash_of(std::string_view text, std::uint64_t kind) {
  std::uint64_t hash = 14695981039346656037ull ^ kind;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdull;
  return hash ^ (hash >> 33);
}

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

// Lower case; what is no letter or digit becomes one blank between words, and one at either end.
std::string normalised(std::string_view text) {
  std::string plain(" ");
  for (const char c : lowered(text)) {
    if (is_word_byte(c)) {
      plain.push_back(c);
    } else if (plain.back() != ' ') {
      plain.push_back(' ');
    }
  }
  if (plain.back() != ' ') plain.push_back(' ');
  return plain;
}

std::vector<std::size_t> character_starts(std::string_view text) {
  std::vector<std::size_t> starts;
  std::size_t at = 0;
  while (at < text.size()) {
    starts.push_back(at);
    at += static_cast<std::size_t>(std::max(1, utf8_sequence_length(text.substr(at))));
  }
  starts.push_back(text.size());
  return starts;
}

void count(Features& features, std::string_view text, std::uint64_t kind, double weight) {
  Feature& feature = features[hash_of(text, kind)];
  ++feature.count;
  feature.weight = weight;
}

Features features_of(std::string_view text) {
  const std::string plain = normalised(text);
  Features features;
  for (std::size_t begin = plain.find_first_not_of(' '); begin != std::string::npos;) {
    const auto end = plain.find(' ', begin);
    count(features, std::string_view(plain).substr(begin, end - begin), 0, word_weight);
    begin = plain.find_first_not_of(' ', end);
  }
  const std::vector<std::size_t> starts = character_starts(plain);
  for (const std::size_t length : gram_lengths)
    for (std::size_t i = 0; i + length < starts.size(); ++i)
      count(features, std::string_view(plain).substr(starts[i], starts[i + length] - starts[i]), length, gram_weight);
  if (features.empty()) count(features, text, 0, word_weight);  // No letter at all: punctuation, or nothing.
  return features;
}

}  // namespace

// Counts are damped by their square root. Sums are made of integers, so that neither the order of the features nor the
// machine changes a bit of them.
Vector hash_embedding(std::string_view text, std::size_t dimensions) {
  std::vector<std::int64_t> sums(dimensions, 0);
  for (const auto& [hash, feature] : features_of(text)) {
    const auto amount = std::llround(feature.weight * std::sqrt(static_cast<double>(feature.count)));
    sums[hash % dimensions] += (hash >> 63) != 0 ? amount : -amount;
  }
  std::int64_t square = 0;
  for (const std::int64_t sum : sums) square += sum * sum;
  if (square == 0) sums[hash_of(text, 0) % dimensions] = square = 1;  // Features that cancel each other out.
  const double length = std::sqrt(static_cast<double>(square));
  Vector vector(dimensions);
  std::transform(sums.begin(), sums.end(), vector.begin(),
                 [length](std::int64_t sum) { return static_cast<float>(static_cast<double>(sum) / length); });
  return vector;
}

}  // namespace omenia::providers
