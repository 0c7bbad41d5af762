// Shapes of the answers that the published schema has no shape for under the method's name.

import { ProtocolSchemas } from "@openclaw/gateway-protocol/schema";

import { count, flag, list, listOf, nothing, object, oneOf, open, text, words, yes } from "./types.mjs";

const run = { runId: text };
const runStatus = words("started", "in_flight", "ok", "error", "timeout");
const message = open({ role: words("user", "assistant"), content: oneOf(text, list), timestamp: count });
const sessionRow = ProtocolSchemas.SessionRow;
const sessionSummary = open({ count, recent: listOf(open({ key: text, updatedAt: count, age: count })) });

export const heartbeat = open({
  ts: count,
  status: words("sent", "ok-empty", "ok-token", "skipped", "failed"),
  durationMs: count,
});

export const health = open({
  ok: flag,
  ts: count,
  durationMs: count,
  channels: object,
  channelOrder: list,
  channelLabels: object,
  heartbeatSeconds: count,
  defaultAgentId: text,
  agents: listOf(open({ agentId: text, isDefault: flag, heartbeat: object, sessions: sessionSummary })),
  sessions: sessionSummary,
  eventLoop: object,
});

const sessionsList = open({
  ts: count,
  count,
  totalCount: count,
  hasMore: flag,
  nextOffset: oneOf(count, nothing),
  sessions: listOf(sessionRow),
});

const agentEnd = open({
  ...run,
  status: words("ok", "timeout"),
  summary: text,
  result: open({ payloads: listOf(open({ text })), meta: open({ durationMs: count }) }),
});

const history = open({
  sessionKey: text,
  messages: listOf(message),
  pendingInputs: open({ items: list, total: count }),
  hasMore: flag,
  totalMessages: count,
});

const resolved = open({ modelProvider: text, model: text });
const sessionEntry = open({ sessionId: text, lifecycleRevision: text, updatedAt: count, createdAt: count });
const changedSession = open({ ok: yes, key: text, entry: sessionEntry, resolved });

const problem = open({ path: { type: "string" }, message: text });
const reload = open({
  action: words("none", "ignore", "apply", "swap", "invalid"),
  class: { type: "string" },
  mode: text,
  text: { type: "string" },
  changes: listOf(open({ path: text, class: text })),
  problems: listOf(problem),
});
const configWritten = open({ ok: yes, path: text, hash: text, config: object, changedPaths: listOf(text) });

const sums = {
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite: count,
  totalTokens: count,
};
const costs = { ...sums, totalCost: { type: "number" }, missingCostEntries: count };
const day = open({ date: text, ...costs });

const deviceToken = open({ role: words("operator", "node"), scopes: listOf(text), createdAtMs: count });
const device = open({
  deviceId: text,
  publicKey: text,
  clientId: text,
  clientMode: text,
  role: words("operator", "node"),
  roles: listOf(text),
  scopes: listOf(text),
  approvedVia: text,
  createdAtMs: count,
  approvedAtMs: count,
  tokens: listOf(deviceToken),
});

const node = {
  nodeId: text,
  clientId: text,
  clientMode: text,
  caps: listOf(text),
  commands: listOf(text),
};
const pairedNode = open({ ...node, createdAtMs: count, approvedAtMs: count });
const pendingNode = open({ ...node, requestId: text, silent: flag, ts: count });
const knownNode = {
  ...node,
  sessionHost: flag,
  approvalState: words("approved", "pending-approval", "unapproved"),
  approvedAtMs: count,
  paired: flag,
  connected: flag,
};

// What a restart would find under way.
const underWay = open({
  safe: flag,
  counts: open({
    queueSize: count,
    pendingReplies: count,
    embeddedRuns: count,
    cronRuns: count,
    backgroundExecSessions: count,
    rootRequests: count,
    activeTasks: count,
    totalActive: count,
  }),
  blockers: listOf(open({ kind: text, count, message: text })),
  summary: text,
});

