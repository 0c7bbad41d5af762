// POST /api/v1/admin/rpc: methods of the control protocol for programs that open no WebSocket. The same rows, checks
// and handlers; only the way in differs.

#include "shared/base/ids.h"
#include "shared/json/writer.h"
#include "worker/attribution.h"
#include "worker/endpoints/admin_methods.h"
#include "worker/endpoints/answers.h"
#include "worker/endpoints/endpoints.h"
#include "worker/principal.h"
#include "worker/rpc/frames.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/router.h"

namespace omenia::endpoints {

namespace {

// The other end of a call, for handlers: it is there for one answer.
class AdminConnection final : public rpc::Connection {
 public:
  AdminConnection(std::string id, std::string address, auth::ScopeSet scopes)
      : id_(std::move(id)), address_(std::move(address)), scopes_(scopes) {
    client_.id = "admin-http-rpc";
    client_.mode = "backend";
  }
  const std::string& id() const override { return id_; }
  const rpc::ClientInfo& client() const override { return client_; }
  const std::string& address() const override { return address_; }
  auth::Role role() const override { return auth::Role::operator_; }
  const auth::ScopeSet& scopes() const override { return scopes_; }
  rpc::Subscriptions& subscriptions() override { return subscriptions_; }
  void respond(std::string_view, const Result<rpc::Answer>&) override {}  // No method here has a first answer.

 private:
  std::string id_;
  std::string address_;
  auth::ScopeSet scopes_;
  rpc::ClientInfo client_;
  rpc::Subscriptions subscriptions_;
};

struct AdminRequest {
  std::string id;
  std::string method;
  Json params = Json::object();
};

// Error: invalid_request, for a body that is no envelope.
Result<AdminRequest> read(const std::string& body) {
  if (http::trimmed(body).empty()) return fail(ErrorCode::invalid_request, "request body must be JSON");
  const auto json = Json::parse(body, limits::admin_rpc_body_bytes_max);
  if (!json.ok()) return fail(ErrorCode::invalid_request, "request body must be valid JSON");
  const JsonView envelope = json.value();
  if (!envelope.is_object()) return fail(ErrorCode::invalid_request, "request body must be an object");
  AdminRequest request;
  request.method = http::trimmed(envelope["method"].text());
  if (request.method.empty()) return fail(ErrorCode::invalid_request, "method must be a non-empty string");
  request.id = http::trimmed(envelope["id"].text());
  if (request.id.empty()) request.id = random_uuid();
  if (const JsonView params = envelope["params"]; params && !params.is_null()) request.params = Json::copy(params);
  return request;
}

http::Response no_store(http::Response response) {
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

int status_of(const Error& error) {
  const std::string_view code = row_of(error.code).wire;
  if (code == "INVALID_REQUEST") return 400;
  if (code == "FORBIDDEN") return 403;
  if (code == "NOT_PAIRED") return 409;
  if (code == "UNAVAILABLE") return 503;
  return 500;
}

http::Response answer_to(const std::string& id, const Result<rpc::Answer>& result) {
  const Error* error = result.ok() ? (result.value().error ? &*result.value().error : nullptr) : &result.error();
  JsonWriter body(256);
  body.begin_object().member("id", id).member("ok", error == nullptr);
  if (result.ok()) body.raw_member("payload", result.value().payload);
  if (error) rpc::write_error(body, *error);
  return no_store(http::json_response(error ? status_of(*error) : 200, body.end_object().take()));
}

std::string list_of_methods() {
  JsonWriter list;
  list.begin_object().key("methods").begin_array();
  for (const std::string_view name : admin_method_names()) list.value(name);
  return list.end_array().end_object().take();
}

Error leaving(const std::string& method) {
  JsonWriter details;
  details.begin_object().member("method", method).member("reason", "gateway-restarting").end_object();
  return {ErrorCode::unavailable, method + " unavailable during gateway restart", details.take(), 1'000};
}

Task<Result<rpc::Answer>> call(worker::Context* context, std::shared_ptr<rpc::Connection> connection,
                               AdminRequest request) {
  if (!is_admin_method(request.method))
    co_return fail(ErrorCode::invalid_request, "admin HTTP RPC method is not supported: " + request.method);
  if (context->draining) co_return leaving(request.method);
  if (request.method == admin_list_method) co_return rpc::Answer{list_of_methods()};
  CO_TRY_ASSIGN(const rpc::MethodRow* row,
                rpc::authorize(connection->role(), connection->scopes(), request.method, request.params));
  const auto made =
      std::make_shared<const rpc::Call>(rpc::Call{*context, *connection, request.id, row, std::move(request.params)});
  auto handling = rpc::handle(made);
  auto answer = co_await std::move(handling);
  co_return answer;
}

Task<void> serve(worker::Context* context, std::shared_ptr<http::Exchange> exchange,
                 std::shared_ptr<rpc::Connection> connection, AdminRequest request) {
  const std::string id = request.id;
  auto calling = call(context, connection, std::move(request));
  const auto answer = co_await std::move(calling);
  exchange->respond(answer_to(id, answer));
}

}  // namespace

http::Response admin_error_response(const Error& error) {
  http::Response response = no_store(refusal(row_of(error.code).http_status, "invalid_request", error.message));
  return response;
}

void serve_admin_rpc(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  auto request = read(exchange->request().body);
  if (!request.ok()) return exchange->respond(admin_error_response(request.error()));
  const http::Request& head = exchange->request();
  auto connection =
      std::make_shared<AdminConnection>(random_uuid(), worker::attribution_of(head, *context.config()).address,
                                        worker::principal_of(context, head).scopes);
  context.requests.spawn(serve(&context, std::move(exchange), std::move(connection), std::move(request).value()));
}

}  // namespace omenia::endpoints
