// The SDK `@langchain/openai`; client_openai.mjs says what a client is.

import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";

const extra_fields = { parallel_tool_calls: true, promptCacheKey: "key", service_tier: "auto", verbosity: "low" };

function nativeMessage(message) {
  if ("turn" in message) return message.turn;
  if ("result" in message) {
    return new ToolMessage({ content: message.result, tool_call_id: message.id, name: message.name });
  }
  if (message.png) {
    const image_url = { url: `data:image/png;base64,${message.png}` };
    const content = [
      { type: "text", text: message.user },
      { type: "image_url", image_url },
    ];
    return new HumanMessage({ content });
  }
  const [[kind, content]] = Object.entries(message);
  return new { system: SystemMessage, user: HumanMessage, said: AIMessage }[kind](content);
}

function finishOf(message) {
  const { finish_reason, status } = message.response_metadata;
  if (finish_reason) return finish_reason;
  const ended = { completed: message.tool_calls?.length > 0 ? "tool_calls" : "stop", incomplete: "length" };
  return ended[status] ?? status;
}

function answerOf(message) {
  const usage = message.usage_metadata;
  return {
    id: message.response_metadata.id ?? message.id,
    text: message.text,
    finish: finishOf(message),
    usage: usage && { input: usage.input_tokens, output: usage.output_tokens, total: usage.total_tokens },
    calls: (message.tool_calls ?? []).map(({ id, name, args }) => ({ id, name, input: args })),
    turn: message,
  };
}

function make({ baseURL, apiKey, fetch, retries = 0, timeout_ms }) {
  const common = { apiKey, maxRetries: retries, timeout: timeout_ms, configuration: { baseURL, fetch } };
  const modelOf = ({ model, temperature }, useResponsesApi) =>
    new ChatOpenAI({ ...common, model, temperature, useResponsesApi });
  const bound = (ask, useResponsesApi) => {
    const model = modelOf(ask, useResponsesApi);
    const tools = ask.tools?.map((tool) => ({ type: "function", function: tool }));
    return tools ? model.bindTools(tools, { tool_choice: ask.choice }) : model;
  };
  const options = ({ signal, previous, extras }, useResponsesApi) => ({
    signal,
    previous_response_id: previous,
    ...(extras && extra_fields),
    ...(extras && useResponsesApi && { include: ["reasoning.encrypted_content"], reasoning: { effort: "low" } }),
  });
  const api = (useResponsesApi) => ({
    async whole(ask) {
      const model = bound(ask, useResponsesApi);
      return answerOf(await model.invoke(ask.messages.map(nativeMessage), options(ask, useResponsesApi)));
    },
    async stream(ask, onPiece = () => {}) {
      let whole;
      const model = bound(ask, useResponsesApi);
      for await (const chunk of await model.stream(ask.messages.map(nativeMessage), options(ask, useResponsesApi))) {
        whole = whole?.concat(chunk) ?? chunk;
        if (chunk.text) onPiece(chunk.text);
      }
      return answerOf(whole);
    },
    object: (ask) =>
      modelOf(ask, useResponsesApi)
        .withStructuredOutput(ask.schema, { method: "jsonSchema", name: "answer" })
        .invoke(ask.messages.map(nativeMessage)),
  });
  return {
    lacks: { models: "has no call for the list of models" },
    chat: api(false),
    responses: api(true),
    embed({ texts, encoding, dimensions }) {
      const fields = { ...common, model: "OmeniaClaw", encodingFormat: encoding, dimensions };
      return new OpenAIEmbeddings(fields).embedDocuments(texts);
    },
    failure: ({ constructor, name, status, type, message }) => ({
      name: status ? constructor.name : name,
      status,
      type,
      message,
    }),
  };
}

export const langchain = { name: "@langchain/openai", make };
