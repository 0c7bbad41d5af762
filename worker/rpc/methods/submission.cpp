#include "worker/rpc/methods/submission.h"

namespace omenia::rpc::methods {

namespace {

std::string_view status_of(const agents::Submission& submission) {
  switch (submission.kind) {
    case agents::Submission::Kind::accepted: return "started";
    case agents::Submission::Kind::in_flight: return "in_flight";
    case agents::Submission::Kind::finished: break;
  }
  return submission.outcome ? agents::wire_status(submission.outcome->status) : "error";
}

}  // namespace

void write_submission(JsonWriter& writer, const agents::Submission& submission) {
  writer.member("runId", submission.run_id).member("status", status_of(submission));
}

}  // namespace omenia::rpc::methods
