// The list of models.

import { expect } from "../conformance/report.mjs";
import { failureOf } from "./waiting.mjs";

export const model_rows = [
  {
    name: "models: list",
    needs: ["models"],
    async body({ client }) {
      const ids = await client.models.list();
      const [first, second] = ids;
      expect(first === "OmeniaClaw" && second === "OmeniaClaw/default", `the gateway's own names first: ${ids}`);
      expect(ids.includes("OmeniaClaw/main") && ids.includes("OmeniaClaw/tools"), `every agent: ${ids}`);
    },
  },
  {
    name: "models: retrieve",
    needs: ["models"],
    async body({ client }) {
      const id = "OmeniaClaw/tools";
      expect((await client.models.retrieve(id)) === id, "the model that was asked for");
    },
  },
  {
    name: "models: retrieve one that is not there",
    needs: ["models"],
    async body({ client }) {
      const failure = await failureOf(client, client.models.retrieve("OmeniaClaw/nobody"));
      expect(failure.status === 404 && failure.name === "NotFoundError", JSON.stringify(failure));
    },
  },
  {
    name: "models: each of the list can be asked",
    needs: ["models"],
    async body({ client, upstream }) {
      for (const model of (await client.models.list()).filter((id) => /(OmeniaClaw|default|main|greets)$/.test(id))) {
        const before = upstream.of("greets").length;
        await client.chat.whole({ model, messages: [{ user: "hi" }] });
        expect(upstream.of("greets").length === before + 1, `an answer of ${model}`);
      }
    },
  },
];
