// The rows of the test held against its columns, the SDKs, and the table of how each of them went.

import { setTimeout as pause } from "node:timers/promises";

import { check, Skip } from "../conformance/report.mjs";
import { Wire } from "./wire.mjs";

const cell_ms_max = 20_000;

// What a row works with: a client of one SDK, the wire it speaks over, and the model server behind the gateway.
class Seat {
  constructor(column, gateway, upstream) {
    this.column = column;
    this.gateway = gateway;
    this.upstream = upstream;
    this.wire = new Wire();
    this.client = this.make();
  }

  // Another client, over the same wire.
  make(options = {}) {
    const { url, token } = this.gateway;
    return this.column.make({ baseURL: `${url}/v1`, apiKey: token, fetch: this.wire.fetch, ...options });
  }
}

async function tooLong(signal) {
  await pause(cell_ms_max, undefined, { signal });
  throw new Error(`not done after ${cell_ms_max} ms`);
}

async function run(row, seat) {
  for (const need of row.needs ?? []) {
    if (seat.client.lacks[need]) throw new Skip(seat.client.lacks[need]);
  }
  const done = new AbortController();
  try {
    await Promise.race([row.body(seat), tooLong(done.signal)]);
  } finally {
    done.abort();
  }
}

// Every row with every column, one at a time: [{name, cells: [{state, reason}]}].
export async function fill(rows, columns, gateway, upstream) {
  const filled = [];
  for (const row of rows) {
    const cells = [];
    for (const column of columns) {
      const seat = new Seat(column, gateway, upstream);
      cells.push(await check(`${column.name}: ${row.name}`, () => run(row, seat)));
    }
    filled.push({ name: row.name, cells });
  }
  return filled;
}

export function print(filled, columns) {
  const notes = [];
  const noted = ({ state, reason }) => {
    if (!reason) return state;
    if (!notes.includes(reason)) notes.push(reason);
    return `${state} [${notes.indexOf(reason) + 1}]`;
  };
  const lines = [
    ["", ...columns.map(({ name }) => name)],
    ...filled.map(({ name, cells }) => [name, ...cells.map(noted)]),
  ];
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  console.log("");
  for (const line of lines) console.log(line.map((text, i) => text.padEnd(widths[i])).join("  ").trimEnd());
  console.log("");
  for (const [i, note] of notes.entries()) console.log(`[${i + 1}] ${note.replaceAll("\n", " ").slice(0, 300)}`);
}
