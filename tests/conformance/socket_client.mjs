// The published GatewayClient as the checks use it: connected once, every frame kept, and waits for events that are to
// come.

import { GatewayClient } from "@openclaw/gateway-client";

const wait_ms_max = 10_000;

export const every_scope = [
  "operator.read",
  "operator.write",
  "operator.admin",
  "operator.approvals",
  "operator.questions",
  "operator.pairing",
];

// Every frame of every connection as it came over the wire; a response with the method that it answers.
export class Record {
  answers = [];
  events = [];

  keep(frame, method) {
    if (frame.type === "res") this.answers.push({ method, frame });
    else this.events.push(frame);
  }
}

// Looks at the frames on their way between the published client and its socket.
class WatchedClient extends GatewayClient {
  constructor(record, options) {
    super(options);
    this.record = record;
    this.methods = new Map();
  }

  createSocket(handlers) {
    const socket = super.createSocket({
      ...handlers,
      message: (data) => (this.#received(data), handlers.message(data)),
    });
    return { ...socket, send: (data) => (this.#sent(data), socket.send(data)) };
  }

  #sent(data) {
    const { id, method } = JSON.parse(data);
    this.methods.set(id, method);
  }

  #received(data) {
    const frame = JSON.parse(data);
    this.record.keep(frame, this.methods.get(frame.id));
  }
}

// Resolves with what whoever takes it off the list gives.
function promised(list, what, ms_max) {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(what)), ms_max);
    list.push((value) => (clearTimeout(timer), done(value)));
  });
}

export class Connection {
  events = [];
  gaps = [];
  closed = null;
  hello = null;
  #waiting = [];
  #onHello = [];
  #onClose = [];

  // Resolves when hello-ok has come; rejects with the reason the client gives.
  static open({ port, token, record }, options = {}) {
    const connection = new Connection();
    return new Promise((done, fail) => {
      connection.client = new WatchedClient(record, {
        url: `ws://127.0.0.1:${port}`,
        token,
        scopes: every_scope,
        minProtocol: 4,
        maxProtocol: 4,
        deviceIdentity: null,
        requestTimeoutMs: wait_ms_max,
        ...options,
        onHelloOk: (hello) => (connection.#greeted(hello), done(connection)),
        onConnectError: (error) => {
          fail(error);
          if (!connection.hello) connection.client.stop();
        },
        onEvent: (frame) => connection.#arrived(frame),
        onGap: (gap) => connection.gaps.push(gap),
        onClose: (code, reason) => connection.#left({ code, reason }),
      });
      connection.client.start();
    });
  }

  request(method, params, options) {
    return this.client.request(method, params, options);
  }

  // The error of a request that must be refused.
  async refusal(method, params, options) {
    const error = await this.request(method, params, options).then(
      () => null,
      (caught) => caught,
    );
    if (error === null) throw new Error(`${method} was not refused`);
    return error;
  }

  // The first event that fits, already here or still to come.
  event(matches, what, ms_max = wait_ms_max) {
    const here = this.events.find(matches);
    if (here) return Promise.resolve(here);
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no event came: ${what}`)), ms_max);
      this.#waiting.push({ matches, done: (frame) => (clearTimeout(timer), done(frame)) });
    });
  }

  // How the connection was closed, or will be, for the first time.
  closing(ms_max = wait_ms_max) {
    return this.closed ? Promise.resolve(this.closed) : promised(this.#onClose, "no close came", ms_max);
  }

  // The client connects again by itself after a close.
  nextHello(ms_max = wait_ms_max) {
    return promised(this.#onHello, "the client did not get in again", ms_max);
  }

  // Merges a change into the configuration, as it is now.
  async patchConfig(change) {
    const { hash } = await this.request("config.get", {});
    return this.request("config.patch", { raw: JSON.stringify(change), baseHash: hash });
  }

  chatEnd(runId) {
    const ends = ["final", "error", "aborted"];
    const matches = ({ event, payload }) => event === "chat" && payload.runId === runId && ends.includes(payload.state);
    return this.event(matches, `the end of ${runId}`);
  }

  stop() {
    return this.client.stopAndWait({ timeoutMs: wait_ms_max });
  }

  #greeted(hello) {
    this.hello = hello;
    for (const done of this.#onHello.splice(0)) done(hello);
  }

  #left(closed) {
    this.closed ??= closed;
    for (const done of this.#onClose.splice(0)) done(closed);
  }

  #arrived(frame) {
    this.events.push(frame);
    const met = this.#waiting.filter(({ matches }) => matches(frame));
    this.#waiting = this.#waiting.filter((waiting) => !met.includes(waiting));
    for (const { done } of met) done(frame);
  }
}

// The error of a connection that must be refused.
export async function refusedConnect(gateway, options) {
  const error = await Connection.open(gateway, options).then(
    (connection) => (connection.stop(), null),
    (caught) => caught,
  );
  if (error === null) throw new Error("the connection was not refused");
  return error;
}
