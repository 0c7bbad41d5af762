// Chat completions without tools.

import { expect } from "../conformance/report.mjs";
import { counted, expectGreeting, hi, textRows } from "./text_rows.mjs";

// The events of a stream that was asked for with its usage, in the order in which OpenAI sends them.
function expectOrder(events) {
  const chunks = events.slice(0, -1).map(({ data }) => data);
  expect(events.at(-1).data === "[DONE]", "[DONE] is last");
  expect(new Set(chunks.map(({ id }) => id)).size === 1, "one id");
  expect(
    chunks.every(({ object }) => object === "chat.completion.chunk"),
    "chunks only",
  );
  expect(chunks[0].choices[0].delta.role === "assistant", "the role is told first");
  const [finish, usage] = chunks.slice(-2);
  expect(finish.choices[0].finish_reason === "stop", "finish_reason is before the usage");
  expect(usage.choices.length === 0 && usage.usage.total_tokens === counted.total, "the usage, in a chunk of its own");
  const between = chunks.slice(1, -2);
  expect(
    between.every(({ choices }) => choices[0].finish_reason === null && choices[0].delta.content),
    "text in between, and nothing else",
  );
}

export const chat_rows = [
  ...textRows("chat"),
  {
    name: "chat streamed: order, finish_reason, usage",
    async body({ client, wire }) {
      expectGreeting(await client.chat.stream({ model: "OmeniaClaw/greets", messages: hi }));
      expect(wire.last.body.stream_options?.include_usage === true, "the SDK asks for the usage");
      expectOrder(wire.last.events);
    },
  },
];
