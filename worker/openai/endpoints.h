#pragma once
// The OpenAI-compatible endpoints: translation between that API and runs, nothing more.

#include <memory>

#include "worker/context.h"

namespace omenia::openai {

void serve_models(worker::Context& context, std::shared_ptr<http::Exchange> exchange);
void serve_model(worker::Context& context, std::shared_ptr<http::Exchange> exchange);
void serve_chat_completions(worker::Context& context, std::shared_ptr<http::Exchange> exchange);
void serve_responses(worker::Context& context, std::shared_ptr<http::Exchange> exchange);
void serve_embeddings(worker::Context& context, std::shared_ptr<http::Exchange> exchange);

}  // namespace omenia::openai
