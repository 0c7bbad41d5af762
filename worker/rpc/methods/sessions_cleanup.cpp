// sessions.cleanup: what lies in the store and belongs to nobody, counted, and removed when the caller says so.

#include <filesystem>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/session_entry.h"
#include "worker/sessions/key.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t removed_at_once = 200;  // Of each kind: a call holds the writer for a moment, not for minutes.

struct Wanted {
  std::string agent_id;  // Empty: all.
  std::string active_key;
  bool enforce = false;
  bool fix_missing = false;
  std::int64_t before_ms = 0;
};

struct Report {
  std::int64_t sessions_before = 0;
  std::int64_t sessions_after = 0;
  std::vector<state::SessionRow> without_transcript;
  std::vector<state::OrphanRow> orphans;
};

// An agent's main session is there even when nobody has written in it.
bool stays(const state::SessionRow& row, const Wanted& wanted) {
  const auto key = sessions::parse_key(row.key, row.agent_id);
  return row.key == wanted.active_key || row.pinned || !key.ok() || key.value().is_main();
}

Result<Report> look(state::Tables& tables, const Wanted& wanted) {
  Report report;
  TRY_ASSIGN(report.sessions_before, tables.sessions.count(wanted.agent_id));
  report.sessions_after = report.sessions_before;
  TRY_ASSIGN(report.without_transcript,
             tables.sessions.without_entries(wanted.agent_id, wanted.before_ms, removed_at_once));
  std::erase_if(report.without_transcript, [&](const state::SessionRow& row) { return stays(row, wanted); });
  TRY_ASSIGN(report.orphans, tables.entries.orphans(wanted.before_ms, removed_at_once));
  return report;
}

Result<Report> clean(state::Tables& tables, const Wanted& wanted) {
  TRY_ASSIGN(Report report, look(tables, wanted));
  for (const state::OrphanRow& orphan : report.orphans) TRY(tables.entries.remove_all(orphan.session_id));
  if (!wanted.fix_missing) return report;
  for (const state::SessionRow& row : report.without_transcript) {
    TRY_ASSIGN(const std::int64_t unfinished, tables.runs.unfinished_in(row.key));
    if (unfinished > 0) continue;
    TRY(tables.sessions.remove(row.key));
    --report.sessions_after;
  }
  return report;
}

std::int64_t file_bytes(const std::string& path) {
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(path, missing);
  return missing ? 0 : static_cast<std::int64_t>(bytes);
}

void write_orphans(JsonWriter& writer, const Report& report, bool removed) {
  std::int64_t bytes = 0;
  for (const state::OrphanRow& orphan : report.orphans) bytes += orphan.bytes;
  const auto count = static_cast<std::int64_t>(report.orphans.size());
  writer.key("unreferencedArtifacts").begin_object().member("scannedFiles", count);
  writer.member("removedFiles", removed ? count : 0).member("freedBytes", removed ? bytes : 0);
  writer.member("olderThanMs", limits::transcript_orphaned_ms).end_object();
}

// The database reuses what is freed in it and has no budget in this release.
void write_budget(JsonWriter& writer, std::int64_t bytes) {
  writer.key("diskBudget").begin_object().member("totalBytesBefore", bytes).member("totalBytesAfter", bytes);
  for (const char* name : {"removedFiles", "removedEntries", "freedBytes", "maxBytes", "highWaterBytes"})
    writer.member(name, 0);
  writer.member("overBudget", false).end_object();
}

Result<Wanted> wanted_of(const Call& call) {
  Wanted wanted;
  if (!call.params["allAgents"].boolean()) wanted.agent_id = call.params["agent"].text(call.context.default_agent());
  if (!wanted.agent_id.empty()) TRY(check_agent(call.context, wanted.agent_id));
  if (call.params["activeKey"]) {
    TRY_ASSIGN(const sessions::SessionKey key,
               sessions::parse_key(call.params["activeKey"].text(), call.context.default_agent()));
    wanted.active_key = key.text;
  }
  wanted.enforce = call.params["enforce"].boolean();
  wanted.fix_missing = call.params["fixMissing"].boolean();
  wanted.before_ms = wall_ms() - limits::transcript_orphaned_ms;
  return wanted;
}

}  // namespace

AnswerTask sessions_cleanup(CallPointer call) {
  worker::Context& context = call->context;
  CO_TRY_ASSIGN(const Wanted wanted, wanted_of(*call));
  auto working = wanted.enforce
                     ? context.store->write<Report>([wanted](state::Tables& tables) { return clean(tables, wanted); })
                     : context.store->read<Report>([wanted](state::Tables& tables) { return look(tables, wanted); });
  TRY_AWAIT(const Report report, std::move(working));
  const std::int64_t pruned = report.sessions_before - report.sessions_after;
  const auto missing = static_cast<std::int64_t>(report.without_transcript.size());
  JsonWriter writer(1024);
  writer.begin_object().member("agentId", wanted.agent_id.empty() ? context.default_agent() : wanted.agent_id);
  writer.member("storePath", context.store->path()).member("mode", wanted.enforce ? "enforce" : "warn");
  writer.member("dryRun", !wanted.enforce).member("beforeCount", report.sessions_before);
  writer.member("afterCount", report.sessions_after).member("missing", missing).member("dmScopeRetired", 0);
  writer.member("modelRunPruned", 0).member("archived", 0).member("capArchived", 0).member("pruned", pruned);
  writer.member("capped", 0);
  write_orphans(writer, report, wanted.enforce);
  write_budget(writer, file_bytes(context.store->path()));
  const bool would_mutate = !report.orphans.empty() || (wanted.fix_missing && missing > 0);
  writer.member("wouldMutate", would_mutate).member("applied", wanted.enforce);
  writer.member("appliedCount", wanted.enforce ? report.sessions_after : 0);
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
