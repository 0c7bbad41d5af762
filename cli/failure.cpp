// One place for the words of a failed command, so that every command fails alike.

#include "cli/failure.h"

#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

// {"ok":false,"error":{"type":…,"message":…   with the error object still open.
JsonWriter envelope(std::string_view type, std::string_view message) {
  JsonWriter writer;
  writer.begin_object().member("ok", false).key("error").begin_object();
  writer.member("type", type).member("message", message);
  return writer;
}

std::string transport_envelope(std::string_view message, const Target& target, const Error& error) {
  JsonWriter writer = envelope("gateway_transport_error", message);
  writer.member("kind", "closed").member("reason", error.message).end_object();
  writer.key("gateway").begin_object().member("url", target.url).member("urlSource", target.source);
  if (target.local()) writer.member("bindDetail", "Bind: " + target.bind);
  return writer.end_object().end_object().take();
}

}  // namespace

int complain(Context& context, const Error& error, std::string_view prefix) {
  const ErrorRow& row = row_of(error.code);
  const std::string message = std::string(prefix) + error.message;
  if (context.output.json) {
    context.output.line(envelope("cli_error", message).end_object().end_object().text());
  } else {
    context.output.note(message);
    if (!row.hint.empty()) context.output.note(row.hint);
  }
  return row.exit_code;
}

int complain_unreachable(Context& context, const Target& target, const Error& error) {
  const std::string headline = "Gateway not reachable at " + target.url + " (" + cause_of(error.message) + ").";
  if (context.output.json) {
    context.output.line(transport_envelope(headline, target, error));
    return 1;
  }
  context.output.note(headline);
  if (target.local()) {
    context.output.note("Start it with `" + context.paths.command("gateway run") + "` or check `" +
                        context.paths.command("gateway status") + "`.");
  }
  context.output.note("Gateway target: " + target.url + "\nSource: " + target.source +
                      "\nConfig: " + shortened(context.paths.config_path, context.home()));
  if (target.local()) context.output.note("Bind: " + target.bind);
  return 1;
}

int complain_lost(Context& context, const Target& target, const Error& error) {
  const std::string headline = "No answer from the gateway at " + target.url + " (" + error.message + ").";
  if (context.output.json) {
    context.output.line(transport_envelope(headline, target, error));
  } else {
    context.output.note(for_terminal(headline));
  }
  return 1;
}

int complain_refused(Context& context, JsonView error, std::string_view prefix) {
  const std::string message =
      std::string(prefix) + std::string(error["message"].text("the gateway refused the request"));
  if (!context.output.json) {
    context.output.note(for_terminal(message));
    const std::string_view remedy = error["details"]["remediationHint"].text();
    if (!remedy.empty()) context.output.note(for_terminal(remedy));
    return 1;
  }
  JsonWriter writer = envelope("gateway_request_error", message);
  for (const char* name : {"code", "details", "retryable", "retryAfterMs"})
    if (error[name]) writer.member(name, error[name]);
  context.output.line(writer.end_object().end_object().text());
  return 1;
}

std::string cause_of(std::string_view message) {
  constexpr std::string_view connect = "connect ";
  if (!message.starts_with(connect)) return std::string(message);
  message.remove_prefix(connect.size());
  return std::string(message.substr(0, message.find(' ')));
}

}  // namespace omenia::cli
