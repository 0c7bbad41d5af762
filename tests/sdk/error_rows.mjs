// Errors as the classes of each SDK, and whether it has a run that failed started once more.

import { expect, Skip } from "../conformance/report.mjs";
import { failureOf } from "./waiting.mjs";

const hi = { model: "OmeniaClaw/greets", messages: [{ user: "hi" }] };

// The names that `openai` has for a status; `ai` has one for all.
const names = { 400: "BadRequestError", 401: "AuthenticationError", 429: "RateLimitError", 502: "InternalServerError" };

const failureWhole = (client, ask) => failureOf(client, client.chat.whole({ ...hi, ...ask }));

function expectFailure(failure, { status, type, says = "" }) {
  const told = JSON.stringify(failure);
  expect(failure.status === status, `status ${status}: ${told}`);
  expect([names[status], "AI_APICallError"].includes(failure.name), `the class of ${status}: ${told}`);
  expect(failure.type === type, `type ${type}: ${told}`);
  expect(failure.message.includes(says), `the message says ${says}: ${told}`);
}

const wrongRequest = (name, ask, says) => ({
  name,
  async body({ client, upstream }) {
    const before = upstream.calls.length;
    expectFailure(await failureWhole(client, ask), { status: 400, type: "invalid_request_error", says });
    expect(upstream.calls.length === before, "the model is not asked");
  },
});

const failedRun = (name, script, expected) => ({
  name,
  body: async ({ client }) => expectFailure(await failureWhole(client, { model: `OmeniaClaw/${script}` }), expected),
});

// How often the gateway itself asks this model in one run.
async function callsOfOneRun({ client, upstream }, model) {
  const before = upstream.of(model).length;
  await failureWhole(client, { model: `OmeniaClaw/${model}` });
  return upstream.of(model).length - before;
}

export const error_rows = [
  {
    name: "error: a wrong key",
    async body(seat) {
      const failure = await failureWhole(seat.make({ apiKey: "wrong" }), {});
      expectFailure(failure, { status: 401, type: "unauthorized" });
    },
  },
  wrongRequest("error: a model of others", { model: "gpt-4o" }, "model"),
  wrongRequest("error: an agent that is not there", { model: "OmeniaClaw/nobody" }, "nobody"),
  wrongRequest("error: a field that is wrong", { temperature: 3 }, "temperature"),
  wrongRequest("error: no message", { messages: [{ system: "Be brief." }, { said: "Yes." }] }, "message"),
  failedRun("error: a busy upstream", "busy", { status: 429, type: "rate_limit_error" }),
  failedRun("error: an upstream that fails", "broken", { status: 502, type: "api_error" }),
  failedRun("error: an upstream that refuses its key", "refuses", { status: 401, type: "authentication_error" }),
  failedRun("error: an upstream that breaks off", "drops", { status: 502, type: "api_error" }),
  {
    name: "error streamed: an upstream that fails",
    async body({ client }) {
      const failure = await failureOf(client, client.chat.stream({ ...hi, model: "OmeniaClaw/broken" }));
      expect([undefined, "api_error"].includes(failure.type) && failure.message, JSON.stringify(failure));
    },
  },
  {
    name: "error streamed: an upstream that breaks off",
    async body({ client, wire }) {
      let text = "";
      const ask = { ...hi, model: "OmeniaClaw/drops" };
      const failure = await failureOf(
        client,
        client.chat.stream(ask, (piece) => (text += piece)),
      );
      expect(text === "This is as far as ", `what came before: ${text}`);
      expect(failure.message, JSON.stringify(failure));
      const { error } = wire.last.events.map(({ data }) => data).find((data) => data.error) ?? {};
      expect(error?.type === "api_error" && error.message, `the error in the stream: ${JSON.stringify(error)}`);
    },
  },
  {
    name: "no retry: told with every run that failed",
    async body({ client, wire }) {
      for (const script of ["busy", "broken", "drops"]) {
        const { status } = await failureWhole(client, { model: `OmeniaClaw/${script}` });
        const header = wire.last.headers.get("x-should-retry");
        expect(header === "false", `x-should-retry of ${script} (${status}): ${header}`);
      }
    },
  },
  {
    name: "no retry: the run is not started again",
    async body(seat) {
      const { upstream, wire } = seat;
      const once = await callsOfOneRun(seat, "broken");
      const [asked, called] = [wire.exchanges.length, upstream.of("broken").length];
      await failureWhole(seat.make({ retries: 1 }), { model: "OmeniaClaw/broken" });
      const [requests, calls] = [wire.exchanges.length - asked, upstream.of("broken").length - called];
      expect(calls === once * requests, `${once} calls of the model a request, not ${calls} of ${requests}`);
      expect(wire.last.headers.get("x-should-retry") === "false", "the answer says x-should-retry: false");
      if (requests > 1) throw new Skip("asks again: does not read x-should-retry");
    },
  },
  {
    name: "no retry: nor when a stream breaks",
    async body(seat) {
      const { upstream, wire } = seat;
      const before = upstream.of("drops").length;
      await failureOf(seat.client, seat.make({ retries: 1 }).chat.stream({ ...hi, model: "OmeniaClaw/drops" }));
      const [requests, calls] = [wire.exchanges.length, upstream.of("drops").length - before];
      expect(requests === 1 && calls === 1, `one run, not ${requests} requests and ${calls} calls of the model`);
    },
  },
];
