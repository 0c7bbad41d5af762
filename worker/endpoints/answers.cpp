#include "worker/endpoints/answers.h"

#include "shared/json/writer.h"

namespace omenia::endpoints {

http::Response refusal(int status, std::string_view type, std::string_view message) {
  JsonWriter body;
  body.begin_object().member("ok", false).key("error").begin_object();
  body.member("type", type).member("message", message).end_object().end_object();
  return http::json_response(status, body.take());
}

http::Response unavailable(std::string_view message) {
  JsonWriter body;
  body.begin_object().key("error").begin_object().member("message", message).member("type", "unavailable");
  http::Response response = http::json_response(503, body.end_object().end_object().take());
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

bool is_unavailable(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::draining || error.code == ErrorCode::storage;
}

}  // namespace omenia::endpoints
