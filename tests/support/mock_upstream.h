#pragma once
// MockUpstream: an OpenAI-compatible model server of our own on a thread of its own, with known and, where wanted, bad
// behaviour (mock_behaviour.h). It keeps what it was asked, and a test can hold its answers back piece by piece.

#include <memory>
#include <string>
#include <vector>

#include "tests/support/mock_connection.h"

namespace omenia::test {

class MockUpstream {
 public:
  explicit MockUpstream(int port = 0, bool records_requests = true);  // Port 0: any free one.
  ~MockUpstream();
  MockUpstream(const MockUpstream&) = delete;
  MockUpstream& operator=(const MockUpstream&) = delete;

  int port() const;
  std::vector<MockRequest> requests() const;
  bool wait_for_requests(std::size_t count) const;
  // Connections that the other side closed while an answer was being written.
  bool wait_for_broken_off(std::size_t count) const;

  void release(int pieces);  // Lets gated answers go on; the answers of older connections first.
  void open_gate();          // From now on gated answers are written at once.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace omenia::test
