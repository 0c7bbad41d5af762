// The SDK `ai` with each of its two providers for servers of this kind; client_openai.mjs says what a client is.

import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedMany, generateText, jsonSchema, Output, streamText, tool } from "ai";

globalThis.AI_SDK_LOG_WARNINGS = false;

const extra_fields = {
  store: false,
  metadata: { about: "a test" },
  parallelToolCalls: true,
  promptCacheKey: "key",
  safetyIdentifier: "nobody",
  serviceTier: "auto",
  user: "nobody",
};

function nativeMessages(message) {
  if ("turn" in message) return message.turn;
  if ("result" in message) {
    const output = { type: "text", value: message.result };
    const part = { type: "tool-result", toolCallId: message.id, toolName: message.name, output };
    return [{ role: "tool", content: [part] }];
  }
  if (message.png) {
    const content = [
      { type: "text", text: message.user },
      { type: "file", data: message.png, mediaType: "image/png" },
    ];
    return [{ role: "user", content }];
  }
  const [[kind, content]] = Object.entries(message);
  return [{ role: { user: "user", said: "assistant" }[kind], content }];
}

function choiceOf(choice) {
  return choice === undefined || ["required", "none"].includes(choice) ? choice : { type: "tool", toolName: choice };
}

async function answerOf(result) {
  const [text, finish, usage, calls, turn, response, steps] = await Promise.all([
    result.text,
    result.finishReason,
    result.usage,
    result.toolCalls,
    result.responseMessages,
    result.response,
    result.steps,
  ]);
  return {
    id: steps.at(-1).providerMetadata?.openai?.responseId ?? response.id,
    text,
    finish: finish.replaceAll("-", "_"),
    usage: usage && { input: usage.inputTokens, output: usage.outputTokens, total: usage.totalTokens },
    calls: calls.map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, input })),
    turn,
  };
}

// The error that `ai` met, without what it wraps it in.
function failure(error) {
  const met = error.lastError ?? error;
  const type = met.data?.error?.type ?? met.data?.error?.code ?? met.type;
  return { name: met.name, status: met.statusCode, type: type ?? undefined, message: met.message };
}

function clientOf(provider, { lacks, providerName, retries = 0, timeout_ms }) {
  const settings = (model, ask) => ({
    model,
    instructions: ask.messages.find((message) => "system" in message)?.system,
    messages: ask.messages.filter((message) => !("system" in message)).flatMap(nativeMessages),
    tools:
      ask.tools &&
      Object.fromEntries(
        ask.tools.map(({ name, description, parameters }) => [
          name,
          tool({ description, inputSchema: jsonSchema(parameters) }),
        ]),
      ),
    toolChoice: choiceOf(ask.choice),
    temperature: ask.temperature,
    abortSignal: ask.signal,
    timeout: timeout_ms,
    maxRetries: retries,
    providerOptions: { [providerName]: { previousResponseId: ask.previous, ...(ask.extras && extra_fields) } },
  });
  const api = (modelOf) => ({
    whole: async (ask) => answerOf(await generateText(settings(modelOf(ask.model), ask))),
    async stream(ask, onPiece = () => {}) {
      const result = streamText({ ...settings(modelOf(ask.model), ask), onError: () => {} });
      const answer = answerOf(result);
      answer.catch(() => {}); // Told below, by the stream.
      for await (const part of result.stream) {
        if (part.type === "text-delta") onPiece(part.text);
        if (part.type === "error") throw part.error;
      }
      return answer;
    },
    async object(ask) {
      const output = Output.object({ name: "answer", schema: jsonSchema(ask.schema) });
      return (await generateText({ ...settings(modelOf(ask.model), ask), output })).output;
    },
  });
  return {
    lacks: { models: "has no call for the list of models", base64: "always asks for float", ...lacks },
    chat: api((model) => (provider.chat ?? provider.chatModel)(model)),
    responses: api((model) => provider(model)),
    async embed({ texts, dimensions }) {
      const model = provider.embeddingModel("OmeniaClaw");
      const providerOptions = dimensions && { [providerName]: { dimensions } };
      return (await embedMany({ model, values: texts, maxRetries: retries, providerOptions })).embeddings;
    },
    failure,
  };
}

export const ai_openai = {
  name: "@ai-sdk/openai",
  make: ({ baseURL, apiKey, fetch, ...rest }) =>
    clientOf(createOpenAI({ baseURL, apiKey, fetch }), { providerName: "openai", ...rest }),
};

export const ai_compatible = {
  name: "@ai-sdk/openai-compatible",
  make({ baseURL, apiKey, fetch, ...rest }) {
    const name = "gateway";
    const switches = { includeUsage: true, supportsStructuredOutputs: true };
    const lacks = { responses: "speaks chat completions only" };
    return clientOf(createOpenAICompatible({ name, baseURL, apiKey, fetch, ...switches }), {
      lacks,
      providerName: name,
      ...rest,
    });
  },
};
