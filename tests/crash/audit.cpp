#include "tests/crash/audit.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>

#include "tests/crash/senders.h"

namespace omenia::crash {

namespace {

// The first word: the id of the message that a text is, or answers.
std::string id_in(std::string_view text) {
  return std::string(text.substr(0, text.find(' ')));
}

struct Found {
  std::size_t asked = 0;
  std::size_t answered = 0;
};
struct History {
  std::map<std::string, Found> found;
  std::vector<std::string> asked;  // In their order.
};

History history_of(test::WsClient& client, const std::string& session) {
  History history;
  const Json answer = client.call("chat.history", R"({"sessionKey":")" + session + "\"}");
  for (JsonView item = answer["payload"]["messages"].first(); item; item = item.next()) {
    const std::string id = id_in(text_of(item));
    const bool is_question = item["role"].text() == "user";
    if (is_question) history.asked.push_back(id);
    ++(is_question ? history.found[id].asked : history.found[id].answered);
  }
  return history;
}

// How its run ended; empty when it did not.
std::string end_of(test::WsClient& client, const Message& message) {
  const Json answer = client.call("agent.wait", R"({"runId":")" + message.id + R"(","timeoutMs":8000})");
  const std::string status(answer["payload"]["status"].text());
  return status == "ok" || status == "error" ? status : "";
}

void check_run(const Message& message, const std::string& end, Ledger& ledger, Findings& findings) {
  ++(end == "ok" ? findings.runs_done : findings.runs_interrupted);
  if (end.empty()) {
    ++findings.runs_without_end;
    ledger.complain(message.id + " was accepted and has no end");
  }
  if (message.told_final && end != "ok") {
    ++findings.ends_that_changed;
    ledger.complain(message.id + " was told to its end, and is now: " + end);
  }
}

void check_history(const Message& message, bool is_done, const Found& found, Ledger& ledger, Findings& findings) {
  const bool lost = (message.acknowledged && found.asked == 0) || (is_done && found.answered == 0);
  const bool doubled = found.asked > 1 || found.answered > 1;
  if (lost) ++findings.messages_lost;
  if (doubled) ++findings.messages_doubled;
  if (lost || doubled)
    ledger.complain(message.id + " stands " + std::to_string(found.asked) + " times in the history, its answer " +
                    std::to_string(found.answered) + " times");
}

// Of one client, which sends one after the other.
int number_in(const std::string& id) {
  return std::atoi(id.substr(id.find('-') + 1).c_str());
}

void check_order(const std::string& session, const History& history, Ledger& ledger, Findings& findings) {
  const auto& asked = history.asked;
  const auto is_later = [](const std::string& a, const std::string& b) { return number_in(a) < number_in(b); };
  if (std::is_sorted(asked.begin(), asked.end(), is_later)) return;
  ++findings.messages_out_of_order;
  std::string order;
  for (const std::string& id : asked) order += " " + id;
  ledger.complain(session + " is out of order:" + order);
}

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};

// The first column of the only row.
std::string value_of(sqlite3* database, const char* sql) {
  std::string value = "no row";
  const auto take = [](void* into, int, char** columns, char**) {
    *static_cast<std::string*>(into) = columns[0] ? columns[0] : "";
    return 0;
  };
  char* problem = nullptr;
  if (sqlite3_exec(database, sql, take, &value, &problem) != SQLITE_OK) value = problem ? problem : "failed";
  sqlite3_free(problem);
  return value;
}

constexpr const char* contradictions[] = {
    "SELECT count(*) FROM runs WHERE status IN ('accepted', 'running')",
    "SELECT count(*) FROM (SELECT 1 FROM entries WHERE kind = 'message' GROUP BY run_id, role HAVING count(*) > 1)",
    "SELECT count(*) FROM entries WHERE run_id NOT IN (SELECT run_id FROM runs)",
    "SELECT count(*) FROM (SELECT 1 FROM entries GROUP BY session_id HAVING max(seq) <> count(*))",
};

}  // namespace

// The histories last, when nothing changes any more.
void audit_gateway(const test::Gateway& gateway, Ledger& ledger, Findings& findings) {
  test::WsClient client = gateway.client();
  const std::vector<Message> messages = ledger.messages();
  std::map<std::string, std::string> ends;
  for (const Message& message : messages) {
    ++findings.messages;
    std::string& end = ends[message.id] = message.over_http && message.told_final ? "ok" : "";
    if (!message.acknowledged) continue;
    ++findings.acknowledged;
    if (!message.over_http) end = end_of(client, message);
    check_run(message, end, ledger, findings);
  }
  std::map<std::string, History> histories;
  for (const Message& message : messages) {
    if (message.session.empty()) continue;  // Looked for in the database.
    if (!histories.contains(message.session)) histories[message.session] = history_of(client, message.session);
    check_history(message, ends[message.id] == "ok", histories[message.session].found[message.id], ledger, findings);
  }
  for (const auto& [session, history] : histories) check_order(session, history, ledger, findings);
}

void audit_model(const test::MockUpstream& mock, Ledger& ledger, Findings& findings) {
  std::map<std::string, std::size_t> asked;
  for (const test::MockRequest& request : mock.requests()) {
    const auto body = Json::parse(request.body);
    if (!body.ok()) continue;
    const JsonView messages = body.value()["messages"];
    if (messages.size() > 0) ++asked[id_in(text_of(messages.at(messages.size() - 1)))];
  }
  for (const Message& message : ledger.messages()) {
    const std::size_t times = asked[message.id];
    if (message.told_final && times == 0) ++findings.runs_never;
    if (times <= 1) continue;
    ++findings.runs_twice;
    ledger.complain(message.id + ": the model was asked " + std::to_string(times) + " times");
  }
}

namespace {

// A one-off's key is known to nobody but the database.
void check_one_offs(sqlite3* database, Ledger& ledger, Findings& findings) {
  std::map<std::string, Found> found;
  const auto take = [](void* into, int, char** columns, char**) {
    Found& run = (*static_cast<std::map<std::string, Found>*>(into))[columns[0]];
    ++(std::string_view(columns[1]) == "user" ? run.asked : run.answered);
    return 0;
  };
  sqlite3_exec(database, "SELECT run_id, role FROM entries JOIN runs USING (run_id, session_id) WHERE status = 'done'",
               take, &found, nullptr);
  for (const Message& message : ledger.messages())
    if (!message.run_id.empty()) check_history(message, true, found[message.run_id], ledger, findings);
}

}  // namespace

void audit_database(const std::string& path, Ledger& ledger, Findings& findings) {
  sqlite3* opened = nullptr;
  sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, Close> database(opened);
  const std::string integrity = value_of(database.get(), "PRAGMA integrity_check");
  if (integrity != "ok") {
    ++findings.database_damage;
    ledger.complain("integrity_check: " + integrity);
  }
  check_one_offs(database.get(), ledger, findings);
  for (const char* sql : contradictions) {
    const std::string count = value_of(database.get(), sql);
    if (count == "0") continue;
    ++findings.database_contradictions;
    ledger.complain(count + ": " + sql);
  }
}

}  // namespace omenia::crash
