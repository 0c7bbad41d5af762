// Agents and models: seen, added, changed and taken away in the configuration.

import { check, expect } from "./report.mjs";
import { models } from "./surroundings.mjs";

export async function configuredAgentChecks(connection) {
  const ids = async () => (await connection.request("agents.list", {})).agents.map(({ id }) => id);

  await check("models.list, models.authStatus, models.probe, chat.metadata", async () => {
    const { providers } = await connection.request("models.authStatus", {});
    expect(providers.find(({ provider }) => provider === "mock")?.status === "static", JSON.stringify(providers));
    const probed = await connection.request("models.probe", { provider: "mock", timeoutMs: 5_000 });
    expect(probed.status === "ok", JSON.stringify(probed));
    const metadata = await connection.request("chat.metadata", { agentId: "main" });
    expect(
      models.every((model) => metadata.models.some(({ id }) => id === model)),
      JSON.stringify(metadata.models),
    );
  });
  await check("models.authLogout: a provider's key is gone from the configuration", async () => {
    const spare = { baseUrl: "http://127.0.0.1:9/v1", apiKey: "spare-key", api: "openai-completions", models: [] };
    await connection.patchConfig({ models: { providers: { spare } } });
    const { removedProfiles } = await connection.request("models.authLogout", { provider: "spare" });
    expect(removedProfiles.length === 1, JSON.stringify(removedProfiles));
    const { parsed } = await connection.request("config.get", {});
    expect(parsed.models.providers.spare.apiKey === undefined, JSON.stringify(parsed.models.providers.spare));
    await connection.patchConfig({ models: { providers: { spare: null } } });
  });
  await check("agents.create: there at once, and clients are told to read the models again", async () => {
    const created = await connection.request("agents.create", { name: "Research Desk", model: "mock/mock-echo" });
    expect(created.agentId === "research-desk", JSON.stringify(created));
    expect((await ids()).includes("research-desk"), "it is in the list");
    await connection.event(({ event }) => event === "chat.metadata.changed", "chat.metadata.changed");
  });
  await check("agents.create: answers with its model", async () => {
    const params = { agentId: "research-desk", message: "who is there?", idempotencyKey: "conformance-desk" };
    const end = await connection.request("agent", params, { expectFinal: true });
    expect(end.result.payloads[0].text.includes("who is there?"), JSON.stringify(end.result.payloads));
  });
  await check("agents.update, agent.identity.get: its name", async () => {
    await connection.request("agents.update", { agentId: "research-desk", name: "The Desk" });
    const identity = await connection.request("agent.identity.get", { agentId: "research-desk" });
    expect(identity.name === "The Desk" && identity.nameSource === "config", JSON.stringify(identity));
  });
  await check("agents.delete: gone at once, and unknown then", async () => {
    await connection.request("agents.delete", { agentId: "research-desk" });
    expect(!(await ids()).includes("research-desk"), "it is still in the list");
    const error = await connection.refusal("agents.delete", { agentId: "research-desk" });
    expect(error.message.includes("not found"), error.message);
  });
}
