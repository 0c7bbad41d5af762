#pragma once
// Page: a page of docs/ whose end is made of rows. With OMENIA_WRITE_DOCS in the environment (`make docs`) the page is
// written; otherwise a test fails where it is not what the rows say.

#include <string>

namespace omenia::test {

// `page` is a path below the project's folder. `start` is the text that the end begins with.
void expect_page_ends_with(const std::string& page, const std::string& start, const std::string& expected);

}  // namespace omenia::test
