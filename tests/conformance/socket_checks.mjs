// What the published client sees over the socket. That every frame fits its shape is checked at the end, over all of
// them.

import { readSessionMessageIdentity } from "@openclaw/gateway-client";

import { Device } from "./device.mjs";
import { check, expect } from "./report.mjs";
import { Connection, refusedConnect } from "./socket_client.mjs";
import { models } from "./surroundings.mjs";

const key = "agent:main:conformance";

async function handshakeChecks(gateway) {
  await check("connect: a wrong token is refused with its code", async () => {
    const error = await refusedConnect(gateway, { token: `${gateway.token}x` });
    expect(error.details?.code === "AUTH_TOKEN_MISMATCH", `${error.message} ${JSON.stringify(error.details)}`);
  });
  await check("connect: no credential and no device is refused with its code", async () => {
    const error = await refusedConnect(gateway, { token: undefined });
    expect(error.gatewayCode === "NOT_PAIRED", `${error.message} ${error.gatewayCode}`);
  });
  await check("connect: an older protocol is refused with its code", async () => {
    const error = await refusedConnect(gateway, { minProtocol: 3, maxProtocol: 3 });
    expect(error.details?.code === "PROTOCOL_MISMATCH", `${error.message} ${JSON.stringify(error.details)}`);
  });
  await check("connect: a device of this machine proves itself by its key", async () => {
    const device = new Device();
    const connection = await Connection.open(gateway, { clientName: "openclaw-tui", mode: "ui", ...device.options() });
    const entries = await connection.request("system-presence", {});
    expect(
      entries.some(({ deviceId }) => deviceId === device.id),
      "the device is told as present",
    );
    await connection.stop();
  });
  await check("connect: a wrong proof is refused with its code", async () => {
    const device = new Device();
    const { signDevicePayload } = new Device().hostDeps();
    const hostDeps = { ...device.hostDeps(), signDevicePayload };
    const error = await refusedConnect(gateway, {
      clientName: "openclaw-tui",
      mode: "ui",
      ...device.options(),
      hostDeps,
    });
    expect(
      error.details?.code === "DEVICE_AUTH_SIGNATURE_INVALID",
      `${error.message} ${JSON.stringify(error.details)}`,
    );
  });
  await check("connect: a reader is offered what it may call, and refused the rest", async () => {
    const reader = await Connection.open(gateway, { scopes: ["operator.read"] });
    const { methods } = reader.hello.features;
    expect(methods.includes("chat.history") && !methods.includes("chat.send"), `the methods of a reader: ${methods}`);
    const error = await reader.refusal("chat.send", {
      sessionKey: key,
      message: "no",
      idempotencyKey: "conformance-no",
    });
    expect(error.gatewayCode === "FORBIDDEN", error.gatewayCode);
    expect(error.details?.missingScope === "operator.write", JSON.stringify(error.details));
    await reader.stop();
  });
}

async function stateChecks(connection, gateway) {
  await check("hello-ok names the gateway, the session to start with and the limits", () => {
    const { auth, policy, snapshot } = connection.hello;
    expect(auth.method === "token" && auth.role === "operator", JSON.stringify(auth));
    expect(policy.tickIntervalMs === 30_000, `${policy.tickIntervalMs}`);
    expect(snapshot.sessionDefaults.mainSessionKey === "agent:main:main", JSON.stringify(snapshot.sessionDefaults));
  });
  await check("health: with and without parameters, and a fresh one is announced", async () => {
    expect((await connection.request("health")).ok, "the gateway is well");
    const { ts } = await connection.request("health", { probe: true });
    const told = await connection.event(({ event, payload }) => event === "health" && payload.ts === ts, "health");
    expect(told.stateVersion.health > connection.hello.snapshot.stateVersion.health, "the version has grown");
  });
  await check("presence: who comes and goes is announced", async () => {
    const named =
      (reason) =>
      ({ event, payload }) =>
        event === "presence" && payload.presence.some((entry) => entry.host === "guest" && entry.reason === reason);
    const guest = await Connection.open(gateway, { clientName: "test", mode: "test", clientDisplayName: "guest" });
    await connection.event(named("connect"), "presence of the guest");
    const entries = await connection.request("system-presence", {});
    expect(
      entries[0].reason === "self" && entries.some(({ host }) => host === "guest"),
      "the gateway first, then the guest",
    );
    await guest.stop();
    await connection.event(named("disconnect"), "the guest's leave");
  });
  await check("status, models.list, agents.list, logs.tail", async () => {
    const { sessions } = await connection.request("status", {});
    expect(sessions.defaults.model === "mock/mock-1", sessions.defaults.model);
    const catalog = await connection.request("models.list", {});
    expect(
      catalog.models.some(({ id, provider }) => id === "mock-slow" && provider === "mock"),
      "the configured models",
    );
    const { agents, defaultId } = await connection.request("agents.list", {});
    expect(defaultId === "main" && agents.length === models.length, JSON.stringify(agents));
    const tail = await connection.request("logs.tail", { limit: 10 });
    expect(tail.lines.length > 0 && tail.lines.every((line) => JSON.parse(line)), "lines of JSON");
    const next = await connection.request("logs.tail", { cursor: tail.cursor });
    expect(next.cursor >= tail.cursor, "the cursor goes on");
  });
  await check("an unknown method and wrong parameters are refused in words", async () => {
    const unknown = await connection.refusal("does.not.exist", {});
    expect(unknown.gatewayCode === "INVALID_REQUEST" && unknown.message.includes("unknown method"), unknown.message);
    const wrong = await connection.refusal("chat.history", { bogus: true });
    expect(wrong.message.includes("'sessionKey'") && wrong.message.includes("'bogus'"), wrong.message);
  });
}

