#include "worker/hooks/mapping.h"

#include <algorithm>
#include <map>

#include "shared/base/ids.h"
#include "shared/json/writer.h"
#include "worker/agents/system_events.h"
#include "worker/hooks/targets.h"

namespace omenia::hooks {

namespace {

// After that a repeated element of a list is a new one, where its sender has given no key.
constexpr std::int64_t element_replay_ms = 300'000;
constexpr std::size_t texts_bytes_max = 4 * limits::message_bytes_max;  // Of all elements of a list.

bool fits(const HookMapping& mapping, std::string_view path, JsonView payload) {
  return (mapping.match_path.empty() || mapping.match_path == path) &&
         (mapping.match_source.empty() || mapping.match_source == payload["source"].text());
}

Error without(std::string_view what) {
  return fail(ErrorCode::invalid_request, "the hook's mapping makes no " + std::string(what) + " of this payload");
}

Result<TargetWish> wish_of(const HookMapping& mapping, const TemplateValues& values) {
  TargetWish wish;
  wish.agent_id = mapping.agent_id;
  TRY_ASSIGN(wish.session_key, render(mapping.session_key, values));
  wish.chosen_outside = has_places(mapping.session_key);
  wish.persistent = mapping.session_mode == "persistent";
  return wish;
}

Result<Wake> wake_of(const worker::Context& context, const HookMapping& mapping, const TemplateValues& values) {
  Wake wake;
  TRY_ASSIGN(wake.text, render(mapping.text_template, values));
  if (http::trimmed(wake.text).empty()) return without("text");
  TRY(agents::check_event(wake.text));
  wake.now = mapping.wake_mode != "next-heartbeat";
  wake.trusted = mapping.trusts_content;
  TRY_ASSIGN(const TargetWish wish, wish_of(mapping, values));
  TRY_ASSIGN(wake.session, session_of_wake(context, wish));
  return wake;
}

// Where the sender gave no key, an element of a list is its own: a list that is sent again because some of it was not
// taken is not done twice. What was sent counts, not what it becomes: a template may tell the time.
struct Key {
  std::string given;
  bool of_element = false;
  std::size_t ordinal = 0;  // Among equal elements.

  std::string replay_id(const worker::Context& context, const TemplateValues& values) const {
    JsonWriter all;
    all.begin_array().value(context.config()->hooks_token.reveal()).value(values.request.path);
    all.value(values.request.query).value(given).value(ordinal).raw(values.payload.dump()).end_array();
    return sha256_hex(all.text());
  }
};

Result<AgentRun> run_of(const worker::Context& context, const HookMapping& mapping, const TemplateValues& values,
                        const Key& key) {
  AgentRun run;
  TRY_ASSIGN(run.message, render(mapping.message_template, values));
  if (http::trimmed(run.message).empty()) return without("message");
  TRY_ASSIGN(const std::string name, render(mapping.name, values));
  if (!name.empty()) run.name = name;
  run.model = mapping.model;
  run.thinking = mapping.thinking;
  run.timeout_seconds = mapping.timeout_seconds;
  run.trusted = mapping.trusts_content;
  TRY_ASSIGN(const TargetWish wish, wish_of(mapping, values));
  TRY_ASSIGN(run.session, session_of_run(context, wish));
  run.isolated = !wish.persistent;
  if (key.given.empty() && !key.of_element) return run;
  run.replay_id = key.replay_id(context, values);
  run.replay_ms = key.given.empty() ? element_replay_ms : limits::idempotency_age_ms_max;
  return run;
}

Result<void> add(const worker::Context& context, const HookMapping& mapping, const TemplateValues& values,
                 const Key& key, Actions& actions) {
  if (mapping.action == "wake") {
    TRY_ASSIGN(Wake wake, wake_of(context, mapping, values));
    actions.wakes.push_back(std::move(wake));
  } else {
    TRY_ASSIGN(AgentRun run, run_of(context, mapping, values, key));
    actions.runs.push_back(std::move(run));
  }
  return {};
}

// The templates see each element as the list's only one, so that {{items[0].id}} is its id.
Result<Actions> for_each(const worker::Context& context, const HookMapping& mapping, const TemplateValues& asked,
                         Key key) {
  Actions actions;
  actions.fans_out = true;
  // Of more events than a session's queue holds the first would be lost.
  const std::size_t elements_max =
      mapping.action == "wake" ? static_cast<std::size_t>(limits::system_events_max) : limits::hook_fan_out_max;
  const JsonView list = asked.payload[mapping.for_each];
  if (!list.is_array())
    return fail(ErrorCode::invalid_request, "payload member \"" + mapping.for_each + "\" must be a list");
  if (list.size() > elements_max)
    return fail(ErrorCode::invalid_request, "payload member \"" + mapping.for_each + "\" has more than " +
                                                std::to_string(elements_max) + " elements");
  Json payload = Json::copy(asked.payload);
  std::map<std::string, std::size_t> seen;
  std::size_t bytes = 0;
  for (JsonView element = list.first(); element; element = element.next()) {
    Json only = Json::array();
    only.push(Json::copy(element));
    payload.set(mapping.for_each, std::move(only));
    key.ordinal = seen[element.dump()]++;
    TRY(add(context, mapping, {payload, asked.request, asked.path}, key, actions));
    bytes += actions.runs.empty() ? actions.wakes.back().text.size() : actions.runs.back().message.size();
    if (bytes > texts_bytes_max)
      return fail(ErrorCode::invalid_request, "the elements of \"" + mapping.for_each + "\" become more than " +
                                                  std::to_string(texts_bytes_max) + " bytes");
  }
  return actions;
}

}  // namespace

const HookMapping* find_mapping(const Config& config, std::string_view path, JsonView payload) {
  const auto found = std::find_if(config.hook_mappings.begin(), config.hook_mappings.end(),
                                  [&](const HookMapping& mapping) { return fits(mapping, path, payload); });
  return found == config.hook_mappings.end() ? nullptr : &*found;
}

Result<Actions> actions_of(const worker::Context& context, const HookMapping& mapping, const TemplateValues& asked) {
  if (!mapping.transform_module.empty()) {
    context.log.logger("hooks").error("the mapping of " + std::string(asked.path) + " needs the module " +
                                      mapping.transform_module + ", which this release does not run");
    return fail(ErrorCode::internal, "hook mapping failed");
  }
  Key key;
  TRY_ASSIGN(key.given, idempotency_key(asked.request, asked.payload));
  key.of_element = !mapping.for_each.empty();
  if (key.of_element) return for_each(context, mapping, asked, key);
  Actions actions;
  TRY(add(context, mapping, asked, key, actions));
  return actions;
}

}  // namespace omenia::hooks
