#pragma once
// Outbound: HTTP requests of ours to others, on the worker's loop: to an address of this machine over a connection of
// our own (plain_call.h), to all others through libcurl's multi interface. That library is loaded when the first
// request needs it, because it and what it brings cost more than the rest of the start together.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/task.h"
#include "shared/log/log.h"
#include "shared/loop/loop.h"

struct sockaddr;

namespace omenia::net {

// Each deadline in milliseconds; 0: none. The error names the one that fired and its value.
struct Deadlines {
  std::int64_t connect_ms = 0;
  std::int64_t first_byte_ms = 0;  // From the request to the first byte of the answer's head.
  std::int64_t idle_ms = 0;        // Between two pieces of the answer.
  std::int64_t total_ms = 0;
};

// Whether a connection to an address may be made.
using AddressRule = std::function<bool(const sockaddr& address)>;

struct OutboundRequest {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Deadlines deadlines;
  // Set: asked about every address before it is connected to. The request then goes over a connection of its own and
  // through no proxy, so that the address is that of who answers.
  AddressRule may_connect{};
};

// Error::details of a TLS failure: trying again changes nothing about it.
inline constexpr const char* tls_cause = R"({"cause":"tls"})";

struct OutboundHead {
  int status = 0;
  std::string content_type;                    // Lower case, without parameters.
  std::string location;                        // As sent.
  std::optional<std::int64_t> retry_after_ms;  // From Retry-After or retry-after-ms.
};

// A request under way. Destroying it ends the request at once.
class OutboundCall {
 public:
  virtual ~OutboundCall() = default;

  // Waits for the answer's head. Errors: provider_unreachable (name, connect, TLS), provider_timeout, run_aborted;
  // provider_auth for a header that cannot be sent, which is nearly always a key with a line break; forbidden when
  // `may_connect` has refused every address.
  virtual Task<Result<OutboundHead>> head() = 0;

  // Waits for the next piece of the body; an empty one is its end. Errors also: provider_server_error for a connection
  // that ends too early. Pieces that nobody takes hold the sender back.
  virtual Task<Result<std::string>> piece() = 0;
};

class Outbound {
 public:
  enum class Ways { all, curl_only };
  Outbound(Loop& loop, Logger log, Ways ways = Ways::all);
  ~Outbound();
  Outbound(const Outbound&) = delete;
  Outbound& operator=(const Outbound&) = delete;

  // Starts a request; `stop` ends it with run_aborted.
  std::unique_ptr<OutboundCall> start(OutboundRequest request, std::stop_token stop);

  // Takes back a call of whose answer nothing more is wanted. What is left of it may arrive for a moment, so that its
  // connection can be used again.
  void retire(std::unique_ptr<OutboundCall> call);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace omenia::net
