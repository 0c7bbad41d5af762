// docs/tools.md ends with the tools as their rows say. `make docs` writes it anew.

#include <gtest/gtest.h>

#include "tests/support/page.h"
#include "worker/tools/registry.h"
#include "worker/tools/tool.h"

namespace omenia::tools {
namespace {

std::string profiles_of(const ToolRow& row) {
  std::string text;
  if (row.profiles & tool_profiles::minimal) text += "minimal, ";
  if (row.profiles & tool_profiles::coding) text += "coding, ";
  if (row.profiles & tool_profiles::messaging) text += "messaging, ";
  return text + "full";
}

std::string arguments_of(const ToolRow& row) {
  std::string text;
  for (const Field& field : row.params.fields)
    text += (text.empty() ? "`" : ", `") + std::string(field.name) + (field.required ? "`" : "?`");
  return text;
}

std::string expected() {
  std::string text = "## The tools\n| Tool | Group | Profiles | Arguments | |\n|---|---|---|---|---|\n";
  for (const ToolRow& row : tool_rows()) {
    text += "| `" + std::string(row.name) + "` | " + std::string(name_of(row.group)) + " | " + profiles_of(row) +
            " | " + arguments_of(row) + " | " + std::string(row.doc) +
            (row.users == ToolUsers::owner ? " For the owner." : "") + " |\n";
  }
  return text;
}

TEST(Documentation, ListsEveryToolAsItsRowSays) {
  test::expect_page_ends_with("docs/tools.md", "## The tools", expected());
}

TEST(Documentation, OfEveryToolIsASentence) {
  for (const ToolRow& row : tool_rows()) EXPECT_EQ(row.doc.back(), '.') << row.name;
}

}  // namespace
}  // namespace omenia::tools
