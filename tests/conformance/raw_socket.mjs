// A WebSocket connection without a client's manners: any frame can be sent, every frame that comes is kept.

import { setTimeout as pause } from "node:timers/promises";

import { WebSocket } from "ws";

const wait_ms_max = 8_000;

export class RawSocket {
  frames = [];
  closed = null;

  static async open({ port }, headers = {}) {
    const socket = new RawSocket();
    socket.ws = new WebSocket(`ws://127.0.0.1:${port}`, { headers, perMessageDeflate: false });
    socket.ws.on("message", (data) => socket.frames.push(JSON.parse(data)));
    socket.ws.on("close", (code, reason) => (socket.closed = { code, reason: reason.toString() }));
    socket.ws.on("error", () => {});
    await socket.until(() => socket.challenge() || socket.closed);
    return socket;
  }

  challenge() {
    return this.frames.find(({ event }) => event === "connect.challenge")?.payload;
  }

  send(frame) {
    this.ws.send(JSON.stringify(frame));
  }

  raw(data) {
    this.ws.send(data);
  }

  responses(id) {
    return this.frames.filter((frame) => frame.type === "res" && frame.id === id);
  }

  // Whether it became true in time, before or at the close.
  async until(holds, ms_max = wait_ms_max) {
    for (const end = Date.now() + ms_max; Date.now() < end; await pause(5)) {
      if (holds()) return true;
      if (this.closed) return Boolean(holds());
    }
    return false;
  }

  async request(frame) {
    const before = this.responses(frame.id).length;
    this.send(frame);
    await this.until(() => this.responses(frame.id).length > before);
    return this.responses(frame.id)[before];
  }

  end() {
    this.ws.terminate();
  }
}
