#pragma once
// MockConnection: one connection to the mock model server: reads requests, writes each answer at its pace. Lives on the
// mock's loop.

#include <functional>
#include <string>

#include "shared/loop/loop.h"
#include "tests/support/mock_behaviour.h"

struct bufferevent;

namespace omenia::test {

struct MockRequest {
  std::string method;
  std::string target;
  std::string head;  // Request line and headers.
  std::string body;
};

class MockConnection {
 public:
  struct Callbacks {
    std::function<void(MockRequest request)> received;
    std::function<void(MockConnection& connection, bool answer_unfinished)> closed;  // May destroy the connection.
  };

  MockConnection(Loop& loop, int fd, const Callbacks& callbacks);
  ~MockConnection();
  MockConnection(const MockConnection&) = delete;
  MockConnection& operator=(const MockConnection&) = delete;

  bool waits_at_gate() const { return busy_ && answer_.pace == Pace::gated && next_ < answer_.pieces.size(); }
  void release_piece();

 private:
  static void on_read(bufferevent* buffer, void* self);
  static void on_written(bufferevent* buffer, void* self);  // Only of an answer that ends by closing.
  static void on_event(bufferevent* buffer, short what, void* self);

  void read_requests();
  bool take_request(MockRequest& request);
  void begin(MockAnswer answer);
  void write_piece();
  void finish();
  void close();

  const Callbacks& callbacks_;
  bufferevent* buffer_;
  Timer pace_;
  std::string received_;
  MockAnswer answer_;
  std::size_t next_ = 0;  // Of the answer's pieces.
  bool busy_ = false;     // An answer is being written.
};

}  // namespace omenia::test
