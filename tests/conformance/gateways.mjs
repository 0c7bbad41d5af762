// The gateways of a replay, each started when a recording first needs one with its settings.

import { Agent, request } from "node:http";

import { settings } from "./settings.mjs";
import { start, stop } from "./surroundings.mjs";

// Resolves when the first piece of the answer has come; what ends the request.
function beginStream({ port, token }, body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const options = { host: "127.0.0.1", port, method: "POST", path: "/v1/chat/completions", headers, agent: false };
  return new Promise((done, fail) => {
    const asking = request(options, (answer) => answer.once("data", () => done(() => asking.destroy())));
    asking.on("error", fail);
    asking.end(JSON.stringify(body));
  });
}

// The status of a probe; the connection stays open when the gateway lets it.
function probe({ port }, path, agent) {
  return new Promise((done, fail) => {
    const asking = request({ host: "127.0.0.1", port, path, agent }, (answer) =>
      answer.resume().once("end", () => done(answer.statusCode)),
    );
    asking.on("error", fail);
    asking.end();
  });
}

function openConnection() {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

// A gateway that was told to stop while an answer is under way, and a connection to it that was open before.
async function leaving(buildDir) {
  const gateway = { ...(await start(buildDir, settings.administered)), agent: openConnection() };
  const watching = openConnection();
  for (const agent of [gateway.agent, watching]) await probe(gateway, "/healthz", agent);
  const messages = [{ role: "user", content: "slowly" }];
  const endStream = await beginStream(gateway, { model: "OmeniaClaw/mock-slow", stream: true, messages });
  gateway.gateway.kill("SIGTERM");
  while ((await probe(gateway, "/startupz", watching)) === 200);
  const end = async () => {
    endStream();
    for (const agent of [gateway.agent, watching]) agent.destroy();
    await gateway.end();
  };
  return { ...gateway, end };
}

// What the proxy of the recording told of the client.
const behind_a_proxy = {
  "x-forwarded-for": "203.0.113.9",
  "x-forwarded-proto": "https",
  "x-forwarded-user": "ann@example.com",
};
const headers = { proxied: behind_a_proxy };

export class Gateways {
  #started = new Map();
  #once = [];

  constructor(buildDir) {
    this.buildDir = buildDir;
  }

  // The gateway with these settings; one that is leaving serves one request only.
  async of(name) {
    if (name === "leaving") {
      this.#once.push(await leaving(this.buildDir));
      return this.#once.at(-1);
    }
    if (!this.#started.has(name)) this.#started.set(name, await this.#start(name));
    return this.#started.get(name);
  }

  async #start(name) {
    const gateway = await start(this.buildDir, settings[name]);
    return { ...gateway, headers: headers[name], stop: () => stop(gateway.gateway) };
  }

  async end() {
    for (const gateway of [...this.#once, ...this.#started.values()]) await gateway.end();
  }
}
