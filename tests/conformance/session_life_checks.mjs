// Sessions: made, set, found, sorted, spoken in, reset, copied and removed.

import { check, expect } from "./report.mjs";

const key = "agent:main:life";
const slow = "agent:mock-slow:life";

function changed(reason, sessionKey = key) {
  return ({ event, payload }) =>
    event === "sessions.changed" && payload.sessionKey === sessionKey && payload.reason === reason;
}

async function makingChecks(connection) {
  await check("sessions.create: a row with its settings, told to who listens", async () => {
    const created = await connection.request("sessions.create", { key, label: "Life" });
    expect(created.key === key && !created.runStarted, JSON.stringify(created));
    expect(created.resolved.model === "mock-1", JSON.stringify(created.resolved));
    await connection.event(changed("create"), "sessions.changed create");
  });
  await check("sessions.create: the key's repeat answers the same session", async () => {
    const params = { agentId: "mock-echo", idempotencyKey: "conformance-create" };
    const first = await connection.request("sessions.create", params);
    expect((await connection.request("sessions.create", params)).key === first.key, first.key);
  });
  await check("sessions.create: with a first message", async () => {
    const params = { key: "agent:mock-echo:life", message: "first words", idempotencyKey: "conformance-first" };
    const created = await connection.request("sessions.create", params);
    expect(created.runStarted, JSON.stringify(created));
    expect((await connection.chatEnd(created.runId)).payload.state === "final", "the run has ended");
  });
  await check("sessions.patch, sessions.patchMany: settings", async () => {
    const patched = await connection.request("sessions.patch", { key, model: "mock/mock-echo", pinned: true });
    expect(patched.entry.pinned && patched.resolved.model === "mock-echo", JSON.stringify(patched));
    await connection.event(changed("patch"), "sessions.changed patch");
    const { outcomes } = await connection.request("sessions.patchMany", {
      targets: [{ key }, { key: "agent:nobody:x" }],
      patch: { category: "Work" },
    });
    expect(outcomes.map(({ ok }) => ok).join() === "true,false", JSON.stringify(outcomes));
  });
  await check("sessions.describe, sessions.resolve: found by key, id and label", async () => {
    const { session } = await connection.request("sessions.describe", { key });
    expect(session.label === "Life" && session.pinned, JSON.stringify(session));
    const unknown = await connection.request("sessions.describe", { key: "agent:main:unknown" });
    expect(unknown.session === null, JSON.stringify(unknown));
    for (const named of [{ key }, { label: "Life" }, { sessionId: session.sessionId }, { reference: { key } }]) {
      const found = await connection.request("sessions.resolve", named);
      expect(found.ok && found.key === key, `${JSON.stringify(named)}: ${JSON.stringify(found)}`);
    }
  });
}

async function groupChecks(connection) {
  await check("sessions.groups: put, list, rename, update, defaults, delete", async () => {
    const names = async () => (await connection.request("sessions.groups.list", {})).groups.map(({ name }) => name);
    await connection.request("sessions.groups.put", { names: ["Work", "Home"] });
    expect((await names()).join() === "Work,Home", `${await names()}`);
    await connection.request("sessions.groups.rename", { name: "Work", to: "Office" });
    const { session } = await connection.request("sessions.describe", { key });
    expect(session.category === "Office", `its sessions follow: ${session.category}`);
    await connection.request("sessions.groups.update", { name: "Office", cwd: "/tmp", worktree: false });
    const { defaults } = await connection.request("sessions.groups.defaults", {});
    expect(defaults.find(({ name }) => name === "Office")?.cwd === "/tmp", JSON.stringify(defaults));
    await connection.request("sessions.groups.delete", { name: "Home" });
    expect((await names()).join() === "Office", `${await names()}`);
    const isGroups = ({ event, payload }) => event === "sessions.changed" && payload.reason === "groups";
    await connection.event(isGroups, "sessions.changed groups");
  });
}

