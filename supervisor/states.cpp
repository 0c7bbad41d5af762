#include "supervisor/states.h"

#include <algorithm>
#include <utility>

namespace omenia::supervisor {

namespace {

// Steps that several cells take.

State finish(Machine& m, int exit_code) {
  m.actions.stop_deadline();
  m.actions.end(exit_code);
  return State::ended;
}

State hold(Machine& m, const std::string& reason) {
  m.log.error("held: " + reason + "; after the cause is removed: OmeniaClaw gateway restart, or SIGUSR1");
  m.actions.open_held(reason);
  m.actions.notify("STATUS=held: " + reason);
  return State::held;
}

State again(Machine& m, const Fact& fact);

State spawn(Machine& m) {
  m.ready_at_ms.reset();
  m.is_captured = false;
  const auto spawned = m.actions.spawn_worker();
  if (spawned.ok()) {
    m.actions.start_deadline(m.deadlines.worker_start_ms);
    return State::starting;
  }
  if (m.has_served) return again(m, {.text = spawned.error().message});
  m.actions.complain("Gateway failed to start: " + spawned.error().message);
  return finish(m, 1);
}

// Starts the next worker at once, later, or never, as the policy says.
State again(Machine& m, const Fact& fact) {
  m.actions.stop_deadline();
  const RestartVerdict verdict = m.policy.died(m.actions.now_ms(), m.ready_at_ms);
  if (verdict.hold) {
    const RestartRules& rules = m.policy.rules();
    return hold(m, "workers failed " + std::to_string(rules.tally_max) + " times within " +
                       std::to_string(rules.tally_window_ms / 1000) + " seconds, the last: " + fact.text);
  }
  m.log.warn(fact.text + "; starting another " +
             (verdict.delay_ms == 0 ? "now" : "in " + std::to_string(verdict.delay_ms) + " ms"));
  if (verdict.delay_ms == 0) return spawn(m);
  m.actions.start_deadline(verdict.delay_ms);
  return State::delayed;
}

// A worker that closes its channel now is not killed for it: it may be writing its last things.
State leave_within(Machine& m, std::int64_t time_ms) {
  m.actions.tell_stop();
  m.actions.start_deadline(time_ms);
  return State::ending;
}

// What is left of the stop's whole time, since the service manager waits no longer.
State leave(Machine& m) {
  const std::int64_t left_ms = m.deadlines.stop_escalate_ms - (m.actions.now_ms() - m.stop_began_ms);
  return leave_within(m, std::clamp<std::int64_t>(left_ms, 0, m.deadlines.worker_leave_ms));
}

void begin_stop(Machine& m, const Fact& fact) {
  m.stop_began_ms = m.actions.now_ms();
  m.log.info("received " + fact.text + "; shutting down");
  m.actions.notify("STOPPING=1");
  m.actions.close_listeners();
}

// The cells. Each returns the state that follows.

State nothing(Machine& m, const Fact&) {
  return m.state();
}

State stray(Machine& m, const Fact&) {
  m.log.warn(m.actions.worker_name() + " sent a message that does not belong here; ignoring");
  return m.state();
}

State begin_swap(Machine& m, const Fact& fact) {
  m.swap_wanted.reset();
  if (const auto spawned = m.actions.spawn_next(); !spawned.ok()) {
    m.log.error("swap (" + fact.text + "): " + spawned.error().message + "; " + m.actions.worker_name() +
                " goes on serving");
    return State::serving;
  }
  m.log.info("swap (" + fact.text + "): starting " + m.actions.next_name() + " beside " + m.actions.worker_name());
  m.actions.notify("RELOADING=1\nSTATUS=starting " + m.actions.next_name() + ": " + fact.text);
  return State::swapping;
}

// What waited while something else went on.
State serving_again(Machine& m) {
  if (!m.swap_wanted) return State::serving;
  return begin_swap(m, {.text = *m.swap_wanted});
}

State serve(Machine& m, const Fact&) {
  m.actions.stop_deadline();
  m.ready_at_ms = m.actions.now_ms();
  m.has_served = true;
  m.log.info(m.actions.worker_name() + " ready");
  m.actions.notify("READY=1\nSTATUS=" + m.actions.worker_name() + " ready");
  return serving_again(m);
}

// The new worker is complete; only now the old one is told to drain.
State complete_swap(Machine& m, const Fact&) {
  const std::string old = m.actions.worker_name();
  m.actions.promote_next();
  m.is_captured = false;
  m.ready_at_ms = m.actions.now_ms();
  m.log.info(m.actions.worker_name() + " ready; " + old + " drains");
  m.actions.start_deadline(m.deadlines.worker_silent_ms);
  m.actions.notify("READY=1\nSTATUS=" + m.actions.worker_name() + " ready");
  return serving_again(m);
}

State give_up_swap(Machine& m, const std::string& reason) {
  m.log.error("swap failed: " + reason + "; " + m.actions.worker_name() + " goes on serving");
  m.actions.drop_next();
  m.actions.tell_swap_failed(reason);
  m.actions.notify("READY=1\nSTATUS=" + m.actions.worker_name() + " serves; the last swap failed");
  return serving_again(m);
}

State next_refused(Machine& m, const Fact& fact) {
  return give_up_swap(m, m.actions.next_name() + " refused to start: " + fact.text);
}

State next_died(Machine& m, const Fact& fact) {
  return give_up_swap(m, fact.text + " before it was ready");
}

State next_late(Machine& m, const Fact&) {
  return give_up_swap(
      m, m.actions.next_name() + " was not ready within " + std::to_string(m.deadlines.worker_start_ms) + " ms");
}

// The serving worker died while the next one starts: that one takes its place. The death counts all the same.
State next_is_first(Machine& m, const Fact& fact) {
  m.policy.died(m.actions.now_ms(), m.ready_at_ms);
  m.ready_at_ms.reset();
  m.is_captured = false;
  m.actions.promote_next();
  m.log.warn(fact.text + "; " + m.actions.worker_name() + " takes its place");
  m.actions.start_deadline(m.deadlines.worker_start_ms);
  return State::starting;
}

State swap_later(Machine& m, const Fact& fact) {
  m.swap_wanted = fact.text;
  return m.state();
}

State look(Machine& m, const Fact&) {
  m.actions.look_at_config();
  return m.state();
}

// The worker leaves by itself after its last words; it is only made sure of.
State refuse(Machine& m, const Fact& fact) {
  if (!m.has_served) {
    m.actions.complain(fact.text);
    m.refusal_exit_code = fact.exit_code;
    return leave_within(m, m.deadlines.worker_leave_ms);
  }
  m.log.error(m.actions.worker_name() + " refused to start: " + fact.text);
  if (m.actions.degrade()) {
    m.log.error("the next worker starts degraded, with the last good configuration; see OmeniaClaw config validate");
    m.actions.kill_worker();
    return m.state();
  }
  leave_within(m, m.deadlines.worker_leave_ms);
  return hold(m, "the worker refused to start; its words are in the log: OmeniaClaw logs");
}

State not_ready_in_time(Machine& m, const Fact&) {
  m.log.error(m.actions.worker_name() + " was not ready within " + std::to_string(m.deadlines.worker_start_ms) +
              " ms; killing it");
  m.actions.kill_worker();
  return m.state();
}

State alive(Machine& m, const Fact&) {
  m.is_captured = false;
  m.actions.start_deadline(m.deadlines.worker_silent_ms);
  return m.state();
}

// Killed the second time only: first it is to tell where it stands, and a heartbeat now still saves it.
State silent_for_long(Machine& m, const Fact&) {
  if (!std::exchange(m.is_captured, true)) {
    m.log.error(m.actions.worker_name() + " sent no heartbeat for " + std::to_string(m.deadlines.worker_silent_ms) +
                " ms; capturing where it stands, in logs/stability of the state directory");
    m.actions.capture_worker();
    m.actions.start_deadline(m.deadlines.worker_capture_ms);
    return m.state();
  }
  m.log.error(m.actions.worker_name() + " is silent still; killing it");
  m.actions.kill_worker();
  return m.state();
}

// Usually it is dead already, and `died` follows with the real cause.
State kill(Machine& m, const Fact& fact) {
  m.log.debug(m.actions.worker_name() + ": " + fact.text + "; killing it");
  m.actions.kill_worker();
  return m.state();
}

// One that refused, and has left.
State worker_gone(Machine& m, const Fact&) {
  m.actions.stop_deadline();
  return m.state();
}

State delay_over(Machine& m, const Fact&) {
  return spawn(m);
}

State release(Machine& m, const Fact&) {
  m.log.info("no longer held; starting a worker");
  m.policy.forgive();
  m.actions.close_held();
  return spawn(m);
}

State drain(Machine& m, const Fact& fact) {
  begin_stop(m, fact);
  m.actions.tell_drain(m.deadlines.stop_drain_ms);
  m.actions.start_deadline(m.deadlines.stop_drain_ms + m.deadlines.stop_close_ms);
  return State::draining;
}

State stop_swapping(Machine& m, const Fact& fact) {
  m.actions.drop_next();
  return drain(m, fact);
}

State leave_unready(Machine& m, const Fact& fact) {
  begin_stop(m, fact);
  return leave(m);
}

State end_idle(Machine& m, const Fact& fact) {
  begin_stop(m, fact);
  return finish(m, 0);
}

State leave_drained(Machine& m, const Fact&) {
  return leave(m);
}

State leave_undrained(Machine& m, const Fact&) {
  m.log.warn(m.actions.worker_name() + " was not drained in time; telling it to leave");
  return leave(m);
}

State escalate(Machine& m, const Fact&) {
  m.log.error(m.actions.worker_name() + " did not leave; killing it");
  m.actions.kill_worker();
  return m.state();
}

State end_after_worker(Machine& m, const Fact& fact) {
  if (m.refusal_exit_code) return finish(m, *m.refusal_exit_code);
  const std::string took = std::to_string(m.actions.now_ms() - m.stop_began_ms) + "ms";
  if (fact.exit_code == 0) {
    m.log.info("completed cleanly in " + took);
    return finish(m, 0);
  }
  m.log.error("stopped in " + took + ", not cleanly: " + fact.text);
  return finish(m, 1);
}

State stopping_already(Machine& m, const Fact& fact) {
  m.log.info("received " + fact.text + " during shutdown; ignoring");
  return m.state();
}

using Cell = State (*)(Machine&, const Fact&);

// clang-format off
constexpr Cell cells[state_count][event_count] = {
//                ready    refused  heartbeat drained        died              lost     deadline           stop              swap          reload       next_ready     next_refused  next_died  next_late
/* starting */ {  serve,   refuse,  nothing,  stray,         again,            kill,    not_ready_in_time, leave_unready,    swap_later,   nothing,     nothing,       nothing,      nothing,   nothing   },
/* serving  */ {  stray,   stray,   alive,    stray,         again,            kill,    silent_for_long,   drain,            begin_swap,   look,        nothing,       nothing,      nothing,   nothing   },
/* delayed  */ {  nothing, nothing, nothing,  nothing,       nothing,          nothing, delay_over,        end_idle,         delay_over,   delay_over,  nothing,       nothing,      nothing,   nothing   },
/* swapping */ {  stray,   stray,   alive,    stray,         next_is_first,    kill,    silent_for_long,   stop_swapping,    swap_later,   nothing,     complete_swap, next_refused, next_died, next_late },
/* held     */ {  nothing, nothing, nothing,  nothing,       worker_gone,      nothing, escalate,          end_idle,         release,      release,     nothing,       nothing,      nothing,   nothing   },
/* draining */ {  nothing, nothing, nothing,  leave_drained, end_after_worker, nothing, leave_undrained,   stopping_already, nothing,      nothing,     nothing,       nothing,      nothing,   nothing   },
/* ending   */ {  nothing, nothing, nothing,  nothing,       end_after_worker, nothing, escalate,          stopping_already, nothing,      nothing,     nothing,       nothing,      nothing,   nothing   },
/* ended    */ {  nothing, nothing, nothing,  nothing,       nothing,          nothing, nothing,           nothing,          nothing,      nothing,     nothing,       nothing,      nothing,   nothing   },
};
// clang-format on

}  // namespace

void Machine::begin() {
  state_ = spawn(*this);
}

void Machine::go_on(bool is_served, const std::string& why) {
  has_served = true;
  if (!is_served) return begin();
  ready_at_ms = actions.now_ms();
  actions.start_deadline(deadlines.worker_silent_ms);
  state_ = begin_swap(*this, {.text = why});
}

void Machine::handle(Event event, const Fact& fact) {
  state_ = cells[static_cast<int>(state_)][static_cast<int>(event)](*this, fact);
}

}  // namespace omenia::supervisor
