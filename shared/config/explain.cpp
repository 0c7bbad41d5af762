#include "shared/config/explain.h"

#include "shared/config/edit.h"
#include "shared/config/keys.h"
#include "shared/config/redact.h"
#include "shared/config/substitute.h"

namespace omenia {

namespace {

// Keys that flags and variables also set. For credentials the file counts before the variable.
struct Override {
  std::string_view path;
  std::string_view flag;
  std::string_view variable;  // Without the product's name; empty: none.
  bool file_first;
};

constexpr Override overrides[] = {
    {"gateway.port", "--port", "GATEWAY_PORT", false},
    {"gateway.bind", "--bind", "", false},
    {"gateway.auth.mode", "--auth", "", false},
    {"gateway.auth.token", "--token", "GATEWAY_TOKEN", true},
    {"gateway.auth.password", "--password", "GATEWAY_PASSWORD", true},
    {"logging.level", "", "LOG_LEVEL", false},
    {"logging.consoleLevel", "", "LOG_LEVEL", false},
};

const Override* override_of(const JsonPath& path) {
  for (const Override& each : overrides)
    if (each.path == to_text(path)) return &each;
  return nullptr;
}

std::string flag_value(const Override& each, const GatewayFlags& flags) {
  if (each.flag == "--port") return flags.port ? std::to_string(*flags.port) : "";
  if (each.flag == "--bind") return flags.bind;
  if (each.flag == "--auth") return flags.auth_mode;
  if (each.flag == "--token") return std::string(flags.token.reveal());
  return each.flag == "--password" ? std::string(flags.password.reveal()) : "";
}

std::string place_of(const JsonPath& path, const Composition& composed) {
  const Origin origin = composed.origin_of(path);
  return composed.files[origin.file] + (origin.line > 0 ? ":" + std::to_string(origin.line) : "");
}

void explain_file(const ExplainInput& input, Explanation& told) {
  const JsonView written = value_at(input.loaded.source, told.path);
  told.source = input.composed.origin_of(told.path).file == 0 ? "file" : "include";
  told.place = place_of(told.path, input.composed);
  told.value = redacted(value_at(input.loaded.resolved, told.path), told.path);
  const Substituted substituted = substitute(written.text(), input.environment);
  if (!substituted.missing.empty()) {
    told.note = substituted.missing.front() + " is not set";
  } else if (written.is_string() && substituted.text != written.text()) {
    told.note = "written as " + redacted(written, told.path).dump();
  }
}

bool explain_flag(const ExplainInput& input, const Override& each, Explanation& told) {
  const std::string value = flag_value(each, input.flags);
  if (value.empty()) return false;
  told.source = "flag";
  told.place = each.flag;
  told.value = redacted(value_from_text(value, told.path), told.path);
  return true;
}

bool explain_variable(const ExplainInput& input, const Override& each, Explanation& told) {
  const auto value = each.variable.empty() ? std::nullopt : product_variable(input.environment, each.variable);
  if (!value) return false;
  told.source = product_variable(input.bare_environment, each.variable) ? "env" : ".env";
  told.place = "OmeniaClaw_" + std::string(each.variable);
  told.value = redacted(value_from_text(*value, told.path), told.path);
  return true;
}

void explain_value(const ExplainInput& input, Explanation& told) {
  const Override* each = override_of(told.path);
  const bool in_file = bool(value_at(input.loaded.source, told.path));
  const bool overridden = each && (explain_flag(input, *each, told) ||
                                   (!(each->file_first && in_file) && explain_variable(input, *each, told)));
  if (overridden) {
    if (in_file) told.note = "wins over " + place_of(told.path, input.composed);
  } else if (in_file) {
    explain_file(input, told);
  } else {
    told.source = told.initial.empty() ? "unset" : "default";
    auto initial = Json::parse(told.initial);
    if (initial.ok()) told.value = std::move(initial).value();
  }
}

}  // namespace

Result<Explanation> explain(const JsonPath& path, const ExplainInput& input) {
  Explanation told{.path = path,
                   .value = Json(),
                   .source = "",
                   .place = "",
                   .note = "",
                   .type = "section",
                   .reload = "",
                   .initial = "",
                   .doc = ""};
  const KeyRow* row = find_key(path);
  const auto reload = reload_of(path);
  if (row) {
    told.type = type_text(*row);
    told.initial = default_text(*row);
    told.doc = row->doc;
  } else if (const IgnoredKey* ignored = find_ignored_key(path)) {
    told.type = "ignored";
    told.doc = "Accepted and not used by this release. " + std::string(ignored->consequence);
  } else if (!reload) {
    return fail(ErrorCode::usage,
                "Unknown config path: " + to_text(path) + ". Run OmeniaClaw config schema to inspect valid paths.");
  }
  told.reload = reload ? to_text(*reload) : "none";
  explain_value(input, told);
  return told;
}

}  // namespace omenia