async function speakingChecks(connection) {
  await check("sessions.send: a run as chat.send starts it", async () => {
    const sent = { key, message: "said by sessions.send", idempotencyKey: "conformance-send" };
    expect((await connection.request("sessions.send", sent)).status === "started", "started");
    const { payload } = await connection.chatEnd(sent.idempotencyKey);
    expect(payload.message.content[0].text === sent.message, JSON.stringify(payload.message));
  });
  await check("sessions.steer, sessions.abort: what runs gives way", async () => {
    await connection.request("sessions.create", { key: slow });
    const say = (method, id) => connection.request(method, { key: slow, message: id, idempotencyKey: id });
    await say("sessions.send", "conformance-steered");
    const steered = await say("sessions.steer", "conformance-steering");
    expect(steered.interruptedActiveRun, JSON.stringify(steered));
    expect((await connection.chatEnd("conformance-steered")).payload.state === "aborted", "the first run is aborted");
    const aborted = await connection.request("sessions.abort", { key: slow });
    expect(aborted.abortedRunId === "conformance-steering", JSON.stringify(aborted));
    const again = await connection.request("sessions.abort", { key: slow });
    expect(again.status === "no-active-run", JSON.stringify(again));
  });
  await check(
    "chat.startup, sessions.get, sessions.preview, sessions.branches.list: the same conversation",
    async () => {
      const { messages } = await connection.request("chat.startup", { sessionKey: key, limit: 80 });
      expect(messages.length === 2, JSON.stringify(messages));
      expect((await connection.request("sessions.get", { key })).messages.length === 2, "sessions.get");
      const { previews } = await connection.request("sessions.preview", { keys: [key, "agent:main:unknown"] });
      expect(previews.map(({ status }) => status).join() === "ok,missing", JSON.stringify(previews));
      const { branches } = await connection.request("sessions.branches.list", { sessionKey: key });
      expect(branches.length === 1 && branches[0].messageCount === 2, JSON.stringify(branches));
    },
  );
  await check("chat.message.get, chat.inject: one message, and a note", async () => {
    const injected = await connection.request("chat.inject", { sessionKey: key, message: "a note", label: "note" });
    const read = { sessionKey: key, messageId: injected.messageId };
    const { message } = await connection.request("chat.message.get", read);
    expect(JSON.stringify(message.content).includes("a note"), JSON.stringify(message));
    const unknown = await connection.request("chat.message.get", { sessionKey: key, messageId: "unknown" });
    expect(!unknown.ok && unknown.unavailableReason === "not_found", JSON.stringify(unknown));
  });
}

async function transcriptChecks(connection) {
  await check("sessions.search: messages by their words", async () => {
    const { results } = await connection.request("sessions.search", {
      query: "said sessions.send",
      sessionKeys: [key],
    });
    expect(results.map(({ role }) => role).includes("user"), JSON.stringify(results));
    expect(
      results.every(({ sessionKey }) => sessionKey === key),
      JSON.stringify(results),
    );
    expect((await connection.request("sessions.search", { query: "nowhere" })).results.length === 0, "no such word");
  });
  await check("sessions.compact: nothing to sum up in a short transcript, which stays", async () => {
    const compacted = await connection.request("sessions.compact", { key });
    expect(!compacted.compacted && compacted.reason, JSON.stringify(compacted));
    expect((await connection.request("sessions.get", { key })).messages.length === 3, "nothing is gone");
  });
  await check("sessions.rewind: ends before a message of the user, whose text may be sent again", async () => {
    const rewound = "agent:mock-echo:life";
    const { messages } = await connection.request("sessions.get", { key: rewound });
    const entryId = messages[0].__openclaw.id;
    const { editorText } = await connection.request("sessions.rewind", { sessionKey: rewound, entryId });
    expect(editorText === "first words", JSON.stringify(editorText));
    expect((await connection.request("sessions.get", { key: rewound })).messages.length === 0, "it is before them");
  });
  await check("sessions.cleanup: counts, and changes nothing without enforce", async () => {
    const counted = await connection.request("sessions.cleanup", {});
    expect(counted.dryRun && counted.beforeCount === counted.afterCount, JSON.stringify(counted));
  });
}

async function endingChecks(connection) {
  await check("sessions.fork: a copy up to an entry", async () => {
    const { messages } = await connection.request("sessions.get", { key });
    const [first] = messages;
    const copied = await connection.request("sessions.fork", { sessionKey: key, entryId: messages[1].__openclaw.id });
    const copy = await connection.request("sessions.get", { key: copied.sessionKey });
    expect(copy.messages.length === 2, JSON.stringify(copy));
    const again = await connection.request("sessions.fork", { sessionKey: key, entryId: first.__openclaw.id });
    expect(again.editorText === "said by sessions.send", JSON.stringify(again));
  });
  await check("sessions.reset: a new transcript under the same key", async () => {
    const before = (await connection.request("sessions.describe", { key })).session;
    const { entry } = await connection.request("sessions.reset", { key, reason: "new" });
    expect(entry.sessionId !== before.sessionId, "another id");
    expect((await connection.request("sessions.get", { key })).messages.length === 0, "no messages");
    await connection.event(changed("new"), "sessions.changed new");
  });
  await check("sessions.delete: gone, with its transcript", async () => {
    const deleted = await connection.request("sessions.delete", { key: slow, deleteTranscript: true });
    expect(deleted.deleted && deleted.archived.length === 0, JSON.stringify(deleted));
    await connection.event(changed("delete", slow), "sessions.changed delete");
    expect(!(await connection.request("sessions.delete", { key: slow })).deleted, "nothing is left to remove");
  });
}

export async function sessionLifeChecks(connection) {
  await makingChecks(connection);
  await groupChecks(connection);
  await speakingChecks(connection);
  await transcriptChecks(connection);
  await endingChecks(connection);
}
