// GET /v1/models and /v1/models/{id}: the agents, as models.

#include <algorithm>
#include <vector>

#include "shared/json/writer.h"
#include "worker/openai/agent_choice.h"
#include "worker/openai/endpoints.h"

namespace omenia::openai {

namespace {

std::vector<std::string> model_ids(const worker::Context& context) {
  const std::string name(family);
  std::vector<std::string> ids = {name, name + "/default", name + "/" + context.default_agent()};
  for (const AgentConfig& agent : context.config()->agents) ids.push_back(name + "/" + agent.id);
  // The default agent stands in the list too: named once, at its first place.
  std::vector<std::string> unique;
  for (std::string& id : ids)
    if (std::find(unique.begin(), unique.end(), id) == unique.end()) unique.push_back(std::move(id));
  return unique;
}

void write_model(JsonWriter& writer, const std::string& id) {
  writer.begin_object().member("id", id).member("object", "model").member("created", 0).member("owned_by", family);
  writer.key("permission").begin_array().end_array().end_object();
}

Result<std::string> model_body(const worker::Context& context, std::string_view encoded) {
  const Result<std::string> decoded = http::percent_decode(encoded);
  if (!decoded.ok()) return fail(ErrorCode::invalid_request, "Invalid model id encoding.");
  const std::string& id = decoded.value();
  if (id.empty()) return fail(ErrorCode::invalid_request, "Missing model id.");
  const auto ids = model_ids(context);
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
    const bool ours = choose_agent(context, http::Request{}, id).ok() || id.starts_with(std::string(family) + "/");
    return ours ? fail(ErrorCode::not_found, "Model '" + id + "' not found.")
                : fail(ErrorCode::invalid_request, "Invalid model id.");
  }
  JsonWriter writer;
  write_model(writer, id);
  return writer.take();
}

}  // namespace

void serve_models(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  JsonWriter writer(512);
  writer.begin_object().member("object", "list").key("data").begin_array();
  for (const std::string& id : model_ids(context)) write_model(writer, id);
  exchange->respond(http::json_response(200, writer.end_array().end_object().take()));
}

void serve_model(worker::Context& context, std::shared_ptr<http::Exchange> exchange) {
  constexpr std::string_view base = "/v1/models/";
  auto body = model_body(context, std::string_view(exchange->request().path).substr(base.size()));
  exchange->respond(body.ok() ? http::json_response(200, std::move(body).value()) : http::error_response(body.error()));
}

}  // namespace omenia::openai
