// Clients that leave: by their AbortController, or because they have waited long enough. The model must not go on.

import { expect } from "../conformance/report.mjs";
import { failureOf, soon } from "./waiting.mjs";

const messages = [{ user: "hi" }];
const wait_ms = 400;

const left = async (call) => expect(await soon(call.closed, "the model's answer ends"), "before it was whole");

// The call that the model gets for what a client asks.
async function callFor(upstream, model, ask) {
  const called = upstream.next(model);
  const asking = ask();
  const early = asking.then((answer) => {
    throw new Error(`answered before the model was asked: ${JSON.stringify(answer)}`);
  });
  return { asking, call: await Promise.race([called, early]) };
}

// Leaves with the first piece of an answer without end.
const abortStreamed = (api) => ({
  name: `abort: ${api}, streamed`,
  needs: [api],
  async body({ client, upstream }) {
    const leaving = new AbortController();
    const { signal } = leaving;
    const aborted = new Promise((done) => signal.addEventListener("abort", done));
    const ask = () =>
      client[api].stream({ model: "OmeniaClaw/endless", messages, signal }, () => leaving.abort());
    const { asking, call } = await callFor(upstream, "endless", ask);
    const ended = asking.catch(() => {}); // Some SDKs make an error of it, some end the stream.
    await soon(aborted, "the first piece comes");
    await left(call);
    await soon(ended, "the SDK lets go");
  },
});

const abortWhole = (api) => ({
  name: `abort: ${api}, whole`,
  needs: [api],
  async body({ client, upstream }) {
    const leaving = new AbortController();
    const { signal } = leaving;
    const ask = () => client[api].whole({ model: "OmeniaClaw/silent", messages, signal });
    const { asking, call } = await callFor(upstream, "silent", ask);
    const failing = failureOf(client, asking);
    leaving.abort();
    await left(call);
    const { name } = await soon(failing, "the SDK lets go");
    expect(/abort/i.test(name), `an error of the abort: ${name}`);
  },
});

const timeout = (api) => ({
  name: `timeout: ${api}, whole`,
  needs: [api],
  async body(seat) {
    const client = seat.make({ timeout_ms: wait_ms });
    const ask = () => client[api].whole({ model: "OmeniaClaw/silent", messages });
    const { asking, call } = await callFor(seat.upstream, "silent", ask);
    const { name } = await failureOf(client, asking);
    expect(/timeout/i.test(name), `an error of the time: ${name}`);
    await left(call);
  },
});

export const leaving_rows = [
  abortStreamed("chat"),
  abortWhole("chat"),
  abortStreamed("responses"),
  abortWhole("responses"),
  timeout("chat"),
  timeout("responses"),
  {
    name: "afterwards: the gateway answers on",
    async body({ client }) {
      const answer = await client.chat.whole({ model: "OmeniaClaw/greets", messages });
      expect(answer.finish === "stop", answer.finish);
    },
  },
];
