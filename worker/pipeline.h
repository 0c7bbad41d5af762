#pragma once
// Pipeline: the way of every HTTP request and upgrade, stage by stage. The first file to read.

#include <functional>
#include <memory>
#include <optional>

#include "worker/context.h"
#include "worker/http/server.h"

namespace omenia::worker {

// A row of the route table (routes.cpp): what is served where, to whom, with how large a body.
struct Route {
  std::string_view method;  // GET or POST; GET also serves HEAD where `head` is set.
  std::string_view path;
  bool is_prefix = false;  // Serves everything below the path.
  bool head = false;
  bool authenticated = true;
  bool while_draining = false;
  std::size_t body_bytes_max = 0;
  bool (*enabled)(const Config&) = nullptr;  // Null: always.
  void (*serve)(Context&, std::shared_ptr<http::Exchange>) = nullptr;
};

class Pipeline final : public http::Handler {
 public:
  explicit Pipeline(Context& context) : context_(context) {}

  http::Admission admit(const http::Request& head) override;
  void handle(std::shared_ptr<http::Exchange> exchange) override;
  std::optional<http::Response> admit_upgrade(const http::Request& head) override;
  void upgrade(http::Upgrade upgrade) override;

 private:
  Context& context_;
};

// The row that serves this request; nothing, and the refusal set, when there is none.
const Route* find_route(const Config& config, const http::Request& head, std::optional<http::Response>& refusal);

}  // namespace omenia::worker
