#include "shared/protocol/launch.h"

#include <string_view>

#include "shared/base/version.h"
#include "shared/json/shape.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

constexpr Field address_fields[] = {
    {.name = "host", .type = JsonType::text, .required = true, .max = 64},
    {.name = "port", .type = JsonType::integer, .required = true, .min = 0, .max = 65535},
};
constexpr Shape address_shape{address_fields};

constexpr Field launch_fields[] = {
    {.name = "version", .type = JsonType::text, .required = true},
    {.name = "configPath", .type = JsonType::text, .required = true, .max = 4096},
    {.name = "stateDir", .type = JsonType::text, .required = true, .max = 4096},
    {.name = "profile", .type = JsonType::string, .required = true, .max = 256},
    {.name = "bindMode", .type = JsonType::string, .required = true, .max = 32},
    {.name = "logFile", .type = JsonType::string, .required = true, .max = 4096},
    {.name = "workerPath", .type = JsonType::text, .required = true, .max = 4096},
    {.name = "listen",
     .type = JsonType::array,
     .required = true,
     .min = 1,
     .max = limits::listen_addresses_max,
     .shape = &address_shape,
     .item = JsonType::object},
    {.name = "portFlag", .type = JsonType::integer, .required = true, .min = 0, .max = 65535},
    {.name = "bindFlag", .type = JsonType::string, .required = true, .max = 32},
    {.name = "tokenIsMade", .type = JsonType::boolean, .required = true},
    {.name = "authMode", .type = JsonType::string, .required = true, .max = 32},
    {.name = "token", .type = JsonType::string, .required = true},
    {.name = "password", .type = JsonType::string, .required = true},
    {.name = "verbose", .type = JsonType::boolean, .required = true},
    {.name = "allowUnconfigured", .type = JsonType::boolean, .required = true},
    {.name = "announce", .type = JsonType::boolean, .required = true},
    {.name = "degraded", .type = JsonType::boolean},
    {.name = "livingGenerations", .type = JsonType::array, .max = 16, .item = JsonType::integer},
};
constexpr Shape launch_shape{launch_fields};

Error refusal(const std::string& problem) {
  return fail(ErrorCode::system, "launch document: " + problem);
}

// Asked before the shape: the document of another release may well have other fields.
Result<void> check_version(JsonView document) {
  const std::string_view theirs = document["version"].text();
  if (theirs.empty() || theirs == version) return {};
  return refusal("it was written by OmeniaClaw " + std::string(theirs) + ", and this program is of release " + version +
                 ". Install one release completely, then run: OmeniaClaw gateway restart --supervisor");
}

Result<void> check_absolute(JsonView document, std::string_view name) {
  const std::string_view path = document[name].text();
  if (path.empty() || path.front() == '/') return {};
  return refusal("at /" + std::string(name) + ": must be an absolute path");
}

std::string text_of(JsonView member) {
  return std::string(member.text());
}

Result<Launch> launch_in(JsonView document) {
  if (const std::string problems = problems_of(document, launch_shape); !problems.empty()) return refusal(problems);
  for (const std::string_view name : {"configPath", "stateDir", "logFile", "workerPath"})
    TRY(check_absolute(document, name));

  Launch launch;
  launch.version = text_of(document["version"]);
  launch.config_path = text_of(document["configPath"]);
  launch.state_dir = text_of(document["stateDir"]);
  launch.profile = text_of(document["profile"]);
  launch.bind_mode = text_of(document["bindMode"]);
  launch.log_file = text_of(document["logFile"]);
  launch.worker_path = text_of(document["workerPath"]);
  for (JsonView item = document["listen"].first(); item; item = item.next())
    launch.listen.push_back({text_of(item["host"]), static_cast<int>(item["port"].integer())});
  launch.port_flag = static_cast<int>(document["portFlag"].integer());
  launch.bind_flag = text_of(document["bindFlag"]);
  launch.token_is_made = document["tokenIsMade"].boolean();
  launch.auth_mode = text_of(document["authMode"]);
  launch.token = Secret(text_of(document["token"]));
  launch.password = Secret(text_of(document["password"]));
  launch.verbose = document["verbose"].boolean();
  launch.allow_unconfigured = document["allowUnconfigured"].boolean();
  launch.announce = document["announce"].boolean();
  launch.degraded = document["degraded"].boolean();
  for (JsonView item = document["livingGenerations"].first(); item; item = item.next())
    launch.living_generations.push_back(item.integer());
  return launch;
}

}  // namespace

std::string Launch::to_json() const {
  JsonWriter json(1024);
  json.begin_object()
      .member("version", version)
      .member("configPath", config_path)
      .member("stateDir", state_dir)
      .member("profile", profile)
      .member("bindMode", bind_mode)
      .member("logFile", log_file)
      .member("workerPath", worker_path);
  json.key("listen").begin_array();
  for (const ListenAddress& address : listen)
    json.begin_object().member("host", address.host).member("port", address.port).end_object();
  json.end_array();
  json.member("portFlag", port_flag)
      .member("bindFlag", bind_flag)
      .member("tokenIsMade", token_is_made)
      .member("authMode", auth_mode)
      .member("token", token.reveal())
      .member("password", password.reveal())
      .member("verbose", verbose)
      .member("allowUnconfigured", allow_unconfigured)
      .member("announce", announce);
  json.member("degraded", degraded).key("livingGenerations").begin_array();
  for (const std::int64_t generation : living_generations) json.value(generation);
  json.end_array().end_object();
  return json.take();
}

Result<Launch> Launch::from_json(std::string_view text) {
  auto parsed = Json::parse(text, limits::launch_document_bytes_max);
  if (!parsed.ok()) return refusal(parsed.error().message);
  TRY(check_version(parsed.value()));
  return launch_in(parsed.value());
}

Result<Launch> Launch::of_predecessor(std::string_view text) {
  auto parsed = Json::parse(text, limits::launch_document_bytes_max);
  if (!parsed.ok()) return refusal(parsed.error().message);
  TRY_ASSIGN(Launch launch, launch_in(parsed.value()));
  launch.version = omenia::version;
  return launch;
}

}  // namespace omenia
