// models.list, agents.list: what can be talked to.

#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/model_rows.h"

namespace omenia::rpc::methods {

AnswerTask models_list(CallPointer call) {
  const std::string_view provider = call->params["provider"].text();
  JsonWriter writer(512);
  writer.begin_object().key("models").begin_array();
  for (const providers::CatalogRow& row : call->context.catalog->rows()) {
    if (!provider.empty() && provider != row.provider) continue;
    write_model_row(writer, row);
  }
  co_return Answer{writer.end_array().end_object().take()};
}

AnswerTask agents_list(CallPointer call) {
  const worker::Context& context = call->context;
  const auto config = context.config();
  JsonWriter writer(512);
  writer.begin_object().member("defaultId", context.default_agent());
  writer.member("ownership", config->agents.size() == 1 ? "sole" : "explicit").member("selectionRequired", false);
  writer.member("mainKey", "main").member("scope", config->session_scope).key("agents").begin_array();
  for (const AgentConfig& agent : config->agents) {
    writer.begin_object().member("id", agent.id);
    if (!agent.name.empty()) writer.member("name", agent.name);
    if (!agent.workspace.empty()) writer.member("workspace", agent.workspace);
    writer.key("model").begin_object();
    writer.member("primary", agent.model.empty() ? context.catalog->default_name() : agent.model).end_object();
    writer.end_object();
  }
  co_return Answer{writer.end_array().end_object().take()};
}

}  // namespace omenia::rpc::methods
