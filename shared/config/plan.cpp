#include "shared/config/plan.h"

#include <algorithm>
#include <set>

#include "shared/base/ensure.h"
#include "shared/config/edit.h"
#include "shared/config/key_pattern.h"
#include "shared/config/redact.h"
#include "shared/config/same_settings.h"

namespace omenia {

namespace {

const JsonPath mappings_place{"hooks", "mappings"};
const JsonPath agents_place{"agents", "entries"};
const JsonPath providers_place{"models", "providers"};

bool concerns(const KeyRow& row, const JsonPath& path) {
  return pattern_covers(row.path, path) || pattern_reaches_below(row.path, path);
}

// Whether `path` is in the records at `place` or holds them.
bool is_around(const JsonPath& place, const JsonPath& path) {
  return std::equal(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(std::min(place.size(), path.size())),
                    place.begin());
}

template <typename Record>
const Record* record_of(const std::vector<Record>& records, const std::string& id) {
  const auto found = std::find_if(records.begin(), records.end(), [&](const Record& each) { return each.id == id; });
  return found == records.end() ? nullptr : &*found;
}

template <typename Record>
bool is_record_changed(const std::vector<Record>& before, const std::vector<Record>& after, const std::string& id) {
  const Record* old = record_of(before, id);
  const Record* now = record_of(after, id);
  return old && now ? !is_same_record(*old, *now) : old != now;
}

// Whether the records that `path` concerns (one, or all of the list) mean something else now.
template <typename Record>
bool are_records_changed(const std::vector<Record>& before, const std::vector<Record>& after, const JsonPath& place,
                         const JsonPath& path) {
  if (!is_around(place, path)) return false;
  if (path.size() > place.size()) return is_record_changed(before, after, path[place.size()]);
  const auto differs = [&](const Record& each) { return is_record_changed(before, after, each.id); };
  return std::any_of(before.begin(), before.end(), differs) || std::any_of(after.begin(), after.end(), differs);
}

template <typename Owner>
void raise(ReloadClass& most, std::span<const KeyBinding<Owner>> keys, const JsonPath& path) {
  for (const KeyBinding<Owner>& key : keys)
    if (concerns(key.row, path)) most = std::max(most, ReloadClass(key.row.reload));
}

// The elements of a list have no names: it changes as a whole.
bool are_mappings_changed(const Config& before, const Config& after, const JsonPath& path) {
  const auto is_same = [](const HookMapping& a, const HookMapping& b) { return is_same_record(a, b); };
  return is_around(mappings_place, path) &&
         !std::equal(before.hook_mappings.begin(), before.hook_mappings.end(), after.hook_mappings.begin(),
                     after.hook_mappings.end(), is_same);
}

ReloadClass class_of(const JsonPath& path, const Config& before, const Config& after) {
  ReloadClass most;
  for (const KeyBinding<Config>& key : config_keys)
    if (concerns(key.row, path) && !has_same_value(key, before, after))
      most = std::max(most, ReloadClass(key.row.reload));
  if (are_records_changed(before.agents, after.agents, agents_place, path)) raise<AgentConfig>(most, agent_keys, path);
  if (are_records_changed(before.providers, after.providers, providers_place, path)) {
    raise<ProviderConfig>(most, provider_keys, path);
    raise<ModelConfig>(most, model_keys, path);
  }
  if (are_mappings_changed(before, after, path)) raise<HookMapping>(most, hook_mapping_keys, path);
  return most;
}

std::string shown(JsonView value, const JsonPath& path) {
  return value ? redacted(value, path).dump() : std::string();
}

// Walks two documents side by side and notes where they part.
class Comparison {
 public:
  Comparison(const Config& before, const Config& after, ReloadPlan& plan)
      : before_(before), after_(after), plan_(plan) {}

