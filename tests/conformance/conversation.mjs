// A recorded conversation, held again with our gateway: the same requests, each after what it came after.

import { setTimeout as pause } from "node:timers/promises";

import { differences, firstOrder, orderDifferences } from "./differences.mjs";
import { RawSocket } from "./raw_socket.mjs";
import { nameOf } from "./recording.mjs";

const quiet_ms = 150;

// Recordings of single calls, most of which are left out: events of the others say nothing.
const calls_only = /^18/;

// Events of a run that the recorded client waited for before it went on.
function isStep({ payload }) {
  return ["delta", "final", "aborted", "error"].includes(payload?.state);
}

export class Conversation {
  unknown = new Map(); // Methods that our gateway does not have, by the request's id.

  // `needed`: what requests of any recording of the scene name.
  constructor({ name, lines }, gateway, standIns, needed) {
    Object.assign(this, { name, lines, gateway, standIns, needed });
  }

  // One line of the recording.
  async play({ dir, frame, close }) {
    if (!this.socket) this.socket = await RawSocket.open(this.gateway, this.gateway.headers);
    if (close) return this.#closed(close);
    if (!frame) return;
    if (dir === "client->") return this.#send(frame);
    if (frame.type === "res") return this.#answered(frame);
    if (frame.event === "shutdown") return this.#shutDown(frame.payload);
    return this.#came(frame);
  }

  async #send(frame) {
    const { params } = frame;
    if (frame.method === "connect") {
      await this.socket.request({ ...frame, params: this.#connect(params) });
    } else {
      this.socket.send({ ...frame, params: this.standIns.of(params) });
    }
  }

  #connect(params) {
    const mine = { ...params, auth: this.#credentials(params.auth) };
    if (!params.device) return mine;
    return { ...mine, device: this.standIns.device(params.device.id).proof(mine, this.socket.challenge()) };
  }

  #credentials(auth) {
    const { token } = this.gateway;
    if (auth?.token || auth?.password) return auth.token ? { token } : { password: token };
    return this.standIns.of(auth);
  }

  async #answered(frame) {
    const before = this.lines.slice(
      0,
      this.lines.findIndex((line) => line.frame === frame),
    );
    const number = before.filter((line) => line.frame?.type === "res" && line.frame.id === frame.id).length;
    await this.socket.until(() => this.socket.responses(frame.id).length > number);
    const got = this.socket.responses(frame.id)[number];
    if (got?.error?.message.startsWith("unknown method: ")) this.unknown.set(frame.id, got.error.message.slice(16));
    else this.standIns.learn(frame, got);
  }

  // Waits for an event without which the recorded clients could not have gone on.
  async #came(recorded) {
    const named = this.standIns.unknown(recorded.payload).some((text) => this.needed.has(text));
    if (!named && !isStep(recorded)) return;
    const fits = (frame) =>
      frame.type === "event" &&
      nameOf(frame) === nameOf(recorded) &&
      frame.payload.runId === this.standIns.of(recorded.payload.runId);
    await this.socket.until(() => this.socket.frames.some(fits));
    this.standIns.learn(recorded, this.socket.frames.find(fits));
  }

  async #shutDown({ restartExpectedMs }) {
    await (restartExpectedMs ? this.gateway.command("gateway", "restart") : this.gateway.stop());
    await this.socket.until(() => this.socket.closed);
  }

  async #closed({ code }) {
    await this.quiet();
    if (code === 1005) this.leave();
  }

  // Until nothing comes any more.
  async quiet() {
    for (let before = -1; before !== this.socket.frames.length; await pause(quiet_ms))
      before = this.socket.frames.length;
  }

  // What comes from now on was not recorded.
  leave() {
    this.left ??= { frames: [...this.socket.frames], closed: this.socket.closed };
    this.socket.end();
  }

  // Everything in which the two conversations differ.
  differences() {
    this.leave();
    const recorded = this.lines.filter(({ dir }) => dir === "server<-").map(({ frame }) => frame);
    const sent = this.lines.filter(({ dir, frame }) => dir === "client->" && frame).map(({ frame }) => frame);
    const methods = new Map(sent.map(({ id, method }) => [id, method]));
    const answers = recorded.filter(({ type, id }) => type === "res" && !this.unknown.has(id));
    return [
      ...this.#answerDifferences(answers, methods),
      ...(calls_only.test(this.name) ? [] : this.#eventDifferences(recorded.filter(({ type }) => type === "event"))),
      ...this.#closeDifferences(this.lines.at(-1).close),
    ];
  }

  #answerDifferences(recorded, methods) {
    const turn = new Map();
    return recorded.flatMap((frame) => {
      const number = turn.get(frame.id) ?? 0;
      turn.set(frame.id, number + 1);
      const got = this.left.frames.filter(({ type, id }) => type === "res" && id === frame.id)[number];
      const place = `answer to ${methods.get(frame.id)}`;
      return got ? differences(frame, got, place) : [`${place}: absent`];
    });
  }

  #eventDifferences(recorded) {
    const events = this.left.frames.filter(({ type }) => type === "event");
    const names = (frames) => firstOrder(frames.map(nameOf));
    const shared = names(recorded).filter((name) => names(events).includes(name));
    const first = (frames, name) => frames.find((frame) => nameOf(frame) === name);
    return [
      ...orderDifferences(names(recorded), names(events), "event"),
      ...shared.flatMap((name) => differences(first(recorded, name), first(events, name), `event ${name}`)),
    ];
  }

  #closeDifferences(recorded) {
    if (!recorded) return []; // The recording ends before it.
    const { closed } = this.left;
    const text = ({ code, reason }) => `${code} "${reason}"`;
    const expected = recorded.code !== 1005 ? this.standIns.inText(text(recorded)) : "left open";
    const found = closed ? text(closed) : "left open";
    return expected === found ? [] : [`close: ${found}, not ${expected}`];
  }
}
