// What the official OpenAI SDK sees of /v1/*.

import OpenAI from "openai";

import { check, expect } from "./report.mjs";

const reply = "Hello from the mock model.";

async function modelChecks(openai) {
  await check("openai: models.list", async () => {
    const ids = (await openai.models.list()).data.map(({ id }) => id);
    expect(ids.includes("OmeniaClaw") && ids.includes("OmeniaClaw/default"), `the agents' names in ${ids}`);
  });
  await check("openai: models.retrieve", async () => {
    expect((await openai.models.retrieve("OmeniaClaw/default")).id === "OmeniaClaw/default", "the same id");
  });
  await check("openai: an unknown model is a NotFoundError", async () => {
    const error = await openai.models.retrieve("OmeniaClaw/nobody").catch((caught) => caught);
    expect(error instanceof OpenAI.NotFoundError, `${error}`);
  });
}

async function completionChecks(openai) {
  const messages = [{ role: "user", content: "hi" }];
  await check("openai: chat.completions.create", async () => {
    const answer = await openai.chat.completions.create({ model: "OmeniaClaw", messages });
    expect(answer.choices[0].message.content === reply, answer.choices[0].message.content);
    expect(answer.usage.total_tokens === 15, `usage ${JSON.stringify(answer.usage)}`);
  });
  await check("openai: a stream with usage", async () => {
    const options = { model: "OmeniaClaw", messages, stream: true, stream_options: { include_usage: true } };
    let text = "";
    let usage = null;
    for await (const chunk of await openai.chat.completions.create(options)) {
      text += chunk.choices[0]?.delta?.content ?? "";
      usage = chunk.usage ?? usage;
    }
    expect(text === reply, text);
    expect(usage?.completion_tokens === 5, `usage ${JSON.stringify(usage)}`);
  });
  await check("openai: the stream helper", async () => {
    const stream = openai.chat.completions.stream({ model: "OmeniaClaw/mock-echo", messages });
    expect((await stream.finalContent()) === "hi", "the whole text");
  });
  await check("openai: a stream can be left", async () => {
    const stream = await openai.chat.completions.create({ model: "OmeniaClaw/mock-slow", messages, stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta?.content) break;
    }
    expect((await openai.models.list()).data.length > 0, "the gateway answers on");
  });
  await check("openai: a cut answer says length, whole and as a stream", async () => {
    const model = "OmeniaClaw/mock-length";
    expect((await openai.chat.completions.create({ model, messages })).choices[0].finish_reason === "length", "whole");
    const stream = await openai.chat.completions.create({ model, messages, stream: true });
    const reasons = [];
    for await (const chunk of stream) reasons.push(chunk.choices[0].finish_reason);
    expect(reasons.at(-1) === "length", `a stream: ${reasons}`);
  });
  await check("openai: a conversation with system and earlier messages", async () => {
    const earlier = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "one" },
      { role: "assistant", content: "1" },
    ];
    const last = { role: "user", content: [{ type: "text", text: "two" }] };
    const answer = await openai.chat.completions.create({
      model: "OmeniaClaw/mock-echo",
      messages: [...earlier, last],
    });
    expect(answer.choices[0].message.content.includes("two"), answer.choices[0].message.content);
  });
  await check("openai: an upstream that breaks off ends the stream with an error", async () => {
    const stream = await openai.chat.completions.create({ model: "OmeniaClaw/mock-drop-mid", messages, stream: true });
    const read = async () => {
      for await (const chunk of stream) expect(chunk.object === "chat.completion.chunk", chunk.object);
    };
    const error = await read().then(
      () => null,
      (caught) => caught,
    );
    expect(error instanceof OpenAI.APIError, `${error}`);
  });
  await check("openai: a busy upstream is a RateLimitError", async () => {
    const error = await openai.chat.completions
      .create({ model: "OmeniaClaw/mock-429", messages })
      .catch((caught) => caught);
    expect(error instanceof OpenAI.RateLimitError, `${error}`);
  });
  await check("openai: a bad request is a BadRequestError", async () => {
    const error = await openai.chat.completions.create({ model: "gpt-4o", messages }).catch((caught) => caught);
    expect(error instanceof OpenAI.BadRequestError && error.type === "invalid_request_error", `${error}`);
  });
  await check("openai: a refused upstream key is told as such", async () => {
    const error = await openai.chat.completions
      .create({ model: "OmeniaClaw/mock-401", messages })
      .catch((caught) => caught);
    expect(error.status === 401 && error.type === "authentication_error", `${error}`);
  });
}

async function embeddingChecks(openai) {
  await check("openai: embeddings.create", async () => {
    const answer = await openai.embeddings.create({ model: "OmeniaClaw", input: ["alpha", "beta"] });
    expect(answer.data.length === 2 && answer.data[1].embedding.length === 384, "two vectors of 384 numbers");
  });
  await check("openai: embeddings of nothing are a BadRequestError", async () => {
    const error = await openai.embeddings.create({ model: "OmeniaClaw", input: [] }).catch((caught) => caught);
    expect(error instanceof OpenAI.BadRequestError, `${error}`);
  });
  await check("openai: embeddings as floats are the same", async () => {
    const options = { model: "OmeniaClaw", input: "alpha" };
    const floats = await openai.embeddings.create({ ...options, encoding_format: "float" });
    const decoded = await openai.embeddings.create(options);
    const difference = floats.data[0].embedding.map((value, i) => Math.abs(value - decoded.data[0].embedding[i]));
    expect(Math.max(...difference) < 1e-5, "the numbers agree");
  });
}

export async function httpChecks({ port, token }) {
  const options = { baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 };
  await check("openai: a wrong key is an AuthenticationError", async () => {
    const error = await new OpenAI({ ...options, apiKey: "wrong" }).models.list().catch((caught) => caught);
    expect(error instanceof OpenAI.AuthenticationError && error.type === "unauthorized", `${error}`);
  });
  const openai = new OpenAI({ ...options, apiKey: token });
  await modelChecks(openai);
  await completionChecks(openai);
  await embeddingChecks(openai);
}
