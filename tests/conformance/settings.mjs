// Configurations of the gateway that recordings were made with, as changes of the usual one.

const behind_a_proxy = {
  mode: "trusted-proxy",
  trustedProxy: { userHeader: "x-forwarded-user", allowLoopback: true, scopes: ["operator.read"] },
};

export const hooksToken = "the-token-of-hooks";
const hooks = {
  enabled: true,
  token: hooksToken,
  mappings: [{ match: { path: "batch" }, forEach: "items", messageTemplate: "{{items[0].t}}" }],
};
const withAdminRpc = { entries: { "admin-http-rpc": { enabled: true } } };

export const settings = {
  // Its model fails or is slow when it is told so, as the recorded one.
  usual: (config) => (config.agents.entries.main.model = "mock/mock-told"),
  hooked: (config) => Object.assign(config, { hooks }),
  administered: (config) => Object.assign(config, { plugins: withAdminRpc }),
  visited() {},
  password({ gateway }) {
    gateway.auth = { mode: "password", password: gateway.auth.token };
  },
  proxied(config) {
    Object.assign(config.gateway, { auth: behind_a_proxy, trustedProxies: ["127.0.0.1"] });
    config.plugins = withAdminRpc;
  },
  // Its users have every scope.
  vouched({ gateway }) {
    const { scopes, ...trustedProxy } = behind_a_proxy.trustedProxy;
    Object.assign(gateway, { auth: { ...behind_a_proxy, trustedProxy }, trustedProxies: ["127.0.0.1"] });
  },
  fronted: ({ gateway }) => (gateway.trustedProxies = ["127.0.0.1"]),
  guarded({ gateway }) {
    gateway.auth.rateLimit = { maxAttempts: 5, lockoutMs: 20_000, exemptLoopback: false };
  },
  closed({ gateway }) {
    gateway.http = { endpoints: { chatCompletions: { enabled: false } } };
  },
  hurried({ agents }) {
    agents.defaults.timeoutSeconds = 1;
  },
  embedding(config) {
    config.memory = { search: { provider: "mock", model: "mock-500" } };
  },
};
