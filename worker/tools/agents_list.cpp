// agents_list: who is there to be talked to.

#include "shared/json/writer.h"
#include "worker/providers/catalog.h"
#include "worker/tools/handlers.h"

namespace omenia::tools::handlers {

ToolTask agents_list(ToolCallPointer call) {
  const auto config = call->host.config();
  const std::string default_model = call->host.catalog()->default_name();
  JsonWriter details;
  // No agent can start another one in this release.
  details.begin_object().member("requester", call->session.agent_id).member("allowAny", false);
  details.key("agents").begin_array();
  for (const AgentConfig& agent : config->agents) {
    details.begin_object().member("id", agent.id).member("configured", true);
    if (!agent.name.empty()) details.member("name", agent.name);
    details.member("model", agent.model.empty() ? default_model : agent.model);
    details.key("agentRuntime").begin_object().member("id", "auto").member("source", "implicit").end_object();
    details.end_object();
  }
  co_return result_of(details.end_array().end_object().take());
}

}  // namespace omenia::tools::handlers
