#include "worker/openai/previous_response.h"

#include "shared/base/ids.h"
#include "worker/attribution.h"

namespace omenia::openai {

namespace {

constexpr std::size_t subject_digits = 8;  // Tells two secrets apart and gives neither away.
constexpr std::size_t id_chars_max = 128;

using Found = std::optional<state::RunRow>;

bool is_of(const state::RunRow& row, const std::string& agent_id, const std::string& subject) {
  if (row.origin != response_origin || row.agent_id != agent_id) return false;
  const auto request = Json::parse(row.request);
  return request.ok() && request.value()["subject"].text() == subject;
}

}  // namespace

std::string subject_of(const worker::Context& context, const http::Request& request) {
  const auth::Voucher voucher = worker::voucher_of(request, *context.config());
  if (context.authenticator.mode() == auth::AuthMode::trusted_proxy && !voucher.user.empty())
    return "user:" + voucher.user;
  const auto bearer = auth::bearer_of(request.header("authorization"));
  if (context.authenticator.mode() == auth::AuthMode::none || !bearer) return "anybody";
  return "secret:" + sha256_hex(context.instance_id + "\n" + std::string(*bearer)).substr(0, subject_digits);
}

Task<std::optional<sessions::SessionKey>> session_of_response(worker::Context* context, std::string response_id,
                                                              std::string agent_id, std::string subject) {
  if (response_id.empty() || response_id.size() > id_chars_max) co_return std::nullopt;
  auto reading =
      context->store->read<Found>([response_id](state::Tables& tables) { return tables.runs.find(response_id); });
  const auto row = co_await std::move(reading);
  if (!row.ok() || !row.value() || !is_of(*row.value(), agent_id, subject)) co_return std::nullopt;
  auto key = sessions::parse_key(row.value()->session_key, agent_id);
  const std::string own = std::string(response_origin) + ":";  // Not of a header, not of a user.
  if (!key.ok() || !key.value().rest.starts_with(own)) co_return std::nullopt;
  co_return std::move(key).value();
}

}  // namespace omenia::openai
