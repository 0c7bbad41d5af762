// What no file of ours says, and what every file says.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "tests/tidy/tree.h"

namespace omenia::tidy {
namespace {

bool is_product(const Source& source) {
  return source.is_cpp() && !source.is_in("tests");
}

TEST(Tidy, NoReminderIsLeft) {
  const std::regex reminder(R"(\b(TO)"
                            R"(DO|X)"
                            R"(XX|HA)"
                            R"(CK)\b)");
  for (const auto& source : sources()) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(source.lines[i], reminder)) << place(source, i);
    }
  }
}

TEST(Tidy, NoTabsNoTrailingBlanksNoCarriageReturns) {
  for (const auto& source : sources()) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const std::string& line = source.lines[i];
      EXPECT_EQ(line.find('\t'), std::string::npos) << place(source, i) << " has a tab";
      EXPECT_EQ(line.find('\r'), std::string::npos) << place(source, i) << " has a carriage return";
      EXPECT_FALSE(line.ends_with(' ')) << place(source, i) << " ends with a blank";
    }
  }
}

TEST(Tidy, NoPlaceOfOneMachineIsNamed) {
  const std::regex machine(R"(/wo)"
                           R"(rk/|/ho)"
                           R"(me/\w+/)");
  for (const auto& source : sources()) {
    if (source.ends_with(".md") || source.is_in("tests/unit")) continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(source.lines[i], machine)) << place(source, i);
    }
  }
}

TEST(Tidy, OurCodeThrowsNothing) {
  const std::regex throws(R"(\bthrow\b)");
  for (const auto& source : sources()) {
    if (!is_product(source)) continue;
    const auto code = code_of(source);
    for (std::size_t i = 0; i < code.size(); ++i) {
      EXPECT_FALSE(std::regex_search(code[i], throws)) << place(source, i);
    }
  }
}

TEST(Tidy, NoPlatformSwitchStandsInsideLogic) {
  for (const auto& source : sources()) {
    if (!is_product(source)) continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const std::string& line = source.lines[i];
      EXPECT_FALSE(line.starts_with("#if ") || line.starts_with("#ifdef ") || line.starts_with("#elif "))
          << place(source, i);
    }
  }
}

TEST(Tidy, HeadersStartWithWhatTheyAreFor) {
  for (const auto& source : sources()) {
    if (!source.ends_with(".h")) continue;
    ASSERT_GE(source.lines.size(), 2u) << source.path;
    EXPECT_EQ(source.lines[0], "#pragma once") << source.path;
    EXPECT_TRUE(source.lines[1].starts_with("// ")) << source.path;
  }
}

// A .cpp belongs to the header of its name, or is one platform's version of it (`child_linux` of `child`). Whatever
// else it is, a second half, a table's handlers, a test, it says at its top.
TEST(Tidy, SourcesHaveTheirHeaderOrSayWhatTheyAre) {
  const std::regex platform("_(linux|darwin|win32)$");
  std::set<std::string> headers;
  for (const auto& source : sources()) {
    if (source.ends_with(".h")) headers.insert(source.path.substr(0, source.path.size() - 2));
  }
  for (const auto& source : sources()) {
    if (!source.ends_with(".cpp") || source.lines.empty()) continue;
    const std::string name = std::regex_replace(source.stem(), platform, "");
    const bool has_header = headers.count(source.folder() + "/" + name) != 0;
    EXPECT_TRUE(has_header || source.lines.front().starts_with("// ")) << source.path;
  }
}

}  // namespace
}  // namespace omenia::tidy
