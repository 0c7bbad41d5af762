// Recorded conversations over the socket, held again with our gateway: the same requests, each after what it came
// after.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { Device } from "./device.mjs";
import { differences, firstOrder, orderDifferences } from "./differences.mjs";
import { RawSocket } from "./raw_socket.mjs";
import { stop } from "./surroundings.mjs";

const quiet_ms = 150;

// What a recording needs that this replay does not have.
const left_out = [
  [/^0[34]/, "device tokens are not in this release"],
  [/^0[5789]/, "needs another configuration of the gateway"],
  [/^(06|16|17|22)/, "nodes, approvals and pairing are not in this release"],
  [/^13/, "tools are not in this release"],
  [/^21/, "gateway.restart.request is not in this release"],
];

// Recordings of single calls, most of which are left out: events of the others say nothing.
const calls_only = /^18/;

// The agent whose model behaves as the recorded one did at such a message.
const agents = [
  [/SLOW/, "mock-slow"],
  [/FAIL/, "mock-401"],
];

// What an event is, apart from its contents.
function nameOf({ event, payload }) {
  if (event === "chat") return payload.state === "status" ? `chat status ${payload.phase}` : `chat ${payload.state}`;
  if (event === "agent") return ["agent", payload.stream, payload.data.phase].filter(Boolean).join(" ");
  if (event === "sessions.changed") return `sessions.changed ${payload.phase ?? payload.reason}`;
  return event;
}

// Events that the recorded client waited for before it went on.
function isAwaited(frame) {
  return ["delta", "final", "aborted", "error"].includes(frame.payload?.state);
}

class Replay {
  skipped = new Set();
  #sessions = new Map();

  constructor(name, gateway, socket) {
    Object.assign(this, { name, gateway, socket });
  }

  async run(lines) {
    for (const { dir, frame } of lines) {
      if (dir === "client->" && frame) await this.#send(frame);
      else if (frame?.type === "res") await this.#answered(frame, lines);
      else if (frame?.event === "shutdown") await stop(this.gateway.gateway);
      else if (frame && isAwaited(frame)) await this.#came(nameOf(frame));
    }
    await this.#quiet();
  }

  async #send(frame) {
    if (frame.method === "connect") {
      this.hello = (await this.socket.request({ ...frame, params: this.#connect(frame.params) }))?.payload;
    } else if (this.hello?.features.methods.includes(frame.method)) {
      this.socket.send({ ...frame, params: this.#ours(frame.params) });
    } else {
      this.skipped.add(frame);
    }
  }

  #connect(params) {
    const mine = { ...params, auth: { token: this.gateway.token } };
    return params.device ? { ...mine, device: new Device().proof(mine, this.socket.challenge()) } : mine;
  }

  #ours(params = {}) {
    const key = params.sessionKey;
    const agent = agents.find(([text]) => text.test(params.message ?? ""))?.[1];
    if (agent) this.#sessions.set(key, key.replace(":main:", `:${agent}:`));
    return this.#sessions.has(key) ? { ...params, sessionKey: this.#sessions.get(key) } : params;
  }

  async #answered(frame, lines) {
    if ([...this.skipped].some(({ id }) => id === frame.id)) return;
    const count = lines
      .slice(0, lines.findIndex((line) => line.frame === frame) + 1)
      .filter((line) => line.frame?.type === "res" && line.frame.id === frame.id).length;
    await this.socket.until(() => this.socket.responses(frame.id).length >= count);
  }

  async #came(name) {
    await this.socket.until(() => this.socket.frames.some((frame) => frame.type === "event" && nameOf(frame) === name));
  }

  async #quiet() {
    for (let before = -1; before !== this.socket.frames.length; await pause(quiet_ms))
      before = this.socket.frames.length;
  }

  // Everything in which the two conversations differ.
  differences(lines) {
    const recorded = lines.filter(({ dir }) => dir === "server<-").map(({ frame }) => frame);
    const methods = new Map(
      lines.filter(({ dir, frame }) => dir === "client->" && frame).map(({ frame }) => [frame.id, frame.method]),
    );
    const skipped = new Set([...this.skipped].map(({ id }) => id));
    return [
      ...this.#answerDifferences(
        recorded.filter(({ type, id }) => type === "res" && !skipped.has(id)),
        methods,
      ),
      ...(calls_only.test(this.name) ? [] : this.#eventDifferences(recorded.filter(({ type }) => type === "event"))),
      ...this.#closeDifferences(lines.at(-1).close),
    ];
  }

  #answerDifferences(recorded, methods) {
    const turn = new Map();
    return recorded.flatMap((frame) => {
      const number = turn.get(frame.id) ?? 0;
      turn.set(frame.id, number + 1);
      const got = this.socket.responses(frame.id)[number];
      const place = `answer to ${methods.get(frame.id)}`;
      return got ? differences(frame, got, place) : [`${place}: absent`];
    });
  }

  #eventDifferences(recorded) {
    const events = this.socket.frames.filter(({ type }) => type === "event");
    const names = (frames) => firstOrder(frames.map(nameOf));
    const shared = names(recorded).filter((name) => names(events).includes(name));
    const first = (frames, name) => frames.find((frame) => nameOf(frame) === name);
    return [
      ...orderDifferences(names(recorded), names(events), "event"),
      ...shared.flatMap((name) => differences(first(recorded, name), first(events, name), `event ${name}`)),
    ];
  }

  #closeDifferences(recorded) {
    const expected = recorded && recorded.code !== 1005 ? recorded : null;
    if (!expected) return this.socket.closed ? [`close: ${JSON.stringify(this.socket.closed)}, not left open`] : [];
    return JSON.stringify(expected) === JSON.stringify(this.socket.closed)
      ? []
      : [`close: ${JSON.stringify(this.socket.closed)}, not ${JSON.stringify(expected)}`];
  }
}

export async function replayTranscripts(directory, gateway, report) {
  for (const file of readdirSync(directory)
    .filter((name) => /^\d.*\.jsonl$/.test(name) && !name.startsWith("19"))
    .sort()) {
    const name = file.replace(".jsonl", "");
    const reason = left_out.find(([pattern]) => pattern.test(name))?.[1];
    if (reason) {
      report.leftOut(name, reason);
      continue;
    }
    const lines = readFileSync(join(directory, file), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .slice(1);
    const replay = new Replay(name, gateway, await RawSocket.open(gateway));
    await replay.run(lines);
    for (const { method } of replay.skipped) report.leftOut(`${method}`, "the method is not in this release");
    report.compared(name, replay.differences(lines));
    replay.socket.end();
  }
}
