#pragma once
// ScriptedModel: a model server whose answers wait until the test lets them go, and that keeps what it was asked.

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "shared/json/json.h"
#include "shared/json/writer.h"
#include "tests/unit/providers/provider_fixture.h"

namespace omenia::test {

class ScriptedModel {
 public:
  ~ScriptedModel() { release_all(); }

  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }
  void release_all() {
    const std::lock_guard lock(mutex_);
    holding_ = false;
    changed_.notify_all();
  }
  void fail_with(std::string answer) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(answer);
  }

  std::size_t asked() const {
    const std::lock_guard lock(mutex_);
    return requests_.size();
  }
  // The last message of each request, in the order of their coming.
  std::vector<std::string> heard() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> texts;
    for (const Json& request : requests_) {
      const JsonView messages = request["messages"];
      texts.emplace_back(messages.at(messages.size() - 1)["content"].text());
    }
    return texts;
  }
  // "role: text" of every message of one request.
  std::vector<std::string> conversation(std::size_t number) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> lines;
    for (JsonView line = requests_.at(number)["messages"].first(); line; line = line.next())
      lines.push_back(std::string(line["role"].text()) + ": " + std::string(line["content"].text()));
    return lines;
  }
  std::string tools_of(std::size_t number) const {  // Their names, joined by commas.
    const std::lock_guard lock(mutex_);
    std::string names;
    for (JsonView tool = requests_.at(number)["tools"].first(); tool; tool = tool.next())
      names.append(names.empty() ? "" : ",").append(tool["function"]["name"].text());
    return names;
  }
  std::string url() const { return server_.url("/v1"); }

 private:
  void serve(Connection& connection) {
    while (true) {
      const std::string request = connection.read_request();
      if (request.empty()) return;
      Json body = Json::parse(request.substr(request.find("\r\n\r\n") + 4)).value();
      const JsonView messages = body["messages"];
      const std::string text(messages.at(messages.size() - 1)["content"].text());
      if (!answer(connection, std::move(body), "re: " + text)) return;
    }
  }
  bool answer(Connection& connection, Json body, const std::string& text) {
    std::unique_lock lock(mutex_);
    requests_.push_back(std::move(body));
    if (!failure_.empty()) return connection.send(failure_);
    if (holding_) {
      connection.send(stream_head);
      connection.send_chunk(text_event("a part"));
      changed_.wait(lock, [this] { return !holding_; });
      connection.send_chunk(std::string(stop_event) + std::string(done_event));
      return connection.send("0\r\n\r\n");
    }
    std::string quoted;
    append_json_string(quoted, text);
    send_stream(connection, std::string_view(quoted).substr(1, quoted.size() - 2));
    return true;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool holding_ = false;
  std::string failure_;
  std::vector<Json> requests_;
  ScriptedServer server_{[this](Connection& connection) { serve(connection); }};
};

}  // namespace omenia::test
