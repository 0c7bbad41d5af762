// What clients ask at their start, each with the parameters that they send. Of what this release does not have, the
// answers say that there is nothing; their shapes are looked at with those of all frames.

import { check, expect } from "./report.mjs";

const sessionKey = "agent:main:main";

const calls = {
  "board.get": { sessionKey },
  "channels.status": { probe: false, timeoutMs: 8_000 },
  "commands.list": { agentId: "main", scope: "text", includeArgs: false },
  "controlUi.sessionPullRequests.subscribe": { sessionKeys: [] },
  "cron.list": { compact: true, limit: 50 },
  "cron.status": {},
  "diagnostics.stability": {},
  "exec.approval.list": {},
  "exec.approvals.get": {},
  "gateway.identity.get": {},
  "gateway.restart.preflight": {},
  "last-heartbeat": {},
  "mentions.list": {},
  "openclaw.approval.list": {},
  "plugin.approval.list": {},
  "plugins.controlUi.list": {},
  "progressCard.get": { sessionKey },
  "projects.list": { includeObserved: true },
  "question.list": {},
  "session.discussion.info": { sessionKey },
  "session.members.listEvidence": { sessionKey },
  "sessions.catalog.list": {},
  "sessions.companion.state": { sessionKey },
  "sessions.github.options": { sessionKey },
  "sessions.observer.visibility": { visible: true },
  "sessions.viewers.set": { sessionKeys: [sessionKey] },
  "skills.status": { agentId: "main" },
  "system.info": {},
  "talk.catalog": {},
  "taskSuggestions.list": {},
  "update.status": {},
  "usage.status": {},
  "users.prefs.get": { keys: ["ui.theme"] },
};

export async function pageCallChecks(connection) {
  for (const [method, params] of Object.entries(calls)) {
    await check(`${method}: answered`, () => connection.request(method, params));
  }
  await check("system.info: of this machine", async () => {
    const { cpuCount, pid, port } = await connection.request("system.info", {});
    expect(cpuCount > 0 && pid > 0 && port > 0, `${cpuCount} ${pid} ${port}`);
  });
}
