#pragma once
// ResponseHead: the text of a response up to its body. Headers cannot be injected: a control character in a value
// becomes a blank, a header whose name is not a token is left out, and so are those that frame the message, which
// only this class writes.

#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "worker/http/message.h"

namespace omenia::http {

class ResponseHead {
 public:
  // How the client learns where the body ends.
  enum class Framing { length, chunked, connection_end, no_body };
  struct Shape {
    int status = 200;
    Framing framing = Framing::length;
    std::size_t body_bytes = 0;
    bool keep_alive = true;
  };
  using CommonHeaders = std::function<std::shared_ptr<const std::vector<Header>>()>;

  // `common` is asked for each response. A header of the response's own replaces one of that name among those of its
  // request and the common ones.
  ResponseHead(CommonHeaders common, int keep_alive_idle_ms);

  // Valid until the next call.
  std::string_view render(const Shape& shape, const std::vector<Header>& headers,
                          const std::vector<Header>& of_request);

 private:
  void add_status_line(int status);
  void add_date();
  void add_framing(const Shape& shape);
  void add_headers(const std::vector<Header>& headers);
  void add_missing(const std::vector<Header>& headers, const std::vector<Header>& present);
  void add_header(const Header& header);

  CommonHeaders common_;
  std::string kept_;  // The lines that say that the connection stays open.
  std::string text_;
  std::string date_;
  std::time_t date_of_ = -1;
};

}  // namespace omenia::http
