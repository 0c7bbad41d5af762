// node run.mjs <build directory> [parts]: has published OpenAI-compatible SDKs talk to the built gateway, a model
// server of our own behind it, and prints how each did in each row. Exit code 0 when no cell has failed.

import { resolve } from "node:path";

import { summary } from "../conformance/report.mjs";
import { startGateway } from "../conformance/surroundings.mjs";
import { chat_rows } from "./chat_rows.mjs";
import { ai_compatible, ai_openai } from "./client_ai.mjs";
import { langchain } from "./client_langchain.mjs";
import { openai } from "./client_openai.mjs";
import { embedding_rows } from "./embedding_rows.mjs";
import { error_rows } from "./error_rows.mjs";
import { leaving_rows } from "./leaving_rows.mjs";
import { fill, print } from "./matrix.mjs";
import { model_rows } from "./model_rows.mjs";
import { responses_rows } from "./responses_rows.mjs";
import { scripts } from "./scripts.mjs";
import { tool_rows } from "./tool_rows.mjs";
import { Upstream } from "./upstream.mjs";

const columns = [openai, langchain, ai_openai, ai_compatible];
const parts = {
  models: model_rows,
  chat: chat_rows,
  tools: tool_rows,
  embeddings: embedding_rows,
  responses: responses_rows,
  errors: error_rows,
  leaving: leaving_rows,
};

// An agent of each script, under its name, beside the agent main. Each script has a provider of its own, so that what
// one does to its key is nothing to the others.
function configuration(modelPort, port, token) {
  const names = Object.keys(scripts);
  const provider = (id) => ({
    baseUrl: `http://127.0.0.1:${modelPort}/v1`,
    apiKey: "key",
    api: "openai-completions",
    models: [{ id, name: id }],
  });
  const agents = names.map((id) => [id, { model: `${id}/${id}` }]);
  return {
    gateway: { mode: "local", port, auth: { mode: "token", token } },
    models: { providers: Object.fromEntries(names.map((id) => [id, provider(id)])) },
    agents: {
      defaults: { model: { primary: "greets/greets" } },
      entries: { main: { model: "greets/greets" }, ...Object.fromEntries(agents) },
    },
  };
}

function chosenRows(wanted) {
  const unknown = wanted.filter((part) => !(part in parts));
  if (unknown.length > 0) {
    console.error(`there is no part ${unknown}; the parts are ${Object.keys(parts).join(" ")}`);
    process.exit(2);
  }
  return (wanted.length > 0 ? wanted : Object.keys(parts)).flatMap((part) => parts[part]);
}

// What the SDKs would read of the caller's surroundings: addresses, organizations, where to report to.
for (const name of Object.keys(process.env)) {
  if (/^(OPENAI|LANGCHAIN|LANGSMITH|AI)_/.test(name)) delete process.env[name];
}
const [build = "build", ...wanted] = process.argv.slice(2);
const rows = chosenRows(wanted);
const upstream = await Upstream.open();
const gateway = await startGateway(resolve(build), (port, token) => configuration(upstream.port, port, token));
try {
  const filled = await fill(rows, columns, { url: `http://127.0.0.1:${gateway.port}`, token: gateway.token }, upstream);
  print(filled, columns);
} finally {
  await gateway.end();
  upstream.close();
}
process.exit(summary());
