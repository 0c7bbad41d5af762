// logs: the end of the gateway's log, once or following it. Without a gateway on this machine the file itself is read;
// a follower that loses its gateway tries again for a while.

#include <algorithm>
#include <chrono>
#include <thread>

#include "cli/commands/all.h"
#include "cli/commands/log_file.h"
#include "cli/commands/log_text.h"
#include "cli/dial.h"
#include "cli/failure.h"
#include "cli/settings.h"
#include "shared/base/limits.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

constexpr int lines_default = 200;
constexpr int interval_ms_default = 1'000;
constexpr int reconnects_max = 8;
constexpr int reconnect_ms_min = 250;
constexpr int reconnect_ms_max = 30'000;

struct LogsRequest {
  std::int64_t lines_max = lines_default;
  std::int64_t bytes_max = static_cast<std::int64_t>(limits::logs_tail_bytes);
  std::int64_t interval_ms = interval_ms_default;
  bool follow = false;
  LogStyle style;
};

Result<LogsRequest> request_of(const Context& context, const Arguments& arguments) {
  LogsRequest request;
  TRY_ASSIGN(const auto lines, arguments.integer("--limit", 1, limits::logs_tail_lines_max));
  TRY_ASSIGN(const auto bytes,
             arguments.integer("--max-bytes", 1, static_cast<std::int64_t>(limits::logs_tail_bytes_max)));
  TRY_ASSIGN(const auto interval, arguments.integer("--interval", 50, 3'600'000));
  if (arguments.flag("--utc") && arguments.flag("--local-time"))
    return fail(ErrorCode::usage, "Use either --utc or --local-time, not both.");
  request.lines_max = lines.value_or(request.lines_max);
  request.bytes_max = bytes.value_or(request.bytes_max);
  request.interval_ms = interval.value_or(request.interval_ms);
  request.follow = arguments.flag("--follow");
  request.style = {.utc = arguments.flag("--utc"), .color = context.output.color && !arguments.flag("--plain")};
  return request;
}

// Writes what came, in the form that was asked for.
class LogPrinter {
 public:
  LogPrinter(Output& output, const LogStyle& style) : output_(output), style_(style) {}

  // Names the file, the first time and when it changes.
  void file(std::string_view name, std::int64_t cursor, std::int64_t size) {
    if (name == file_) return;
    file_ = name;
    if (!output_.json) return output_.line("Log file: " + file_);
    JsonWriter writer;
    writer.begin_object().member("type", "meta").member("file", file_).member("sourceKind", "file");
    output_.line(writer.member("cursor", cursor).member("size", size).end_object().text());
  }

  void line(std::string_view raw) {
    const LogEntry entry = log_entry_of(raw);
    if (output_.json) return output_.line(log_line_json(entry, raw));
    LogEntry shown = entry;
    if (output_.terminal) shown.message = for_terminal(entry.message);
    output_.line(log_line_text(shown, style_));
  }

  void notice(std::string_view message) {
    if (!output_.json) return output_.note(message);
    JsonWriter writer;
    output_.line(writer.begin_object().member("type", "notice").member("message", message).end_object().text());
  }

  void flush() { output_.text(""); }

 private:
  Output& output_;
  LogStyle style_;
  std::string file_;
};

constexpr std::string_view truncated_notice = "Log tail truncated (increase --limit or --max-bytes).";

// In JSON the terminal failure is a line on standard error, because standard output holds a stream of lines.
int fail_logs(Context& context, const DialFailure& failure) {
  if (!context.output.json) return complain(context, failure);
  JsonWriter writer;
  writer.begin_object().member("type", "error").member("message", "Gateway logs are not available.");
  writer.member("error", failure.error.message);
  if (failure.target) {
    writer.key("details").begin_object().member("url", failure.target->url).member("urlSource", failure.target->source);
    writer.member("message", failure.error.message).end_object();
  }
  writer.member("hint", "Run " + context.paths.command("gateway status") + ".").end_object();
  context.output.note(writer.text());
  return 1;
}

