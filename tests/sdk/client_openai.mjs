// The SDK `openai`.
//
// A client of any SDK here is what make(options) gives, options being {baseURL, apiKey, fetch, retries, timeout_ms}:
//   models.list() -> ids; models.retrieve(id) -> id
//   chat, responses: whole(ask) -> answer; stream(ask, onPiece) -> answer, onPiece being called with each piece of
//     text; object(ask) -> what was said in the form that ask.schema gives
//   embed({texts, encoding, dimensions}) -> vectors
//   failure(error) -> {status, type, name, message}
// ask: {model, messages, tools, choice, schema, temperature, signal, previous, extras}, where a message is {system},
// {user}, {user, png: base64}, {said}, {turn: of an answer} or {result, id, name} of a tool; choice is "required",
// "none" or a tool's name; extras sends fields that mean something to OpenAI alone.
// answer: {text, finish, usage: {input, output, total}, calls: [{id, name, input}], turn, id}.
// What an SDK has no call for is named in `lacks`, with the reason.

import OpenAI from "openai";

const chosen = (choice, named) => (choice === undefined || ["required", "none"].includes(choice) ? choice : named);

const extra_fields = {
  store: false,
  metadata: { about: "a test" },
  parallel_tool_calls: true,
  prompt_cache_key: "key",
  safety_identifier: "nobody",
  service_tier: "auto",
};

function chatMessage(message) {
  if ("turn" in message) return message.turn;
  if ("result" in message) return { role: "tool", tool_call_id: message.id, content: message.result };
  if (message.png) {
    const url = `data:image/png;base64,${message.png}`;
    const content = [
      { type: "text", text: message.user },
      { type: "image_url", image_url: { url } },
    ];
    return { role: "user", content };
  }
  const [[kind, content]] = Object.entries(message);
  return { role: { system: "system", user: "user", said: "assistant" }[kind], content };
}

function chatBody({ model, messages, tools, choice, schema, temperature, extras }) {
  return {
    model,
    messages: messages.map(chatMessage),
    tools: tools?.map((tool) => ({ type: "function", function: tool })),
    tool_choice: chosen(choice, { type: "function", function: { name: choice } }),
    response_format: schema && { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
    temperature,
    ...(extras && { ...extra_fields, n: 1, logprobs: false, logit_bias: {}, reasoning_effort: "low" }),
  };
}

function chatAnswer({ id, choices: [{ message, finish_reason }], usage }) {
  return {
    id,
    text: message.content ?? "",
    finish: finish_reason,
    usage: usage && { input: usage.prompt_tokens, output: usage.completion_tokens, total: usage.total_tokens },
    calls: (message.tool_calls ?? []).map((call) => ({
      id: call.id,
      name: call.function.name,
      input: JSON.parse(call.function.arguments),
    })),
    turn: message,
  };
}

// A list for each message: an answer's items are several.
function responseItems(message) {
  if ("turn" in message) return message.turn;
  if ("result" in message) return [{ type: "function_call_output", call_id: message.id, output: message.result }];
  if (message.png) {
    const content = [
      { type: "input_text", text: message.user },
      { type: "input_image", image_url: `data:image/png;base64,${message.png}`, detail: "auto" },
    ];
    return [{ role: "user", content }];
  }
  return [chatMessage(message)];
}

function responsesBody({ model, messages, tools, choice, schema, temperature, previous, extras }) {
  const alone = messages.length === 1 && !messages[0].png && messages[0].user;
  return {
    model,
    input: alone || messages.flatMap(responseItems),
    tools: tools?.map((tool) => ({ type: "function", strict: true, ...tool })),
    tool_choice: chosen(choice, { type: "function", name: choice }),
    temperature,
    previous_response_id: previous,
    text: schema && { format: { type: "json_schema", name: "answer", strict: true, schema } },
    ...(extras && {
      ...extra_fields,
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "low", summary: "auto" },
      text: { format: { type: "text" } },
      truncation: "auto",
      instructions: null,
    }),
  };
}

function responsesAnswer(response) {
  const calls = response.output.filter((item) => item.type === "function_call");
  const ended = { completed: calls.length > 0 ? "tool_calls" : "stop", incomplete: "length" };
  const { usage } = response;
  return {
    id: response.id,
    text: response.output_text,
    finish: ended[response.status] ?? response.status,
    usage: usage && { input: usage.input_tokens, output: usage.output_tokens, total: usage.total_tokens },
    calls: calls.map((call) => ({ id: call.call_id, name: call.name, input: JSON.parse(call.arguments) })),
    turn: response.output,
  };
}

function make({ baseURL, apiKey, fetch, retries = 0, timeout_ms }) {
  const openai = new OpenAI({ baseURL, apiKey, fetch, maxRetries: retries, timeout: timeout_ms });
  return {
    lacks: {},
    models: {
      list: async () => (await openai.models.list()).data.map(({ id }) => id),
      retrieve: async (id) => (await openai.models.retrieve(id)).id,
    },
    chat: {
      whole: async (ask) => chatAnswer(await openai.chat.completions.create(chatBody(ask), { signal: ask.signal })),
      async stream(ask, onPiece = () => {}) {
        const body = { ...chatBody(ask), stream_options: { include_usage: true } };
        const stream = openai.chat.completions.stream(body, { signal: ask.signal });
        for await (const chunk of stream) {
          const text = chunk.choices[0]?.delta?.content;
          if (text) onPiece(text);
        }
        return chatAnswer(await stream.finalChatCompletion());
      },
      object: async (ask) => (await openai.chat.completions.parse(chatBody(ask))).choices[0].message.parsed,
    },
    responses: {
      whole: async (ask) => responsesAnswer(await openai.responses.create(responsesBody(ask), { signal: ask.signal })),
      async stream(ask, onPiece = () => {}) {
        const stream = openai.responses.stream(responsesBody(ask), { signal: ask.signal });
        for await (const event of stream) {
          if (event.type === "response.output_text.delta") onPiece(event.delta);
        }
        return responsesAnswer(await stream.finalResponse());
      },
      object: async (ask) => (await openai.responses.parse(responsesBody(ask))).output_parsed,
    },
    async embed({ texts, encoding, dimensions }) {
      const body = { model: "OmeniaClaw", input: texts, encoding_format: encoding, dimensions };
      return (await openai.embeddings.create(body)).data.map(({ embedding }) => embedding);
    },
    failure: ({ constructor, status, type, message }) => ({ name: constructor.name, status, type, message }),
  };
}

export const openai = { name: "openai", make };
