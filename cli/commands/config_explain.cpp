// config explain, config schema: what a key is, what it is set to and why.

#include "shared/config/explain.h"

#include "cli/commands/all.h"
#include "cli/failure.h"
#include "cli/output.h"
#include "shared/config/file.h"
#include "shared/config/schema.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

Result<GatewayFlags> flags_in(const Arguments& arguments) {
  GatewayFlags flags;
  TRY_ASSIGN(flags.port, arguments.port());
  flags.bind = arguments.value_or("--bind", "");
  flags.auth_mode = arguments.value_or("--auth", "");
  return flags;
}

std::string json_of(const Explanation& told) {
  JsonWriter writer;
  writer.begin_object().member("path", to_text(told.path)).key("value").value(told.value.view());
  writer.member("source", told.source).member("place", told.place).member("note", told.note);
  writer.member("type", told.type).member("reload", told.reload).key("default");
  told.initial.empty() ? writer.null() : writer.raw(told.initial);
  return writer.member("doc", told.doc).end_object().take();
}

void tell(Output& output, const Explanation& told) {
  output.line(to_text(told.path) + " = " + (told.value ? told.value.dump_pretty() : "(not set)"));
  output.line("  source:  " + told.source + (told.place.empty() ? "" : " " + told.place) +
              (told.note.empty() ? "" : " (" + told.note + ")"));
  output.line("  type:    " + told.type + (told.initial.empty() ? "" : ", default " + told.initial));
  output.line("  change:  " + told.reload);
  if (!told.doc.empty()) output.line("  " + told.doc);
}

Result<Explanation> explained(const Context& context, const Arguments& arguments) {
  TRY_ASSIGN(const JsonPath path, parse_json_path(arguments.positionals().front()));
  TRY_ASSIGN(const GatewayFlags flags, flags_in(arguments));
  const std::string& file = context.paths.config_path;
  TRY_ASSIGN(const auto text, read_config_file(real_path(file), limits::config_file_bytes_max));
  const Composition composed = compose(text.value_or("{}"), file, context.environment);
  return explain(path, {context.config, composed, flags, context.environment, context.bare_environment});
}

}  // namespace

int run_config_explain(Context& context, const Arguments& arguments) {
  const auto told = explained(context, arguments);
  if (!told.ok()) return complain(context, told.error());
  if (!context.config.valid()) context.output.note(describe_errors(context.config));
  context.output.json ? context.output.line(json_of(told.value())) : tell(context.output, told.value());
  return 0;
}

int run_config_schema(Context& context, const Arguments&) {
  const std::string schema = config_schema();
  const auto document = Json::parse(schema);
  context.output.line(context.output.json || !document.ok() ? schema : document.value().dump_pretty());
  return 0;
}

}  // namespace omenia::cli
