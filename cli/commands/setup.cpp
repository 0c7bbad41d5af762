// setup: makes a machine ready for `gateway run`. It can be repeated: what is configured stays as it is.

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "cli/commands/all.h"
#include "cli/commands/baseline.h"
#include "cli/commands/model_offers.h"
#include "cli/failure.h"
#include "shared/base/fd.h"
#include "shared/base/folders.h"
#include "shared/config/bind.h"
#include "shared/config/effective.h"
#include "shared/config/write.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

// Gateways of named profiles keep this distance, and stay clear of the ports of the default and the dev profile.
constexpr int profile_port_first = 19149;
constexpr int profile_port_step = 120;

bool is_free(int port) {
  const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// A named profile gets a port of its own once, so that its gateway can run beside others.
std::optional<int> profile_port(const Context& context) {
  if (context.paths.profile.empty() || context.paths.dev || context.config.source["gateway"]["port"]) return {};
  for (int port = profile_port_first; port < 60'000; port += profile_port_step)
    if (is_free(port)) return port;
  return {};
}

bool is_one_of(std::string_view word, std::string_view choices) {
  return ("|" + std::string(choices) + "|").find("|" + std::string(word) + "|") != std::string::npos;
}

Result<BaselineWishes> wishes_of(const Context& context, const Arguments& arguments) {
  BaselineWishes wishes;
  TRY_ASSIGN(const auto port, arguments.integer("--gateway-port", 1, 65535));
  wishes.port = port ? std::optional<int>(static_cast<int>(*port)) : profile_port(context);
  wishes.bind = arguments.value_or("--gateway-bind", "");
  wishes.auth_mode = arguments.value_or("--gateway-auth", "");
  wishes.credential = Secret(arguments.value_or("--gateway-token", ""));
  if (!wishes.bind.empty() && !is_one_of(wishes.bind, bind_modes)) {
    return fail(ErrorCode::usage,
                "Invalid --gateway-bind. Use \"loopback\", \"lan\", \"tailnet\", \"auto\", or \"custom\".");
  }
  if (!wishes.auth_mode.empty() && !is_one_of(wishes.auth_mode, "token|password"))
    return fail(ErrorCode::usage, "Invalid --gateway-auth. Use \"token\" or \"password\".");
  if (wishes.auth_mode == "password" && !wishes.credential.empty())
    return fail(ErrorCode::usage, "--gateway-token does not go with --gateway-auth password.");
  wishes.needs_credential = !product_variable(context.environment, "GATEWAY_TOKEN") &&
                            !product_variable(context.environment, "GATEWAY_PASSWORD");
  if (const auto workspace = arguments.value("--workspace"))
    wishes.workspace = std::filesystem::absolute(expand_home(*workspace, context.environment)).lexically_normal();
  return wishes;
}

bool says_yes(Context& context, const std::string& question) {
  context.output.text(question + " [y/N] ");
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

// Takes the offers that the person at the terminal wants; the others are left.
Result<std::vector<ModelOffer>> settle_offers(Context& context, bool asks, Json& document) {
  std::vector<ModelOffer> left;
  for (ModelOffer& offer : model_offers(context.environment, document, ask_local_ollama())) {
    if (asks && says_yes(context, offer.found + ". Use " + for_terminal(offer.model) + "?")) {
      TRY(take_offer(document, offer));
    } else {
      left.push_back(std::move(offer));
    }
  }
  return left;
}

struct Outcome {
  Baseline baseline;
  ConfigWrite written;
  std::vector<ModelOffer> offers;  // Not taken.
  std::string workspace;
};

Result<Outcome> set_up(Context& context, const Arguments& arguments) {
  if (!context.config.valid()) return fail(ErrorCode::config_invalid, describe_errors(context.config));
  TRY_ASSIGN(const BaselineWishes wishes, wishes_of(context, arguments));
  Outcome outcome;
  TRY_ASSIGN(outcome.baseline, baseline_of(context.config.source, wishes));
  Json& document = outcome.baseline.document;
  const bool asks = context.interactive && !context.output.json && !arguments.flag("--baseline") &&
                    !arguments.flag("--non-interactive");
  TRY_ASSIGN(outcome.offers, settle_offers(context, asks, document));
  if (!context.config.exists || !(document.view() == context.config.source.view())) TRY(stamp(document));
  make_private_folders(context.paths.state_dir);
  TRY_ASSIGN(outcome.written,
             write_config(context.paths.config_path, document, context.config.hash, context.environment));
  const std::string& configured = outcome.written.loaded.config.default_workspace;
  outcome.workspace = configured.empty() ? context.paths.default_workspace : configured;
  make_private_folders(outcome.workspace);
  if (::access(outcome.workspace.c_str(), W_OK | X_OK) != 0)
    return fail(ErrorCode::system, "The workspace " + outcome.workspace + " cannot be made or written.");
  return outcome;
}

std::string outcome_json(const Context& context, const Outcome& outcome) {
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("configPath", context.paths.config_path);
  writer.member("changed", outcome.written.changed).member("stateDir", context.paths.state_dir);
  writer.member("workspace", outcome.workspace).member("credentialGenerated", outcome.baseline.made_credential);
  writer.key("kept").begin_array();
  for (const std::string& path : outcome.baseline.kept) writer.value(path);
  writer.end_array().key("offers").begin_array();
  for (const ModelOffer& offer : outcome.offers) {
    writer.begin_object().member("provider", offer.provider).member("model", offer.model);
    writer.member("reason", offer.found).key("commands").begin_array();
    for (const std::string& command : commands_for(offer, context.paths)) writer.value(command);
    writer.end_array().end_object();
  }
  return writer.end_array().end_object().take();
}

void print_outcome(Context& context, const Outcome& outcome) {
  Output& output = context.output;
  output.line("Configuration: " + shortened(context.paths.config_path, context.home()) +
              (outcome.written.changed ? " (written)" : " (unchanged)"));
  output.line("State: " + shortened(context.paths.state_dir, context.home()));
  output.line("Workspace: " + shortened(outcome.workspace, context.home()));
  if (outcome.baseline.made_credential)
    output.line("A gateway credential was made; it is in the configuration, under gateway.auth.");
  for (const std::string& path : outcome.baseline.kept)
    output.note(path + " is already set and was kept. Change it with: " +
                context.paths.command("config set " + path + " <value>"));
  for (const ModelOffer& offer : outcome.offers) {
    output.line("\n" + offer.found + ". To use it:");
    for (const std::string& command : commands_for(offer, context.paths)) output.line("  " + for_terminal(command));
  }
  output.line("\nStart the gateway with: " + context.paths.command("gateway run"));
}

}  // namespace

int run_setup(Context& context, const Arguments& arguments) {
  const Result<Outcome> outcome = set_up(context, arguments);
  if (!outcome.ok()) return complain(context, outcome.error());
  if (context.output.json) {
    context.output.line(outcome_json(context, outcome.value()));
  } else {
    print_outcome(context, outcome.value());
  }
  return 0;
}

}  // namespace omenia::cli
