#include "worker/providers/builtin.h"

#include <cmath>

#include "shared/base/limits.h"

namespace omenia::providers {

namespace {

constexpr std::int64_t chars_per_token = 4;  // The usual estimate where nobody counts.

// "a b c" -> "a", " b", " c": the pieces in which the echo is streamed.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = text.find_first_of(" \n", 1);
    words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end);
  }
  return words;
}

std::string echo_of(const ModelRequest& request) {
  std::string text = "You said: " + (request.messages.empty() ? std::string() : request.messages.back().text);
  if (request.messages.size() <= 1)
    text +=
        "\n\nI am builtin/echo, the offline model that answers until a real one is configured. "
        "Run `OmeniaClaw setup` to see which models this machine can reach.";
  return text;
}

// FNV-1a with 64 bits.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash;
}

std::string lowered(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return copy;
}

void count(Vector& vector, std::string_view feature, float weight) {
  const std::uint64_t hash = hash_of(feature);
  vector[hash % vector.size()] += (hash >> 63) != 0 ? weight : -weight;
}

}  // namespace

Task<Result<ModelAnswer>> Builtin::complete(ModelRequest request, std::function<void(std::string_view)> on_text,
                                            std::stop_token stop) {
  if (request.model != echo_model)
    co_return fail(ErrorCode::provider_not_found,
                   "builtin/" + request.model + " is no chat model; builtin/echo is the only one built in");
  ModelAnswer answer;
  const std::string text = echo_of(request);
  for (const std::string_view word : words_of(text)) {
    Sleep turn(loop_, 0, stop);  // One piece a turn of the loop, as a stream brings them.
    const bool whole = co_await turn;
    if (!whole) co_return fail(ErrorCode::run_aborted, "the run was stopped");
    answer.text.append(word);
    on_text(word);
  }
  for (const Message& message : request.messages)
    answer.usage.input += static_cast<std::int64_t>(message.text.size()) / chars_per_token + 1;
  answer.usage.output = static_cast<std::int64_t>(text.size()) / chars_per_token + 1;
  answer.usage.total = answer.usage.input + answer.usage.output;
  answer.stop_reason = "stop";
  answer.response_model = echo_model;
  co_return answer;
}

Task<Result<std::vector<Vector>>> Builtin::embed(EmbeddingRequest request, std::stop_token) {
  if (request.model != hash_model)
    co_return fail(ErrorCode::provider_not_found,
                   "builtin/" + request.model + " makes no embeddings; builtin/hash is the only one built in");
  const auto dimensions =
      static_cast<std::size_t>(request.dimensions > 0 ? request.dimensions : limits::hash_embedding_dimensions);
  std::vector<Vector> vectors;
  for (const std::string& input : request.inputs) vectors.push_back(hash_embedding(input, dimensions));
  co_return vectors;
}

Vector hash_embedding(std::string_view text, std::size_t dimensions) {
  constexpr std::size_t gram_bytes = 3;
  constexpr float word_weight = 2;
  Vector vector(dimensions, 0.0f);
  const std::string lower = lowered(text);
  for (std::size_t i = 0; i + gram_bytes <= lower.size(); ++i) count(vector, lower.substr(i, gram_bytes), 1);
  for (const std::string_view word : words_of(lower)) {
    const auto first = word.find_first_not_of(" \n");
    if (first != std::string_view::npos) count(vector, word.substr(first), word_weight);
  }
  double square = 0;
  for (const float number : vector) square += static_cast<double>(number) * static_cast<double>(number);
  if (square == 0) {  // Features that cancel each other out: some direction, always the same.
    vector[hash_of(lower) % dimensions] = 1;
    return vector;
  }
  const auto length = static_cast<float>(std::sqrt(square));
  for (float& number : vector) number /= length;
  return vector;
}

}  // namespace omenia::providers