  void compare(JsonView before, JsonView after) {
    if (before && after && before == after) return;
    const bool is_section = (!before || before.is_object()) && (!after || after.is_object());
    if (!is_section || before.size() + after.size() == 0) return note(before, after);
    for (JsonView member = after.first(); member; member = member.next())
      compare_member(before[member.name()], member, member.name());
    for (JsonView member = before.first(); member; member = member.next())
      if (!after[member.name()]) compare_member(member, JsonView(), member.name());
  }

 private:
  void compare_member(JsonView before, JsonView after, std::string_view name) {
    path_.emplace_back(name);
    compare(before, after);
    path_.pop_back();
  }

  void note(JsonView before, JsonView after) {
    plan_.changes.push_back({path_, shown(before, path_), shown(after, path_), class_of(path_, before_, after_)});
  }

  const Config& before_;
  const Config& after_;
  ReloadPlan& plan_;
  JsonPath path_;
};

// The ids that both lists have, in the order of the first.
template <typename Record>
std::vector<std::string> common_ids(const std::vector<Record>& list, const std::vector<Record>& other) {
  std::vector<std::string> ids;
  for (const Record& each : list)
    if (record_of(other, each.id)) ids.push_back(each.id);
  return ids;
}

// The first agent and the first model are the defaults, so the order in the file is a setting too.
template <typename Record>
void compare_order(const std::vector<Record>& before, const std::vector<Record>& after, const JsonPath& place,
                   Reload reload, ReloadPlan& plan) {
  const auto old = common_ids(before, after);
  const auto now = common_ids(after, before);
  if (old == now) return;
  const auto listed = [](const std::vector<std::string>& ids) {
    Json list = Json::array();
    for (const std::string& id : ids) list.push(Json::of(id));
    return list.dump();
  };
  plan.changes.push_back({place, listed(old), listed(now), reload});
}

void keep_fields(const JsonPath& path, const Config& running, Config& wanted) {
  for (const KeyBinding<Config>& key : config_keys)
    if (concerns(key.row, path)) std::visit([&](auto field) { wanted.*field = running.*field; }, key.field);
  if (is_around(agents_place, path)) wanted.agents = running.agents;
  if (is_around(providers_place, path)) wanted.providers = running.providers;
}

void keep_value(const JsonPath& path, JsonView running, Json& wanted) {
  const JsonView value = find(running, path);
  if (!value) {
    unset_value(wanted, path);
    return;
  }
  const auto set = set_value(wanted, path, Json::copy(value));
  ensure(set.ok(), "the place of a kept value is in both documents");
}

}  // namespace

std::string_view to_text(const ReloadClass& reload) {
  return reload ? to_text(*reload) : "none";
}

ReloadClass ReloadPlan::worst() const {
  ReloadClass most;
  for (const ConfigChange& change : changes) most = std::max(most, change.reload);
  return most;
}

ReloadPlan plan_reload(const LoadedConfig& running, const LoadedConfig& wanted) {
  ReloadPlan plan;
  Comparison(running.config, wanted.config, plan).compare(running.resolved, wanted.resolved);
  compare_order(running.config.agents, wanted.config.agents, agents_place, Reload::Live, plan);
  compare_order(running.config.providers, wanted.config.providers, providers_place, Reload::Rewire, plan);
  return plan;
}

LoadedConfig with_kept(const LoadedConfig& running, LoadedConfig wanted, const std::vector<JsonPath>& paths) {
  for (const JsonPath& path : paths) {
    keep_fields(path, running.config, wanted.config);
    keep_value(path, running.resolved, wanted.resolved);
    keep_value(path, running.source, wanted.source);
  }
  return wanted;
}

std::string joined_paths(const std::vector<JsonPath>& paths) {
  constexpr std::size_t told_max = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(paths.size(), told_max); ++i) text += (i ? ", " : "") + to_text(paths[i]);
  if (paths.size() > told_max) text += " and " + std::to_string(paths.size() - told_max) + " more";
  return text;
}

}  // namespace omenia
