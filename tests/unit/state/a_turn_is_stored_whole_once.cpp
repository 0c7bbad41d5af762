// A turn that is stored after its end: all of it or what the tables do not have yet, however often. And its form in the
// journal, which is read back whole or refused.

#include <limits>
#include <random>

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

using testing::ElementsAre;

class ATurn : public RepositoryTest {
 protected:
  // Everything that a turn may change.
  std::string everything() {
    auto row = database->prepare(
        "SELECT (SELECT coalesce(group_concat(key || ' ' || session_id || ' ' || next_seq || ' ' || updated_ms || ' ' "
        "||"
        " last_interaction_ms || ' ' || input_tokens || ' ' || output_tokens || ' ' || last_run_id || ' ' || unread,"
        " char(10)), '-') FROM sessions) || char(10) ||"
        " (SELECT coalesce(group_concat(run_id || ' ' || session_id || ' ' || status || ' ' || result || ' ' ||"
        " started_ms || ' ' || ended_ms || ' ' || number, char(10)), '-') FROM runs) || char(10) ||"
        " (SELECT coalesce(group_concat(session_id || ' ' || seq || ' ' || id || ' ' || run_id || ' ' || body,"
        " char(10)), '-') FROM entries)");
    EXPECT_TRUE(row.ok() && row.value().step().ok());
    return row.value().text(0);
  }
  std::vector<std::string> transcript(const std::string& session_id) {
    std::vector<std::string> lines;
    const auto window = entries.window(session_id, 0, 100).value();
    for (const EntryRow& entry : window) lines.push_back(std::to_string(entry.seq) + " " + entry.role + " " + entry.id);
    return lines;
  }
  // What one that lasts has stored as it began, in a session with another id.
  void begin(const TurnRow& turn) {
    ASSERT_TRUE(sessions.get_or_create(turn.session.key, "main", 100, "another-id").ok());
    RunRow run = turn.run;
    EntryRow question = turn.question;
    run.session_id = question.session_id = "another-id";
    ASSERT_TRUE(runs.accept(run).ok());
    ASSERT_TRUE(runs.start(run.run_id, 110).ok());
    ASSERT_TRUE(entries.append(question).ok());
  }

  const TurnRow turn = turn_named("t");
};

TEST_F(ATurn, that_is_new_makes_its_session) {
  ASSERT_TRUE(turns.store(turn).ok());
  const SessionRow session = sessions.find("agent:main:t").value().value();
  EXPECT_EQ(session.session_id, "session-of-t");
  EXPECT_EQ(session.agent_id, "main");
  EXPECT_EQ(session.label, "");
  EXPECT_EQ(session.created_ms, 100);
  EXPECT_EQ(session.started_ms, 100);
  EXPECT_EQ(session.last_interaction_ms, 100);
  EXPECT_EQ(session.updated_ms, 150);
  EXPECT_EQ(session.next_seq, 3);
  EXPECT_EQ(session.input_tokens, 30);
  EXPECT_EQ(session.output_tokens, 7);
  EXPECT_EQ(session.context_tokens, 30);
  EXPECT_EQ(session.last_run_id, "t");
  EXPECT_EQ(session.last_run_status, "done");
  EXPECT_EQ(session.last_run_started_ms, 110);
  EXPECT_EQ(session.last_run_ended_ms, 150);
  EXPECT_EQ(session.last_provider, "mock");
  EXPECT_EQ(session.last_model, "m-1");
  EXPECT_TRUE(session.unread);
  EXPECT_FALSE(session.archived);
  EXPECT_FALSE(session.pinned);
  EXPECT_EQ(session.look, "{}");
}

TEST_F(ATurn, that_is_new_has_its_run_at_its_end_and_two_entries) {
  ASSERT_TRUE(turns.store(turn).ok());
  const RunRow run = runs.find("t").value().value();
  EXPECT_EQ(run.session_key, "agent:main:t");
  EXPECT_EQ(run.session_id, "session-of-t");
  EXPECT_EQ(run.status, "done");
  EXPECT_EQ(run.request, turn.run.request);
  EXPECT_EQ(run.result, turn.run.result);
  EXPECT_EQ(run.accepted_ms, 100);
  EXPECT_EQ(run.started_ms, 110);
  EXPECT_EQ(run.ended_ms, 150);
  EXPECT_GT(run.number, 0);
  EXPECT_THAT(transcript("session-of-t"), ElementsAre("1 user question-of-t", "2 assistant answer-of-t"));
  EXPECT_EQ(entries.find("session-of-t", "answer-of-t").value()->run_id, "t");
}

