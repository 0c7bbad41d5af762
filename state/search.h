#pragma once
// Search: the messages of sessions by the words in them. An entry is found when its words are in the index, which
// follows the entries: the writer looks after it when it has nothing else to do, and who searches asks for the rest.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "state/sessions.h"

namespace omenia::state {

class Database;

struct SearchQuery {
  std::string words{};                      // As somebody typed them: each must begin a word of the message.
  SessionFilter sessions{};                 // Of these sessions; `archived` of the default is both.
  std::vector<std::string> session_keys{};  // Of these alone; empty: all.
  std::int64_t limit = 0;
};

struct SearchHit {
  std::string session_key;
  std::string session_id;
  std::string entry_id;
  std::string role;
  std::int64_t created_ms = 0;
  std::string snippet;  // The words with a few around them.
  double score = 0;     // The higher, the better it fits.
};

struct SearchResult {
  std::vector<SearchHit> hits;  // The best first.
  bool truncated = false;       // There are more.
};

class Search {
 public:
  explicit Search(Database& database) : database_(database) {}
  // Puts the words of the next entries into the index, at most `limit`. True: there are more.
  Result<bool> index(std::int64_t limit);
  // Nothing is found without a word. Transcripts that no session has any more are not searched.
  Result<SearchResult> find(const SearchQuery& query);

 private:
  Result<std::int64_t> end_of_batch(std::int64_t from, std::int64_t limit);
  Result<std::string> snippet_of(const std::string& expression, std::int64_t number);

  Database& database_;
};

}  // namespace omenia::state
