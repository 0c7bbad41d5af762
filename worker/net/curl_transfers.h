#pragma once
// CurlTransfers: the transfers under way, on one curl multi handle driven by the worker's loop. It loads the library
// when the first transfer needs it, keeps a pool of easy handles and the connections that can be used again.
//
// The one rule that everything here follows: curl calls back while it works on a transfer, so callbacks only note what
// happened. Whoever waits is woken after curl has returned, and may then end any transfer, or all of them.

#include <event2/event.h>

#include <deque>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "shared/base/result.h"
#include "shared/log/log.h"
#include "shared/loop/loop.h"
#include "worker/net/curl_library.h"

namespace omenia::net {

// What the multi handle needs to know of a transfer.
class CurlTransfer {
 public:
  // Sets the options of the handle that the transfer gets.
  virtual Result<void> prepare(std::shared_ptr<const CurlLibrary> curl, CURL* easy) = 0;
  // Curl has ended the transfer; the handle is taken back after this call.
  virtual void ended(CURLcode code) = 0;
  // The transfer is over, or could not begin, for another reason. The handle is taken back after this call.
  virtual void failed(Error error) = 0;
  // Resumes who waits. Called outside curl; may destroy the transfer.
  virtual void wake() = 0;

 protected:
  ~CurlTransfer() = default;
};

class CurlTransfers : public std::enable_shared_from_this<CurlTransfers> {
 public:
  CurlTransfers(Loop& loop, Logger log);
  ~CurlTransfers();
  CurlTransfers(const CurlTransfers&) = delete;
  CurlTransfers& operator=(const CurlTransfers&) = delete;

  void add(CurlTransfer& transfer);     // Begins it, at once or when the library is there.
  void remove(CurlTransfer& transfer);  // Ends it at once, without telling it. Not from inside curl.
  void note(CurlTransfer& transfer);    // From inside curl: wake it when curl has returned.
  void close();                         // Fails what is under way; wakes nobody. Nothing begins after it.

 private:
  struct Socket;

  void load();  // On another thread, unless the library is there or on its way.
  void loaded(Result<std::shared_ptr<const CurlLibrary>> library);
  void open_multi();
  void begin(CurlTransfer& transfer);
  void send_now();
  void end(CurlTransfer& transfer, Error error);
  void act(curl_socket_t socket, int events);
  void collect_ended();
  void wake_noted();
  void release(CURL* easy);
  void watch(curl_socket_t socket, int what, Socket* known);

  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* known);
  static int on_timer(CURLM* multi, long delay_ms, void* self);
  static void on_ready(evutil_socket_t socket, short events, void* self);

  Loop& loop_;
  Logger log_;
  Timer timer_;
  std::shared_ptr<const CurlLibrary> curl_;  // Null until it is loaded.
  CURLM* multi_ = nullptr;
  std::unordered_map<CurlTransfer*, CURL*> transfers_;  // The handle is null while the library is on its way.
  std::deque<CurlTransfer*> noted_;
  std::vector<CURL*> idle_;
  std::jthread loader_;
  bool loading_ = false;
  bool closed_ = false;
};

}  // namespace omenia::net
