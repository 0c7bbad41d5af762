// What runs have used and how they stand: usage and tasks; and what an agent is told beside them.

import { check, expect } from "./report.mjs";

const key = "agent:main:conformance"; // Two runs of 15 tokens each.

async function usageChecks(connection) {
  await check("usage.cost, sessions.usage: tokens of today", async () => {
    const cost = await connection.request("usage.cost", { days: 7 });
    expect(cost.daily.length === 7 && cost.totals.totalTokens >= 30, JSON.stringify(cost.totals));
    const usage = await connection.request("sessions.usage", { key, range: "7d" });
    expect(usage.totals.totalTokens === 30 && usage.sessions[0].key === key, JSON.stringify(usage.totals));
  });
  await check("sessions.usage.timeseries, sessions.usage.logs: run by run", async () => {
    const { points } = await connection.request("sessions.usage.timeseries", { key });
    expect(points.map(({ cumulativeTokens }) => cumulativeTokens).join() === "15,30", JSON.stringify(points));
    const { logs } = await connection.request("sessions.usage.logs", { key });
    expect(logs.map(({ role }) => role).join() === "user,assistant,user,assistant", JSON.stringify(logs));
  });
}

async function taskChecks(connection) {
  await check("tasks.list: pages, newest first", async () => {
    const first = await connection.request("tasks.list", { limit: 2 });
    expect(first.tasks.length === 2 && first.nextCursor, JSON.stringify(first).slice(0, 300));
    const next = await connection.request("tasks.list", { limit: 2, cursor: first.nextCursor });
    expect(next.tasks[0].createdAt <= first.tasks[1].createdAt, "they go on");
    expect(next.tasks[0].taskId !== first.tasks[1].taskId, "each comes once");
  });
  await check("tasks.get: a run that ended, and one that failed", async () => {
    const status = async (taskId) => (await connection.request("tasks.get", { taskId })).task.status;
    expect((await status("conformance-chat")) === "completed", "completed");
    expect((await status("conformance-error")) === "failed", "failed");
  });
  await check("tasks.cancel: ends the run behind it", async () => {
    const run = { sessionKey: "agent:mock-slow:task", message: "slowly", idempotencyKey: "conformance-task" };
    await connection.request("chat.send", run);
    const cancelled = await connection.request("tasks.cancel", { taskId: run.idempotencyKey });
    expect(cancelled.found && cancelled.cancelled, JSON.stringify(cancelled));
    expect((await connection.chatEnd(run.idempotencyKey)).payload.state === "aborted", "aborted");
  });
}

async function systemEventChecks(connection) {
  const sessionKey = "agent:mock-echo:events";
  await check("wake: now makes a turn that tells the agent", async () => {
    expect((await connection.request("wake", { mode: "now", text: "the kettle boils", sessionKey })).ok, "taken");
    const ended = ({ event, payload }) =>
      event === "chat" && payload.sessionKey === sessionKey && payload.state === "final";
    const { payload } = await connection.event(ended, "the turn's end");
    expect(payload.message.content[0].text.includes("the kettle boils"), JSON.stringify(payload.message));
    const told = await connection.event(({ event }) => event === "heartbeat", "heartbeat");
    expect(told.payload.status === "sent" && told.payload.sessionKey === sessionKey, JSON.stringify(told.payload));
    const last = await connection.request("last-heartbeat", {});
    expect(last.ts === told.payload.ts, JSON.stringify(last));
  });
  await check("system-event: waits for the next turn", async () => {
    const text = "the door is open";
    expect((await connection.request("system-event", { text, sessionKey })).ok, "taken");
    await connection.request("chat.send", { sessionKey, message: "what is new?", idempotencyKey: "conformance-event" });
    const { payload } = await connection.chatEnd("conformance-event");
    expect(payload.state === "final", JSON.stringify(payload));
  });
}

export async function ledgerChecks(connection) {
  await usageChecks(connection);
  await taskChecks(connection);
  await systemEventChecks(connection);
}
