// The Responses API, whole and streamed, with calls of the client's tools.

import { expect, Skip } from "../conformance/report.mjs";
import { expectGreeting, hi as messages, textRows } from "./text_rows.mjs";
import { clock, expectCall, expectForecast, question, resultsOf, roundTrip, weather } from "./tool_rows.mjs";
import { failureOf } from "./waiting.mjs";

const needs = ["responses"];
const ask = { model: "OmeniaClaw/tools", tools: [weather] };
const hi = { model: "OmeniaClaw/greets", messages };

// Of a stream: the events of the API alone, each named like its data, counted without a gap.
function eventsOf(exchange) {
  expect(exchange.status === 200, `a stream, not the status ${exchange.status}`);
  const events = exchange.events.filter(({ data }) => data !== "[DONE]");
  for (const { event, data } of events) expect(event === data.type, `the event's name ${event}, its type ${data.type}`);
  const numbers = events.map(({ data }) => data.sequence_number);
  expect(
    numbers.every((number, i) => number === numbers[0] + i),
    `sequence_number: ${numbers.map(String)}`,
  );
  return events.map(({ data }) => data);
}

const text_order = [
  "response.created",
  "response.in_progress",
  "response.output_item.added",
  "response.content_part.added",
  "response.output_text.delta",
  "response.output_text.done",
  "response.content_part.done",
  "response.output_item.done",
  "response.completed",
];
const call_order = [
  "response.output_item.added",
  "response.function_call_arguments.delta",
  "response.function_call_arguments.done",
  "response.output_item.done",
];

// Types in order, those that follow themselves once.
const orderOf = (events) => events.map(({ type }) => type).filter((type, i, types) => type !== types[i - 1]);

function expectTextStreamed(exchange) {
  const events = eventsOf(exchange);
  expect(orderOf(events).join(" ") === text_order.join(" "), `the order ${orderOf(events)}`);
  const [first, last] = [events[0].response, events.at(-1).response];
  expect(first.status === "in_progress" && last.status === "completed", `${first.status}, ${last.status}`);
  expect(first.id === last.id, "one response");
  const item_id = last.output[0].id;
  const of_item = events.filter((event) => "content_index" in event);
  expect(
    of_item.every((event) => event.item_id === item_id && event.output_index === 0),
    "one item",
  );
}

function expectCallStreamed(exchange) {
  const events = eventsOf(exchange);
  const { output } = events.at(-1).response;
  const index = output.findIndex(({ type }) => type === "function_call");
  const of_call = events.filter(({ output_index }) => output_index === index);
  expect(orderOf(of_call).join(" ") === call_order.join(" "), `the order ${orderOf(of_call)}`);
  const told = of_call.filter(({ delta }) => delta).reduce((text, { delta }) => text + delta, "");
  expect(told === output[index].arguments, `the arguments ${told}`);
}

export const responses_rows = [
  ...textRows("responses"),
  {
    name: "responses streamed: order, sequence_number, usage",
    needs,
    async body({ client, wire }) {
      const answer = await client.responses.stream(hi);
      expectGreeting(answer);
      expect(answer.id?.startsWith("resp_"), `its id: ${answer.id}`);
      expectTextStreamed(wire.last);
    },
  },
  {
    name: "responses: a call, then previous_response_id",
    needs,
    async body({ client, upstream, wire }) {
      const called = await client.responses.whole({ ...ask, messages: [question] });
      expectCall(called);
      expectForecast(await client.responses.whole({ ...ask, messages: resultsOf(called), previous: called.id }));
      const { previous_response_id, input } = wire.last.body;
      expect(previous_response_id === called.id && input.length === 1, "the SDK sends the result alone");
      expect(upstream.last("tools").texts.includes(question.user), "the model reads what was asked before");
    },
  },
  {
    name: "responses: a call, then all of it again",
    needs,
    body: ({ client, upstream }) => roundTrip(ask, client.responses.whole, upstream, "tools"),
  },
  {
    name: "responses streamed: calls, then all of it again",
    needs,
    async body({ client, upstream, wire }) {
      await roundTrip(ask, client.responses.stream, upstream, "tools");
      expectCallStreamed(wire.exchanges[0]);
      const twice = { ...ask, model: "OmeniaClaw/tools-twice" };
      await roundTrip(twice, client.responses.stream, upstream, "tools-twice", 2);
    },
  },
  {
    name: "responses: tool_choice, a certain one",
    needs,
    async body({ client }) {
      const pinned = { ...ask, messages: [question], tools: [weather, clock], choice: clock.name };
      expectCall(await client.responses.whole(pinned), { name: clock.name });
      expectCall(await client.responses.stream(pinned), { name: clock.name });
    },
  },
  {
    name: "responses: tool_choice required, and the model does not",
    needs,
    async body({ client, wire }) {
      const required = { ...ask, messages: [question], choice: "required" };
      expectCall(await client.responses.whole(required));
      if (wire.last.body.tool_choice !== "required") throw new Skip("does not send tool_choice: required");
      const refused = await failureOf(client, client.responses.whole({ ...required, model: "OmeniaClaw/greets" }));
      expect(refused.status === 502 && refused.message.includes("tool_choice"), JSON.stringify(refused));
    },
  },
  {
    name: "responses: an upstream that fails",
    needs,
    async body({ client }) {
      const broken = { ...hi, model: "OmeniaClaw/broken" };
      const { status, message } = await failureOf(client, client.responses.whole(broken));
      expect(status === 502 && /[a-z]{4}/.test(message), `502 and a reason in words, not ${status}: ${message}`);
    },
  },
  {
    name: "responses streamed: an upstream that breaks off",
    needs,
    async body({ client, wire }) {
      // What an SDK makes of a failed response differs: an error, or an answer that says so.
      const told = await client.responses.stream({ ...hi, model: "OmeniaClaw/drops" }).catch((error) => error);
      expect(told instanceof Error || !["stop", "length"].includes(told.finish), `not ${told.finish}`);
      const last = eventsOf(wire.last).at(-1);
      expect(last.type === "response.failed" && last.response.status === "failed", `the last event ${last.type}`);
      expect(last.response.error.message && last.response.error.code, JSON.stringify(last.response.error));
    },
  },
  {
    name: "responses: a field that is wrong",
    needs,
    async body({ client }) {
      const failure = await failureOf(client, client.responses.whole({ ...hi, temperature: 3 }));
      expect(failure.status === 400 && failure.message.includes("temperature"), `400: ${JSON.stringify(failure)}`);
    },
  },
];