// The row is what it would have become step by step.
TEST_F(ATurn, is_the_same_as_one_that_was_stored_as_it_went) {
  ASSERT_TRUE(turns.store(turn).ok());
  const std::string at_once = everything();
  ASSERT_TRUE(database->run("DELETE FROM sessions").ok());
  ASSERT_TRUE(database->run("DELETE FROM runs").ok());
  ASSERT_TRUE(database->run("DELETE FROM entries").ok());
  const SessionRow made = sessions.get_or_create(turn.session.key, "main", 100, "session-of-t").value();
  ASSERT_TRUE(runs.accept(turn.run).ok());
  ASSERT_TRUE(sessions.touch(made.key, 100, true).ok());
  ASSERT_TRUE(runs.start("t", 110).ok());
  ASSERT_TRUE(entries.append(turn.question).ok());
  ASSERT_TRUE(runs.finish("t", "done", turn.run.result, 150).value());
  ASSERT_TRUE(entries.append(*turn.answer).ok());
  ASSERT_TRUE(sessions.record_run_end(turn.session).ok());
  EXPECT_EQ(everything(), at_once);
}

TEST_F(ATurn, without_an_answer_has_one_entry) {
  TurnRow unanswered = turn;
  unanswered.answer.reset();
  complete(unanswered);
  ASSERT_TRUE(turns.store(unanswered).ok());
  EXPECT_THAT(transcript("session-of-t"), ElementsAre("1 user question-of-t"));
  EXPECT_EQ(sessions.find("agent:main:t").value()->next_seq, 2);
}

TEST_F(ATurn, stored_again_changes_nothing) {
  ASSERT_TRUE(turns.store(turn).ok());
  const std::string before = everything();
  ASSERT_TRUE(turns.store(turn).ok());
  ASSERT_TRUE(turns.store(turn).ok());
  EXPECT_EQ(everything(), before);
}

TEST_F(ATurn, whose_beginning_was_stored_is_ended) {
  begin(turn);
  ASSERT_TRUE(turns.store(turn).ok());
  EXPECT_THAT(transcript("another-id"), ElementsAre("1 user question-of-t", "2 assistant answer-of-t"));
  EXPECT_THAT(transcript("session-of-t"), ElementsAre());
  EXPECT_EQ(runs.find("t").value()->status, "done");
  EXPECT_EQ(runs.find("t").value()->result, turn.run.result);
  EXPECT_EQ(runs.find("t").value()->ended_ms, 150);
  const SessionRow session = sessions.find("agent:main:t").value().value();
  EXPECT_EQ(session.session_id, "another-id");
  EXPECT_EQ(session.next_seq, 3);
  EXPECT_EQ(session.input_tokens, 30);
  EXPECT_EQ(session.last_run_id, "t");
  EXPECT_TRUE(session.unread);
  const std::string before = everything();
  ASSERT_TRUE(turns.store(turn).ok());
  EXPECT_EQ(everything(), before);
}

TEST_F(ATurn, whose_run_was_ended_meanwhile_is_left_alone) {
  begin(turn);
  ASSERT_TRUE(runs.finish("t", "interrupted", "{}", 120).value());
  const std::string before = everything();
  ASSERT_TRUE(turns.store(turn).ok());
  EXPECT_EQ(everything(), before);
}

TEST_F(ATurn, goes_on_in_a_session_of_that_name_that_somebody_else_has_made) {
  const std::string theirs = sessions.get_or_create("agent:main:t", "main", 90).value().session_id;
  ASSERT_TRUE(entries.append(entry_of(theirs, "{}")).ok());
  ASSERT_TRUE(turns.store(turn).ok());
  const auto lines = transcript(theirs);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1], "2 user question-of-t");
  EXPECT_EQ(lines[2], "3 assistant answer-of-t");
  const RunRow run = runs.find("t").value().value();
  EXPECT_EQ(run.session_id, theirs);
  EXPECT_EQ(run.status, "done");
  EXPECT_EQ(run.started_ms, 110);
  const SessionRow session = sessions.find("agent:main:t").value().value();
  EXPECT_EQ(session.session_id, theirs);
  EXPECT_EQ(session.created_ms, 90);
  EXPECT_EQ(session.next_seq, 4);
  EXPECT_EQ(session.input_tokens, 30);
  EXPECT_EQ(session.last_run_id, "t");
}

