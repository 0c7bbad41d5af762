// Nodes: a device that offers commands, the operator's approval of them, and commands on their way there and back.

import { Device } from "./device.mjs";
import { check, expect } from "./report.mjs";
import { Connection } from "./socket_client.mjs";

const offered = ["system.which", "device.info"];

function host(device, commands = offered) {
  const client = { clientName: "node-host", mode: "node", role: "node", clientDisplayName: "Test node" };
  return { ...client, scopes: [], caps: ["system"], commands, ...device.options() };
}

function told(connection, name, matches = () => true) {
  return connection.event(({ event, payload }) => event === name && matches(payload), name);
}

class NodeChecks {
  device = new Device();
  nodeId = this.device.id;

  constructor(gateway, operator) {
    Object.assign(this, { gateway, operator });
  }

  // The request that comes of a call, by its key; nodes get it alone, without seq.
  invocation(key) {
    return told(this.node, "node.invoke.request", ({ idempotencyKey }) => idempotencyKey === key);
  }

  invoke(command, key, more = {}) {
    const params = { bins: ["ls"] };
    return this.operator.request("node.invoke", { nodeId: this.nodeId, command, params, idempotencyKey: key, ...more });
  }

  answer(id, more) {
    return this.node.request("node.invoke.result", { id, nodeId: this.nodeId, ...more });
  }

  async described() {
    return this.operator.request("node.describe", { nodeId: this.nodeId });
  }

  async pending() {
    const { pending } = await this.operator.request("node.pair.list", {});
    return pending.find(({ nodeId }) => nodeId === this.nodeId);
  }

  async approval() {
    await check("node: its device is let in, its commands wait", async () => {
      this.node = await Connection.open(this.gateway, host(this.device));
      const { auth, snapshot } = this.node.hello;
      expect(auth.role === "node" && auth.scopes.length === 0, JSON.stringify(auth));
      expect(snapshot.presence.length === 0, "a node is not told who is connected");
      const asked = await told(this.operator, "node.pair.requested", ({ nodeId }) => nodeId === this.nodeId);
      expect(asked.payload.commands.join() === offered.join(), JSON.stringify(asked.payload));
      await told(this.operator, "node.presence", ({ nodeId, connected }) => nodeId === this.nodeId && connected);
      const row = await this.described();
      expect(row.approvalState === "pending-approval" && row.commands.length === 0, JSON.stringify(row));
    });
    await check("node.pair.approve: its commands are there, in the list and in its description", async () => {
      const { requestId } = await this.pending();
      await this.operator.request("node.pair.approve", { requestId });
      await told(this.operator, "node.pair.resolved", (payload) => payload.requestId === requestId);
      const { nodes } = await this.operator.request("node.list", {});
      const row = nodes.find(({ nodeId }) => nodeId === this.nodeId);
      expect(row.connected && row.commands.join() === offered.join(), JSON.stringify(row));
    });
    await check("node.rename", async () => {
      await this.operator.request("node.rename", { nodeId: this.nodeId, displayName: "Kitchen" });
      expect((await this.described()).displayName === "Kitchen", "its new name");
    });
  }

  async commands() {
    await check("node.invoke: to the node and back", async () => {
      const answering = this.invoke("system.which", "there-and-back", { timeoutMs: 5_000 });
      const { payload, seq } = await this.invocation("there-and-back");
      expect(seq === undefined && payload.paramsJSON === '{"bins":["ls"]}', JSON.stringify(payload));
      const part = { invokeId: payload.id, nodeId: this.nodeId, seq: 0, chunk: "half" };
      expect((await this.node.request("node.invoke.progress", part)).ok, "a part of the answer is taken");
      await this.answer(payload.id, { ok: true, payloadJSON: '{"ls":"/bin/ls"}' });
      const answer = await answering;
      expect(answer.payload.ls === "/bin/ls" && answer.payloadJSON, JSON.stringify(answer));
    });
    await check("node.invoke: what goes wrong there is told here", async () => {
      const answering = this.invoke("device.info", "broken").catch((caught) => caught);
      const { payload } = await this.invocation("broken");
      await this.answer(payload.id, { ok: false, error: { code: "BROKEN", message: "it broke" } });
      const error = await answering;
      expect(error.message === "it broke" && error.details.nodeError.code === "BROKEN", JSON.stringify(error.details));
    });
    await check("node.invoke: a node that is too slow is told that nobody waits", async () => {
      const error = await this.invoke("device.info", "slow", { timeoutMs: 50 }).catch((caught) => caught);
      expect(error.gatewayCode === "UNAVAILABLE", error.message);
      const { payload } = await this.invocation("slow");
      await told(this.node, "node.invoke.cancel", ({ id }) => id === payload.id);
      expect((await this.answer(payload.id, { ok: true })).ignored, "a late answer is ignored");
    });
    await check("node.event, node.pending.*: what a node says and asks by itself", async () => {
      const alive = await this.node.request("node.event", { event: "node.presence.alive", payloadJSON: "{}" });
      expect(alive.handled, JSON.stringify(alive));
      expect((await this.node.request("node.pending.pull", {})).actions.length === 0, "nothing is kept");
      expect((await this.node.request("node.pending.ack", { ids: ["none"] })).ackedIds.length === 0, "none");
      expect(!(await this.node.request("node.pending.drain", { maxItems: 5 })).hasMore, "no more");
    });
    await check("node.pending.enqueue: kept until the node comes for it, one of each type", async () => {
      const asked = { nodeId: this.nodeId, type: "status.request", priority: "high", wake: false };
      const { queued, wakeTriggered } = await this.operator.request("node.pending.enqueue", asked);
      expect(queued.priority === "high" && !wakeTriggered, JSON.stringify(queued));
      const again = await this.operator.request("node.pending.enqueue", asked);
      expect(again.queued.id === queued.id, JSON.stringify(again));
      const { items } = await this.node.request("node.pending.drain", {});
      expect(items.filter(({ id }) => id === queued.id).length === 1, JSON.stringify(items));
      expect((await this.node.request("node.pending.drain", {})).items.length === 0, "it comes once");
    });
    await check("node: calls no method of operators, and they none of nodes", async () => {
      const node = await this.node.refusal("status", {});
      expect(node.message === "unauthorized role: node", node.message);
      const operator = await this.operator.refusal("node.event", { event: "x" });
      expect(operator.message === "unauthorized role: operator", operator.message);
    });
  }

  async ending() {
    await check("node.pair.reject: what it offers more is not given", async () => {
      const greeted = this.node.nextHello();
      this.node.client.updateNodeManifest({ caps: ["system"], commands: [...offered, "system.run"] });
      await greeted;
      const { requestId } = await this.pending();
      await this.operator.request("node.pair.reject", { requestId });
      const resolved = await told(this.operator, "node.pair.resolved", (payload) => payload.requestId === requestId);
      expect(resolved.payload.decision === "rejected", JSON.stringify(resolved.payload));
      expect((await this.described()).commands.join() === offered.join(), "it keeps what it had");
    });
    await check("node.pair.remove: its connection ends with 4001", async () => {
      const again = await Connection.open(this.gateway, host(this.device));
      await this.operator.request("node.pair.remove", { nodeId: this.nodeId });
      expect((await again.closing()).code === 4001, JSON.stringify(again.closed));
      await Promise.all([again.stop(), this.node.stop()]);
    });
  }
}

export async function nodeChecks(gateway, operator) {
  const checks = new NodeChecks(gateway, operator);
  await checks.approval();
  await checks.commands();
  await checks.ending();
}
