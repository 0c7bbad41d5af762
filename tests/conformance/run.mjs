// node run.mjs <build directory>: drives the built gateway with published clients and holds what they get against the
// published shapes. Exit code 0 when everything fits.

import { resolve } from "node:path";

import { httpChecks } from "./http_checks.mjs";
import { summary } from "./report.mjs";
import { frameChecks, shutdownChecks, socketChecks } from "./socket_checks.mjs";
import { Record } from "./socket_client.mjs";
import { start, stop } from "./surroundings.mjs";

const surroundings = await start(resolve(process.argv[2] ?? "build"));
const gateway = { ...surroundings, record: new Record() };
try {
  await httpChecks(gateway);
  const connection = await socketChecks(gateway);
  await shutdownChecks(connection, () => stop(gateway.gateway));
  await frameChecks(gateway, connection.hello);
} finally {
  await surroundings.end();
}
process.exit(summary());
