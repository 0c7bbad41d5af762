// The configuration: read, planned, changed and described over the socket.

import { Compile } from "typebox/compile";

import { check, expect } from "./report.mjs";

export async function configChecks(connection, { token }) {
  const get = () => connection.request("config.get", {});
  const told = (hash) =>
    connection.event(({ event, payload }) => event === "config.changed" && payload.hash === hash, "config.changed");

  await check("config.get: what is in the file runs, and its secrets are hidden", async () => {
    const snapshot = await get();
    expect(snapshot.valid && snapshot.hash === snapshot.appliedConfigHash, JSON.stringify(snapshot.issues));
    expect(!JSON.stringify(snapshot).includes(token), "the token is in the answer");
    expect(snapshot.sourceConfig.gateway.auth.mode === "token", JSON.stringify(snapshot.sourceConfig.gateway));
    expect(snapshot.config.logging.level === "info", "the initial values are shown");
    expect(connection.hello.snapshot.appliedConfigHash === snapshot.configRevisionHash, "hello-ok names it too");
  });
  await check("config.schema: describes the configuration that runs", async () => {
    const { schema, uiHints } = await connection.request("config.schema", {});
    const { sourceConfig } = await get();
    const shape = Compile(schema);
    expect(shape.Check(sourceConfig), JSON.stringify(shape.Errors(sourceConfig)).slice(0, 400));
    expect(!shape.Check({ gateway: { port: "no number" } }), "a wrong type fits");
    expect(uiHints["gateway.auth.token"]?.sensitive === true, JSON.stringify(uiHints["gateway.auth.token"]));
  });
  await check("config.schema.lookup: one key, a branch, and a path that is none", async () => {
    const found = await connection.request("config.schema.lookup", { path: "gateway.port" });
    expect(found.schema.type === "integer" && found.children.length === 0, JSON.stringify(found));
    const branch = await connection.request("config.schema.lookup", { path: "gateway" });
    expect(branch.children.length > 0, JSON.stringify(branch).slice(0, 300));
    const error = await connection.refusal("config.schema.lookup", { path: "no.such" });
    expect(error.gatewayCode === "INVALID_REQUEST", error.gatewayCode);
  });
  await check("config.patch: applied before it is answered, and told", async () => {
    const written = await connection.patchConfig({ logging: { consoleLevel: "warn" } });
    expect(written.reload.action === "apply", JSON.stringify(written.reload));
    expect(written.changedPaths.join() === "logging", written.changedPaths.join());
    expect((await told(written.hash)).payload.changedPaths.join() === "logging", "the changed path");
    const snapshot = await get();
    expect(snapshot.runtimeConfig.logging.consoleLevel === "warn", JSON.stringify(snapshot.runtimeConfig.logging));
    expect(snapshot.appliedConfigHash === written.hash, "the new hash runs");
  });
  await check("config.set: what config.get shows comes back whole, secrets too", async () => {
    const { raw, hash } = await get();
    expect((await connection.request("config.set", { raw, baseHash: hash })).noop, "nothing has changed");
  });
  await check("config.apply: the whole configuration, changed", async () => {
    const { sourceConfig, hash } = await get();
    const raw = JSON.stringify({ ...sourceConfig, logging: { consoleLevel: "error" } });
    const written = await connection.request("config.apply", { raw, baseHash: hash });
    await told(written.hash);
    expect((await get()).runtimeConfig.logging.consoleLevel === "error", "it runs");
  });
  await check("config.plan: nothing is left to take over", async () => {
    const { ok, reload } = await connection.request("config.plan", {});
    expect(ok && reload.action === "none", JSON.stringify(reload));
  });
  await check("config writes: without the hash, with an old one, or invalid, they change nothing", async () => {
    const { hash } = await get();
    const raw = '{ "logging": { "level": "debug" } }';
    const unguarded = await connection.refusal("config.patch", { raw });
    expect(unguarded.message.includes("base hash required"), unguarded.message);
    const stale = await connection.refusal("config.set", { raw, baseHash: "0".repeat(64) });
    expect(stale.message.includes("config changed since last load"), stale.message);
    const invalid = await connection.refusal("config.patch", { raw: '{ "gateway": { "port": "x" } }', baseHash: hash });
    expect(invalid.details?.issues[0].path === "gateway.port", `${invalid.message} ${JSON.stringify(invalid.details)}`);
    expect((await get()).hash === hash, "the file is another one");
  });
  await check("secrets.reload: reads it all again", async () => {
    expect((await connection.request("secrets.reload")).ok, "ok");
  });
}
