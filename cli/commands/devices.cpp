// devices: who is paired with the gateway, and who waits for it.

#include "cli/commands/all.h"
#include "cli/commands/records.h"
#include "cli/dial.h"
#include "shared/base/clock.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

std::string tokens_text(JsonView tokens) {
  std::string text;
  for (JsonView token = tokens.first(); token; token = token.next())
    text += (text.empty() ? "" : ", ") + std::string(token["role"].text());
  return text.empty() ? "-" : text;
}

void print_devices(Context& context, JsonView listing) {
  if (listing["pending"].size() > 0) {
    std::vector<Row> rows{{"Request", "Device", "Name", "Client", "Role", "Asks for", "From"}};
    for (JsonView each = listing["pending"].first(); each; each = each.next())
      rows.push_back({cell(each["requestId"]), short_id(each["deviceId"]), cell(each["displayName"]),
                      cell(each["clientId"]), cell(each["role"]), joined(each["scopes"]), cell(each["remoteIp"])});
    context.output.line("Waiting for approval (" + context.paths.command("devices approve <request>") + "):");
    context.output.line(framed_table(rows));
  }
  if (listing["paired"].size() == 0) return context.output.line("No device is paired.");
  std::vector<Row> rows{{"Device", "Name", "Client", "Platform", "Roles", "Scopes", "Tokens", "Connected"}};
  for (JsonView each = listing["paired"].first(); each; each = each.next())
    rows.push_back({cell(each["deviceId"]), cell(each["displayName"]), cell(each["clientId"]), cell(each["platform"]),
                    joined(each["roles"]), joined(each["scopes"]), tokens_text(each["tokens"]),
                    each["connected"].boolean() ? "yes" : "no"});
  context.output.line(framed_table(rows));
}

std::string params_of(const std::vector<std::pair<std::string_view, std::string>>& members) {
  JsonWriter writer;
  writer.begin_object();
  for (const auto& [name, text] : members) writer.member(name, text);
  return writer.end_object().take();
}

}  // namespace

int run_devices_list(Context& context, const Arguments& arguments) {
  const auto listing = ask_once(context, arguments, {"device.pair.list", "operator.pairing", "{}"});
  if (!listing) return 1;
  if (!context.output.json) print_devices(context, *listing);
  return 0;
}

int run_devices_approve(Context& context, const Arguments& arguments) {
  const std::string& id = arguments.positionals().front();
  const auto answer =
      ask_once(context, arguments, {"device.pair.approve", "operator.admin", params_of({{"requestId", id}})});
  if (!answer) return 1;
  const JsonView device = (*answer)["device"];
  return say(context, "Approved " + cell(device["deviceId"]) + ": " + joined(device["roles"]) + " with " +
                          joined(device["scopes"]) + ". It can connect now.");
}

int run_devices_reject(Context& context, const Arguments& arguments) {
  const std::string& id = arguments.positionals().front();
  const auto answer =
      ask_once(context, arguments, {"device.pair.reject", "operator.pairing", params_of({{"requestId", id}})});
  return answer ? say(context, "Rejected the request of " + cell((*answer)["deviceId"]) + ".") : 1;
}

int run_devices_remove(Context& context, const Arguments& arguments) {
  const std::string& id = arguments.positionals().front();
  const auto answer =
      ask_once(context, arguments, {"device.pair.remove", "operator.pairing", params_of({{"deviceId", id}})});
  return answer ? say(context, "Removed " + cell((*answer)["deviceId"]) + "; its connections are closed.") : 1;
}

int run_devices_rename(Context& context, const Arguments& arguments) {
  const auto& words = arguments.positionals();
  const auto answer = ask_once(
      context, arguments,
      {"device.pair.rename", "operator.pairing", params_of({{"deviceId", words.at(0)}, {"label", words.at(1)}})});
  return answer ? say(context, "Renamed " + cell((*answer)["deviceId"]) + ".") : 1;
}

int run_devices_rotate(Context& context, const Arguments& arguments) {
  const std::string& id = arguments.positionals().front();
  const std::string role = arguments.value_or("--role", "operator");
  const auto answer = ask_once(
      context, arguments, {"device.token.rotate", "operator.admin", params_of({{"deviceId", id}, {"role", role}})});
  if (!answer) return 1;
  return say(context, "The token of " + cell((*answer)["deviceId"]) + " for the role " + role +
                          " is another one; its connections are closed. The device gets the new token when it "
                          "connects with the shared secret.");
}

int run_devices_revoke(Context& context, const Arguments& arguments) {
  const std::string& id = arguments.positionals().front();
  const std::string role = arguments.value_or("--role", "operator");
  const auto answer = ask_once(
      context, arguments, {"device.token.revoke", "operator.pairing", params_of({{"deviceId", id}, {"role", role}})});
  return answer ? say(context, "Revoked the token of " + cell((*answer)["deviceId"]) + " for the role " + role +
                                   "; its connections are closed.")
                : 1;
}

}  // namespace omenia::cli
