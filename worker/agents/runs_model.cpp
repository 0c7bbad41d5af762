// What a worker asks the model of a run, and what it makes of the answer.

#include "shared/base/ids.h"
#include "shared/config/agents.h"
#include "worker/agents/prompt.h"
#include "worker/agents/runs.h"

namespace omenia::agents {

namespace {

constexpr std::size_t call_id_digits = 9;  // As long as the strictest of the servers that see them again wants them.
constexpr const char* ask_again = "Your answer was empty. Give the answer that the person should see.";

// What a provider is told; levels that only clients of the reference know are the model's own.
std::string effort_of(std::string_view thinking) {
  for (const std::string_view effort : {"minimal", "low", "medium", "high"})
    if (thinking == effort) return std::string(effort);
  return {};
}

bool says_nothing(const providers::ModelAnswer& answer) {
  return answer.stop_reason == "stop" && answer.text.find_first_not_of(" \t\r\n") == std::string::npos;
}

}  // namespace

Task<Result<providers::ModelAnswer>> Runs::call_model(RunPointer run, std::vector<providers::Message> history) {
  const AgentConfig agent = agent_of(run->request.session.agent_id);
  const std::string& of_session = run->session_model.empty() ? agent.model : run->session_model;
  const std::string name = run->request.model.empty() ? of_session : run->request.model;
  CO_TRY_ASSIGN(const providers::ModelChoice choice, options_.catalog()->find(name));
  run->provider = choice.provider->id();
  run->model = choice.model.id;
  run->api = choice.provider->api();
  tell(*run, [&](RunObserver& observer) { observer.model_called(*run); });

  providers::ModelRequest request;
  request.model = choice.model.id;
  request.system = system_prompt(agent, run->request, run->started_ms);
  request.messages = std::move(history);
  request.sampling = run->request.sampling;
  request.tools = run->request.client_tools;
  request.tool_choice = run->request.tool_choice;
  const std::string& thinking = run->request.thinking.empty() ? run->session_thinking : run->request.thinking;
  if (choice.model.reasoning) request.reasoning_effort = effort_of(thinking);
  auto asking = ask_until_it_speaks(run, choice.provider, std::move(request));
  auto answer = co_await std::move(asking);
  // The ids are ours: those of servers repeat, and may be longer than the next server takes.
  if (answer.ok())
    for (providers::ToolCall& call : answer.value().tool_calls) call.id = random_hex(call_id_digits);
  co_return answer;
}

// A model that says nothing is asked once more; the question is not part of the conversation.
Task<Result<providers::ModelAnswer>> Runs::ask_until_it_speaks(RunPointer run,
                                                               std::shared_ptr<providers::Provider> provider,
                                                               providers::ModelRequest request) {
  const auto on_text = [this, run](std::string_view piece) {
    run->text.append(piece);
    tell(*run, [&](RunObserver& observer) { observer.text_added(*run, piece); });
  };
  auto calling = provider->complete(request, on_text, run->stop.get_token());
  auto first = co_await std::move(calling);
  if (!first.ok() || !says_nothing(first.value())) co_return first;
  log_.warn("the model of run " + run->request.run_id + " said nothing; it is asked once more");
  request.messages.push_back({providers::Role::user, ask_again});
  auto calling_again = provider->complete(std::move(request), on_text, run->stop.get_token());
  auto second = co_await std::move(calling_again);
  if (second.ok()) {
    second.value().text.insert(0, first.value().text);  // Blanks, which were given out.
    second.value().usage.add(first.value().usage);
  }
  co_return second;
}

RunOutcome Runs::outcome_of(const Run& run, Result<providers::ModelAnswer> answer) const {
  RunOutcome outcome = outcome_of(run);
  if (answer.ok()) {
    providers::ModelAnswer& model_answer = answer.value();
    outcome.status = RunStatus::done;
    outcome.error.reset();
    outcome.text = std::move(model_answer.text);
    outcome.tool_calls = std::move(model_answer.tool_calls);
    outcome.stop_reason = std::move(model_answer.stop_reason);
    outcome.usage = model_answer.usage;
    outcome.response_model = std::move(model_answer.response_model);
  } else if (!run.stop.stop_requested()) {
    outcome.status = RunStatus::failed;
    outcome.error = std::move(answer).error();
  }
  return outcome;
}

AgentConfig Runs::agent_of(const std::string& agent_id) const {
  const auto config = options_.config();
  const AgentConfig* agent = find_agent(*config, agent_id);
  return agent ? *agent : AgentConfig{agent_id, {}, {}, {}};
}

}  // namespace omenia::agents