TEST_F(ATurn, that_cannot_be_stored_leaves_nothing) {
  EntryRow in_the_way = entry_of("session-of-t", "{}");
  in_the_way.seq = 2;
  ASSERT_TRUE(entries.add(in_the_way).ok());
  const std::string before = everything();
  EXPECT_THAT(turns.store(turn), FailsWith(ErrorCode::internal));
  EXPECT_EQ(everything(), before);
  EXPECT_FALSE(database->in_transaction());
}

TEST_F(ATurn, that_cannot_be_stored_leaves_its_neighbours_of_the_transaction) {
  EntryRow in_the_way = entry_of("session-of-t", "{}");
  in_the_way.seq = 2;
  ASSERT_TRUE(entries.add(in_the_way).ok());
  ASSERT_TRUE(database->run("BEGIN IMMEDIATE").ok());
  ASSERT_TRUE(turns.store(turn_named("before")).ok());
  EXPECT_THAT(turns.store(turn), FailsWith(ErrorCode::internal));
  ASSERT_TRUE(turns.store(turn_named("after")).ok());
  ASSERT_TRUE(database->run("COMMIT").ok());
  EXPECT_TRUE(runs.find("before").value());
  EXPECT_FALSE(runs.find("t").value());
  EXPECT_TRUE(runs.find("after").value());
}

TEST_F(ATurn, goes_in_with_others_or_none_of_them_does) {
  EntryRow in_the_way = entry_of("session-of-t", "{}");
  in_the_way.seq = 2;
  ASSERT_TRUE(entries.add(in_the_way).ok());
  const std::string before = everything();
  const TurnRow other = turn_named("other");
  const TurnRow* const both[] = {&other, &turn};
  EXPECT_THAT(turns.store(both), FailsWith(ErrorCode::internal));
  EXPECT_EQ(everything(), before);
  ASSERT_TRUE(entries.remove_all("session-of-t").ok());
  ASSERT_TRUE(turns.store(both).ok());
  EXPECT_TRUE(runs.find("other").value());
  EXPECT_TRUE(runs.find("t").value());
}

TEST_F(ATurn, whose_answer_cannot_be_stored_is_not_ended) {
  begin(turn);
  EntryRow in_the_way = entry_of("another-id", "{}");
  in_the_way.seq = 2;
  ASSERT_TRUE(entries.add(in_the_way).ok());
  const std::string before = everything();
  EXPECT_THAT(turns.store(turn), FailsWith(ErrorCode::internal));
  EXPECT_EQ(everything(), before);
  EXPECT_EQ(runs.find("t").value()->status, "running");
}

TEST_F(ATurn, of_a_session_that_was_deleted_does_not_bring_it_back) {
  ASSERT_TRUE(turns.store(turn).ok());
  ASSERT_TRUE(entries.remove_all("session-of-t").ok());
  ASSERT_TRUE(sessions.remove("agent:main:t").value());
  ASSERT_TRUE(turns.store(turn).ok());
  EXPECT_FALSE(sessions.find("agent:main:t").value());
  EXPECT_THAT(transcript("session-of-t"), ElementsAre());
}

// It would be given to the store for ever otherwise, and nothing that was noted after it be forgotten.
TEST_F(ATurn, whose_session_was_deleted_as_it_went_is_ended_all_the_same) {
  begin(turn);
  ASSERT_TRUE(entries.remove_all("another-id").ok());
  ASSERT_TRUE(sessions.remove("agent:main:t").value());
  ASSERT_TRUE(turns.store(turn).ok());
  EXPECT_EQ(runs.find("t").value()->status, "done");
  EXPECT_FALSE(sessions.find("agent:main:t").value());
  EXPECT_THAT(transcript("another-id"), ElementsAre());
}

TEST_F(ATurn, whose_session_was_begun_anew_as_it_went_is_not_in_the_new_transcript) {
  begin(turn);
  const SessionRow anew = sessions.restart("agent:main:t", 120).value();
  ASSERT_TRUE(turns.store(turn).ok());
  EXPECT_EQ(runs.find("t").value()->status, "done");
  EXPECT_THAT(transcript(anew.session_id), ElementsAre());
  EXPECT_EQ(sessions.find("agent:main:t").value()->input_tokens, 0);
  EXPECT_EQ(sessions.find("agent:main:t").value()->last_run_id, "");
}

