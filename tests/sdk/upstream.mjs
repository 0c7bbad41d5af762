// The model server behind the gateway under test: it answers by script (scripts.mjs), and what it was asked and how
// each of its answers ended can be looked at and waited for.

import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

import { scripts } from "./scripts.mjs";

const piece_ms = 20;

// One request for an answer. `closed` is settled when its connection is done with it: true when the other side left
// before the answer was whole.
class Call {
  #permits = 0;
  #wake = () => {};

  constructor(body, response) {
    this.body = body;
    this.response = response;
    this.closed = once(response, "close").then(() => !response.writableFinished);
  }

  get texts() {
    return JSON.stringify(this.body.messages);
  }

  // Lets the next piece of a gated answer go.
  release() {
    this.#permits += 1;
    this.#wake();
  }

  async permit() {
    if (this.#permits === 0) await new Promise((done) => (this.#wake = done));
    this.#permits -= 1;
  }
}

function chunk(model, fields) {
  const data = { id: "chatcmpl-up", object: "chat.completion.chunk", created: 1, model, ...fields };
  return `data: ${JSON.stringify(data)}\n\n`;
}

async function stream(call, script) {
  const { response, body } = call;
  const gone = call.closed.then(() => "gone");
  const write = (delta, finish = null) =>
    response.write(chunk(body.model, { choices: [{ index: 0, delta, finish_reason: finish }] }));
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  write({ role: "assistant", content: null });
  for (const [index, delta] of script.pieces.entries()) {
    if (script.gated && index > 0 && (await Promise.race([call.permit(), gone])) === "gone") return;
    write(delta);
  }
  while (script.endless) {
    if ((await Promise.race([pause(piece_ms), gone])) === "gone") return;
    write(script.pieces.at(-1));
  }
  if (script.ending === "drop") {
    await pause(piece_ms); // What was written leaves first.
    response.destroy();
    return;
  }
  write({}, script.finish);
  if (body.stream_options?.include_usage) response.write(chunk(body.model, { choices: [], usage: script.usage }));
  response.end("data: [DONE]\n\n");
}

export class Upstream {
  #server = createServer((request, response) => this.#answer(request, response));
  #waiting = new Map(); // Of a model's name: who waits for its next call.
  calls = [];

  static async open() {
    const upstream = new Upstream();
    upstream.#server.listen(0, "127.0.0.1");
    await once(upstream.#server, "listening");
    return upstream;
  }

  get port() {
    return this.#server.address().port;
  }

  of(model) {
    return this.calls.filter((call) => call.body.model === model);
  }

  last(model) {
    return this.of(model).at(-1);
  }

  // The call of this model that comes next.
  next(model) {
    return new Promise((done) => this.#waiting.set(model, done));
  }

  async #answer(request, response) {
    let text = "";
    for await (const piece of request.setEncoding("utf8")) text += piece;
    const body = JSON.parse(text || "{}");
    const script = scripts[body.model]?.(body);
    if (!script) return response.writeHead(404).end();
    const call = new Call(body, response);
    this.calls.push(call);
    this.#waiting.get(body.model)?.(call);
    this.#waiting.delete(body.model);
    if (script.ending === "silence") return undefined;
    if (script.status) {
      response.writeHead(script.status, { "Content-Type": "application/json", ...script.headers });
      return response.end(script.body);
    }
    return stream(call, script);
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
