// node run.mjs <build directory>: drives the built gateway with published clients and holds what they get against the
// published shapes. Exit code 0 when everything fits.

import { resolve } from "node:path";

import { configChecks } from "./config_checks.mjs";
import { configuredAgentChecks } from "./configured_agent_checks.mjs";
import { deviceChecks } from "./device_checks.mjs";
import { frameChecks } from "./frame_checks.mjs";
import { httpChecks } from "./http_checks.mjs";
import { ledgerChecks } from "./ledger_checks.mjs";
import { nodeChecks } from "./node_checks.mjs";
import { pageChecks } from "./page_checks.mjs";
import { pageCallChecks } from "./page_call_checks.mjs";
import { summary } from "./report.mjs";
import { restartChecks } from "./restart_checks.mjs";
import { sessionLifeChecks } from "./session_life_checks.mjs";
import { longConnectionChecks, shutdownChecks, socketChecks } from "./socket_checks.mjs";
import { Record } from "./socket_client.mjs";
import { start, stop } from "./surroundings.mjs";

const surroundings = await start(resolve(process.argv[2] ?? "build"));
const gateway = { ...surroundings, record: new Record() };
try {
  await pageChecks();
  await httpChecks(gateway);
  const connection = await socketChecks(gateway);
  await ledgerChecks(connection);
  await sessionLifeChecks(connection);
  await configChecks(connection, gateway);
  await configuredAgentChecks(connection);
  await pageCallChecks(connection);
  await deviceChecks(gateway, connection);
  await nodeChecks(gateway, connection);
  await longConnectionChecks(connection);
  await restartChecks(gateway);
  await shutdownChecks(gateway, () => stop(gateway.gateway));
  await frameChecks(gateway);
} finally {
  await surroundings.end();
}
process.exit(summary());
