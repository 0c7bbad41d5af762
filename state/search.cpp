#include "state/search.h"

#include <algorithm>

#include "shared/base/limits.h"
#include "state/database.h"
#include "state/session_conditions.h"
#include "state/text_list.h"

namespace omenia::state {

namespace {

// Looked at for the best, the newest of all that match: what a very common word costs is bounded by it.
constexpr std::int64_t candidates_max = 5'000;

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Whether the index knows anything of this byte: letters, digits and everything beyond ASCII.
bool is_of_a_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) > 127;
}

// "foo"* "ba""r"*: quoted, so that nothing of it is an operator. Empty: there is no word.
std::string expression_of(std::string_view typed) {
  std::string expression;
  std::size_t words = 0;
  while (!typed.empty() && words < limits::search_words_max) {
    const auto end = std::find_if(typed.begin(), typed.end(), is_space);
    const auto length = static_cast<std::size_t>(end - typed.begin());
    const std::string_view word = typed.substr(0, length);
    typed.remove_prefix(std::min(length + 1, typed.size()));
    if (std::none_of(word.begin(), word.end(), is_of_a_word)) continue;
    ++words;
    expression.append(expression.empty() ? "\"" : " \"");
    for (const char c : word) expression.append(c == '"' ? 2 : 1, c);
    expression.append("\"*");
  }
  return expression;
}

}  // namespace

// The number of the last of the next entries, at most so many and about so many bytes; `from` when there is none.
Result<std::int64_t> Search::end_of_batch(std::int64_t from, std::int64_t limit) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT number, length(CAST(body AS BLOB)) FROM entries"
                                              " WHERE number > ?1 ORDER BY number LIMIT ?2",
                                              from, limit));
  std::int64_t last = from;
  for (std::int64_t bytes = 0; bytes < limits::store_words_bytes_max;) {
    TRY_ASSIGN(const bool found, row.step());
    if (!found) break;
    last = row.integer(0);
    bytes += row.integer(1);
  }
  return last;
}

Result<bool> Search::index(std::int64_t limit) {
  TRY_ASSIGN(const std::int64_t from, database_.number("SELECT up_to FROM entry_words_state"));
  TRY_ASSIGN(const std::int64_t up_to, end_of_batch(from, limit));
  if (up_to == from) return false;
  TRY(
      database_.run("INSERT INTO entry_words (rowid, text)"
                    " SELECT number, text FROM entry_texts WHERE number > ?1 AND number <= ?2",
                    from, up_to));
  TRY(database_.run("UPDATE entry_words_state SET up_to = ?1", up_to));
  TRY_ASSIGN(const std::int64_t more,
             database_.number("SELECT EXISTS (SELECT 1 FROM entries WHERE number > ?1)", up_to));
  return more != 0;
}

Result<SearchResult> Search::find(const SearchQuery& query) {
  SearchResult result;
  const std::string expression = expression_of(query.words);
  if (expression.empty()) return result;
  const SessionFilter& filter = query.sessions;
  const std::int64_t archived = archived_wanted(filter);
  const auto pinned = static_cast<std::int64_t>(filter.pinned_only);
  const std::string keys = to_column(query.session_keys);
  std::vector<std::int64_t> numbers;
  {
    TRY_ASSIGN(Statement row,
               database_.prepare("SELECT found.number, s.key, e.session_id, e.id, e.role, e.created_ms,"
                                 " cast(-1e9 * found.rank AS INTEGER) FROM (SELECT rowid AS number, rank"
                                 " FROM entry_words WHERE entry_words MATCH ?8 ORDER BY rowid DESC LIMIT ?11) AS found"
                                 " JOIN entries AS e ON e.number = found.number"
                                 " JOIN (SELECT key, session_id FROM sessions WHERE " SESSION_CONDITIONS
                                 " AND (?9 = '[]' OR key IN (SELECT value FROM json_each(?9)))) AS s"
                                 " ON s.session_id = e.session_id"
                                 " ORDER BY found.rank, found.number DESC LIMIT ?10",
                                 filter.updated_since_ms, filter.agent_id, archived, pinned, filter.label,
                                 filter.category, filter.search, expression, keys, query.limit + 1, candidates_max));
    while (true) {
      TRY_ASSIGN(const bool more, row.step());
      if (!more) break;
      constexpr double billion = 1e9;
      result.hits.push_back({row.text(1),
                             row.text(2),
                             row.text(3),
                             row.text(4),
                             row.integer(5),
                             {},
                             static_cast<double>(row.integer(6)) / billion});
      numbers.push_back(row.integer(0));
    }
  }
  result.truncated = static_cast<std::int64_t>(result.hits.size()) > query.limit;
  if (result.truncated) result.hits.pop_back();
  for (std::size_t i = 0; i < result.hits.size(); ++i) {
    TRY_ASSIGN(result.hits[i].snippet, snippet_of(expression, numbers[i]));
  }
  return result;
}

Result<std::string> Search::snippet_of(const std::string& expression, std::int64_t number) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT snippet(entry_words, 0, '', '', '…', 24) FROM entry_words"
                                              " WHERE entry_words MATCH ?1 AND rowid = ?2",
                                              expression, number));
  TRY_ASSIGN(const bool found, row.step());
  return found ? row.text(0) : std::string();
}

}  // namespace omenia::state
