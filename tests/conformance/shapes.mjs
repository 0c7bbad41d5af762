// The published protocol's shapes, as functions that throw with every place where a value does not fit. What the schema
// has no shape for is described here, in the same language.

import { ConnectErrorDetailCodes } from "@openclaw/gateway-protocol/connect-error-details";
import { ErrorCodes, ProtocolSchemas } from "@openclaw/gateway-protocol/schema";
import { Compile } from "typebox/compile";

const text = { type: "string", minLength: 1 };
const flag = { type: "boolean" };
const count = { type: "integer", minimum: 0 };
const list = { type: "array" };

// An object that must have these members and may have more.
function open(required) {
  return { type: "object", required: Object.keys(required), properties: required };
}

function listOf(items) {
  return { type: "array", items };
}

function oneOf(...schemas) {
  return { anyOf: schemas };
}

const sessionRow = ProtocolSchemas.SessionRow;
const sessionSummary = open({ count, recent: listOf(open({ key: text, updatedAt: count, age: count })) });
const message = open({ role: { enum: ["user", "assistant"] }, content: oneOf(text, list), timestamp: count });
const run = { runId: text };
const health = open({
  ok: flag,
  ts: count,
  durationMs: count,
  channels: { type: "object" },
  channelOrder: list,
  channelLabels: { type: "object" },
  heartbeatSeconds: count,
  defaultAgentId: text,
  agents: listOf(open({ agentId: text, isDefault: flag, heartbeat: { type: "object" }, sessions: sessionSummary })),
  sessions: sessionSummary,
  eventLoop: { type: "object" },
});
const sessionsList = open({
  ts: count,
  count,
  totalCount: count,
  hasMore: flag,
  nextOffset: oneOf(count, { type: "null" }),
  sessions: listOf(sessionRow),
});
const agentEnd = open({
  ...run,
  status: { enum: ["ok", "timeout"] },
  summary: text,
  result: open({ payloads: listOf(open({ text })), meta: open({ durationMs: count }) }),
});

// Shapes of answers by method.
const answers = {
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
  agent: oneOf(
    open({ ...run, sessionKey: text, agentId: text, status: { const: "accepted" }, acceptedAt: count }),
    agentEnd,
  ),
  "agent.wait": open({ ...run, status: { enum: ["ok", "error", "timeout"] } }),
  "chat.send": open({ ...run, status: { enum: ["started", "in_flight", "ok", "error", "timeout"] } }),
  "chat.abort": open({ ok: { const: true }, aborted: flag, runIds: listOf(text) }),
  "chat.history": open({
    sessionKey: text,
    messages: listOf(message),
    pendingInputs: open({ items: list, total: count }),
    hasMore: flag,
    totalMessages: count,
  }),
  "sessions.list": sessionsList,
  "sessions.subscribe": open({ subscribed: { const: true } }),
  "sessions.messages.subscribe": open({ subscribed: { const: true }, key: text }),
  "sessions.messages.unsubscribe": open({ subscribed: { const: false }, key: text }),
};

// Shapes of events' payloads.
const events = {
  "connect.challenge": open({ nonce: text, ts: count }),
  agent: ProtocolSchemas.AgentEvent,
  chat: ProtocolSchemas.ChatEvent,
  health,
  presence: open({ presence: listOf(ProtocolSchemas.PresenceEntry) }),
  "session.message": open({ sessionKey: text, agentId: text, message, messageId: text, messageSeq: count }),
  "sessions.changed": open({ sessionKey: text, ts: count }),
  shutdown: ProtocolSchemas.ShutdownEvent,
  tick: ProtocolSchemas.TickEvent,
};

// "sessions.messages.subscribe" → "SessionsMessagesSubscribeResult", the name the published schema would have for it.
function resultName(method) {
  return `${method
    .split(/[.-]/)
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join("")}Result`;
}

const compiled = new Map();

function mustFit(schema, value, what) {
  if (schema === undefined) throw new Error(`${what} has no shape`);
  if (!compiled.has(schema)) compiled.set(schema, Compile(schema));
  const shape = compiled.get(schema);
  if (shape.Check(value)) return;
  const problems = shape.Errors(value).map((problem) => `${problem.instancePath || "/"}: ${problem.message}`);
  throw new Error(`${what}: ${[...new Set(problems)].join("; ")}\n${JSON.stringify(value).slice(0, 600)}`);
}

// Gateways newer than this schema name the method of authentication, the session of agent events and the program of a
// presence entry.
function withoutLaterMembers(name, payload) {
  const entries = (presence) => presence.map(({ clientId, ...entry }) => entry);
  switch (name) {
    case "connect": {
      const { method, ...auth } = payload.auth;
      return { ...payload, auth, snapshot: { ...payload.snapshot, presence: entries(payload.snapshot.presence) } };
    }
    case "agent event": {
      const { sessionKey, sessionId, agentId, ...event } = payload;
      return event;
    }
    case "presence event":
      return { ...payload, presence: entries(payload.presence) };
    case "system-presence":
      return entries(payload);
    default:
      return payload;
  }
}

function errorFits(method, frame) {
  mustFit(ProtocolSchemas.ErrorShape, frame.error, `error of ${method}`);
  const { code, details } = frame.error;
  mustFit({ enum: Object.values(ErrorCodes) }, code, `code of ${method}`);
  if (details?.code === "MISSING_SCOPE") mustFit(ProtocolSchemas.MissingScopeErrorDetails, details, "details");
  if (method === "connect" && details) {
    mustFit(open({ code: { enum: Object.values(ConnectErrorDetailCodes) } }), details, "details of connect");
  }
  if (frame.payload)
    mustFit(open({ ...run, status: { const: "error" }, summary: text }), frame.payload, `failed ${method}`);
}

export function answerFits(method, frame) {
  mustFit(ProtocolSchemas.ResponseFrame, frame, `answer to ${method}`);
  if (!frame.ok) return errorFits(method, frame);
  const schema = ProtocolSchemas[resultName(method)] ?? answers[method];
  mustFit(schema, withoutLaterMembers(method, frame.payload), `answer to ${method}`);
  if (method === "chat.history" && frame.payload.sessionInfo)
    mustFit(sessionRow, frame.payload.sessionInfo, "sessionInfo");
}

export function eventFits(frame) {
  mustFit(ProtocolSchemas.EventFrame, frame, `event ${frame.event}`);
  mustFit(events[frame.event], withoutLaterMembers(`${frame.event} event`, frame.payload), `event ${frame.event}`);
}