// Every text and number, in one line each.
std::vector<std::string> fields_of(const TurnRow& turn) {
  const SessionRow& session = turn.session;
  const RunRow& run = turn.run;
  std::vector<std::string> fields{session.key,
                                  session.session_id,
                                  session.agent_id,
                                  session.last_provider,
                                  session.last_model,
                                  session.last_run_id,
                                  session.last_run_status,
                                  run.run_id,
                                  run.session_key,
                                  run.session_id,
                                  run.agent_id,
                                  run.origin,
                                  run.status,
                                  run.request,
                                  run.result};
  for (const std::int64_t number :
       {session.created_ms, session.updated_ms, session.last_interaction_ms, session.next_seq, session.input_tokens,
        session.output_tokens, session.context_tokens, session.last_run_started_ms, session.last_run_ended_ms,
        session.started_ms, std::int64_t{session.unread}, run.generation, run.accepted_ms, run.started_ms,
        run.ended_ms})
    fields.push_back(std::to_string(number));
  for (const EntryRow* entry : {&turn.question, turn.answer ? &*turn.answer : nullptr}) {
    if (!entry) continue;
    for (const std::string& text : {entry->session_id, std::to_string(entry->seq), entry->id, entry->kind, entry->role,
                                    entry->run_id, std::to_string(entry->created_ms), entry->body})
      fields.push_back(text);
  }
  return fields;
}

void expect_round_trip(TurnRow turn) {
  complete(turn);
  const auto read = turn_in(record_of(turn));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().answer.has_value(), turn.answer.has_value());
  EXPECT_EQ(fields_of(read.value()), fields_of(turn));
}

TEST(ARecord, is_read_back_as_it_was) {
  expect_round_trip(turn_named("t"));
}

TEST(ARecord, may_have_any_text) {
  TurnRow turn = turn_named("t");
  turn.question.body = std::string("a\0b\0", 4);
  turn.answer->body = "\xff\xfe\x80 no UTF-8, \n\"quoted\" 日本語";
  turn.run.request = std::string(1, '\0');
  expect_round_trip(turn);
}

TEST(ARecord, may_have_empty_texts) {
  expect_round_trip(TurnRow{});
  TurnRow turn;
  turn.answer.emplace();
  expect_round_trip(turn);
}

TEST(ARecord, may_have_no_answer) {
  TurnRow turn = turn_named("t");
  turn.answer.reset();
  expect_round_trip(turn);
}

TEST(ARecord, may_be_huge) {
  TurnRow turn = turn_named("t");
  turn.question.body = std::string(5'000'000, 'q');
  turn.answer->body = std::string(3'000'000, '\0');
  expect_round_trip(turn);
}

TEST(ARecord, may_have_any_number) {
  TurnRow turn = turn_named("t");
  turn.run.accepted_ms = std::numeric_limits<std::int64_t>::min();
  turn.run.ended_ms = std::numeric_limits<std::int64_t>::max();
  turn.session.input_tokens = -1;
  expect_round_trip(turn);
}

TEST(ARecord, that_ends_too_early_is_refused) {
  const std::string record = record_of(turn_named("t"));
  for (std::size_t size = 0; size < record.size(); ++size)
    ASSERT_THAT(turn_in(std::string_view(record).substr(0, size)), FailsWith(ErrorCode::storage)) << size;
}

TEST(ARecord, that_goes_on_after_its_end_is_refused) {
  const std::string record = record_of(turn_named("t"));
  EXPECT_THAT(turn_in(record + '\0'), FailsWith(ErrorCode::storage));
  EXPECT_THAT(turn_in(record + record), FailsWith(ErrorCode::storage));
}

TEST(ARecord, of_another_version_is_refused) {
  std::string record = record_of(turn_named("t"));
  ASSERT_EQ(record[0], 1);
  for (const char version : {0, 2, -1}) {
    record[0] = version;
    EXPECT_THAT(turn_in(record), FailsWith(ErrorCode::storage));
  }
}

// Sizes that lie, texts that reach beyond the end: whatever stands there is read within its bounds.
TEST(ARecord, that_was_changed_is_read_or_refused) {
  const std::string record = record_of(turn_named("t"));
  std::mt19937 random(20'261'126);
  for (int round = 0; round < 5'000; ++round) {
    std::string changed = record;
    for (std::size_t count = 1 + random() % 3; count > 0; --count)
      changed[random() % changed.size()] = static_cast<char>(random());
    const auto read = turn_in(changed);
    ASSERT_TRUE(read.ok() || read.error().code == ErrorCode::storage);
  }
}

}  // namespace
}  // namespace omenia::state
