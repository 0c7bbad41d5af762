// Scopes: what one of them gives beyond itself, and that nothing else is given.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "worker/auth/scopes.h"

namespace omenia::auth {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Scope every_scope[] = {Scope::read,          Scope::write,         Scope::admin, Scope::approvals,
                                 Scope::questions,     Scope::pairing,       Scope::talk,  Scope::talk_secrets,
                                 Scope::sessions_read, Scope::sessions_write};

std::set<Scope> covered_by(const ScopeSet& set) {
  std::set<Scope> covered;
  for (const Scope scope : every_scope)
    if (set.covers(scope)) covered.insert(scope);
  return covered;
}

TEST(Scopes, ImplyWhatTheTableSays) {
  const std::map<Scope, std::set<Scope>> expected = {
      {Scope::read, {Scope::read, Scope::sessions_read}},
      {Scope::write, {Scope::write, Scope::read, Scope::talk, Scope::sessions_read, Scope::sessions_write}},
      {Scope::admin, {std::begin(every_scope), std::end(every_scope)}},
      {Scope::approvals, {Scope::approvals}},
      {Scope::questions, {Scope::questions}},
      {Scope::pairing, {Scope::pairing}},
      {Scope::talk, {Scope::talk}},
      {Scope::talk_secrets, {Scope::talk_secrets}},
      {Scope::sessions_read, {Scope::sessions_read}},
      {Scope::sessions_write, {Scope::sessions_write, Scope::sessions_read}},
  };
  for (const Scope scope : every_scope) EXPECT_EQ(covered_by({scope}), expected.at(scope)) << name_of(scope);
}

TEST(Scopes, NoneCoversNone) {
  EXPECT_THAT(covered_by({}), IsEmpty());
  EXPECT_TRUE(ScopeSet().empty());
  EXPECT_THAT(ScopeSet().names(), IsEmpty());
}

TEST(Scopes, AllAreGrantedByName) {
  EXPECT_EQ(ScopeSet::all().names().size(), std::size(every_scope));
  for (const Scope scope : every_scope) {
    ScopeSet set;
    EXPECT_TRUE(set.add_by_name(name_of(scope)));
    EXPECT_THAT(set.names(), ElementsAre(name_of(scope)));
  }
}

TEST(Scopes, KeepTheOrderTheyWereAskedForAndAreNamedOnce) {
  ScopeSet set;
  for (const char* name : {"operator.write", "operator.read", "operator.write", "operator.admin", "operator.read"})
    EXPECT_TRUE(set.add_by_name(name));
  EXPECT_THAT(set.names(), ElementsAre("operator.write", "operator.read", "operator.admin"));
}

TEST(Scopes, GiveNothingForANameThatIsNone) {
  ScopeSet set;
  for (const std::string_view name :
       {std::string_view(""), std::string_view(" operator.admin"), std::string_view("operator.admin "),
        std::string_view("OPERATOR.ADMIN"), std::string_view("operator"), std::string_view("operator."),
        std::string_view("operator.*"), std::string_view("*"), std::string_view("admin"),
        std::string_view("operator.admin\0", 15), std::string_view("operator.admin,operator.read"),
        std::string_view("operator.аdmin") /* a Cyrillic letter */})
    EXPECT_FALSE(set.add_by_name(name)) << name;
  EXPECT_TRUE(set.empty());
  EXPECT_THAT(covered_by(set), IsEmpty());
}

}  // namespace
}  // namespace omenia::auth
