// The published protocol's shapes, as functions that throw with every place where a value does not fit. What the schema
// has no shape for is described in answers.mjs and events.mjs, in the same language.

import { ConnectErrorDetailCodes } from "@openclaw/gateway-protocol/connect-error-details";
import { ErrorCodes, ProtocolSchemas } from "@openclaw/gateway-protocol/schema";
import { Compile } from "typebox/compile";

import { answers } from "./answers.mjs";
import { events } from "./events.mjs";
import { open, text } from "./types.mjs";

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

// Members that gateways newer than this schema have, by what they are in: [the way there, the members]. `*` stands for
// each item of a list.
const later = {
  connect: [
    ["auth", ["method"]],
    ["snapshot.presence.*", ["clientId"]],
  ],
  "system-presence": [["*", ["clientId"]]],
  "system.info": [["", ["eventLoop", "processMemory"]]],
  "sessions.github.options": [["", ["latestShared"]]],
  "tasks.list": [["tasks.*", ["hasTranscript"]]],
  "tasks.get": [["task", ["hasTranscript"]]],
  "tasks.cancel": [["task", ["hasTranscript"]]],
  "event agent": [["", ["sessionKey", "sessionId", "agentId"]]],
  "event presence": [["presence.*", ["clientId"]]],
};

function without(value, way, members) {
  if (!value) return value;
  if (way.length === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => !members.includes(name)));
  const [name, ...rest] = way;
  if (name === "*") return value.map((item) => without(item, rest, members));
  return name in value ? { ...value, [name]: without(value[name], rest, members) } : value;
}

function withoutLaterMembers(name, payload) {
  const places = (later[name] ?? []).map(([way, members]) => [way.split(".").filter(Boolean), members]);
  return places.reduce((value, [way, members]) => without(value, way, members), payload);
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
    mustFit(open({ runId: text, status: { const: "error" }, summary: text }), frame.payload, `failed ${method}`);
}

export function answerFits(method, frame) {
  mustFit(ProtocolSchemas.ResponseFrame, frame, `answer to ${method}`);
  if (!frame.ok) return errorFits(method, frame);
  const schema = ProtocolSchemas[resultName(method)] ?? answers[method];
  mustFit(schema, withoutLaterMembers(method, frame.payload), `answer to ${method}`);
  if (frame.payload?.sessionInfo) mustFit(ProtocolSchemas.SessionRow, frame.payload.sessionInfo, "sessionInfo");
}

export function eventFits(frame) {
  mustFit(ProtocolSchemas.EventFrame, frame, `event ${frame.event}`);
  mustFit(events[frame.event], withoutLaterMembers(`event ${frame.event}`, frame.payload), `event ${frame.event}`);
}
