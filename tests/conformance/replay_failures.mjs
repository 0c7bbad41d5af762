// The recorded ways in which a connection fails, each provoked again: the answers before the close, its code and its
// reason.

import { readFileSync } from "node:fs";

import { Device } from "./device.mjs";
import { differences } from "./differences.mjs";
import { RawSocket } from "./raw_socket.mjs";

const handshake_ms_max = 20_000;
const settle_ms = 1_500;

const backend = { id: "gateway-client", version: "1.0.0", platform: "linux", mode: "backend" };
const cli = { id: "cli", version: "1.0.0", platform: "linux", mode: "cli" };
const scopes = ["operator.read", "operator.write", "operator.admin"];

function params({ token }, change = {}) {
  return { minProtocol: 4, maxProtocol: 4, client: backend, role: "operator", scopes, auth: { token }, ...change };
}

function connect(change) {
  return (socket, gateway) =>
    socket.request({ type: "req", id: "r1", method: "connect", params: params(gateway, change) });
}

function connectWithDevice(change, proofChange = {}) {
  return (socket, gateway) => {
    const mine = params(gateway, { client: cli, ...change });
    const device = { ...new Device().proof(mine, socket.challenge(), proofChange.signed), ...proofChange.sent };
    return socket.request({ type: "req", id: "r1", method: "connect", params: { ...mine, device } });
  };
}

// After hello-ok; then each of the frames, text or bytes.
function connected(change, ...frames) {
  return async (socket, gateway) => {
    await connect(change)(socket, gateway);
    for (const frame of frames)
      socket.raw(typeof frame === "object" && !Buffer.isBuffer(frame) ? JSON.stringify(frame) : frame);
  };
}

function request(id, method, parameters = {}) {
  return { type: "req", id, method, params: parameters };
}

