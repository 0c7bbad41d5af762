// Recorded HTTP exchanges, asked again of our gateway: status, headers, and the shape of the body or of its events.

import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";

import { differences } from "./differences.mjs";
import { hooksToken } from "./settings.mjs";

const left_out = [
  [/^body-read-timeout/, "takes half a minute; unit tests of the deadlines have it"],
  [/^tools-invoke-tool-error/, "comes with the memory's tools"],
  [/^control-ui-config|^assistant-media|^base-path|^pairing-join/, "comes with the control page"],
];

// The settings of the gateway that was recorded, where they were not the usual ones.
const settings = [
  [/^auth-ratelimited/, "guarded"],
  [/^auth-missing-scope|^admin-rpc-forbidden/, "proxied"],
  [/^admin-rpc/, "administered"],
  [/^hooks/, "hooked"],
  [/^session-kill-ok/, "vouched"],
  [/^ready-remote/, "fronted"],
  [/^endpoint-disabled/, "closed"],
  [/^chat-agent-timeout/, "hurried"],
  [/^embeddings-upstream/, "embedding"],
  [/^drain-/, "leaving"],
];

// The model of ours that behaves as the recorded one did.
const models = [
  [/^chat-length|^responses-incomplete/, () => "mock-length"],
  [/^chat-tool-call|^responses-function-call/, () => "mock-tools"],
  [/^chat-upstream-(400|401|402|429|500)/, (name) => `mock-${name.match(/\d+/)[0]}`],
  [/^chat-upstream-drops/, () => "mock-drop-mid"],
  [/^chat-agent-timeout/, () => "mock-stall"],
];

// What was done before it was asked.
const before = {
  "auth-ratelimited-429": async (asked, gateway) => {
    for (let wrong = 0; wrong < 5; wrong += 1) await ask("", asked, gateway);
  },
  "hooks-throttled-429": async (asked, gateway) => {
    for (let wrong = 0; wrong < 20; wrong += 1) await ask("", asked, gateway);
  },
  "hooks-wake-coalesced": (asked, gateway) => {
    const body = JSON.stringify({ ...JSON.parse(asked.body), mode: "next-heartbeat" });
    return ask("", { ...asked, body }, gateway);
  },
  "session-history-sse (stream)": (asked, gateway) => talk(gateway, { user: "conv:abc 1" }),
  "session-history": (asked, gateway) => talk(gateway, {}, { "x-OmeniaClaw-session-key": "my-thread" }),
  "session-kill-ok": (asked, gateway) =>
    talk(gateway, {}, { ...asked.headers, "x-OmeniaClaw-session-key": "my-thread" }),
};