export const answers = {
  connect: ProtocolSchemas.HelloOk,
  health,
  status: open({
    runtimeVersion: text,
    heartbeat: open({ defaultAgentId: text, agents: list }),
    channelSummary: list,
    queuedSystemEvents: list,
    tasks: open({ total: count, active: count, terminal: count, failures: count }),
    sessions: open({
      paths: listOf(text),
      count,
      defaults: open({ model: text }),
      recent: listOf(open({ key: text })),
    }),
  }),
  "system-presence": listOf(ProtocolSchemas.PresenceEntry),
  "gateway.identity.get": open({ deviceId: text, publicKey: text }),
  "secrets.reload": open({ ok: yes, warningCount: count }),
  "last-heartbeat": oneOf(heartbeat, nothing),
  wake: open({ ok: yes }),
  "system-event": open({ ok: yes }),
  "gateway.restart.preflight": underWay,
  "gateway.restart.request": open({
    ok: yes,
    status: { const: "scheduled" },
    preflight: underWay,
    restart: open({ ok: yes, pid: count, signal: text, mode: text, delayMs: count, coalesced: flag }),
  }),
  "diagnostics.stability": open({
    generatedAt: text,
    capacity: count,
    count,
    dropped: count,
    events: listOf(open({ seq: count, ts: count, type: text })),
    summary: open({ byType: object }),
  }),

  agent: oneOf(
    open({ ...run, sessionKey: text, agentId: text, status: { const: "accepted" }, acceptedAt: count }),
    agentEnd,
  ),
  "agent.wait": open({ ...run, status: words("ok", "error", "timeout") }),
  "agent.identity.get": ProtocolSchemas.AgentIdentityResult,
  "models.authStatus": open({
    ts: count,
    providers: listOf(open({ provider: text, authProvider: text, displayName: text, status: text, profiles: list })),
    providerCapabilities: list,
  }),
  "models.authLogout": open({ provider: text, removedProfiles: listOf(text), abortedRunIds: listOf(text) }),

  "chat.send": open({ ...run, status: runStatus }),
  "chat.abort": open({ ok: yes, aborted: flag, runIds: listOf(text) }),
  "chat.history": history,
  "chat.startup": history,
  "chat.metadata": open({
    models: listOf(ProtocolSchemas.ModelChoice),
    commands: listOf(ProtocolSchemas.CommandEntry),
    swarmEnabled: flag,
    runtimeSelectionLocked: flag,
  }),
  "chat.inject": open({ ok: yes, messageId: text }),

  "sessions.list": sessionsList,
  "sessions.subscribe": oneOf(open({ subscribed: yes, list: sessionsList }), open({ subscribed: yes })),
  "sessions.messages.subscribe": open({ subscribed: yes, key: text }),
  "sessions.messages.unsubscribe": open({ subscribed: { const: false }, key: text }),
  "sessions.describe": open({ session: oneOf(sessionRow, nothing) }),
  "sessions.preview": open({
    ts: count,
    previews: listOf(
      open({ key: text, status: words("ok", "empty", "missing"), items: listOf(open({ role: text, text })) }),
    ),
  }),
  "sessions.get": open({ messages: listOf(message) }),
  "sessions.patch": changedSession,
  "sessions.reset": changedSession,
  "sessions.compact": open({ ok: yes, key: text, compacted: flag }),
  "sessions.cleanup": open({
    agentId: text,
    storePath: text,
    mode: words("warn", "enforce"),
    dryRun: flag,
    beforeCount: count,
    afterCount: count,
    missing: count,
    pruned: count,
    capped: count,
    wouldMutate: flag,
  }),
  "sessions.send": open({ ...run, status: runStatus }),
  "sessions.steer": open({ ...run, status: runStatus }),
  "sessions.abort": open({ ok: yes, abortedRunId: oneOf(text, nothing), status: words("aborted", "no-active-run") }),
  "sessions.groups.put": ProtocolSchemas.SessionsGroupsMutationResult,
  "sessions.groups.rename": ProtocolSchemas.SessionsGroupsMutationResult,
  "sessions.groups.delete": ProtocolSchemas.SessionsGroupsMutationResult,
  "sessions.viewers.set": ProtocolSchemas.SessionsViewerPresenceSetResult,
  "sessions.github.options": ProtocolSchemas.SessionGitHubOptionsResult,

  "config.get": open({
    path: text,
    exists: flag,
    raw: oneOf(text, nothing),
    parsed: object,
    sourceConfig: object,
    resolved: object,
    valid: flag,
    runtimeConfig: object,
    config: object,
    hash: text,
    issues: listOf(problem),
    warnings: listOf(problem),
    legacyIssues: list,
    configRevisionHash: text,
    appliedConfigHash: text,
  }),
  "config.set": configWritten,
  "config.patch": configWritten,
  "config.apply": configWritten,
  "config.plan": open({ ok: flag, path: text, appliedConfigHash: text, reload }),
  "config.schema": ProtocolSchemas.ConfigSchemaResponse,

  "usage.status": open({ updatedAt: count, providers: list }),
  "usage.cost": open({ updatedAt: count, days: count, daily: listOf(day), totals: open(costs), cacheStatus: object }),
  "sessions.usage": open({
    updatedAt: count,
    startDate: text,
    endDate: text,
    sessions: listOf(open({ key: text, sessionId: text, agentId: text, usage: open(costs) })),
    totals: open(costs),
    aggregates: open({ sessionCount: count, messages: object, byModel: list, byProvider: list, byAgent: list }),
  }),
  "sessions.usage.timeseries": open({
    sessionId: text,
    points: listOf(open({ timestamp: count, ...sums, cumulativeTokens: count })),
  }),
  "sessions.usage.logs": open({ logs: listOf(open({ timestamp: count, role: text, content: text })) }),

  "device.pair.list": open({ pending: listOf(ProtocolSchemas.DevicePairRequestedEvent), paired: listOf(device) }),
  "device.pair.approve": open({ requestId: text, device }),
  "device.pair.reject": open({ requestId: text, deviceId: text }),
  "device.pair.remove": open({ deviceId: text }),
  "device.pair.rename": open({ deviceId: text, label: text }),
  "device.token.revoke": open({ deviceId: text, role: text, revokedAtMs: count }),
  "device.scopes.requestUpgrade": open({ requestId: text }),
  "device.scopes.waitUpgrade": open({ status: words("approved", "rejected", "expired"), requestId: text }),

  "node.list": open({ ts: count, nodes: listOf(open(knownNode)) }),
  "node.describe": open({ ts: count, ...knownNode }),
  "node.pair.list": open({ pending: listOf(pendingNode), paired: listOf(pairedNode) }),
  "node.pair.approve": open({ requestId: text, node: pairedNode }),
  "node.pair.reject": open({ requestId: text, nodeId: text }),
  "node.pair.remove": open({ nodeId: text }),
  "node.rename": open({ nodeId: text, displayName: text }),
  "node.invoke": open({ ok: yes, nodeId: text, command: text, payload: {}, payloadJSON: oneOf(text, nothing) }),
  "node.invoke.result": open({ ok: yes }),
  "node.invoke.progress": open({ ok: yes }),
  "node.pending.pull": open({ nodeId: text, actions: list }),
  "node.pending.ack": open({ nodeId: text, ackedIds: listOf(text), remainingCount: count }),

  "exec.approval.list": list,
  "plugin.approval.list": list,
  "openclaw.approval.list": list,
  "exec.approvals.get": ProtocolSchemas.ExecApprovalsSnapshot,
  "plugins.controlUi.list": open({ revision: text, plugins: list }),
  "controlUi.sessionPullRequests.subscribe": open({ subscribed: flag }),
  "users.prefs.get": open({ status: text }),
  "board.get": ProtocolSchemas.BoardSnapshot,
  "mentions.list": open({ gatewayInstanceId: text, revision: count, items: list }),
  "cron.list": open({
    jobs: list,
    snapshotRevision: text,
    total: count,
    offset: count,
    limit: count,
    hasMore: flag,
    nextOffset: oneOf(count, nothing),
  }),
  "cron.status": open({ enabled: flag, triggersEnabled: flag, storePath: text, storage: text, jobs: count }),
  "skills.status": open({ workspaceDir: { type: "string" }, managedSkillsDir: { type: "string" }, skills: list }),
};