async function agentChecks(connection) {
  const params = { message: "hello", sessionKey: key, idempotencyKey: "conformance-agent" };
  await check("agent: accepted, then the end", async () => {
    const accepted = [];
    const options = { expectFinal: true, onAccepted: (payload) => accepted.push(payload) };
    const end = await connection.request("agent", params, options);
    expect(accepted.length === 1 && accepted[0].status === "accepted", "one acknowledgement before the end");
    expect(end.result.payloads[0].text === "Hello from the mock model.", JSON.stringify(end.result));
  });
  await check("agent: the key's repeat answers the stored end", async () => {
    expect((await connection.request("agent", params, { expectFinal: true })).status === "ok", "the end");
  });
  await check("agent: a failing model is an error with a code", async () => {
    const failing = { ...params, sessionKey: "agent:mock-401:main", idempotencyKey: "conformance-401" };
    const error = await connection.refusal("agent", failing, { expectFinal: true });
    expect(error.gatewayCode === "UNAVAILABLE", `a code: ${JSON.stringify(error)}`);
    expect(!error.retryable, "a refused key is nothing to try again");
    expect(error.responsePayload?.status === "error", `the end beside it: ${JSON.stringify(error.responsePayload)}`);
  });
  await check("agent.wait: ended, failed and unknown runs", async () => {
    const status = async (runId) => (await connection.request("agent.wait", { runId, timeoutMs: 50 })).status;
    expect((await status("conformance-agent")) === "ok", "a run that ended well");
    expect((await status("conformance-401")) === "error", "a run that failed");
    expect((await status("conformance-nobody")) === "timeout", "a run nobody knows");
  });
}

async function chatChecks(connection) {
  const sent = { sessionKey: key, message: "hello there", idempotencyKey: "conformance-chat" };
  await check("sessions.subscribe, sessions.messages.subscribe", async () => {
    await connection.request("sessions.subscribe", {});
    expect((await connection.request("sessions.messages.subscribe", { key })).key === key, "the key");
  });
  await check("chat.send: started, deltas that make the text, final", async () => {
    expect((await connection.request("chat.send", sent)).status === "started", "started");
    const end = await connection.chatEnd(sent.idempotencyKey);
    const ofRun = connection.events.filter(
      ({ event, payload }) => event === "chat" && payload.runId === sent.idempotencyKey,
    );
    const deltas = ofRun.filter(({ payload }) => payload.state === "delta").map(({ payload }) => payload.deltaText);
    expect(end.payload.state === "final", JSON.stringify(end.payload));
    expect(deltas.join("") === end.payload.message.content[0].text, `${deltas}`);
  });
  await check("chat.send: the key's repeat answers how it ended", async () => {
    expect((await connection.request("chat.send", sent)).status === "ok", "ok");
  });
  await check("chat.send: a failing model ends in an error", async () => {
    await connection.request("chat.send", {
      sessionKey: "agent:mock-401:x",
      message: "hi",
      idempotencyKey: "conformance-error",
    });
    const { payload } = await connection.chatEnd("conformance-error");
    expect(payload.state === "error" && payload.errorMessage.length > 0, JSON.stringify(payload));
  });
  await check("chat.abort: ends the run under way, and says so", async () => {
    const sessionKey = "agent:mock-slow:conformance";
    await connection.request("chat.send", { sessionKey, message: "slowly", idempotencyKey: "conformance-slow" });
    const isDelta = ({ event, payload }) =>
      event === "chat" && payload.runId === "conformance-slow" && payload.state === "delta";
    await connection.event(isDelta, "a delta");
    const under_way = await connection.request("chat.history", { sessionKey });
    expect(under_way.inFlightRun?.runId === "conformance-slow", JSON.stringify(under_way.inFlightRun));
    const answer = await connection.request("chat.abort", { sessionKey, runId: "conformance-slow" });
    expect(answer.aborted && answer.runIds[0] === "conformance-slow", "it names the run");
    expect((await connection.chatEnd("conformance-slow")).payload.state === "aborted", "and it has ended");
    expect(!(await connection.request("chat.abort", { sessionKey })).aborted, "nothing is left to end");
  });
}