// A turn of the session that a recording is about.
function talk(gateway, more, headers = {}) {
  const messages = [{ role: "user", content: "hi" }];
  const asked = {
    first: "POST /v1/chat/completions HTTP/1.1",
    headers: { authorization: "Bearer GATEWAY_TOKEN", "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "OmeniaClaw/default", messages, ...more }),
  };
  if (headers["x-forwarded-user"]) delete asked.headers.authorization;
  return ask("", asked, gateway);
}

const incidental = new Set(["date", "content-length", "connection", "keep-alive", "transfer-encoding"]);
const compared_values = ["content-type", "cache-control", "allow"];
const endless = /^session-history-sse/; // Its first event is what was recorded.
const body_bytes_over_limit = 21 * 1024 * 1024;

function section(text, title) {
  return text.slice(text.indexOf("\n", text.indexOf(title)) + 1);
}

function message(text) {
  const [head, ...rest] = text.replace(/^HTTP\/1\.1 100 Continue\n\n/, "").split("\n\n");
  const [first, ...lines] = head.split("\n");
  const headers = Object.fromEntries(
    lines.filter(Boolean).map((line) => [line.split(": ")[0].toLowerCase(), line.split(": ").slice(1).join(": ")]),
  );
  return { first, headers, body: rest.join("\n\n").trim() };
}

function read(file) {
  // A member that clients know by its name, which was renamed with the recorded product.
  const text = readFileSync(file, "utf8").replaceAll("__OmeniaClaw", "__openclaw");
  const asked = message(section(text.slice(0, text.indexOf("# response")), "# request"));
  const answered = message(section(text, "# response"));
  return {
    asked,
    answered: { status: Number(answered.first.split(" ")[1]), headers: answered.headers, body: answered.body },
  };
}

function bodyFor(name, body) {
  if (body.startsWith("<more than 20 MiB>")) return "x".repeat(body_bytes_over_limit);
  const model = row(models, name);
  return model ? body.replace(/OmeniaClaw(\/default)?/, `OmeniaClaw/${model(name)}`) : body;
}

function row(rows, name) {
  return rows.find(([pattern]) => pattern.test(name))?.[1];
}

function ask(name, { first, headers, body }, { port, token, agent = false }) {
  const [method, path] = first.split(" ");
  const text = bodyFor(name, body);
  const mine = { ...headers, host: `127.0.0.1:${port}` };
  if (mine.authorization)
    mine.authorization = mine.authorization.replace("GATEWAY_TOKEN", token).replace("HOOK_TOKEN", hooksToken);
  if (text) mine["content-length"] = Buffer.byteLength(text);
  return new Promise((done, fail) => {
    const asking = request({ host: "127.0.0.1", port, method, path, headers: mine, agent }, async (answer) => {
      let got = "";
      for await (const piece of answer.setEncoding("utf8")) {
        got += piece;
        if (endless.test(name) && got.endsWith("\n\n") && got.includes("data: ")) break;
      }
      done({ status: answer.statusCode, headers: answer.headers, body: got.trim() });
    });
    let answered = false;
    asking.on("response", () => (answered = true));
    asking.on("error", (error) => answered || fail(error)); // A refused body may be cut off after the answer.
    asking.end(text || undefined);
  });
}

// Recorded and got as lists of values: one JSON body, or the data of each event; a run of equal shapes counts as one.
function values(body, type) {
  if (!type?.startsWith("text/event-stream")) return [parsed(body)];
  const data = body
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => parsed(line.slice(6)));
  return data.filter((value, i) => i === 0 || differences(data[i - 1], value).length > 0);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function compare(recorded, got) {
  const names = (headers) => Object.keys(headers).filter((name) => !incidental.has(name));
  const [wanted, found] = [recorded, got].map(({ body, headers }) => values(body, headers["content-type"]));
  const place = (i) => (wanted.length > 1 ? `event ${i + 1}` : "body");
  const texts = typeof wanted[0] === "string" && wanted[0] !== found[0] ? [`body: ${found[0]}, not ${wanted[0]}`] : [];
  return [
    ...(recorded.status === got.status ? [] : [`status: ${got.status}, not ${recorded.status}`]),
    ...names(recorded.headers)
      .filter((name) => !(name in got.headers))
      .map((name) => `header ${name}: absent`),
    ...names(got.headers)
      .filter((name) => !(name in recorded.headers))
      .map((name) => `header ${name}: extra`),
    ...compared_values
      .filter((name) => name in recorded.headers && name in got.headers && recorded.headers[name] !== got.headers[name])
      .map((name) => `header ${name}: ${got.headers[name]}, not ${recorded.headers[name]}`),
    ...(wanted.length === found.length ? [] : [`events: ${found.length} shapes, not ${wanted.length}`]),
    ...wanted.slice(0, found.length).flatMap((value, i) => differences(value, found[i], place(i))),
    ...texts,
  ];
}

// `gateways`: by the name of their settings.
export async function replayHttp(directory, gateways, report) {
  for (const file of readdirSync(directory)
    .filter((name) => /\.(http|sse)$/.test(name))
    .sort()) {
    const name = file.replace(/\.(http|sse)$/, (end) => (end === ".sse" ? " (stream)" : ""));
    const reason = row(left_out, name);
    if (reason) {
      report.leftOut(name, reason);
      continue;
    }
    const { asked, answered } = read(join(directory, file));
    const gateway = await gateways.of(row(settings, name) ?? "usual");
    await before[name]?.(asked, gateway);
    const got = await ask(name, asked, gateway);
    report.compared(
      name,
      compare(answered, got).map((text) => `${name}: ${text}`),
    );
  }
}
