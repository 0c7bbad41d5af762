// Devices: paired by an operator, let in by tokens of their own, renewed and taken away.

import { Device } from "./device.mjs";
import { check, expect } from "./report.mjs";
import { Connection, refusedConnect } from "./socket_client.mjs";

const scopes = ["operator.read", "operator.write", "operator.pairing"];

// A terminal on that device; with the gateway's secret, or by the device's own token alone.
function terminal(device, change = {}) {
  return { clientName: "openclaw-tui", mode: "ui", scopes, ...device.options(), ...change };
}

const by_token = { token: undefined };

function told(connection, name, matches) {
  return connection.event(({ event, payload }) => event === name && matches(payload), name);
}

async function pairingChecks(gateway, connection, device) {
  let requestId;
  await check("pairing: a new device is refused with its request's id, and operators are told", async () => {
    const error = await refusedConnect(gateway, terminal(device));
    expect(error.gatewayCode === "NOT_PAIRED", error.gatewayCode);
    expect(error.details.code === "PAIRING_REQUIRED", JSON.stringify(error.details));
    requestId = error.details.requestId;
    const asked = await told(connection, "device.pair.requested", (payload) => payload.requestId === requestId);
    expect(asked.payload.deviceId === device.id && asked.payload.scopes.join() === scopes.join(), "what it asks for");
    const { pending } = await connection.request("device.pair.list", {});
    expect(
      pending.some((request) => request.requestId === requestId),
      JSON.stringify(pending),
    );
  });
  await check("pairing: what is given, the operator must hold himself", async () => {
    const clerk = await Connection.open(gateway, { scopes: ["operator.pairing"] });
    const error = await clerk.refusal("device.pair.approve", { requestId });
    expect(error.details?.code === "MISSING_SCOPE", `${error.message} ${JSON.stringify(error.details)}`);
    await clerk.stop();
  });
  await check("pairing: approved by an operator, the device gets in and is given its token", async () => {
    const approved = await connection.request("device.pair.approve", { requestId });
    expect(approved.device.deviceId === device.id, JSON.stringify(approved));
    const resolved = await told(connection, "device.pair.resolved", (payload) => payload.requestId === requestId);
    expect(resolved.payload.decision === "approved", JSON.stringify(resolved.payload));
    const client = await Connection.open(gateway, terminal(device));
    expect(client.hello.auth.deviceToken === device.tokens.get("operator").token, "the client has stored the token");
    await client.stop();
  });
  await check("pairing: a device that is rejected may ask again", async () => {
    const other = new Device();
    const first = (await refusedConnect(gateway, terminal(other))).details.requestId;
    await connection.request("device.pair.reject", { requestId: first });
    const resolved = await told(connection, "device.pair.resolved", (payload) => payload.requestId === first);
    expect(resolved.payload.decision === "rejected", JSON.stringify(resolved.payload));
    const again = (await refusedConnect(gateway, terminal(other))).details.requestId;
    expect(again !== first, "another request");
    await connection.request("device.pair.reject", { requestId: again });
  });
}

async function tokenChecks(gateway, connection, device) {
  const changed = (reason) =>
    told(connection, "device.pair.changed", (payload) => payload.deviceId === device.id && payload.reason === reason);

  await check("pairing: a device that is another kind of machine now has to be approved again", async () => {
    const error = await refusedConnect(gateway, terminal(device, { platform: "windows" }));
    expect(error.details?.reason === "metadata-upgrade", JSON.stringify(error.details));
    const { requestId } = error.details;
    const asked = await told(connection, "device.pair.requested", (payload) => payload.requestId === requestId);
    expect(asked.payload.isRepair && asked.payload.platform === "windows", JSON.stringify(asked.payload));
    await connection.request("device.pair.reject", { requestId });
  });
  await check("device token: enough to connect, for what was approved", async () => {
    const client = await Connection.open(gateway, terminal(device, by_token));
    expect(client.hello.auth.method === "device-token", client.hello.auth.method);
    expect(client.hello.auth.scopes.join() === scopes.join(), client.hello.auth.scopes.join());
    await client.stop();
    const more = terminal(device, { ...by_token, scopes: ["operator.admin"] });
    expect((await refusedConnect(gateway, more)).details?.code === "AUTH_SCOPE_MISMATCH", "more is refused");
  });
  await check("device.token.rotate: the device gets a new one, its connection ends with 4001", async () => {
    const client = await Connection.open(gateway, terminal(device, by_token));
    const old = device.tokens.get("operator").token;
    const rotated = await client.request("device.token.rotate", { deviceId: device.id, role: "operator" });
    expect(rotated.tokenDelivery === "in-band" && rotated.token !== old, JSON.stringify(Object.keys(rotated)));
    expect((await client.closing()).code === 4001, JSON.stringify(client.closed));
    await client.stop();
    const stale = await refusedConnect(gateway, terminal(device, { token: undefined, deviceToken: old }));
    expect(stale.details?.code === "AUTH_DEVICE_TOKEN_MISMATCH", JSON.stringify(stale.details));
    device.tokens.set("operator", { token: rotated.token, scopes: rotated.scopes });
    await (await Connection.open(gateway, terminal(device, by_token))).stop();
  });
  await check("device.token.rotate: of another device, the token stays hidden", async () => {
    const client = await Connection.open(gateway, terminal(device, by_token));
    const rotated = await connection.request("device.token.rotate", { deviceId: device.id, role: "operator" });
    expect(rotated.token === undefined && rotated.tokenDelivery === "withheld-cross-device", "it is shown");
    expect((await client.closing()).code === 4001, JSON.stringify(client.closed));
    await client.stop();
    await changed("token-rotated");
    expect(
      (await refusedConnect(gateway, terminal(device, by_token))).details?.code === "AUTH_DEVICE_TOKEN_MISMATCH",
      "the old token is refused",
    );
    expect(!device.tokens.has("operator"), "the published client forgets a token that is refused");
    await (await Connection.open(gateway, terminal(device))).stop();
  });
  await check("device.token.revoke: its connection ends with 4001, its token opens nothing", async () => {
    const client = await Connection.open(gateway, terminal(device, by_token));
    await connection.request("device.token.revoke", { deviceId: device.id, role: "operator" });
    expect((await client.closing()).code === 4001, JSON.stringify(client.closed));
    await client.stop();
    const error = await refusedConnect(gateway, terminal(device, by_token));
    expect(error.details?.code === "AUTH_DEVICE_TOKEN_MISMATCH", JSON.stringify(error.details));
    await changed("token-revoked");
  });
  await check("device.pair.rename, device.pair.remove", async () => {
    await connection.request("device.pair.rename", { deviceId: device.id, label: "Kitchen" });
    await changed("renamed");
    const { paired } = await connection.request("device.pair.list", {});
    const row = paired.find(({ deviceId }) => deviceId === device.id);
    expect(row.displayName === "Kitchen" && !JSON.stringify(row).includes('"token"'), JSON.stringify(row));
    const client = await Connection.open(gateway, terminal(device));
    await connection.request("device.pair.remove", { deviceId: device.id });
    expect((await client.closing()).code === 4001, JSON.stringify(client.closed));
    await client.stop();
    await changed("removed");
    expect((await refusedConnect(gateway, terminal(device))).gatewayCode === "NOT_PAIRED", "it has to ask again");
  });
}

