// What the published client sees over the socket, held against the published shapes.

import { check, expect } from "./report.mjs";
import { eventFits, fits } from "./shapes.mjs";
import { Connection } from "./socket_client.mjs";

const key = "agent:main:conformance";

async function refusal(promise) {
  return promise.then(
    () => {
      throw new Error("was not refused");
    },
    (error) => error,
  );
}

async function handshakeChecks({ port, token }) {
  await check("a wrong token is refused with its code", async () => {
    const error = await refusal(Connection.open(port, `${token}x`));
    expect(/token mismatch/.test(error.message), `a reason: ${error.message}`);
  });
  await check("an older protocol is refused", async () => {
    await refusal(Connection.open(port, token, { minProtocol: 3, maxProtocol: 3 }));
  });
}

async function stateChecks(connection) {
  await check("hello-ok", () => {
    const { method, ...auth } = connection.hello.auth;  // Named by gateways newer than this schema.
    expect(method === "token", `the method is token, not ${method}`);
    fits("HelloOk", { ...connection.hello, auth });
  });
  await check("health", async () => fits("Health", await connection.request("health")));
  await check("status", async () => fits("Status", await connection.request("status", {})));
  await check("system-presence", async () => fits("Presence", await connection.request("system-presence", {})));
  await check("models.list", async () => fits("ModelsListResult", await connection.request("models.list", {})));
  await check("agents.list", async () => fits("AgentsListResult", await connection.request("agents.list", {})));
  await check("logs.tail", async () => fits("LogsTailResult", await connection.request("logs.tail", { limit: 10 })));
  await check("an unknown method is refused", async () => {
    const error = await refusal(connection.request("does.not.exist", {}));
    expect(/unknown method/.test(error.message), error.message);
  });
}

async function agentChecks(connection) {
  await check("agent: accepted, then final", async () => {
    const accepted = [];
    const params = { message: "hello", sessionKey: key, idempotencyKey: "conformance-agent" };
    const options = { expectFinal: true, onAccepted: (payload) => accepted.push(payload) };
    fits("AgentFinal", await connection.request("agent", params, options));
    expect(accepted.length === 1, "one acknowledgement before the final answer");
    fits("AgentAccepted", accepted[0]);
  });
  await check("agent: the key's repeat answers the same", async () => {
    const params = { message: "hello", sessionKey: key, idempotencyKey: "conformance-agent" };
    fits("AgentFinal", await connection.request("agent", params, { expectFinal: true }));
  });
  await check("agent: a failing model is an error with a code", async () => {
    const params = { message: "hello", agentId: "mock-401", sessionKey: "agent:mock-401:main", idempotencyKey: "conformance-401" };
    const error = await refusal(connection.request("agent", params, { expectFinal: true }));
    expect(error.gatewayCode === "UNAVAILABLE" || error.code === "UNAVAILABLE", `a code: ${JSON.stringify(error)}`);
  });
  await check("agent.wait", async () => {
    const answer = await connection.request("agent.wait", { runId: "conformance-agent", timeoutMs: 1000 });
    expect(fits("AgentWait", answer).status === "ok", "the run has ended well");
  });
}

async function chatChecks(connection) {
  await check("sessions.subscribe", async () => fits("Subscribed", await connection.request("sessions.subscribe", {})));
  await check("sessions.messages.subscribe", async () => {
    fits("Subscribed", await connection.request("sessions.messages.subscribe", { key }));
  });
  await check("chat.send: started, deltas, final", async () => {
    const params = { sessionKey: key, message: "hello there", idempotencyKey: "conformance-chat" };
    fits("ChatSend", await connection.request("chat.send", params));
    expect((await connection.chatEnd("conformance-chat")).payload.state === "final", "it ends well");
    const deltas = connection.events.filter(({ event, payload }) => event === "chat" && payload.state === "delta");
    expect(deltas.length > 0, "text comes before the end");
  });
  await check("chat.history", async () => {
    const history = fits("ChatHistory", await connection.request("chat.history", { sessionKey: key, limit: 20 }));
    expect(history.messages.length === 4, `four messages, not ${history.messages.length}`);
    if (history.sessionInfo) fits("SessionRow", history.sessionInfo);
  });
  await check("sessions.list", async () => {
    const list = fits("SessionsList", await connection.request("sessions.list", { limit: 5 }));
    expect(list.sessions.some((row) => row.key === key), "the session is in the list");
    for (const row of list.sessions) fits("SessionRow", row);
  });
  await check("chat.abort", async () => {
    const sessionKey = "agent:mock-slow:conformance";
    await connection.request("chat.send", { sessionKey, message: "slowly", idempotencyKey: "conformance-slow" });
    await connection.event(({ event, payload }) => event === "chat" && payload.runId === "conformance-slow", "a delta");
    const answer = fits("ChatAbort", await connection.request("chat.abort", { sessionKey, runId: "conformance-slow" }));
    expect(answer.aborted && answer.runIds[0] === "conformance-slow", "it names the run");
    expect((await connection.chatEnd("conformance-slow")).payload.state === "aborted", "and it has ended");
    fits("ChatAbort", await connection.request("chat.abort", { sessionKey }));
  });
}

export async function socketChecks(surroundings) {
  await handshakeChecks(surroundings);
  const connection = await Connection.open(surroundings.port, surroundings.token, { caps: ["tool-events"] });
  await stateChecks(connection);
  await agentChecks(connection);
  await chatChecks(connection);
  await check("every event fits its shape", () => connection.events.forEach(eventFits));
  await check("no event is missing by its seq", () => {
    expect(connection.gaps.length === 0, JSON.stringify(connection.gaps));
  });
  return connection;
}

// The last thing a client sees.
export async function shutdownChecks(connection, endGateway) {
  await check("a stop announces itself", async () => {
    const announced = connection.event(({ event }) => event === "shutdown", "shutdown");
    const code = await endGateway();
    eventFits(await announced);
    expect(connection.closed?.code === 1012, `close code 1012, not ${connection.closed?.code}`);
    expect(code === 0, `exit code 0, not ${code}`);
  });
  await connection.stop();
}
