// Shapes of the events' payloads.

import { ProtocolSchemas } from "@openclaw/gateway-protocol/schema";

import { health, heartbeat } from "./answers.mjs";
import { count, flag, list, listOf, object, oneOf, open, text, words } from "./types.mjs";

const message = open({ role: words("user", "assistant"), content: oneOf(text, list), timestamp: count });
const node = { nodeId: text, ts: count };

export const events = {
  "connect.challenge": open({ nonce: text, ts: count }),
  agent: ProtocolSchemas.AgentEvent,
  chat: ProtocolSchemas.ChatEvent,
  "chat.metadata.changed": object,
  "config.changed": open({ path: text, hash: text, ts: count }),
  "device.pair.requested": ProtocolSchemas.DevicePairRequestedEvent,
  "device.pair.resolved": ProtocolSchemas.DevicePairResolvedEvent,
  "device.pair.changed": open({ deviceId: text, ts: count }),
  "device.pair.setup.completed": ProtocolSchemas.DevicePairSetupCompletedEvent,
  health,
  heartbeat,
  "node.invoke.cancel": open({ id: text }),
  "node.invoke.request": ProtocolSchemas.NodeInvokeRequestEvent,
  "node.pair.requested": open({
    ...node,
    requestId: text,
    commands: listOf(text),
    requiredApproveScopes: listOf(text),
  }),
  // A node that is removed has no request.
  "node.pair.resolved": oneOf(
    open({ ...node, requestId: text, decision: words("approved", "rejected") }),
    open({ ...node, requestId: { const: "" }, decision: { const: "removed" } }),
  ),
  "node.presence": open({ ...node, connected: flag }),
  presence: open({ presence: listOf(ProtocolSchemas.PresenceEntry) }),
  "session.message": open({ sessionKey: text, agentId: text, message, messageId: text, messageSeq: count }),
  "session.operation": open({
    sessionKey: text,
    operationId: text,
    operation: { const: "compact" },
    phase: words("start", "end"),
    ts: count,
  }),
  // Without a key: every list is to be read again.
  "sessions.changed": oneOf(open({ sessionKey: text, ts: count }), open({ reason: text })),
  shutdown: ProtocolSchemas.ShutdownEvent,
  tick: ProtocolSchemas.TickEvent,
};
