// Waiting for what must happen soon, and for errors that must come.

import { setTimeout as pause } from "node:timers/promises";

import { expect } from "../conformance/report.mjs";

export const soon_ms = 1000;

// The value of a promise that must be settled within a second.
export async function soon(promise, what) {
  const done = new AbortController();
  const late = pause(soon_ms, undefined, { signal: done.signal }).then(() => {
    throw new Error(`not within ${soon_ms} ms: ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    done.abort();
    late.catch(() => {});
  }
}

// The error of a promise that must fail, as the client tells it.
export async function failureOf(client, promise) {
  const [value, error] = await promise.then(
    (answer) => [answer, null],
    (caught) => [null, caught],
  );
  expect(error, `an error, not the answer ${JSON.stringify(value)}`);
  return client.failure(error);
}
