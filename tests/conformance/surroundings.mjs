// The mock model server and the real gateway, started from a build tree in a home of their own, and their end.
// startGateway alone is for who brings a model server of its own.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const ready_ms_max = 15_000;
const stop_ms_max = 25_000;

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

function firstLine(child) {
  return new Promise((done, fail) => {
    child.stdout.once("data", (text) => done(String(text).split("\n")[0]));
    child.once("exit", () => fail(new Error("a program ended before it said anything")));
  });
}

// An agent of each, under its model's name, beside the agent main.
const failing = ["mock-400", "mock-401", "mock-402", "mock-429", "mock-500", "mock-stall"];
export const models = [
  "mock-1",
  "mock-echo",
  "mock-told",
  "mock-slow",
  "mock-length",
  "mock-tools",
  "mock-drop-mid",
  ...failing,
];

function configuration(port, token, modelPort) {
  const entries = Object.fromEntries(models.slice(1).map((id) => [id, { model: `mock/${id}` }]));
  return {
    gateway: { mode: "local", port, auth: { mode: "token", token } },
    models: {
      providers: {
        mock: {
          baseUrl: `http://127.0.0.1:${modelPort}/v1`,
          apiKey: "mock-key",
          api: "openai-completions",
          models: models.map((id) => ({ id, name: id })),
        },
      },
    },
    agents: {
      defaults: { model: { primary: "mock/mock-1" } },
      entries: { main: { model: "mock/mock-1" }, ...entries },
    },
  };
}

async function untilReady(port) {
  for (const end = Date.now() + ready_ms_max; Date.now() < end; await pause(20)) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
  }
  throw new Error("the gateway is not ready");
}

// Ends a program in order; how it ended.
export async function stop(child) {
  if (child.exitCode !== null) return child.exitCode;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stop_ms_max);
  const code = await ended;
  clearTimeout(timer);
  return code;
}

// The end of a command, and what it said.
async function outcome(child) {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const code = await new Promise((done) => child.once("close", done));
  return { code, output };
}

// The gateway of a build tree in a home of its own, ready; configurationOf(port, token) is what it is configured with.
// command(...words) runs one of its own commands beside it.
export async function startGateway(buildDir, configurationOf) {
  const home = mkdtempSync(join(tmpdir(), "omenia-conformance-"));
  const port = await freePort();
  const token = randomBytes(24).toString("hex");
  writeFileSync(join(home, "config.json"), JSON.stringify(configurationOf(port, token)), { mode: 0o600 });
  const program = join(buildDir, "bin/OmeniaClaw");
  const env = {
    PATH: "/usr/bin:/bin",
    HOME: home,
    TMPDIR: home,
    OmeniaClaw_STATE_DIR: join(home, "state"),
    OmeniaClaw_CONFIG_PATH: join(home, "config.json"),
  };
  const gateway = spawn(program, ["gateway"], { env, stdio: ["ignore", "ignore", "inherit"] });
  const command = (...words) => outcome(spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] }));
  const end = async () => {
    await stop(gateway);
    rmSync(home, { recursive: true, force: true });
  };
  await untilReady(port).catch(async (error) => {
    await end();
    throw error;
  });
  return { port, token, home, gateway, command, end };
}

// With the mock model server behind it; `change` makes the usual configuration another one.
export async function start(buildDir, change = () => {}) {
  const mock = spawn(join(buildDir, "tests/mock-upstream"), { stdio: ["ignore", "pipe", "inherit"] });
  const modelPort = Number(await firstLine(mock));
  const configurationOf = (port, token) => {
    const config = configuration(port, token, modelPort);
    change(config);
    return config;
  };
  const started = await startGateway(buildDir, configurationOf).catch(async (error) => {
    await stop(mock);
    throw error;
  });
  const end = async () => {
    await started.end();
    await stop(mock);
  };
  return { ...started, end };
}
