#pragma once
// Pipeline: the way of every HTTP request and upgrade, stage by stage. The first file to read.

#include <memory>
#include <optional>

#include "worker/context.h"
#include "worker/http/server.h"

namespace omenia::worker {

struct Route;

class Pipeline final : public http::Handler {
 public:
  explicit Pipeline(Context& context) : context_(context), log_(context.log.logger("gateway/http")) {}

  http::Admission admit(const http::Request& head) override;
  void handle(std::shared_ptr<http::Exchange> exchange) override;
  std::optional<http::Response> admit_upgrade(const http::Request& head) override;
  void upgrade(http::Upgrade upgrade) override;
  void answered(const http::Answered& answered) override;

 private:
  http::Admission admit_to(const Route* route, const http::Request& head);
  std::optional<http::Response> refuse_by_now(const Route& route, const http::Request& head) const;

  Context& context_;
  Logger log_;
};

}  // namespace omenia::worker
