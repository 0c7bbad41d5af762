// wake, system-event: somebody outside a conversation tells its agent something, with the session's next turn or with
// one that is made for it.

#include "worker/agents/system_events.h"

#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_entry.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::string_view presence_prefix = "Node:";  // Such a line says who is there, and nothing to an agent.

Task<Result<void>> tell_agent(CallPointer call, bool wakes) {
  worker::Context& context = call->context;
  CO_TRY_ASSIGN(const sessions::SessionKey session, named_session(*call));
  CO_TRY(check_agent(context, session.agent_id));
  agents::SystemEvent event;
  event.session = session;
  event.text = call->params["text"].text();
  event.wakes = wakes;
  TRY_AWAIT_DONE(agents::tell(context.store.get(), context.runs.get(), std::move(event)));
  co_return Result<void>();
}

std::vector<std::string> texts_of(JsonView list) {
  std::vector<std::string> texts;
  for (JsonView item = list.first(); item; item = item.next()) texts.emplace_back(item.text());
  return texts;
}

worker::PresenceReport report_in(JsonView params) {
  worker::PresenceReport report;
  report.instance_id = params["instanceId"].text();
  report.device_id = params["deviceId"].text();
  report.host = params["host"].text();
  report.ip = params["ip"].text();
  report.mode = params["mode"].text();
  report.version = params["version"].text();
  report.platform = params["platform"].text();
  report.device_family = params["deviceFamily"].text();
  report.model_identifier = params["modelIdentifier"].text();
  report.reason = params["reason"].text();
  report.text = params["text"].text();
  report.roles = texts_of(params["roles"]);
  report.scopes = texts_of(params["scopes"]);
  report.tags = texts_of(params["tags"]);
  if (params["lastInputSeconds"]) report.last_input_seconds = params["lastInputSeconds"].number();
  return report;
}

}  // namespace

AnswerTask wake(CallPointer call) {
  auto telling = tell_agent(call, call->params["mode"].text() == "now");
  auto told = co_await std::move(telling);
  CO_TRY(told);
  co_return Answer{R"({"ok":true})"};
}

AnswerTask system_event(CallPointer call) {
  const bool is_presence = call->params["text"].text().starts_with(presence_prefix);
  if (!is_presence) {
    auto telling = tell_agent(call, call->params["wake"].boolean());
    auto told = co_await std::move(telling);
    CO_TRY(told);
  }
  call->context.presence.report(report_in(call->params));
  co_return Answer{R"({"ok":true})"};
}

}  // namespace omenia::rpc::methods
