// Search: messages by the words in them, of the sessions that are meant, the best first.
#include "state/search.h"

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

class Searching : public RepositoryTest {
 protected:
  void say(const std::string& key, const std::string& content, const std::string& kind = "message") {
    EntryRow entry;
    entry.session_id = sessions.get_or_create(key, "main", 1).value().session_id;
    entry.kind = kind;
    entry.role = "user";
    entry.created_ms = ++time_ms;
    entry.body = "{\"content\":" + content + "}";
    ASSERT_TRUE(entries.append(entry).ok());
  }
  SearchResult find(SearchQuery query) {
    if (query.limit == 0) query.limit = 10;
    while (search.index(2).value()) {
    }
    auto found = search.find(query);
    EXPECT_TRUE(found.ok()) << (found.ok() ? "" : found.error().message);
    return found.ok() ? std::move(found).value() : SearchResult{};
  }
  std::vector<std::string> snippets(const std::string& words) {
    std::vector<std::string> texts;
    for (const SearchHit& hit : find({.words = words}).hits) texts.push_back(hit.snippet);
    return texts;
  }

  Search search{*database};
  std::int64_t time_ms = 0;
};

TEST_F(Searching, finds_texts_whole_and_in_parts) {
  say("agent:main:a", R"("the quick brown fox")");
  say("agent:main:a", R"([{"type":"text","text":"a quick"},{"type":"image","text":"fox"},"raw",{"type":"text"}])");
  EXPECT_THAT(snippets("quick"), testing::UnorderedElementsAre("the quick brown fox", "a quick"));
  EXPECT_THAT(snippets("fox"), testing::ElementsAre("the quick brown fox")) << "no part that is no text";
}

TEST_F(Searching, wants_each_word_to_begin_one) {
  say("agent:main:a", R"("Configuration of the GATEWAY, naïve")");
  for (const char* words : {"config", "gateway", "naive", "of conf gate", "Gateway,", "the !!! --"})
    EXPECT_EQ(snippets(words).size(), 1u) << words;
  for (const char* words : {"figuration", "config nothing", "gatewayx", "", "   ", "!!!", "()"})
    EXPECT_EQ(snippets(words).size(), 0u) << words;
}

// What somebody types is words, whatever it would mean to the database.
TEST_F(Searching, takes_nothing_for_an_operator) {
  say("agent:main:a", R"("alpha NOT beta")");
  for (const char* words : {"alpha OR gamma", "alpha NEAR gamma", "\"alpha", "text:alpha gamma", "alpha*", "^alpha"}) {
    SearchQuery query{.words = words, .limit = 10};
    EXPECT_TRUE(search.find(query).ok()) << words;
  }
  EXPECT_EQ(snippets("alpha OR gamma").size(), 0u);
  EXPECT_EQ(snippets("NOT").size(), 1u);
  EXPECT_EQ(snippets(std::string(4'096, '"')).size(), 0u);
  EXPECT_EQ(snippets("\"al\"pha\" alpha").size(), 0u);
}

TEST_F(Searching, finds_only_what_is_a_message_of_a_session) {
  say("agent:main:a", R"("needle")", "notice");
  say("agent:main:a", "7");
  EXPECT_EQ(snippets("needle").size(), 0u);
  say("agent:main:a", R"("needle")");
  const std::string session_id = sessions.find("agent:main:a").value()->session_id;
  EXPECT_EQ(snippets("needle").size(), 1u);
  ASSERT_TRUE(sessions.restart("agent:main:a", 9).ok());
  EXPECT_EQ(snippets("needle").size(), 0u) << "the transcript before the reset is nobody's";
  EXPECT_EQ(entries.remove_all(session_id).value(), 3);
}

TEST_F(Searching, finds_nothing_that_was_removed) {
  say("agent:main:a", R"("needle")");
  EXPECT_EQ(entries.remove_all(sessions.find("agent:main:a").value()->session_id).value(), 1);
  EXPECT_EQ(snippets("needle").size(), 0u);
  say("agent:main:a", R"("thread")");
  EXPECT_EQ(snippets("needle").size(), 0u);
  EXPECT_EQ(snippets("thread").size(), 1u);
}

TEST_F(Searching, keeps_to_the_sessions_that_are_meant) {
  say("agent:main:a", R"("needle")");
  say("agent:main:b", R"("needle")");
  auto archived = *sessions.find("agent:main:b").value();
  archived.archived = true;
  ASSERT_TRUE(sessions.write_settings(archived).ok());
  EXPECT_EQ(find({.words = "needle"}).hits.size(), 2u);
  EXPECT_EQ(find({.words = "needle", .session_keys = {"agent:main:b"}}).hits.at(0).session_key, "agent:main:b");
  EXPECT_EQ(find({.words = "needle", .session_keys = {"agent:main:c"}}).hits.size(), 0u);
  SearchQuery query{.words = "needle"};
  query.sessions.archived = SessionFilter::Archived::no;
  EXPECT_EQ(find(query).hits.at(0).session_key, "agent:main:a");
  query.sessions.agent_id = "nobody";
  EXPECT_EQ(find(query).hits.size(), 0u);
}

TEST_F(Searching, says_when_there_is_more_and_gives_the_best_first) {
  for (int i = 0; i < 5; ++i) say("agent:main:a", R"("a needle among a great deal of hay and other things")");
  say("agent:main:a", R"("needle")");
  const SearchResult found = find({.words = "needle", .limit = 3});
  ASSERT_EQ(found.hits.size(), 3u);
  EXPECT_TRUE(found.truncated);
  EXPECT_EQ(found.hits[0].snippet, "needle");
  EXPECT_GE(found.hits[0].score, found.hits[1].score);
  EXPECT_FALSE(find({.words = "needle", .limit = 6}).truncated);
}

TEST_F(Searching, shows_a_few_words_of_a_long_message) {
  std::string text = "\"";
  for (int i = 0; i < 2'000; ++i) text += i == 1'000 ? "needle " : "hay ";
  say("agent:main:a", text + '"');
  const auto shown = snippets("needle");
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_LT(shown[0].size(), 300u);
  EXPECT_THAT(shown[0], testing::HasSubstr("needle"));
}

TEST_F(Searching, finds_transcripts_without_a_session_and_sessions_without_a_transcript) {
  say("agent:main:old", R"("one")");
  const std::string old_id = sessions.find("agent:main:old").value()->session_id;
  ASSERT_TRUE(sessions.restart("agent:main:old", 5).ok());
  const auto orphans = entries.orphans(100, 10).value();
  ASSERT_EQ(orphans.size(), 1u);
  EXPECT_EQ(orphans[0].session_id, old_id);
  EXPECT_EQ(orphans[0].bytes, 17);
  EXPECT_EQ(entries.orphans(1, 10).value().size(), 0u) << "its entry is not older than that";
  EXPECT_EQ(sessions.without_entries("", 100, 10).value().size(), 1u);
  EXPECT_EQ(sessions.without_entries("other", 100, 10).value().size(), 0u);
  EXPECT_EQ(sessions.without_entries("main", 5, 10).value().size(), 0u) << "it was changed since";
}

}  // namespace
}  // namespace omenia::state
