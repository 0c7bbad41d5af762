#include "state/turns.h"

#include <concepts>
#include <cstdint>
#include <cstring>
#include <thread>

#include "shared/base/limits.h"
#include "state/database.h"

namespace omenia::state {

namespace {

constexpr std::int64_t version = 1;

// Integers are eight bytes in this machine's order, texts their size as one of those and their bytes: who reads a
// record is the next process on the same machine.
class RecordWriter {
 public:
  explicit RecordWriter(std::size_t size) { record_.reserve(size); }
  bool field(std::int64_t value) {
    record_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return true;
  }
  bool field(const std::string& text) {
    field(static_cast<std::int64_t>(text.size()));
    record_.append(text);
    return true;
  }
  std::string take() { return std::move(record_); }

 private:
  std::string record_;
};

// False: the record ends too early.
class RecordReader {
 public:
  explicit RecordReader(std::string_view record) : left_(record) {}
  bool field(std::int64_t& value) {
    if (left_.size() < sizeof value) return false;
    std::memcpy(&value, left_.data(), sizeof value);
    left_.remove_prefix(sizeof value);
    return true;
  }
  bool field(std::string& text) {
    std::int64_t size = 0;
    if (!field(size) || size < 0 || static_cast<std::uint64_t>(size) > left_.size()) return false;
    text.assign(left_.substr(0, static_cast<std::size_t>(size)));
    left_.remove_prefix(text.size());
    return true;
  }
  bool at_end() const { return left_.empty(); }

 private:
  std::string_view left_;
};

template <typename Archive, typename... Fields>
bool all(Archive& archive, Fields&... fields) {
  return (archive.field(fields) && ...);
}

template <typename Archive, typename Entry>
bool each_field_of_entry(Archive& archive, Entry& entry) {
  return all(archive, entry.id, entry.kind, entry.role, entry.created_ms, entry.body);
}

// Once for writing and for reading. What stands in the row twice, as the ids of session and run, is there once.
template <typename Archive, typename Turn>
bool each_field(Archive& archive, Turn& turn) {
  auto& session = turn.session;
  auto& run = turn.run;
  return all(archive, session.key, session.session_id, session.agent_id, session.input_tokens, session.output_tokens,
             session.context_tokens, session.last_provider, session.last_model) &&
         all(archive, run.run_id, run.origin, run.status, run.request, run.result, run.generation, run.accepted_ms,
             run.started_ms, run.ended_ms) &&
         each_field_of_entry(archive, turn.question);
}

}  // namespace

void complete(TurnRow& turn) {
  SessionRow& session = turn.session;
  RunRow& run = turn.run;
  run.session_key = session.key;
  run.session_id = session.session_id;
  run.agent_id = session.agent_id;
  session.last_run_id = run.run_id;
  session.last_run_status = run.status;
  session.last_run_started_ms = run.started_ms;
  session.last_run_ended_ms = run.ended_ms;
  session.created_ms = session.started_ms = session.last_interaction_ms = run.accepted_ms;
  session.updated_ms = run.ended_ms;
  session.unread = true;
  session.next_seq = 1;
  for (EntryRow* entry : {&turn.question, turn.answer ? &*turn.answer : nullptr}) {
    if (!entry) continue;
    entry->session_id = session.session_id;
    entry->run_id = run.run_id;
    entry->seq = session.next_seq++;
  }
}

std::string record_of(const TurnRow& turn) {
  const std::size_t answer_bytes = turn.answer ? turn.answer->body.size() : 0;
  RecordWriter writer(turn.run.request.size() + turn.run.result.size() + turn.question.body.size() + answer_bytes +
                      768);
  writer.field(version);
  each_field(writer, turn);
  writer.field(std::int64_t{turn.answer.has_value()});
  if (turn.answer) each_field_of_entry(writer, *turn.answer);
  return writer.take();
}

Result<TurnRow> turn_in(std::string_view record) {
  RecordReader reader(record);
  TurnRow turn;
  std::int64_t read_version = 0;
  std::int64_t has_answer = 0;
  bool is_whole =
      reader.field(read_version) && read_version == version && each_field(reader, turn) && reader.field(has_answer);
  if (is_whole && has_answer != 0) is_whole = each_field_of_entry(reader, turn.answer.emplace());
  if (!is_whole || !reader.at_end())
    return fail(ErrorCode::storage, "a record of the journal is no turn that this release can read");
  complete(turn);
  return turn;
}

Result<void> Turns::store(const TurnRow& turn) {
  const TurnRow* const alone[] = {&turn};
  return store(alone);
}

// What a savepoint is to undo is copied, page by page, when it is changed for the first time: many share one. Who waits
// for this processor is let in between: some systems put a task that is woken behind a thread that writes for a
// millisecond, even beside an idle processor.
Result<void> Turns::store(std::span<const TurnRow* const> turns) {
  TRY(database_.run("SAVEPOINT turns"));
  Result<void> stored;
  for (std::size_t i = 0; i < turns.size() && stored.ok(); ++i) {
    stored = store_missing(*turns[i]);
    if ((i + 1) % limits::store_turns_at_a_stretch == 0) std::this_thread::yield();
  }
  if (!database_.in_transaction()) return database_.why_undone();
  if (!stored.ok()) TRY(database_.run("ROLLBACK TO turns"));
  TRY(database_.run("RELEASE turns"));
  return stored;
}

Result<void> Turns::store_missing(const TurnRow& turn) {
  TRY_ASSIGN(const auto known, runs_.find(turn.run.run_id));
  if (known) return end(turn, known->session_id);
  TRY_ASSIGN(const bool is_new, sessions_.add(turn.session));
  if (is_new) return store_whole(turn);
  TRY_ASSIGN(const std::string session_id, begin(turn));  // Somebody has made a session of this name meanwhile.
  return end(turn, session_id);
}

Result<void> Turns::store_whole(const TurnRow& turn) {
  TRY(runs_.add(turn.run));
  TRY(entries_.add(turn.question));
  if (turn.answer) TRY(entries_.add(*turn.answer));
  return {};
}

Result<std::string> Turns::begin(const TurnRow& turn) {
  const std::int64_t now_ms = turn.run.accepted_ms;
  TRY_ASSIGN(const SessionRow session, sessions_.get_or_create(turn.session.key, turn.session.agent_id, now_ms));
  RunRow run = turn.run;
  EntryRow question = turn.question;
  run.session_id = question.session_id = session.session_id;
  TRY(runs_.accept(run));
  TRY(runs_.start(run.run_id, run.started_ms));
  TRY(entries_.append(std::move(question)));
  TRY(sessions_.touch(session.key, now_ms, true));
  return session.session_id;
}

// A session that was deleted or begun anew meanwhile takes no answer any more; the run ends all the same.
Result<void> Turns::end(const TurnRow& turn, const std::string& session_id) {
  const RunRow& run = turn.run;
  TRY_ASSIGN(const bool first_end, runs_.finish(run.run_id, run.status, run.result, run.ended_ms));
  if (!first_end) return {};
  TRY_ASSIGN(const auto session, sessions_.find_by_id(session_id));
  if (!session) return {};
  if (turn.answer) {
    EntryRow answer = *turn.answer;
    answer.session_id = session_id;
    TRY(entries_.append(std::move(answer)));
  }
  return sessions_.record_run_end(turn.session);
}

}  // namespace omenia::state