int print_file(Context& context, const LogsRequest& request, LogPrinter& printer) {
  context.output.note("Local Gateway RPC unavailable; reading configured file log instead.");
  const Result<LogTail> tail = read_log_tail(log_file_of(context), request.lines_max, request.bytes_max);
  if (!tail.ok()) {
    context.output.note(tail.error().message);
    return 1;
  }
  printer.file(tail.value().file, tail.value().cursor, tail.value().size);
  if (tail.value().truncated) printer.notice(truncated_notice);
  for (const std::string& line : tail.value().lines) printer.line(line);
  return 0;
}

std::string params_of(const LogsRequest& request, std::optional<std::int64_t> cursor) {
  JsonWriter writer;
  writer.begin_object();
  if (cursor) writer.member("cursor", *cursor);
  return writer.member("limit", request.lines_max).member("maxBytes", request.bytes_max).end_object().take();
}

// One look at the log, and the cursor for the next one.
Result<Answer> print_tail(Connection& connection, const LogsRequest& request, LogPrinter& printer,
                          std::optional<std::int64_t>& cursor) {
  TRY_ASSIGN(Answer answer,
             connection.client.call("logs.tail", params_of(request, cursor), deadline_after(connection.call_ms)));
  if (!answer.ok) return answer;
  const JsonView tail = answer.payload;
  printer.file(tail["file"].text(), tail["cursor"].integer(), tail["size"].integer());
  if (tail["reset"].boolean() && cursor) printer.notice("The log file was replaced; going on with the new one.");
  if (tail["truncated"].boolean()) printer.notice(truncated_notice);
  for (JsonView line = tail["lines"].first(); line; line = line.next()) printer.line(line.text());
  printer.flush();
  if (tail["cursor"].is_integer()) cursor = tail["cursor"].integer();
  return answer;
}

// Waits with growing pauses until the gateway answers again. A refusal ends it at once.
Dialed reconnect(Context& context, const Arguments& arguments, const Purpose& purpose) {
  int pause_ms = reconnect_ms_min;
  for (int attempt = 1;; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
    pause_ms = std::min(pause_ms * 2, reconnect_ms_max);
    auto outcome = try_dial(context, arguments, purpose);
    const auto* failure = std::get_if<DialFailure>(&outcome);
    if (failure == nullptr || failure->refusal || !failure->target || attempt == reconnects_max) return outcome;
  }
}

int follow(Context& context, const Arguments& arguments, const LogsRequest& request, const Purpose& purpose,
           Connection connection, LogPrinter& printer) {
  std::optional<std::int64_t> cursor;
  while (true) {
    auto looked = print_tail(connection, request, printer, cursor);
    if (looked.ok() && !looked.value().ok) return complain_refused(context, looked.value().error);
    if (looked.ok() && !request.follow) return 0;
    if (!request.follow) return fail_logs(context, {looked.error(), connection.target, {}});
    if (context.output.abandoned()) return 0;
    if (looked.ok() && connection.client.idle(deadline_after(request.interval_ms)).ok()) continue;
    printer.notice("[logs] gateway disconnected, trying again");
    auto outcome = reconnect(context, arguments, purpose);
    if (const auto* failure = std::get_if<DialFailure>(&outcome)) return fail_logs(context, *failure);
    connection = std::move(std::get<Connection>(outcome));
    printer.notice("[logs] gateway reconnected");
  }
}

}  // namespace

int run_logs(Context& context, const Arguments& arguments) {
  const Result<LogsRequest> request = request_of(context, arguments);
  if (!request.ok()) return complain(context, request.error());
  const Purpose purpose{"logs.tail", backend_identity("operator.read", "logs.tail")};
  LogPrinter printer(context.output, request.value().style);
  auto outcome = try_dial(context, arguments, purpose);
  if (auto* connection = std::get_if<Connection>(&outcome))
    return follow(context, arguments, request.value(), purpose, std::move(*connection), printer);
  const auto& failure = std::get<DialFailure>(outcome);
  const bool unreachable_here = failure.target && failure.target->local() && !failure.refusal;
  if (unreachable_here && !request.value().follow && !arguments.flag("--port"))
    return print_file(context, request.value(), printer);
  return fail_logs(context, failure);
}

}  // namespace omenia::cli
