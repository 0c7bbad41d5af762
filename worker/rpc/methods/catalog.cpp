// models.list, agents.list: what can be talked to.

#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

AnswerTask models_list(CallPointer call) {
  const std::string_view provider = call->params["provider"].text();
  JsonWriter writer(512);
  writer.begin_object().key("models").begin_array();
  for (const providers::CatalogRow& row : call->context.catalog->rows()) {
    if (!provider.empty() && provider != row.provider) continue;
    writer.begin_object().member("id", row.model.id);
    writer.member("name", row.model.name.empty() ? row.model.id : row.model.name).member("provider", row.provider);
    if (row.model.context_window > 0) writer.member("contextWindow", row.model.context_window);
    writer.member("reasoning", row.model.reasoning);
    if (row.is_default) writer.key("tags").begin_array().value("default").end_array();
    writer.member("available", true).end_object();
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
