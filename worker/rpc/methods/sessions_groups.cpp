// sessions.groups.*: the groups that clients sort sessions into.

#include <set>

#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

namespace {

struct Shown {
  std::vector<state::GroupRow> groups;
  std::string section_order;
};

Result<Shown> read_groups(state::Tables& tables) {
  Shown shown;
  TRY_ASSIGN(shown.groups, tables.groups.list());
  TRY_ASSIGN(shown.section_order, tables.groups.section_order());
  return shown;
}

void write_groups(JsonWriter& writer, const Shown& shown) {
  writer.key("groups").begin_array();
  std::int64_t position = 0;
  for (const state::GroupRow& group : shown.groups)
    writer.begin_object().member("name", group.name).member("position", position++).end_object();
  writer.end_array().raw_member("sectionOrder", shown.section_order);
}

void write_defaults(JsonWriter& writer, const Shown& shown) {
  writer.key("defaults").begin_array();
  for (const state::GroupRow& group : shown.groups) {
    writer.begin_object().member("name", group.name);
    if (!group.cwd.empty()) writer.member("cwd", group.cwd);
    writer.member("worktree", group.worktree).end_object();
  }
  writer.end_array();
}

// Changes the groups, tells everybody to read them again, and answers how they are then.
Task<Result<Shown>> change(CallPointer call, std::function<Result<void>(state::Tables&)> unit) {
  TRY_AWAIT(Shown shown, call->context.store->write<Shown>([unit](state::Tables& tables) -> Result<Shown> {
    TRY(unit(tables));
    return read_groups(tables);
  }));
  call->context.hub.broadcast(Event::sessions_changed, R"({"reason":"groups"})", ws::Audience::list_subscribers);
  co_return shown;
}

AnswerTask answer_groups(CallPointer call, std::function<Result<void>(state::Tables&)> unit) {
  auto changing = change(call, std::move(unit));
  auto changed = co_await std::move(changing);
  CO_TRY_ASSIGN(const Shown shown, std::move(changed));
  JsonWriter writer;
  writer.begin_object().member("ok", true);
  write_groups(writer, shown);
  co_return Answer{writer.end_object().take()};
}

}  // namespace

AnswerTask groups_list(CallPointer call) {
  TRY_AWAIT(const Shown shown, call->context.store->read<Shown>(read_groups));
  JsonWriter writer;
  write_groups(writer.begin_object(), shown);
  co_return Answer{writer.end_object().take()};
}

AnswerTask groups_defaults(CallPointer call) {
  TRY_AWAIT(const Shown shown, call->context.store->read<Shown>(read_groups));
  JsonWriter writer;
  write_defaults(writer.begin_object(), shown);
  co_return Answer{writer.end_object().take()};
}

AnswerTask groups_put(CallPointer call) {
  std::vector<std::string> names;
  std::set<std::string_view> seen;
  for (JsonView name = call->params["names"].first(); name; name = name.next()) {
    if (!seen.insert(name.text()).second)
      co_return fail(ErrorCode::invalid_request, "the group '" + std::string(name.text()) + "' is named twice");
    names.emplace_back(name.text());
  }
  const std::string order = call->params["sectionOrder"] ? call->params["sectionOrder"].dump() : std::string();
  auto answering = answer_groups(call, [names, order](state::Tables& tables) -> Result<void> {
    TRY(tables.groups.replace(names));
    if (!order.empty()) TRY(tables.groups.put_section_order(order));
    return {};
  });
  auto answer = co_await std::move(answering);
  co_return answer;
}

AnswerTask groups_rename(CallPointer call) {
  const std::string name(call->params["name"].text());
  const std::string to(call->params["to"].text());
  auto answering = answer_groups(call, [name, to](state::Tables& tables) { return tables.groups.rename(name, to); });
  auto answer = co_await std::move(answering);
  co_return answer;
}

AnswerTask groups_delete(CallPointer call) {
  const std::string name(call->params["name"].text());
  auto answering = answer_groups(call, [name](state::Tables& tables) { return tables.groups.remove(name); });
  auto answer = co_await std::move(answering);
  co_return answer;
}

AnswerTask groups_update(CallPointer call) {
  const state::GroupRow row{std::string(call->params["name"].text()), std::string(call->params["cwd"].text()),
                            call->params["worktree"].boolean()};
  auto changing = change(call, [row](state::Tables& tables) { return tables.groups.update(row); });
  auto changed = co_await std::move(changing);
  CO_TRY_ASSIGN(const Shown shown, std::move(changed));
  JsonWriter writer;
  writer.begin_object().member("ok", true);
  write_defaults(writer, shown);
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
