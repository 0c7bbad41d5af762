// node run.mjs <build directory>: drives the built gateway with published clients and holds what they get against the
// published shapes. Exit code 0 when everything fits.

import { resolve } from "node:path";

import { httpChecks } from "./http_checks.mjs";
import { summary } from "./report.mjs";
import { shutdownChecks, socketChecks } from "./socket_checks.mjs";
import { start, stop } from "./surroundings.mjs";

const surroundings = await start(resolve(process.argv[2] ?? "build"));
try {
  await httpChecks(surroundings);
  const connection = await socketChecks(surroundings);
  await shutdownChecks(connection, () => stop(surroundings.gateway));
} finally {
  await surroundings.end();
}
process.exit(summary());
