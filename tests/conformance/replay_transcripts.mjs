// Recorded conversations over the socket, held again with our gateway. Those of clients that were there at the same
// time are one scene: their lines come in the order of the recording machine's clock.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { Conversation } from "./conversation.mjs";
import { readRecording } from "./recording.mjs";
import { StandIns } from "./stand_ins.mjs";

// At a gateway of which settings, in this order; the last scene stops it.
const scenes = [
  { at: "usual", of: /^01/ },
  { at: "usual", of: /^(02|03|04|06|17)/ },
  { at: "usual", of: /^(05|15)/ },
  { at: "usual", of: /^10/ },
  { at: "usual", of: /^11/ },
  { at: "usual", of: /^12/ },
  { at: "usual", of: /^14/ },
  { at: "usual", of: /^18/ },
  { at: "usual", of: /^21/ },
  { at: "password", of: /^07/ },
  { at: "proxied", of: /^09b/ },
  { at: "usual", of: /^(20|22)/ },
];

const left_out = [
  [/^08/, "a gateway that listens has started: there is nothing to wait for"],
  [/^09a/, "comes with the control page"],
  [/^13/, "comes with tools"],
  [/^16/, "comes with approvals"],
];

function namesIn(directory) {
  return readdirSync(directory)
    .filter((name) => /^\d.*\.jsonl$/.test(name) && !name.startsWith("19"))
    .map((name) => name.replace(".jsonl", ""))
    .sort();
}

async function playScene(recordings, gateway, report) {
  const standIns = new StandIns(gateway.home);
  const lines = recordings.flatMap((recording) => recording.lines.map((line) => ({ ...line, recording })));
  const requests = lines.filter(({ dir, frame }) => dir === "client->" && frame);
  const needed = new Set(requests.flatMap(({ frame }) => standIns.unknown(frame.params)));
  const conversations = new Map(
    recordings.map((recording) => [recording, new Conversation(recording, gateway, standIns, needed)]),
  );
  for (const line of lines.sort((one, other) => one.at - other.at)) await conversations.get(line.recording).play(line);
  for (const conversation of conversations.values()) await conversation.quiet();
  for (const conversation of conversations.values()) {
    report.compared(conversation.name, conversation.differences());
    for (const method of conversation.unknown.values()) report.leftOut(method, "the method is not in this release");
  }
}

export async function replayTranscripts(directory, gateways, report) {
  const names = namesIn(directory);
  for (const name of names) {
    const reason = left_out.find(([pattern]) => pattern.test(name))?.[1];
    if (reason) report.leftOut(name, reason);
    else if (!scenes.some(({ of }) => of.test(name))) report.leftOut(name, "in no scene");
  }
  for (const { at, of } of scenes) {
    const recordings = names
      .filter((name) => of.test(name))
      .map((name) => ({ name, lines: readRecording(join(directory, `${name}.jsonl`)) }));
    if (recordings.length > 0) await playScene(recordings, await gateways.of(at), report);
  }
}
