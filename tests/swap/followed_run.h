#pragma once
// FollowedRun: an agent's answer of many pieces, followed by a client that is sent to the next worker in between. Every
// piece is compared with what has been told before.

#include <atomic>
#include <string>
#include <thread>

#include "tests/support/ws_client.h"

namespace omenia::swap {

// What the client does as soon as it is connected to the next worker.
enum class Then { follows, waits, stops };

class FollowedRun {
 public:
  FollowedRun(int port, test::Identity identity, int number, int words, Then then);
  ~FollowedRun();

  bool wait_until_begun();  // It has told its first piece.
  std::string wrong();      // Waits for its end. Empty: everything came once and in order.
  bool crossed() const { return reconnects_ > 0; }

 private:
  std::string follow();
  std::string read(test::WsClient& client, bool& ended);
  std::string return_to(test::WsClient& client, bool& ended);
  std::string act(test::WsClient& client, bool& ended);
  std::string take_delta(JsonView payload);
  std::string take_end(JsonView payload);
  std::string check_end(test::WsClient& client, bool& ended);
  std::string check_history(JsonView history);

  int port_;
  test::Identity identity_;
  Then then_;
  std::string run_id_;
  std::string session_;
  std::string whole_;
  std::string told_;
  bool caught_up_ = true;  // Since the last reconnect a piece has joined without a gap.
  std::string wait_id_;    // Of the agent.wait that is not answered yet.
  std::atomic<bool> begun_ = false;
  std::atomic<bool> over_ = false;
  std::atomic<int> reconnects_ = 0;
  std::string wrong_;
  std::thread thread_;
};

}  // namespace omenia::swap
