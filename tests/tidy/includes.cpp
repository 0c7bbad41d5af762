// Which folder may include which: inner parts know nothing of outer ones. A change here is a change of the design.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/tidy/tree.h"

namespace omenia::tidy {
namespace {

// Besides itself and shared/. "worker" is the files directly in that folder: the context, its parts, the pipeline.
const std::map<std::string, std::set<std::string>> allowed = {
    {"state", {"state/migrations"}},
    {"supervisor", {}},
    {"cli", {"cli/commands", "state"}},
    {"cli/commands", {"cli", "state"}},
    {"worker/net", {}},
    {"worker/http", {}},
    {"worker/auth", {}},
    {"worker/providers", {"worker/net"}},
    {"worker/devices", {"worker/auth", "state"}},
    {"worker/agents", {"worker/providers", "worker/sessions", "state"}},
    {"worker/sessions", {"worker/agents", "state"}},
    {"worker/tools", {"worker/agents", "worker/providers", "worker/sessions", "state"}},
    {"worker/config", {"worker", "worker/auth", "worker/providers", "worker/ws"}},
    {"worker/events", {"worker", "worker/agents", "worker/rpc"}},
    {"worker/rpc", {"worker", "worker/auth", "worker/agents", "worker/sessions", "worker/config"}},
    {"worker/rpc/methods",
     {"worker", "worker/rpc", "worker/agents", "worker/auth", "worker/devices", "worker/sessions", "worker/events",
      "state", "worker/config"}},
    {"worker/openai",
     {"worker", "worker/agents", "worker/sessions", "worker/providers", "worker/net", "worker/auth", "worker/tools",
      "state"}},
    {"worker/endpoints", {"worker", "worker/agents", "worker/http", "worker/rpc", "worker/sessions", "worker/tools"}},
    {"worker/hooks", {"worker", "worker/agents", "worker/http", "worker/sessions"}},
    {"worker/ws", {"worker", "worker/net", "worker/auth", "worker/devices", "worker/rpc", "worker/sessions"}},
};

std::string included(const std::string& line) {
  constexpr std::string_view start = "#include \"";
  if (!line.starts_with(start)) return {};
  return line.substr(start.size(), line.find('"', start.size()) - start.size());
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

bool may_include(const std::string& from, const std::string& to) {
  if (to == from || to == "shared" || to.starts_with("shared/")) return true;
  if (from == "worker") return to == "state" || to.starts_with("worker/");
  const auto row = allowed.find(from);
  return row != allowed.end() && row->second.count(to) != 0;
}

TEST(Tidy, NothingInnerIncludesAnythingOuter) {
  for (const auto& source : sources()) {
    if (!source.is_cpp() || source.is_in("tests")) continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const std::string path = included(source.lines[i]);
      if (path.empty()) continue;
      EXPECT_TRUE(may_include(source.folder(), folder_of(path))) << place(source, i) << " includes " << path;
    }
  }
}

TEST(Tidy, OnlyTestsIncludeTests) {
  for (const auto& source : sources()) {
    if (!source.is_cpp() || source.is_in("tests")) continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      EXPECT_FALSE(included(source.lines[i]).starts_with("tests/")) << place(source, i);
    }
  }
}

TEST(Tidy, IncludesAreFromTheRoot) {
  for (const auto& source : sources()) {
    if (!source.is_cpp()) continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const std::string path = included(source.lines[i]);
      if (path.empty()) continue;
      EXPECT_NE(path.find('/'), std::string::npos) << place(source, i);
      EXPECT_EQ(path.find(".."), std::string::npos) << place(source, i);
    }
  }
}

}  // namespace
}  // namespace omenia::tidy
