// What a client sends and receives, seen from between the client and the network: a `fetch` to give to an SDK, and the
// exchanges that went through it.

class Exchange {
  text = ""; // Of the answer, as far as it has come.

  constructor(url, init) {
    this.method = init?.method ?? "GET";
    this.path = new URL(url).pathname;
    this.body = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
  }

  // The answer's events, [{event, data}]; data is parsed, or the text "[DONE]".
  get events() {
    return this.text
      .split("\n\n")
      .filter((block) => block.includes("data: "))
      .map((block) => {
        const event = /^event: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)[1];
        return { event, data: data === "[DONE]" ? data : JSON.parse(data) };
      });
  }
}

export class Wire {
  exchanges = [];

  get last() {
    return this.exchanges.at(-1);
  }

  fetch = async (input, init) => {
    const exchange = new Exchange(input.url ?? input, init);
    this.exchanges.push(exchange);
    const response = await fetch(input, init);
    exchange.status = response.status;
    exchange.headers = response.headers;
    const decoder = new TextDecoder();
    const listener = new TransformStream({
      transform(bytes, controller) {
        exchange.text += decoder.decode(bytes, { stream: true });
        controller.enqueue(bytes);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body?.pipeThrough(listener), { status, statusText, headers });
  };
}
