// Tools of the client: the model calls one, the client sends its result, the model answers.

import { expect } from "../conformance/report.mjs";
import { city, commentary, degrees, forecast } from "./scripts.mjs";
import { failureOf } from "./waiting.mjs";

const parameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
export const weather = { name: "get_weather", description: "Tells the weather of a city.", parameters };
export const clock = { name: "get_time", description: "Tells the time in a city.", parameters };
export const question = { user: "How warm is it?" };

export function expectCall(answer, { name = weather.name, count = 1 } = {}) {
  const told = `${answer.finish}, ${JSON.stringify(answer.calls)}, ${answer.text}`;
  expect(answer.finish === "tool_calls", `finish_reason tool_calls: ${told}`);
  const ids = new Set(answer.calls.map(({ id }) => id));
  expect(answer.calls.length === count && ids.size === count, `so many calls, ${count}: ${told}`);
  for (const call of answer.calls) expect(call.id && call.name === name && call.input.city === city, told);
}

export const resultsOf = ({ calls }) => calls.map(({ id, name }) => ({ result: `${degrees} degrees`, id, name }));

export function expectForecast(answer) {
  expect(answer.text === forecast && answer.finish === "stop", `${answer.finish}: ${answer.text}`);
}

// Of the names of the tools that the model was offered at last.
const offered = (upstream, model) => (upstream.last(model).body.tools ?? []).map(({ function: { name } }) => name);

// Asks, sends what was called and its result with the question again, and looks at the answer to that.
export async function roundTrip(ask, way, upstream, model, count = 1) {
  const called = await way({ ...ask, messages: [question] });
  expectCall(called, { count });
  const { tools } = upstream.last(model).body;
  expect(tools.length === 1 && tools[0].function.parameters.required[0] === "city", "the model is offered the tool");
  expectForecast(await way({ ...ask, messages: [question, { turn: called.turn }, ...resultsOf(called)] }));
  const { texts } = upstream.last(model);
  for (const told of [question.user, weather.name, `${degrees} degrees`]) expect(texts.includes(told), texts);
  return called;
}

const ask = { model: "OmeniaClaw/tools", tools: [weather] };

// The stream of a call: its id and name first, its arguments in pieces after that, one finish_reason.
function expectCallStreamed(events) {
  const deltas = events.flatMap(({ data }) => data.choices?.[0]?.delta?.tool_calls ?? []);
  const [{ id, type, function: called }] = deltas;
  expect(id && type === "function" && called.name === weather.name, "id and name first");
  expect(
    deltas.every(({ index }) => index === 0),
    "one call",
  );
  const finishes = events.map(({ data }) => data.choices?.[0]?.finish_reason).filter(Boolean);
  expect(finishes.join() === "tool_calls", `finish_reason: ${finishes}`);
}

export const tool_rows = [
  {
    name: "tools: round trip",
    body: ({ client, upstream }) => roundTrip(ask, client.chat.whole, upstream, "tools"),
  },
  {
    name: "tools: round trip, streamed",
    async body({ client, upstream, wire }) {
      const streamed = { ...ask, model: "OmeniaClaw/tools-told" };
      const called = await roundTrip(streamed, client.chat.stream, upstream, "tools-told");
      expect(called.text.trim() === commentary.trim(), `what was said before the call: ${called.text}`);
      expectCallStreamed(wire.exchanges[0].events);
    },
  },
  {
    name: "tools: two calls at once",
    async body({ client, upstream }) {
      const twice = { ...ask, model: "OmeniaClaw/tools-twice" };
      await roundTrip(twice, client.chat.whole, upstream, "tools-twice", 2);
      await roundTrip(twice, client.chat.stream, upstream, "tools-twice", 2);
    },
  },
  {
    name: "tool_choice: required",
    async body({ client }) {
      const required = { ...ask, messages: [question], choice: "required" };
      expectCall(await client.chat.whole(required));
      expectCall(await client.chat.stream(required));
    },
  },
  {
    name: "tool_choice: a certain one",
    async body({ client, upstream }) {
      const pinned = { ...ask, messages: [question], tools: [weather, clock], choice: clock.name };
      for (const way of [client.chat.whole, client.chat.stream]) {
        expectCall(await way(pinned), { name: clock.name });
        expect(offered(upstream, "tools").join() === clock.name, `the model sees that one alone`);
      }
    },
  },
  {
    name: "tool_choice: none",
    async body({ client, upstream }) {
      const answer = await client.chat.whole({ ...ask, messages: [question], choice: "none" });
      expect(answer.calls.length === 0 && answer.finish === "stop", `no call: ${JSON.stringify(answer.calls)}`);
      expect(!offered(upstream, "tools").includes(weather.name), "the model is offered none of the client's");
    },
  },
  {
    name: "tool_choice: required, and the model does not",
    async body({ client }) {
      const refused = { ...ask, model: "OmeniaClaw/greets", messages: [question], choice: "required" };
      const whole = await failureOf(client, client.chat.whole(refused));
      expect(whole.status === 502 && whole.message.includes("tool_choice"), `502: ${JSON.stringify(whole)}`);
      const streamed = await failureOf(client, client.chat.stream(refused));
      expect(streamed.message.includes("tool_choice"), `${JSON.stringify(streamed)}`);
    },
  },
  {
    name: "tool_choice: a tool that is not there",
    async body({ client }) {
      const unknown = { ...ask, messages: [question], choice: clock.name };
      const failure = await failureOf(client, client.chat.whole(unknown));
      expect(failure.status === 400 && failure.message.includes(clock.name), `400: ${JSON.stringify(failure)}`);
    },
  },
];
