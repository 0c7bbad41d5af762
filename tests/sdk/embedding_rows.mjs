// Vectors of texts.

import { expect, Skip } from "../conformance/report.mjs";

const texts = ["alpha", "beta and gamma", "alpha"];

// The vectors as numbers in the answer, asked for without any SDK.
async function plainVectors({ gateway }, more = {}) {
  const answer = await fetch(`${gateway.url}/v1/embeddings`, {
    method: "POST",
    headers: { Authorization: `Bearer ${gateway.token}` },
    body: JSON.stringify({ model: "OmeniaClaw", input: texts, ...more }),
  });
  return (await answer.json()).data.map(({ embedding }) => embedding);
}

function expectSame(vectors, wanted) {
  expect(vectors.length === wanted.length, `${wanted.length} vectors`);
  for (const [i, vector] of vectors.entries()) {
    expect(vector.length === wanted[i].length, `${wanted[i].length} numbers, not ${vector.length}`);
    expect(
      vector.every((value, k) => Math.abs(value - wanted[i][k]) < 1e-6),
      `vector ${i} is that of its text`,
    );
  }
}

export const embedding_rows = [
  {
    name: "embeddings: as the SDK asks by itself",
    async body(seat) {
      const vectors = await seat.client.embed({ texts });
      expectSame(vectors, await plainVectors(seat));
      expectSame([vectors[2]], [vectors[0]]);
      expect(
        vectors[0].some((value, k) => value !== vectors[1][k]),
        "other texts have other vectors",
      );
    },
  },
  {
    name: "embeddings: base64",
    needs: ["base64"],
    async body(seat) {
      // The SDK asks for it when nobody says otherwise, and decodes it.
      const vectors = await seat.client.embed({ texts });
      const { body, text } = seat.wire.last;
      if (body.encoding_format !== "base64") throw new Skip(`asks for ${body.encoding_format}`);
      expect(typeof JSON.parse(text).data[0].embedding === "string", "text on the wire");
      expectSame(vectors, await plainVectors(seat));
    },
  },
  {
    name: "embeddings: float",
    async body(seat) {
      const vectors = await seat.client.embed({ texts, encoding: "float" });
      expect(seat.wire.last.body.encoding_format === "float", "the SDK asks for numbers");
      expectSame(vectors, await plainVectors(seat));
    },
  },
  {
    name: "embeddings: dimensions",
    async body(seat) {
      const vectors = await seat.client.embed({ texts, dimensions: 64 });
      expect(vectors[0].length === 64, `64 numbers, not ${vectors[0].length}`);
      expectSame(vectors, await plainVectors(seat, { dimensions: 64 }));
    },
  },
];
