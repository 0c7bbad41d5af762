// A recorded conversation over the socket: who said what, and when.

import { readFileSync } from "node:fs";

// [{at, dir, frame | raw | close}], `at` in milliseconds of the recording machine's clock, so that recordings of
// clients that were there at the same time can be laid over each other.
export function readRecording(file) {
  const lines = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .slice(1);
  const [{ t, frame }] = lines;
  const opened = frame.payload.ts - t;
  return lines.map((line) => ({ ...line, at: opened + line.t }));
}

// What an event is, apart from its contents.
export function nameOf({ event, payload }) {
  if (event === "chat") return payload.state === "status" ? `chat status ${payload.phase}` : `chat ${payload.state}`;
  if (event === "agent") return ["agent", payload.stream, payload.data.phase].filter(Boolean).join(" ");
  if (event === "sessions.changed") return `sessions.changed ${payload.phase ?? payload.reason}`;
  return event;
}
