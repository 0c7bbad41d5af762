// What chat completions and responses have in common: a text for a conversation, whole or in pieces.

import { expect } from "../conformance/report.mjs";
import { city, degrees, greeting, sentence } from "./scripts.mjs";

export const hi = [{ user: "hi" }];
export const counted = { input: 12, output: 7, total: 19 };

export function expectGreeting(answer) {
  expect(answer.text === greeting, `the text, not ${JSON.stringify(answer.text)}`);
  expect(answer.finish === "stop", `it ends with stop, not ${answer.finish}`);
  expect(JSON.stringify(answer.usage) === JSON.stringify(counted), `the usage, not ${JSON.stringify(answer.usage)}`);
}

async function earlierMessages({ client, upstream }, api) {
  const messages = [{ system: "Be brief." }, { user: "first question" }, { said: "first answer" }, { user: "next" }];
  expectGreeting(await client[api].whole({ model: "OmeniaClaw/greets", messages }));
  const { body, texts } = upstream.last("greets");
  expect(body.messages[0].role === "system" && texts.includes("Be brief."), "the model reads the system's text");
  const places = ["first question", "first answer", "next"].map((text) => texts.lastIndexOf(text));
  expect(places[0] > 0 && places[0] < places[1] && places[1] < places[2], `all of it, in order: ${texts}`);
}

async function cutShort({ client }, api) {
  const ask = { model: "OmeniaClaw/cut", messages: hi };
  const whole = await client[api].whole(ask);
  expect(whole.finish === "length", `whole: ${whole.finish}`);
  const streamed = await client[api].stream(ask).catch((error) => ({ finish: error.constructor.name }));
  // A helper of `openai` makes an error of it.
  expect(["length", "LengthFinishReasonError"].includes(streamed.finish), `streamed: ${streamed.finish}`);
}

async function onePieceAfterTheOther({ client, upstream }, api) {
  const pieces = [];
  // The model says the next piece only when this one is here.
  const answer = await client[api].stream({ model: "OmeniaClaw/gated", messages: hi }, (text) => {
    pieces.push(text);
    upstream.last("gated").release();
  });
  expect(JSON.stringify(pieces) === JSON.stringify(sentence), JSON.stringify(pieces));
  expect(answer.text === sentence.join(""), answer.text);
}

// One pixel.
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async function image({ client, upstream }, api) {
  expectGreeting(await client[api].whole({ model: "OmeniaClaw/sees", messages: [{ user: "What is this?", png }] }));
  const { body } = upstream.last("sees");
  const { content } = body.messages.findLast(({ role }) => role === "user");
  const part = Array.isArray(content) && content.find(({ type }) => type === "image_url");
  expect(part?.image_url?.url === `data:image/png;base64,${png}`, `the model is shown it: ${JSON.stringify(content)}`);
}

async function objectOfSchema({ client, upstream }, api) {
  const properties = { city: { type: "string" }, degrees: { type: "integer" } };
  const schema = { type: "object", properties, required: ["city", "degrees"], additionalProperties: false };
  const object = await client[api].object({ model: "OmeniaClaw/object", messages: hi, schema });
  expect(object.city === city && object.degrees === degrees, JSON.stringify(object));
  const { response_format } = upstream.last("object").body;
  expect(response_format?.json_schema?.schema?.properties?.degrees, "the model is told the schema");
}

export function textRows(api) {
  const needs = [api];
  const ask = { model: "OmeniaClaw/greets", messages: hi };
  return [
    { name: `${api}: whole`, needs, body: async ({ client }) => expectGreeting(await client[api].whole(ask)) },
    { name: `${api}: system and earlier messages`, needs, body: (seat) => earlierMessages(seat, api) },
    {
      name: `${api}: fields without effect here`,
      needs,
      body: async ({ client }) => expectGreeting(await client[api].whole({ ...ask, extras: true })),
    },
    { name: `${api}: an image`, needs, body: (seat) => image(seat, api) },
    { name: `${api}: an object of a schema`, needs, body: (seat) => objectOfSchema(seat, api) },
    { name: `${api}: an answer cut short`, needs, body: (seat) => cutShort(seat, api) },
    { name: `${api} streamed: one piece after the other`, needs, body: (seat) => onePieceAfterTheOther(seat, api) },
  ];
}
