// node replay.mjs <build directory> [recordings]: sends recorded requests to the built gateway and lists where its
// answers differ in shape from the recorded ones. Exit code 0 when each of them is deliberate, or without recordings.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { deliberate } from "./deliberate.mjs";

const recordings = process.argv[3] || process.env.REFERENCE || "";
const [transcripts, exchanges] = ["transcripts", "http-examples"].map((name) => join(recordings, name));

// What was compared and what was not; equal differences of several recordings are told once.
class Report {
  #places = new Map();
  #reasons = new Map();
  #count = 0;

  leftOut(name, reason) {
    this.#reasons.set(reason, [...(this.#reasons.get(reason) ?? []), name]);
  }

  compared(name, found) {
    this.#count += 1;
    for (const text of found) this.#places.set(text, [...(this.#places.get(text) ?? []), name]);
  }

  // Prints all of it; the number of differences that nobody has given a reason for.
  print() {
    const explained = new Map(deliberate.map((row) => [row, 0]));
    let unexplained = 0;
    for (const [text, names] of this.#places) {
      const row = deliberate.find(({ what }) => what.test(text));
      if (row) {
        explained.set(row, explained.get(row) + 1);
        continue;
      }
      unexplained += 1;
      console.log(`DIFFERS  ${text}   [${[...new Set(names)].join(" ")}]`);
    }
    for (const [{ ours, because }, count] of explained)
      console.log(count > 0 ? `on purpose, ${count} places: ${ours} ${because}` : `did not differ: ${ours}`);
    for (const [reason, names] of this.#reasons) console.log(`left out: ${reason}: ${[...new Set(names)].join(" ")}`);
    console.log(`${this.#count} recordings compared, ${unexplained} differences without a reason`);
    return unexplained;
  }
}

async function replayAll() {
  const { Gateways } = await import("./gateways.mjs");
  const { replayFailures } = await import("./replay_failures.mjs");
  const { replayHttp } = await import("./replay_http.mjs");
  const { replayTranscripts } = await import("./replay_transcripts.mjs");
  const report = new Report();
  const gateways = new Gateways(resolve(process.argv[2] ?? "build"));
  try {
    await replayHttp(exchanges, gateways, report);
    await replayFailures(join(transcripts, "19-failure-matrix.jsonl"), gateways, report);
    await replayTranscripts(transcripts, gateways, report); // Ends with the one that stops the usual gateway.
  } finally {
    await gateways.end();
  }
  return report.print();
}

if (existsSync(transcripts) && existsSync(exchanges)) {
  process.exit((await replayAll()) === 0 ? 0 : 1);
}
console.log(`replay: skipped, no recordings${recordings && ` in ${recordings}`} (REFERENCE names their folder)`);
