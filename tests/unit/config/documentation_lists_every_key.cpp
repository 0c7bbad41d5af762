// The table in docs/configuration.md is made of the rows. After a change of a row this test prints the new table.

#include <gtest/gtest.h>

#include "shared/config/keys.h"
#include "tests/support/temp_dir.h"

namespace omenia {

namespace {

std::string code(const std::string& text) {
  return text.empty() ? "" : "`" + text + "`";
}

std::string expected_table() {
  std::string table = "| Key | Type | Default | Change | |\n|---|---|---|---|---|\n";
  for (const KeyRow* row : key_rows()) {
    table += "| `" + std::string(row->path) + "` | " + type_text(*row) + " | " + code(default_text(*row)) + " | " +
             std::string(to_text(row->reload)) + " | " + std::string(row->doc) + " |\n";
  }
  return table;
}

TEST(Documentation, ListsEveryKeyAsItsRowSays) {
  const std::string page = test::read_file(OMENIA_SOURCE_DIR "/docs/configuration.md");
  ASSERT_FALSE(page.empty());
  const std::size_t start = page.find("| Key |");
  ASSERT_NE(start, std::string::npos);
  EXPECT_TRUE(page.substr(start) == expected_table()) << "docs/configuration.md has to end with this table:\n"
                                                      << expected_table();
}

}  // namespace

}  // namespace omenia
