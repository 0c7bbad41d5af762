#pragma once
// NotedTurns: turns that are in the journal and on their way into the tables, many in one commit. Everything here is
// on the loop's thread.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/loop/loop.h"
#include "state/job.h"
#include "state/journal.h"
#include "state/turns.h"

namespace omenia::state {

struct Tables;

class NotedTurns {
 public:
  // `give` hands a job to the writer thread, or answers false. The journal stands in `folder`.
  NotedTurns(Loop& loop, std::string folder, std::function<bool(Job)> give);

  // Whatever ends the process after this, the turn will be in the tables. False: it is not noted, and has to be
  // written.
  bool note(std::shared_ptr<const TurnRow> turn);

  void hand_over();   // Gives the writer what it does not have yet,
  void give_again();  // and what the store has refused.
  bool is_behind() const { return !batches_.empty() || !fresh_.empty(); }  // Some are not in the tables yet.
  // Calls `then` when the writer has answered for everything that is noted by now, whatever the answer.
  void when_answered(std::function<void()> then);

  // For the end, when no job will be answered any more: stores what is left with `commit`.
  void finish(const std::function<Result<void>(const std::vector<Job>&)>& commit);

 private:
  struct Noted {
    std::shared_ptr<const TurnRow> turn;
    std::uint64_t number;
    bool stored = false;
  };
  struct Waiting {
    std::uint64_t jobs;  // So many have to be answered before.
    std::function<void()> then;
  };
  struct Batch {
    std::vector<Noted> turns;
    bool with_writer = false;  // Who reads the turns then, and changes none.
  };

  bool open_journal();
  void give(const std::shared_ptr<Batch>& batch);
  void answered(Batch& batch, const std::vector<bool>& stored);
  static bool is_stored(const Batch& batch);
  static std::vector<bool> store(Tables& tables, const std::vector<Noted>& turns);
  void forget_stored();

  const std::string folder_;
  const std::function<bool(Job)> give_;
  std::unique_ptr<Journal> journal_;    // Made with the first turn.
  std::int64_t journal_failed_ms_ = 0;  // When it could not be made; 0: that never was so.
  std::vector<Noted> fresh_;
  std::deque<std::shared_ptr<Batch>> batches_;  // In their order: with the writer, or not taken by the store.
  std::uint64_t jobs_given_ = 0;
  std::uint64_t jobs_answered_ = 0;  // The writer answers in order.
  std::deque<Waiting> waiting_;
  Timer due_;
  Timer again_;
};

}  // namespace omenia::state
