// The table in docs/configuration.md is made of the rows. `make docs` writes it anew.

#include <gtest/gtest.h>

#include "shared/config/keys.h"
#include "tests/support/page.h"

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
  test::expect_page_ends_with("docs/configuration.md", "| Key |", expected_table());
}

}  // namespace

}  // namespace omenia
