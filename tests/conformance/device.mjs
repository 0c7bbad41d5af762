// A device of our own: an Ed25519 key, whose proofs open connections, and the tokens that it was given.

import { createHash, generateKeyPairSync, sign } from "node:crypto";

function signed(privateKey, text) {
  return sign(null, Buffer.from(text), privateKey).toString("base64url");
}

export class Device {
  #keys = generateKeyPairSync("ed25519");
  publicKey = this.#keys.publicKey.export({ format: "jwk" }).x;
  id = createHash("sha256").update(Buffer.from(this.publicKey, "base64url")).digest("hex");

  tokens = new Map(); // By role; what the published client stores.

  // What the published client needs to prove this device.
  options() {
    const deviceIdentity = { deviceId: this.id, publicKeyPem: "held here", privateKeyPem: "held here" };
    return { deviceIdentity, hostDeps: this.hostDeps() };
  }

  hostDeps() {
    return {
      signDevicePayload: (_, text) => signed(this.#keys.privateKey, text),
      publicKeyRawBase64UrlFromPem: () => this.publicKey,
      loadDeviceAuthToken: ({ role }) => this.tokens.get(role) ?? null,
      storeDeviceAuthToken: ({ role, token, scopes }) => this.tokens.set(role, { token, scopes }),
      clearDeviceAuthToken: ({ role }) => this.tokens.delete(role),
    };
  }

  // The member `device` of connect's parameters; `change` alters what is signed.
  proof({ client, role = "operator", scopes = [], auth = {} }, challenge, change = {}) {
    const facts = { id: this.id, publicKey: this.publicKey, signedAt: challenge.ts, nonce: challenge.nonce, ...change };
    const token = auth.token ?? auth.deviceToken ?? auth.bootstrapToken ?? "";
    const text = [
      "v3",
      facts.id,
      client.id,
      client.mode,
      role,
      scopes.join(","),
      facts.signedAt,
      token,
      facts.nonce,
      client.platform,
      client.deviceFamily ?? "",
    ].join("|");
    return { signature: signed(this.#keys.privateKey, text), ...facts };
  }
}
