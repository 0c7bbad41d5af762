#include "tests/swap/followed_run.h"

#include <algorithm>

#include "shared/json/writer.h"

namespace omenia::swap {

namespace {

std::string numbered_words(int run, int words) {
  std::string text = "run" + std::to_string(run);
  for (int i = 1; i < words; ++i) text += " w" + std::to_string(i);
  return text;
}

std::string text_of(JsonView message) {
  const JsonView content = message["content"];
  return std::string(content.is_string() ? content.text() : content.at(0)["text"].text());
}

// All clients come back at once, and the gateway asks some of them to come later.
test::WsClient patiently_connected(int port, const test::Identity& identity) {
  const test::Deadline deadline;
  for (;;) {
    test::WsClient client(port);
    if (client.upgrade_status() == 101) client.connect(identity);
    if (client.upgrade_status() == 101 || deadline.passed()) return client;
    ::poll(nullptr, 0, test::poll_ms);
  }
}

}  // namespace

FollowedRun::FollowedRun(int port, test::Identity identity, int number, int words, Then then)
    : port_(port),
      identity_(std::move(identity)),
      then_(then),
      run_id_("followed-" + std::to_string(number)),
      session_("agent:paced:followed-" + std::to_string(number)),
      whole_(numbered_words(number, words)),
      thread_([this] {
        wrong_ = follow();
        over_ = true;
      }) {}

FollowedRun::~FollowedRun() {
  if (thread_.joinable()) thread_.join();
}

bool FollowedRun::wait_until_begun() {
  return test::eventually([this] { return begun_ || over_; }) && begun_;
}

std::string FollowedRun::wrong() {
  if (thread_.joinable()) thread_.join();
  return wrong_.empty() ? wrong_ : run_id_ + ": " + wrong_;
}

std::string FollowedRun::follow() {
  test::WsClient first = patiently_connected(port_, identity_);
  JsonWriter params;
  params.begin_object().member("sessionKey", session_).member("message", whole_).member("idempotencyKey", run_id_);
  if (!first.call("chat.send", params.end_object().text())["ok"].boolean()) return "chat.send was not accepted";
  bool ended = false;
  if (std::string problem = read(first, ended); ended || !problem.empty()) return problem;
  while (!ended) {
    ++reconnects_;
    test::WsClient client = patiently_connected(port_, identity_);
    if (std::string problem = return_to(client, ended); ended || !problem.empty()) return problem;
    if (std::string problem = act(client, ended); ended || !problem.empty()) return problem;
    if (std::string problem = read(client, ended); !problem.empty()) return problem;
  }
  return {};
}

// Until the run's end or this connection's.
std::string FollowedRun::read(test::WsClient& client, bool& ended) {
  for (;;) {
    const Json frame = client.next();
    if (!frame) return "nothing came any more, close code " + std::to_string(client.closing().code);
    if (test::is_event(frame, "shutdown")) {
      const test::WsClose closed = client.closing();
      return closed.code == 1012 ? "" : "closed with " + std::to_string(closed.code);
    }
    const JsonView payload = frame["payload"];
    if (!test::is_event(frame, "chat") || payload["runId"].text() != run_id_) continue;
    const std::string_view state = payload["state"].text();
    if (state == "delta") {
      if (std::string problem = take_delta(payload); !problem.empty()) return problem;
      begun_ = true;
    } else if (state == "final" || state == "aborted" || state == "error") {
      ended = true;
      if (std::string problem = take_end(payload); !problem.empty() || then_ == Then::stops) return problem;
      if (wait_id_.empty()) return check_end(client, ended);
      const Json waited = client.answer(wait_id_);
      return waited["payload"]["status"].text() == "ok" ? "" : "agent.wait answered " + waited.dump();
    }
  }
}

// What stands in the history is where the pieces go on.
std::string FollowedRun::return_to(test::WsClient& client, bool& ended) {
  const Json history = client.call("chat.history", R"({"sessionKey":")" + session_ + "\"}");
  if (!history) return "chat.history is not answered after a reconnect";
  const JsonView run = history["payload"]["inFlightRun"];
  if (!run) {
    ended = true;
    return check_history(history);
  }
  const std::string text(run["text"].text());
  if (!text.starts_with(told_)) return "was told \"" + told_ + "\", and the next worker knows only \"" + text + "\"";
  told_ = text;
  caught_up_ = false;
  return {};
}

// A run that cannot be stopped any more has just come to its end by itself.
std::string FollowedRun::act(test::WsClient& client, bool& ended) {
  const std::string run = R"("runId":")" + run_id_ + "\"";
  if (then_ == Then::waits) wait_id_ = client.send_request("agent.wait", "{" + run + R"(,"timeoutMs":60000})");
  if (then_ != Then::stops || reconnects_ > 1) return {};
  const Json stopped = client.call("chat.abort", R"({"sessionKey":")" + session_ + "\"," + run + "}");
  if (stopped["payload"]["aborted"].boolean()) return {};
  ended = true;
  const Json history = client.call("chat.history", R"({"sessionKey":")" + session_ + "\"}");
  return history["payload"]["inFlightRun"] ? "chat.abort answered " + stopped.dump() : check_history(history);
}

std::string FollowedRun::take_delta(JsonView payload) {
  const std::string text = text_of(payload["message"]);
  const std::string piece(payload["deltaText"].text());
  if (text.size() <= told_.size())
    return !caught_up_ && told_.starts_with(text) ? "" : "doubled piece \"" + piece + "\" after \"" + told_ + "\"";
  const bool joins = caught_up_ ? told_ + piece == text : text.starts_with(told_) && text.ends_with(piece);
  if (!joins || !whole_.starts_with(text)) return "lost piece before \"" + piece + "\" after \"" + told_ + "\"";
  told_ = text;
  caught_up_ = true;
  return {};
}

std::string FollowedRun::take_end(JsonView payload) {
  const std::string_view state = payload["state"].text();
  const bool wanted = then_ == Then::stops && reconnects_ > 0 ? state == "aborted" : state == "final";
  if (!wanted) return "ended as " + std::string(state) + ": " + std::string(payload["errorMessage"].text());
  if (state == "final" && told_ != whole_) return "ended after \"" + told_ + "\"";
  return {};
}

// A further swap may come before the answer; then the next connection tells.
std::string FollowedRun::check_end(test::WsClient& client, bool& ended) {
  const Json history = client.call("chat.history", R"({"sessionKey":")" + session_ + "\"}");
  ended = history || client.closing().code != 1012;
  return ended ? check_history(history) : std::string();
}

std::string FollowedRun::check_history(JsonView history) {
  if (!history["ok"].boolean()) return "chat.history answered " + history.dump();
  int asked = 0, answered = 0;
  for (JsonView item = history["payload"]["messages"].first(); item; item = item.next()) {
    if (text_of(item) != whole_) continue;
    ++(item["role"].text() == "user" ? asked : answered);
  }
  if (asked == 1 && answered == 1) return {};
  return "chat.history has the message " + std::to_string(asked) + " times, the whole answer " +
         std::to_string(answered) + " times";
}

}  // namespace omenia::swap
