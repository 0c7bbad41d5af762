#pragma once
// Scopes: what a principal may do. Granted by the server; what a client wishes for can only narrow it.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"

namespace omenia::auth {

enum class Scope : std::uint16_t {
  read = 1 << 0,
  write = 1 << 1,
  admin = 1 << 2,
  approvals = 1 << 3,
  questions = 1 << 4,
  pairing = 1 << 5,
  talk = 1 << 6,
  talk_secrets = 1 << 7,
  sessions_read = 1 << 8,
  sessions_write = 1 << 9,
};

std::string_view name_of(Scope scope);  // "operator.read"

// {"code":"MISSING_SCOPE",...} as error forbidden.
Error missing_scope(Scope scope);

// A set of scopes as they were granted, in the order they were asked for; `covers` adds what they imply: admin implies
// all, write implies read, talk and both session scopes, read implies sessions_read.
class ScopeSet {
 public:
  ScopeSet() = default;
  ScopeSet(std::initializer_list<Scope> scopes);
  static ScopeSet all();
  static ScopeSet of_names(const std::vector<std::string>& names);  // Names that are no scope are left out.

  void add(Scope scope);
  bool add_by_name(std::string_view name);  // False, and nothing added, for a name that is no scope.
  bool covers(Scope scope) const;
  bool covers(const ScopeSet& others) const;       // Each of them.
  ScopeSet within(const ScopeSet& ceiling) const;  // Those of these that the ceiling covers.
  ScopeSet with(const ScopeSet& more) const;
  bool empty() const { return count_ == 0; }
  std::span<const Scope> scopes() const { return {order_.data(), count_}; }  // As they were granted.
  std::vector<std::string_view> names() const;
  std::vector<std::string> texts() const;

 private:
  static constexpr std::size_t scopes_max = 10;  // There are no more.

  std::array<Scope, scopes_max> order_{};
  std::size_t count_ = 0;
  std::uint16_t implied_ = 0;
};

}  // namespace omenia::auth
