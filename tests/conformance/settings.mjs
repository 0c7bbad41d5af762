// Configurations of the gateway that recordings were made with, as changes of the usual one.

const behind_a_proxy = {
  mode: "trusted-proxy",
  trustedProxy: { userHeader: "x-forwarded-user", allowLoopback: true, scopes: ["operator.read"] },
};

export const settings = {
  // Its model fails or is slow when it is told so, as the recorded one.
  usual: (config) => (config.agents.entries.main.model = "mock/mock-told"),
  visited() {},
  password({ gateway }) {
    gateway.auth = { mode: "password", password: gateway.auth.token };
  },
  proxied({ gateway }) {
    Object.assign(gateway, { auth: behind_a_proxy, trustedProxies: ["127.0.0.1"] });
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