function numbers(first, last) {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

const wrong_page = { client: { ...backend, id: "openclaw-control-ui", mode: "webchat" }, auth: { token: "wrong" } };

function fromPage(gateway) {
  return RawSocket.open(gateway, { origin: `http://127.0.0.1:${gateway.port}` });
}

const provoke = {
  "first-frame-not-connect": (socket) => socket.send(request("1", "health")),
  "invalid-json": (socket) => socket.raw("{nope"),
  "non-object": (socket) => socket.raw("42"),
  "missing-type": (socket) => socket.send({ id: "1", method: "connect" }),
  "binary-garbage": (socket) => socket.raw(Buffer.from([0, 159, 146, 150])),
  "connect-bad-params": (socket) => socket.send(request("1", "connect", { minProtocol: 4, maxProtocol: 4 })),
  "connect-unknown-client-id": (socket, gateway) =>
    socket.send(request("1", "connect", params(gateway, { client: { ...backend, id: "nobody" } }))),
  "connect-extra-param": connect({ bogus: 1 }),
  "protocol-3": connect({ minProtocol: 3, maxProtocol: 3 }),
  "protocol-5": connect({ minProtocol: 5, maxProtocol: 6 }),
  "invalid-role": connect({ role: "king" }),
  "worker-role": connect({ role: "worker" }),
  "bad-token": connect({ auth: { token: "wrong" } }),
  "bad-token-cli": connect({ client: cli, auth: { token: "wrong" } }),
  "no-auth": connect({ auth: undefined }),
  "bad-password": connect({ auth: { password: "wrong" } }),
  "token-in-password-field": (socket, gateway) => connect({ auth: { password: gateway.token } })(socket, gateway),
  "bad-token-with-device": connectWithDevice({ auth: { token: "wrong" } }),
  "device-bad-sig": connectWithDevice({}, { sent: { signature: Buffer.alloc(64, 1).toString("base64url") } }),
  "device-nonce-mismatch": connectWithDevice({}, { signed: { nonce: "00000000-0000-4000-8000-000000000000" } }),
  "device-stale": connectWithDevice({}, { signed: { signedAt: 1_767_225_600_000 } }),
  "device-id-mismatch": connectWithDevice({}, { signed: { id: "0".repeat(64) } }),
  "device-bad-pub": connectWithDevice({}, { sent: { publicKey: "AAAA" } }),
  "device-explicit-token-bad": connectWithDevice({ auth: { deviceToken: "wrong" } }),
  "bootstrap-bad": connectWithDevice({ auth: { bootstrapToken: "wrong" } }),
  "node-without-device": connect({ role: "node", scopes: [], client: { ...backend, id: "node-host", mode: "node" } }),
  "control-ui-without-device": connect({ client: { ...backend, id: "openclaw-control-ui", mode: "webchat" } }),
  "deviceless-test-client": connected({ client: { ...backend, id: "test", mode: "test" } }, request("r2", "status")),
  "deviceless-cli-loopback": connected({ client: cli }, request("r2", "health")),
  "preauth-oversize": (socket) => socket.raw("x".repeat(70_000)),
  "postauth-invalid-json": connected({}, "{nope", request("r2", "health")),
  "postauth-bad-frame": connected({}, { type: "req", id: "7" }, { foo: 1 }, { ...request("8", "health"), zzz: 1 }),
  "unknown-method": connected({}, request("r2", "does.not.exist")),
  "second-connect": connected({}, request("r2", "connect")),
  "missing-scope": connected({ scopes: ["operator.read"] }, request("r2", "config.set"), request("r3", "chat.send")),
  "invalid-params": connected({}, request("r2", "chat.history", { bogus: true })),
  "handshake-timeout": (socket) => socket.until(() => false, handshake_ms_max),
  "postauth-oversize-26MiB": connected({}, "x".repeat(26 * 1024 * 1024 + 1)),
  "postauth-binary-json": connected({}, Buffer.from(JSON.stringify(request("r2", "last-heartbeat")))),
  "node-method-from-operator": connected({}, request("r2", "node.event", { event: "x" })),
  "unauthorized-flood": connected({}, ...numbers(2, 12).map((i) => request(`r${i}`, "node.event", { event: "x" }))),
  "browser-rate-limited": async (socket, gateway) => {
    for (const _ of numbers(1, 10)) await connect(wrong_page)(await fromPage(gateway), gateway);
    await connect(wrong_page)(socket, gateway);
  },
};

// Not at the usual gateway without headers, as the others.
const openers = { "browser-rate-limited": fromPage };
const settings = { "browser-rate-limited": "visited" }; // Nobody else is locked out there.

const left_out = {
  "slow-consumer": "takes 50 MB of events; a flow test has it",
};

const background = new Set(["connect.challenge", "tick", "health", "presence"]);

// The recording keeps the last frames without hello-ok.
function lastFrames(socket, count) {
  const isHello = (frame) => frame.payload?.type === "hello-ok";
  const kept = socket.frames.filter((frame) => !background.has(frame.event) && !isHello(frame));
  return count === 0 ? kept : kept.slice(-count);
}

async function outcome(recorded, gateway) {
  const socket = await (openers[recorded.case] ?? RawSocket.open)(gateway);
  await provoke[recorded.case](socket, gateway);
  const enough = () => !recorded.close && lastFrames(socket, 0).length >= recorded.frames.length;
  await socket.until(() => socket.closed || enough(), recorded.close ? undefined : settle_ms);
  const got = { close: socket.closed, frames: lastFrames(socket, recorded.frames.length) };
  socket.end();
  return got;
}

function compare(recorded, got) {
  const close = (value) => (value ? `${value.code} "${value.reason}"` : "none");
  const frames = recorded.frames.flatMap((frame, i) =>
    got.frames[i] ? differences(frame, got.frames[i], `frame ${i + 1}`) : [`frame ${i + 1}: absent`],
  );
  const closes =
    close(recorded.close) === close(got.close) ? [] : [`close: ${close(got.close)}, not ${close(recorded.close)}`];
  const extra = got.frames.length > recorded.frames.length ? [`frames: ${JSON.stringify(got.frames)}, not none`] : [];
  return [...frames, ...closes, ...extra].map((text) => `${recorded.case}: ${text}`);
}

export async function replayFailures(file, gateways, report) {
  const cases = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .slice(1);
  for (const recorded of cases) {
    if (!provoke[recorded.case]) {
      report.leftOut(recorded.case, left_out[recorded.case] ?? "unknown case");
      continue;
    }
    const gateway = await gateways.of(settings[recorded.case] ?? "usual");
    report.compared(recorded.case, compare(recorded, await outcome(recorded, gateway)));
  }
}
