// The members of a query as they were meant; what is no encoding stays as it is.
#include <gtest/gtest.h>

#include "worker/http/query.h"

namespace omenia::http {
namespace {

TEST(Query, HasMembersInOrder) {
  const auto members = query_members("a=1&b=x%20y+z&&c&=d&a=2&e=%zz&f=a=b");
  ASSERT_EQ(members.size(), 7u);
  const std::pair<const char*, const char*> wanted[] = {{"a", "1"}, {"b", "x y z"}, {"c", ""},   {"", "d"},
                                                        {"a", "2"}, {"e", "%zz"},   {"f", "a=b"}};
  for (std::size_t i = 0; i < members.size(); ++i) {
    EXPECT_EQ(members[i].name, wanted[i].first) << i;
    EXPECT_EQ(members[i].value, wanted[i].second) << i;
  }
}

TEST(Query, IsAskedByName) {
  EXPECT_EQ(query_value("a=1&a=2", "a"), "1");
  EXPECT_EQ(query_value("a=1", "b"), "");
  EXPECT_EQ(query_value("", "a"), "");
  EXPECT_TRUE(has_query_member("x&tok%65n", "token"));
  EXPECT_FALSE(has_query_member("tokens=1&Token=2", "token"));
}

TEST(Query, OfNothingButSeparatorsHasNothing) {
  EXPECT_TRUE(query_members("&&&&").empty());
  EXPECT_EQ(query_members("=").size(), 1u);
}

}  // namespace
}  // namespace omenia::http