async function upgradeChecks(gateway, connection) {
  await check(
    "device.scopes.requestUpgrade, .waitUpgrade: more scopes while connected, for an operator to give",
    async () => {
      const device = new Device();
      const reader = terminal(device, { scopes: ["operator.read"] });
      const { requestId: pairing } = (await refusedConnect(gateway, reader)).details;
      await connection.request("device.pair.approve", { requestId: pairing });
      const client = await Connection.open(gateway, reader);
      const more = ["operator.read", "operator.write"];
      const { requestId } = await client.request("device.scopes.requestUpgrade", { scopes: more });
      const waiting = client.request("device.scopes.waitUpgrade", { requestId });
      await told(connection, "device.pair.requested", (payload) => payload.requestId === requestId);
      await connection.request("device.pair.approve", { requestId });
      const decided = await waiting;
      expect(decided.status === "approved" && decided.deviceToken, JSON.stringify(Object.keys(decided)));
      await client.stop();
      device.tokens.set("operator", { token: decided.deviceToken, scopes: decided.scopes });
      const again = await Connection.open(gateway, terminal(device, { ...by_token, scopes: more }));
      expect(
        more.every((scope) => again.hello.auth.scopes.includes(scope)),
        JSON.stringify(again.hello.auth),
      );
      await again.stop();
    },
  );
}

async function setupCodeChecks(gateway, connection) {
  await check("device.pair.setupCode: lets one new device in, once", async () => {
    const asked = { bootstrapProfile: "limited", publicUrl: `ws://127.0.0.1:${gateway.port}` };
    const made = await connection.request("device.pair.setupCode", asked);
    const { setupId } = made;
    expect((await connection.request("device.pair.setupStatus", { setupId })).completion === undefined, "not used");
    const { bootstrapToken } = JSON.parse(Buffer.from(made.setupCode, "base64url"));
    const device = new Device();
    const setup = { token: undefined, bootstrapToken, scopes: ["operator.read"] };
    const client = await Connection.open(gateway, terminal(device, setup));
    expect(client.hello.auth.method === "bootstrap-token", client.hello.auth.method);
    await client.stop();
    const done = await told(connection, "device.pair.setup.completed", (payload) => payload.setupId === setupId);
    expect(done.payload.deviceId === device.id, JSON.stringify(done.payload));
    const { completion } = await connection.request("device.pair.setupStatus", { setupId });
    expect(completion.deviceId === device.id, JSON.stringify(completion));
    await (await Connection.open(gateway, terminal(device, { ...by_token, scopes: setup.scopes }))).stop();
    const again = await refusedConnect(gateway, terminal(new Device(), setup));
    expect(again.details?.code === "AUTH_BOOTSTRAP_TOKEN_INVALID", JSON.stringify(again.details));
  });
}

// Without the rule that devices of this machine are paired without asking.
export async function deviceChecks(gateway, connection) {
  await connection.patchConfig({ gateway: { nodes: { pairing: { autoApproveLocal: false } } } });
  const device = new Device();
  await pairingChecks(gateway, connection, device);
  await tokenChecks(gateway, connection, device);
  await upgradeChecks(gateway, connection);
  await setupCodeChecks(gateway, connection);
  await connection.patchConfig({ gateway: { nodes: null } });
}
