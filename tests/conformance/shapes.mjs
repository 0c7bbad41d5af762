// The published protocol's shapes, as functions that throw with every place where a value does not fit. What the schema
// has no shape for is described here, in the same language.

import { ProtocolSchemas } from "@openclaw/gateway-protocol/schema";
import { Compile } from "typebox/compile";

const text = { type: "string", minLength: 1 };
const count = { type: "integer", minimum: 0 };

function open(required) {
  return { type: "object", required: Object.keys(required), properties: required };
}

const own = {
  Health: open({ ok: { type: "boolean" }, ts: count, channels: { type: "object" }, agents: { type: "array" } }),
  Status: open({ runtimeVersion: text, sessions: open({ count }) }),
  Presence: { type: "array", items: ProtocolSchemas.PresenceEntry },
  AgentAccepted: open({ runId: text, status: { const: "accepted" }, acceptedAt: count }),
  AgentFinal: open({ runId: text, status: { const: "ok" }, result: open({ payloads: { type: "array" } }) }),
  AgentWait: open({ runId: text, status: { enum: ["ok", "error", "timeout"] } }),
  ChatSend: open({ runId: text, status: { enum: ["started", "in_flight", "ok"] } }),
  ChatAbort: open({ ok: { const: true }, aborted: { type: "boolean" }, runIds: { type: "array", items: text } }),
  ChatHistory: open({ sessionKey: text, sessionId: text, messages: { type: "array" }, hasMore: { type: "boolean" } }),
  SessionsList: open({ ts: count, count, sessions: { type: "array", items: open({ key: text, kind: text }) } }),
  Subscribed: open({ subscribed: { const: true } }),
};

const compiled = new Map();

function validator(name) {
  if (!compiled.has(name)) {
    const schema = own[name] ?? ProtocolSchemas[name];
    if (schema === undefined) throw new Error(`no shape is named ${name}`);
    compiled.set(name, Compile(schema));
  }
  return compiled.get(name);
}

export function fits(name, value) {
  const shape = validator(name);
  if (shape.Check(value)) return value;
  const problems = shape.Errors(value).map((problem) => `${problem.instancePath || "/"}: ${problem.message}`);
  throw new Error(`not a ${name}: ${[...new Set(problems)].join("; ")}\n${JSON.stringify(value).slice(0, 600)}`);
}

// The event's frame and, where the schema knows it, its payload. A gateway names the session in agent events, which the
// schema of that event leaves out.
export function eventFits(frame) {
  const { recipientProfileId: _, ...envelope } = frame;
  fits("EventFrame", envelope);
  if (frame.event === "chat") fits("ChatEvent", frame.payload);
  if (frame.event === "tick") fits("TickEvent", frame.payload);
  if (frame.event === "shutdown") fits("ShutdownEvent", frame.payload);
  if (frame.event === "health") fits("Health", frame.payload);
  if (frame.event === "presence") fits("Presence", frame.payload.presence);
  if (frame.event === "agent") {
    const { sessionKey, sessionId, agentId, lane, ...payload } = frame.payload;
    fits("AgentEvent", payload);
  }
}
