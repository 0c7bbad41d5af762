#pragma once
// Builtin: the provider that needs no key and no network. `builtin/echo` answers what it was told, `builtin/hash` makes
// embeddings from hashed pieces of text. Both always answer the same to the same, and say what they are.

#include "shared/loop/loop.h"
#include "worker/providers/provider.h"

namespace omenia::providers {

inline constexpr const char* builtin_id = "builtin";
inline constexpr const char* echo_model = "echo";
inline constexpr const char* hash_model = "hash";

class Builtin final : public Provider {
 public:
  explicit Builtin(Loop& loop) : loop_(loop) {}

  std::string_view id() const override { return builtin_id; }
  std::string_view api() const override { return builtin_id; }
  Task<Result<ModelAnswer>> complete(ModelRequest request, std::function<void(std::string_view)> on_text,
                                     std::stop_token stop) override;
  Task<Result<std::vector<Vector>>> embed(EmbeddingRequest request, std::stop_token stop) override;

 private:
  Loop& loop_;
};

}  // namespace omenia::providers
