#include "worker/auth/scopes.h"

#include <algorithm>

#include "shared/json/writer.h"

namespace omenia::auth {

namespace {

constexpr std::uint16_t bit(Scope scope) {
  return static_cast<std::uint16_t>(scope);
}
constexpr std::uint16_t every = 0x3ff;

struct Row {
  Scope scope;
  std::string_view name;
  std::uint16_t implies;  // With itself.
};

constexpr Row rows[] = {
    {Scope::read, "operator.read", bit(Scope::read) | bit(Scope::sessions_read)},
    {Scope::write, "operator.write",
     bit(Scope::write) | bit(Scope::read) | bit(Scope::talk) | bit(Scope::sessions_read) | bit(Scope::sessions_write)},
    {Scope::admin, "operator.admin", every},
    {Scope::approvals, "operator.approvals", bit(Scope::approvals)},
    {Scope::questions, "operator.questions", bit(Scope::questions)},
    {Scope::pairing, "operator.pairing", bit(Scope::pairing)},
    {Scope::talk, "operator.talk", bit(Scope::talk)},
    {Scope::talk_secrets, "operator.talk.secrets", bit(Scope::talk_secrets)},
    {Scope::sessions_read, "operator.sessions.read", bit(Scope::sessions_read)},
    {Scope::sessions_write, "operator.sessions.write", bit(Scope::sessions_write) | bit(Scope::sessions_read)},
};

const Row& row_of(Scope scope) {
  return *std::find_if(std::begin(rows), std::end(rows), [scope](const Row& row) { return row.scope == scope; });
}

}  // namespace

std::string_view name_of(Scope scope) {
  return row_of(scope).name;
}

ScopeSet::ScopeSet(std::initializer_list<Scope> scopes) {
  for (const Scope scope : scopes) add(scope);
}

ScopeSet ScopeSet::all() {
  static_assert(std::size(rows) == scopes_max);
  static const ScopeSet every_one = [] {
    ScopeSet set;
    for (const Row& row : rows) set.add(row.scope);
    return set;
  }();
  return every_one;
}

ScopeSet ScopeSet::of_names(const std::vector<std::string>& names) {
  ScopeSet set;
  for (const std::string& name : names) set.add_by_name(name);
  return set;
}

void ScopeSet::add(Scope scope) {
  const auto had = scopes();
  if (std::find(had.begin(), had.end(), scope) != had.end()) return;
  order_[count_++] = scope;
  implied_ |= row_of(scope).implies;
}

bool ScopeSet::add_by_name(std::string_view name) {
  for (const Row& row : rows) {
    if (row.name != name) continue;
    add(row.scope);
    return true;
  }
  return false;
}

bool ScopeSet::covers(Scope scope) const {
  return (implied_ & bit(scope)) != 0;
}

bool ScopeSet::covers(const ScopeSet& others) const {
  const auto all = others.scopes();
  return std::all_of(all.begin(), all.end(), [this](Scope scope) { return covers(scope); });
}

ScopeSet ScopeSet::within(const ScopeSet& ceiling) const {
  ScopeSet kept;
  for (const Scope scope : scopes())
    if (ceiling.covers(scope)) kept.add(scope);
  return kept;
}

ScopeSet ScopeSet::with(const ScopeSet& more) const {
  ScopeSet both = *this;
  for (const Scope scope : more.scopes()) both.add(scope);
  return both;
}

std::vector<std::string> ScopeSet::texts() const {
  std::vector<std::string> texts;
  for (const Scope scope : scopes()) texts.emplace_back(name_of(scope));
  return texts;
}

std::vector<std::string_view> ScopeSet::names() const {
  std::vector<std::string_view> names;
  for (const Scope scope : scopes()) names.push_back(name_of(scope));
  return names;
}

Error missing_scope(Scope scope) {
  const std::string name(name_of(scope));
  JsonWriter details;
  details.begin_object().member("code", "MISSING_SCOPE").member("missingScope", name);
  details.key("requiredScopes").begin_array().value(name).end_array().end_object();
  return Error{ErrorCode::forbidden, "missing scope: " + name, details.take(), {}};
}

}  // namespace omenia::auth
