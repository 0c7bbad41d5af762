// Entries: appended with the session's next number, read by window, whatever their text is.

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

class Transcript : public RepositoryTest {
 protected:
  void append(int count) {
    for (int i = 1; i <= count; ++i) ASSERT_TRUE(entries.append(entry_of(id, "body " + std::to_string(i), i)).ok());
  }
  std::vector<std::int64_t> window(std::int64_t before, std::int64_t limit) {
    std::vector<std::int64_t> numbers;
    const auto rows = entries.window(id, before, limit).value();
    for (const EntryRow& row : rows) numbers.push_back(row.seq);
    return numbers;
  }
  const std::string id = sessions.get_or_create("agent:main:main", "main", 1).value().session_id;
};

TEST_F(Transcript, numbers_its_entries) {
  EXPECT_EQ(entries.append(entry_of(id, "{}")).value().seq, 1);
  EXPECT_EQ(entries.append(entry_of(id, "{}")).value().seq, 2);
  EXPECT_EQ(sessions.find("agent:main:main").value()->next_seq, 3);
  EXPECT_EQ(entries.count(id).value(), 2);
}

TEST_F(Transcript, of_another_session_has_its_own_numbers) {
  const std::string other = sessions.get_or_create("agent:main:other", "main", 1).value().session_id;
  append(3);
  EXPECT_EQ(entries.append(entry_of(other, "{}")).value().seq, 1);
  EXPECT_EQ(entries.count(id).value(), 3);
}

TEST_F(Transcript, leaves_no_gap_when_an_append_is_undone) {
  append(1);
  const auto undone = database->transaction("BEGIN IMMEDIATE", [&]() -> Result<void> {
    TRY(entries.append(entry_of(id, "{}")));
    return fail(ErrorCode::invalid_request, "Changed my mind.");
  });
  EXPECT_FALSE(undone.ok());
  EXPECT_EQ(entries.append(entry_of(id, "{}")).value().seq, 2);
}

TEST_F(Transcript, needs_a_session) {
  EXPECT_THAT(entries.append(entry_of("no-such-id", "{}")), FailsWith(ErrorCode::not_found));
}

TEST_F(Transcript, is_read_from_its_end) {
  append(10);
  EXPECT_THAT(window(0, 3), testing::ElementsAre(8, 9, 10));
  EXPECT_THAT(window(8, 3), testing::ElementsAre(5, 6, 7));
  EXPECT_THAT(window(2, 3), testing::ElementsAre(1));
  EXPECT_THAT(window(1, 3), testing::ElementsAre());
  EXPECT_THAT(window(0, 0), testing::ElementsAre());
  EXPECT_THAT(window(0, -1), testing::ElementsAre());
  EXPECT_THAT(window(1000, 2), testing::ElementsAre(9, 10));
}

TEST_F(Transcript, gives_no_more_bytes_than_asked_for_but_one_entry) {
  append(10);  // Bodies of 6 and 7 bytes.
  EXPECT_EQ(entries.window(id, 0, 10, 13).value().size(), 2u);
  EXPECT_EQ(entries.window(id, 0, 10, 12).value().size(), 1u);
  EXPECT_EQ(entries.window(id, 0, 10, 0).value().size(), 1u);
}

TEST_F(Transcript, keeps_an_id_and_makes_a_missing_one) {
  EntryRow named = entry_of(id, "{}");
  named.id = "my-id";
  EXPECT_EQ(entries.append(named).value().id, "my-id");
  EXPECT_EQ(entries.append(entry_of(id, "{}")).value().id.size(), 36u);
}

TEST_F(Transcript, gives_back_all_fields) {
  EntryRow row = entry_of(id, R"({"a":1})", 77);
  row.kind = "notice";
  row.role = "";
  row.run_id = "run-9";
  ASSERT_TRUE(entries.append(row).ok());
  const EntryRow back = entries.window(id, 0, 1).value().front();
  EXPECT_EQ(back.session_id, id);
  EXPECT_EQ(back.kind, "notice");
  EXPECT_EQ(back.role, "");
  EXPECT_EQ(back.run_id, "run-9");
  EXPECT_EQ(back.created_ms, 77);
  EXPECT_EQ(back.body, R"({"a":1})");
}

class HostileText : public Transcript, public testing::WithParamInterface<std::string> {};

TEST_P(HostileText, comes_back_as_it_went_in) {
  ASSERT_TRUE(entries.append(entry_of(id, GetParam())).ok());
  EXPECT_TRUE(entries.window(id, 0, 1).value().front().body == GetParam());

  const std::string key = "agent:main:" + GetParam();
  const std::string made = sessions.get_or_create(key, GetParam(), 5).value().session_id;
  EXPECT_EQ(sessions.find(key).value()->session_id, made);
  EXPECT_EQ(sessions.count(GetParam()).value(), GetParam().empty() ? 2 : 1);
}

INSTANTIATE_TEST_SUITE_P(Texts, HostileText,
                         testing::Values(std::string(), "'; DROP TABLE entries; --", "\"quoted\" 'twice' `thrice`",
                                         "?1 :name @name $name", "%_\\ LIKE", "\x01\x02\x1f\x7f",
                                         "\xf0\x9f\xa6\x80 \xe2\x80\xae \xef\xbb\xbf", "not \xff\xfe UTF-8 \xc3",
                                         std::string("a\0b", 3), std::string(1 << 20, 'x'),
                                         std::string(1 << 20, '\'')));

}  // namespace
}  // namespace omenia::state
