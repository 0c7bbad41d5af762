// gateway restart, as a client lives through it: told, closed with 1012, in again, and served as before.

import { check, expect } from "./report.mjs";
import { Connection } from "./socket_client.mjs";

const key = "agent:main:restart";

export async function restartChecks(gateway) {
  const connection = await Connection.open(gateway);
  const said = (id) => connection.request("chat.send", { sessionKey: key, message: id, idempotencyKey: id });
  const stored =
    (id) =>
    ({ event, payload }) =>
      event === "session.message" && payload.sessionKey === key && payload.message.content === id;

  await check("restart: before it, a subscribed session's messages come", async () => {
    await connection.request("sessions.messages.subscribe", { key });
    await said("conformance-before");
    await connection.event(stored("conformance-before"), "session.message");
    await connection.chatEnd("conformance-before");
  });
  await check("restart: announced with shutdown, closed with 1012, and the client is in again", async () => {
    const { bootId } = connection.hello.server;
    const greeted = connection.nextHello();
    const announced = connection.event(({ event }) => event === "shutdown", "shutdown");
    const { code, output } = await gateway.command("gateway", "restart");
    expect(code === 0, output);
    const { payload } = await announced;
    expect(payload.restartExpectedMs > 0, JSON.stringify(payload));
    expect((await connection.closing()).code === 1012, JSON.stringify(connection.closed));
    expect((await greeted).server.bootId !== bootId, "it is another worker");
  });
  await check("restart: after it, the session goes on", async () => {
    await connection.request("sessions.messages.subscribe", { key });
    await said("conformance-after");
    await connection.event(stored("conformance-after"), "session.message");
    expect((await connection.chatEnd("conformance-after")).payload.state === "final", "the run has ended");
    const { messages } = await connection.request("chat.history", { sessionKey: key });
    expect(messages.length === 4, JSON.stringify(messages));
    expect((await connection.request("agent.wait", { runId: "conformance-before" })).status === "ok", "it is known");
  });
  await check("gateway.restart.request: asked for over the connection, which is told as for the command", async () => {
    const { bootId } = connection.hello.server;
    const greeted = connection.nextHello();
    const { status } = await connection.request("gateway.restart.request", { reason: "conformance" });
    expect(status === "scheduled", status);
    expect((await greeted).server.bootId !== bootId, "it is another worker");
  });
  await connection.stop();
}
