// models.authStatus, models.probe, models.authLogout: whether the configured providers can be spoken to, and no more.

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/config/edit.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/methods/config_change.h"

namespace omenia::rpc::methods {

namespace {

// How clients call a failure of a provider.
std::string_view probe_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::provider_auth: return "auth";
    case ErrorCode::provider_rate_limit: return "rate_limit";
    case ErrorCode::provider_billing: return "billing";
    case ErrorCode::provider_timeout:
    case ErrorCode::run_aborted: return "timeout";
    case ErrorCode::provider_format:
    case ErrorCode::context_overflow: return "format";
    case ErrorCode::provider_not_found:
    case ErrorCode::model_not_configured: return "no_model";
    default: return "unknown";
  }
}

// The provider's first model, else the default one when it is the provider's.
std::string probed_model(const providers::Catalog& catalog, std::string_view provider) {
  for (const providers::CatalogRow& row : catalog.rows())
    if (row.provider == provider) return row.provider + "/" + row.model.id;
  const std::string name = catalog.default_name();
  return name.starts_with(std::string(provider) + "/") ? name : std::string();
}

void write_probe(JsonWriter& writer, std::string_view status, std::int64_t latency_ms, const std::string& error) {
  writer.member("status", status).member("latencyMs", latency_ms);
  if (!error.empty()) writer.member("error", error);
}

}  // namespace

AnswerTask models_auth_status(CallPointer call) {
  const auto config = call->context.config();
  JsonWriter writer(512);
  writer.begin_object().member("ts", wall_ms()).key("providers").begin_array();
  for (const ProviderConfig& provider : config->providers) {
    writer.begin_object().member("provider", provider.id).member("authProvider", provider.id);
    writer.member("displayName", provider.id).member("status", "static").key("profiles").begin_array().end_array();
    if (!provider.api_key.empty()) writer.key("apiKey").begin_object().member("source", "config").end_object();
    writer.end_object();
  }
  writer.end_array().key("providerCapabilities").begin_array();
  for (const ProviderConfig& provider : config->providers) {
    writer.begin_object().member("provider", provider.id).member("apiKeySupported", true);
    writer.member("quickApiKeySetup", false).end_object();
  }
  co_return Answer{writer.end_array().end_object().take()};
}

AnswerTask models_probe(CallPointer call) {
  worker::Context& context = call->context;
  const std::string provider_id(call->params["provider"].text());
  if (call->params["profileId"])
    co_return fail(ErrorCode::invalid_request, "profiles are not available in this release; a provider has one key");
  CO_TRY_ASSIGN(const auto provider, context.catalog->provider(provider_id));
  const std::string name = probed_model(*context.catalog, provider_id);
  std::stop_source stop;
  Timer deadline(context.loop, [&stop] { stop.request_stop(); });
  deadline.start(
      std::min<std::int64_t>(call->params["timeoutMs"].integer(limits::model_probe_ms), limits::model_probe_ms_max));
  providers::ModelRequest request;
  request.model = name.empty() ? std::string() : name.substr(provider_id.size() + 1);
  request.messages.push_back({providers::Role::user, "Say OK."});
  request.sampling.max_tokens = limits::model_probe_tokens_max;
  const std::int64_t begun_ms = steady_ms();
  Result<providers::ModelAnswer> answer =
      fail(ErrorCode::model_not_configured, "no model of " + provider_id + " is known");
  if (!name.empty()) {
    auto calling = provider->complete(
        std::move(request), [](std::string_view) {}, stop.get_token());
    answer = co_await std::move(calling);
  }
  const std::int64_t latency_ms = steady_ms() - begun_ms;
  const std::string_view status = answer.ok() ? "ok" : probe_status(answer.error().code);
  const std::string error = answer.ok() ? std::string() : answer.error().message;
  JsonWriter writer;
  write_probe(writer.begin_object().member("provider", provider_id), status, latency_ms, error);
  writer.key("results").begin_array().begin_object().member("label", name.empty() ? provider_id : name);
  write_probe(writer, status, latency_ms, error);
  co_return Answer{writer.end_object().end_array().end_object().take()};
}

// Runs that are asking the provider now have its key and end as they would have.
AnswerTask models_auth_logout(CallPointer call) {
  worker::Context& context = call->context;
  const std::string id(call->params["provider"].text());
  if (call->params["profileIds"])
    co_return fail(ErrorCode::invalid_request, "profiles are not available in this release; a provider has one key");
  const auto is_it = [&id](const ProviderConfig& provider) { return provider.id == id; };
  const auto before = context.config();
  if (std::none_of(before->providers.begin(), before->providers.end(), is_it))
    co_return fail(ErrorCode::not_found, "provider '" + id + "' is not configured");
  const auto removed = std::make_shared<bool>(false);
  TRY_AWAIT_DONE(edit_config(call, [id, removed](Json& document) -> Result<void> {
    *removed = unset_value(document, {"models", "providers", id, "apiKey"});
    return {};
  }));
  const auto config = context.config();
  const auto provider = std::find_if(config->providers.begin(), config->providers.end(), is_it);
  JsonWriter writer;
  writer.begin_object().member("provider", id).key("removedProfiles").begin_array();
  if (*removed) writer.value(id);
  writer.end_array().key("abortedRunIds").begin_array().end_array();
  if (provider != config->providers.end() && !provider->api_key.empty())
    writer.member("warning", "the provider still has a key: the gateway has not taken the change over");
  co_return Answer{writer.end_object().take()};
}

}  // namespace omenia::rpc::methods
