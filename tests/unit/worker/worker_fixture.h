#pragma once
// What the tests of the worker share: a whole worker on the test's own thread, in a folder of its own, and clients at
// the other end of a socket.

#include <gmock/gmock.h>

#include "shared/json/writer.h"
#include "tests/support/deadline.h"
#include "tests/support/device.h"
#include "tests/support/temp_dir.h"
#include "tests/support/worker_parts.h"
#include "tests/support/ws_frame.h"
#include "worker/context.h"
#include "worker/pipeline.h"
#include "worker/ws/peer_facts.h"

namespace omenia::test {

Json parsed(std::string_view text);  // Fails the test, and is an empty object, when it is no JSON.

class WorkerTest : public testing::Test {
 protected:
  // With the configuration as it stands in a file; the built-in model answers. What is prepared does not run yet: it
  // has no store.
  void prepare(std::string_view config = "{}", auth::AuthMode mode = auth::AuthMode::token);
  void start(std::string_view config = "{}", auth::AuthMode mode = auth::AuthMode::token);
  void run_until(const std::function<bool()>& holds);
  void run_what_is_due();

  TempDir folder;
  std::unique_ptr<worker::Context> context;
};

// A WebSocket client of the worker, without a network.
class WireClient {
 public:
  WireClient(worker::Context& context, ws::PeerFacts peer);

  void send(std::string_view text);
  std::optional<WsFrame> take();  // The next frame, if it is there.
  void close() { socket_.reset(); }
  bool has_ended() const { return ended_; }  // The worker has closed it; as take() has seen.

 private:
  Fd socket_;
  std::string received_;
  bool upgraded_ = false;
  bool ended_ = false;
};

class WireTest : public WorkerTest {
 protected:
  struct Wish {
    std::vector<std::string> scopes = {"operator.admin"};
    std::vector<std::string> caps = {};
    std::string id = "gateway-client";
    std::string mode = "backend";
    std::string role = "operator";
    const Device* device = nullptr;
  };
  // A node-host with a device of its own, which is let in without asking.
  static Wish node_wish(const Device& device) {
    return {.scopes = {}, .id = "node-host", .mode = "node", .role = "node", .device = &device};
  }
  std::unique_ptr<WireClient> open() { return std::make_unique<WireClient>(*context, local_peer()); }
  // The frame of a connect that answers this challenge.
  static std::string connect_frame(const Wish& wish, JsonView challenge);
  // After hello-ok.
  std::unique_ptr<WireClient> connected(const Wish& wish);
  std::unique_ptr<WireClient> connected() { return connected(Wish{}); }
  WsFrame next_frame(WireClient& client);
  Json next(WireClient& client);  // The next text frame.
  // The response of this request; events before it are kept in `events`.
  Json call(WireClient& client, std::string_view method, std::string_view params = "{}");
  void run_until_ended(WireClient& client);  // What comes before the end is thrown away.

  std::vector<Json> events;

 private:
  int calls_ = 0;
};

// With one client of all scopes, which a test connects.
class ClientTest : public WireTest {
 protected:
  Json ask(std::string_view method, std::string_view params);             // The payload of a good answer.
  std::string refusal(std::string_view method, std::string_view params);  // The message of a refusal.

  std::unique_ptr<WireClient> client;
};

// A request to the worker's HTTP port; answers the bytes until the server closes.
class HttpTest : public WorkerTest {
 protected:
  void start_serving(std::string_view config = "{}");
  std::string exchange(const std::string& method, const std::string& path, const std::string& body,
                       const std::string& headers = {});
  // Only sends it; who closes the socket leaves.
  Fd send_request(const std::string& method, const std::string& path, const std::string& body,
                  const std::string& headers = {});
  static std::string body_of(const std::string& answer);        // Chunks joined.
  static std::vector<Json> data_of(const std::string& answer);  // Each "data:" event that is JSON.

  int port = 0;
};

}  // namespace omenia::test
