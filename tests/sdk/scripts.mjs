// What the model server of these tests does for a model's name. A script is made for one request:
// {status, headers, body} is an answer as it stands; {pieces, finish, usage, ...} is a stream of deltas, of which
//   gated   each piece after the first waits until the test lets it go,
//   endless the last piece is said again and again until the connection is closed,
//   ending  is "whole", "drop" (the connection breaks after the pieces) or "silence" (nothing is sent at all).

export const greeting = "Hello from the model server.";
export const sentence = ["One ", "after ", "the ", "other."];
export const city = "Paris";
export const degrees = 21;
export const forecast = `It is ${degrees} degrees in ${city}.`;
export const commentary = "Let me look. ";
export const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };

const call_arguments = JSON.stringify({ city });

function say(texts, more = {}) {
  return { pieces: texts.map((content) => ({ content })), finish: "stop", usage, ending: "whole", ...more };
}

function fail(status, type, message, headers = {}) {
  return { status, headers, body: JSON.stringify({ error: { message, type } }) };
}

function textOf(content) {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("\n");
}

// A call in pieces, as model servers send it: its name first, then its arguments a few characters at a time.
function callPieces(index, name) {
  const part = (fields) => ({ tool_calls: [{ index, ...fields }] });
  const pieces = [part({ id: `call_upstream_${index}`, type: "function", function: { name, arguments: "" } })];
  for (let at = 0; at < call_arguments.length; at += 5) {
    pieces.push(part({ function: { arguments: call_arguments.slice(at, at + 5) } }));
  }
  return pieces;
}

// Calls so many of the offered tools; once the result of one has come, says what it was.
function callTools(request, { count = 1, before = [] } = {}) {
  const told = /(\d+) degrees/.exec(textOf(request.messages.at(-1)?.content));
  if (told) return say([`It is ${told[1]} `, `degrees in ${city}.`]);
  if (!request.tools?.length) return say(["I was offered no tool."]);
  const names = Array.from({ length: count }, (_, i) => request.tools[i % request.tools.length].function.name);
  const calls = names.flatMap((name, index) => callPieces(index, name));
  return say(before, { pieces: [...before.map((content) => ({ content })), ...calls], finish: "tool_calls" });
}

export const scripts = {
  greets: () => say(["Hello ", "from the ", "model server."]),
  sees: () => say([greeting]),
  gated: () => say(sentence, { gated: true }),
  cut: () => say(["This is as far as "], { finish: "length" }),
  endless: () => say(["tick "], { endless: true }),
  silent: () => say([], { ending: "silence" }),
  drops: () => say(["This is as far as "], { ending: "drop" }),
  tools: (request) => callTools(request),
  "tools-told": (request) => callTools(request, { before: [commentary] }),
  "tools-twice": (request) => callTools(request, { count: 2 }),
  object: () => say(['{"city":', `"${city}","degrees":`, `${degrees}}`]),
  busy: () => fail(429, "rate_limit_exceeded", "the model server is busy", { "Retry-After": "1" }),
  broken: () => fail(500, "server_error", "the model server broke"),
  refuses: () => fail(401, "authentication_error", "the model server refuses this key"),
};
