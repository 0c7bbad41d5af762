// Ids, hashes, secrets and devices of our gateway that stand for those of a recording.

import { Device } from "./device.mjs";

// What the recordings have in the place of a value that is another one in every conversation.
const placeholder = /^(00000000-0000-4000-8000-\d{12}|0{32,}[0-9a-f]+|hmac-sha256:v1:<[\w-]+>|<device-token-\d+>)$/;

const id = /00000000-0000-4000-8000-\d{12}/g;

function texts(value) {
  if (typeof value === "string") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
}

export class StandIns {
  #ours = new Map();
  #devices = new Map();

  // `home`: a folder for what a recording has in a workspace.
  constructor(home) {
    this.home = home;
  }

  // Ours of what a recorded request names; `unknown`: what it names that has not been learned yet.
  of(value) {
    if (typeof value === "string")
      return this.#ours.get(value) ?? value.replace("<workspace>", `${this.home}/workspace`);
    if (Array.isArray(value)) return value.map((item) => this.of(item));
    if (!value || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.of(member)]));
  }

  unknown(value) {
    return texts(value).filter((text) => placeholder.test(text) && !this.#ours.has(text));
  }

  // A text that names what was learned.
  inText(text) {
    return text.replace(id, (found) => this.of(found));
  }

  // Learns from a frame that came where the recorded one did. Lists may have other items here.
  learn(recorded, got) {
    if (typeof recorded === "string") {
      if (placeholder.test(recorded) && typeof got === "string" && !this.#ours.has(recorded))
        this.#ours.set(recorded, got);
    } else if (recorded && got && typeof recorded === "object" && typeof got === "object" && !Array.isArray(recorded)) {
      for (const name of Object.keys(recorded)) this.learn(recorded[name], got[name]);
    }
  }

  // The device that has the part of the recorded one.
  device(id) {
    if (!this.#devices.has(id)) {
      this.#devices.set(id, new Device());
      this.#ours.set(id, this.#devices.get(id).id);
    }
    return this.#devices.get(id);
  }
}
