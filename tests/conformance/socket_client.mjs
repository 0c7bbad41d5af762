// The published GatewayClient as the checks use it: connected once, every frame kept, and waits for events that are to
// come.

import { GatewayClient } from "@openclaw/gateway-client";

const wait_ms_max = 10_000;

export const every_scope = [
  "operator.read",
  "operator.write",
  "operator.admin",
  "operator.approvals",
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

export class Connection {
  events = [];
  gaps = [];
  closed = null;
  #waiting = [];

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
        onHelloOk: (hello) => done(Object.assign(connection, { hello })),
        onConnectError: (error) => {
          fail(error);
          connection.client.stop();
        },
        onEvent: (frame) => connection.#arrived(frame),
        onGap: (gap) => connection.gaps.push(gap),
        onClose: (code, reason) => (connection.closed ??= { code, reason }),
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

  chatEnd(runId) {
    const ends = ["final", "error", "aborted"];
    const matches = ({ event, payload }) => event === "chat" && payload.runId === runId && ends.includes(payload.state);
    return this.event(matches, `the end of ${runId}`);
  }

  stop() {
    return this.client.stopAndWait({ timeoutMs: wait_ms_max });
  }

  #arrived(frame) {
    this.events.push(frame);
    const met = this.#waiting.filter(({ matches }) => matches(frame));
    this.#waiting = this.#waiting.filter((waiting) => !met.includes(waiting));
    for (const { done } of met) done(frame);
  }
}
