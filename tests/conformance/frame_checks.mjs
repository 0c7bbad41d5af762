// Every frame of every connection against its shape, and that nothing the gateway offers was left out.

import { check, expect } from "./report.mjs";
import { answerFits, eventFits } from "./shapes.mjs";

function byName(pairs) {
  const groups = new Map();
  for (const [name, frame] of pairs) groups.set(name, [...(groups.get(name) ?? []), frame]);
  return [...groups].sort();
}

// What any connection, of an operator or a node, was offered.
function offered(answers, kind) {
  const hellos = answers.filter(({ method, frame }) => method === "connect" && frame.ok);
  return [...new Set(hellos.flatMap(({ frame }) => frame.payload.features[kind]))];
}

function noneMissing(names, seen) {
  expect(names.length > 0, "something is offered");
  const missing = names.filter((name) => !seen.has(name));
  expect(missing.length === 0, `not: ${missing.join(" ")}`);
}

export async function frameChecks({ record: { answers, events } }) {
  for (const [method, frames] of byName(answers.map(({ method, frame }) => [method, frame]))) {
    await check(`shape of ${frames.length} answers to ${method}`, () =>
      frames.forEach((frame) => answerFits(method, frame)),
    );
  }
  for (const [event, frames] of byName(events.map((frame) => [frame.event, frame]))) {
    await check(`shape of ${frames.length} events ${event}`, () => frames.forEach(eventFits));
  }
  const methods = offered(answers, "methods");
  await check(`each of ${methods.length} methods that are offered was answered well`, () =>
    noneMissing(methods, new Set(answers.filter(({ frame }) => frame.ok).map(({ method }) => method))),
  );
  const names = offered(answers, "events");
  await check(`each of ${names.length} events that are offered has come`, () =>
    noneMissing(names, new Set(events.map(({ event }) => event))),
  );
}