async function sessionChecks(connection) {
  await check("chat.history: the conversation in order", async () => {
    const history = await connection.request("chat.history", { sessionKey: key, limit: 20 });
    const roles = history.messages.map(({ role }) => role).join(" ");
    expect(roles === "user assistant user assistant", roles);
    const identities = history.messages.map((message) => readSessionMessageIdentity(message));
    expect(identities.map(({ sequence }) => sequence).join() === "1,2,3,4", JSON.stringify(identities));
    const runs = identities.map(({ runId }) => runId.replace("conformance-", "")).join();
    expect(runs === "agent,agent,chat,chat", JSON.stringify(identities));
    const live = connection.events.filter(
      ({ event, payload }) => event === "session.message" && payload.sessionKey === key,
    );
    const told = live.map(({ payload }) => readSessionMessageIdentity(payload.message, payload).id);
    expect(
      told.length === 2 &&
        told.join() ===
          identities
            .slice(2)
            .map(({ id }) => id)
            .join(),
      `told live: ${told}`,
    );
    const last = await connection.request("chat.history", { sessionKey: key, limit: 1 });
    expect(last.messages.length === 1 && last.hasMore, "a window of one message");
  });
  await check("sessions.list: rows and pages", async () => {
    const list = await connection.request("sessions.list", { limit: 1 });
    expect(list.sessions.length === 1 && list.hasMore && list.nextOffset === 1, JSON.stringify(list).slice(0, 300));
    const { sessions } = await connection.request("sessions.list", {});
    expect(
      sessions.some((row) => row.key === key),
      "the session is in the list",
    );
  });
  await check("status and health: each agent has its own sessions", async () => {
    const { sessions } = await connection.request("status", {});
    const { agents } = await connection.request("health", { probe: true });
    const owned = agents.map((agent) => ({ agentId: agent.agentId, recent: agent.sessions.recent }));
    for (const { agentId, recent } of [...owned, ...sessions.byAgent]) {
      expect(
        recent.every(({ key }) => key.startsWith(`agent:${agentId}:`)),
        `${agentId}: ${JSON.stringify(recent)}`,
      );
    }
    expect(sessions.byAgent.length === models.length, "every agent is in status");
  });
  await check("sessions.messages.unsubscribe", async () => {
    expect(!(await connection.request("sessions.messages.unsubscribe", { key })).subscribed, "no longer subscribed");
  });
}

// The connection goes on: other checks use it.
export async function socketChecks(gateway) {
  await handshakeChecks(gateway);
  const connection = await Connection.open(gateway, { caps: ["tool-events"] });
  await stateChecks(connection, gateway);
  await agentChecks(connection);
  await chatChecks(connection);
  await sessionChecks(connection);
  return connection;
}

// What can be said at the end of a long connection only.
export async function longConnectionChecks(connection) {
  await check("tick: the sign of life comes in its interval", async () => {
    const { tickIntervalMs } = connection.hello.policy;
    await connection.event(({ event }) => event === "tick", "tick", tickIntervalMs + 5_000);
  });
  await check("no event is missing by its seq, and the connection was never closed", () => {
    expect(connection.gaps.length === 0, JSON.stringify(connection.gaps));
    expect(connection.closed === null, JSON.stringify(connection.closed));
  });
  await connection.stop();
}

// The last thing a client sees.
export async function shutdownChecks(gateway, endGateway) {
  const connection = await Connection.open(gateway);
  await check("shutdown: announced, then closed with 1012", async () => {
    const announced = connection.event(({ event }) => event === "shutdown", "shutdown");
    const code = await endGateway();
    await announced;
    expect(connection.closed?.code === 1012, `close code 1012, not ${connection.closed?.code}`);
    expect(code === 0, `exit code 0, not ${code}`);
  });
  await connection.stop();
}
