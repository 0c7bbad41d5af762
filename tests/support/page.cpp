#include "tests/support/page.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/temp_dir.h"

namespace omenia::test {

void expect_page_ends_with(const std::string& page, const std::string& start, const std::string& expected) {
  const std::string path = std::string(OMENIA_SOURCE_DIR "/") + page;
  const std::string text = read_file(path);
  const std::size_t found = text.find(start);
  ASSERT_NE(found, std::string::npos) << page << " has no \"" << start << "\"";
  if (text.substr(found) == expected) return;
  if (std::getenv("OMENIA_WRITE_DOCS")) return write_file(path, text.substr(0, found) + expected);
  FAIL() << page << " is not what the rows say; run: make docs";
}

}  // namespace omenia::test
