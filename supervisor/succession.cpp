#include "supervisor/succession.h"

#include "shared/base/version.h"
#include "shared/json/shape.h"
#include "shared/json/writer.h"
#include "shared/protocol/control.h"

namespace omenia::supervisor {

namespace {

constexpr int descriptor_max = 1 << 20;
constexpr int workers_max = limits::draining_workers_max + 2;

constexpr Field worker_fields[] = {
    {.name = "pid", .type = JsonType::integer, .required = true, .min = 1},
    {.name = "generation", .type = JsonType::integer, .required = true, .min = 1},
    {.name = "storeGeneration", .type = JsonType::integer, .required = true, .min = 0},
    {.name = "control", .type = JsonType::integer, .required = true, .min = 3, .max = descriptor_max},
    {.name = "serves", .type = JsonType::boolean, .required = true},
    {.name = "toldToLeave", .type = JsonType::boolean, .required = true},
    {.name = "leaveMs", .type = JsonType::integer, .required = true, .min = 0},
};
constexpr Shape worker_shape{worker_fields};

constexpr Field caller_fields[] = {
    {.name = "pid", .type = JsonType::integer, .required = true, .min = 0},
    {.name = "socket", .type = JsonType::integer, .required = true, .min = 3, .max = descriptor_max},
    {.name = "replacedWorker", .type = JsonType::string, .required = true, .max = 256},
};
constexpr Shape caller_shape{caller_fields};

constexpr Field succession_fields[] = {
    {.name = "successionProtocol", .type = JsonType::integer, .required = true},
    {.name = "controlProtocol", .type = JsonType::integer, .required = true},
    {.name = "version", .type = JsonType::text, .required = true},
    {.name = "launch", .type = JsonType::object, .required = true},
    {.name = "generation", .type = JsonType::integer, .required = true, .min = 0},
    {.name = "lock", .type = JsonType::integer, .required = true, .min = 3, .max = descriptor_max},
    {.name = "listeners",
     .type = JsonType::array,
     .required = true,
     .min = 1,
     .max = limits::listen_addresses_max,
     .item = JsonType::integer},
    {.name = "notifyAddress", .type = JsonType::string, .required = true, .max = 4096},
    {.name = "watchdogMs", .type = JsonType::integer, .required = true, .min = 0},
    {.name = "workers",
     .type = JsonType::array,
     .required = true,
     .max = workers_max,
     .shape = &worker_shape,
     .item = JsonType::object},
    {.name = "callers",
     .type = JsonType::array,
     .required = true,
     .max = 64,
     .shape = &caller_shape,
     .item = JsonType::object},
};
constexpr Shape succession_shape{succession_fields};

Error cannot_follow(const std::string& why) {
  return fail(ErrorCode::system, std::string("release ") + version + " cannot take over from the running supervisor: " +
                                     why + ". Stop the gateway and start it again");
}

// Asked before the shape: another protocol may well have other fields.
Result<void> check_protocols(JsonView document) {
  const std::string theirs = "it is of release " + std::string(document["version"].text("unknown"));
  if (document["successionProtocol"].integer() != succession_protocol)
    return cannot_follow(theirs + ", which leaves its workers in another way");
  if (document["controlProtocol"].integer() != control_protocol)
    return cannot_follow(theirs + ", whose workers speak control protocol " + document["controlProtocol"].dump() +
                         " instead of " + std::to_string(control_protocol));
  return {};
}

Succession::Worker worker_in(JsonView item) {
  Succession::Worker worker;
  worker.pid = static_cast<pid_t>(item["pid"].integer());
  worker.generation = static_cast<int>(item["generation"].integer());
  worker.store_generation = item["storeGeneration"].integer();
  worker.control = static_cast<int>(item["control"].integer());
  worker.serves = item["serves"].boolean();
  worker.told_to_leave = item["toldToLeave"].boolean();
  worker.leave_ms = item["leaveMs"].integer();
  return worker;
}

}  // namespace

std::vector<int> Succession::descriptors() const {
  std::vector<int> all = listeners;
  all.push_back(lock);
  for (const Worker& worker : workers) all.push_back(worker.control);
  for (const Caller& caller : callers) all.push_back(caller.socket);
  return all;
}

std::string Succession::to_json() const {
  JsonWriter json(2048);
  json.begin_object().member("successionProtocol", succession_protocol).member("controlProtocol", control_protocol);
  json.member("version", version).raw_member("launch", launch.to_json());
  json.member("generation", generation).member("lock", lock).key("listeners").begin_array();
  for (const int listener : listeners) json.value(listener);
  json.end_array().member("notifyAddress", notify_address).member("watchdogMs", watchdog_ms);
  json.key("workers").begin_array();
  for (const Worker& worker : workers) {
    json.begin_object().member("pid", static_cast<std::int64_t>(worker.pid)).member("generation", worker.generation);
    json.member("storeGeneration", worker.store_generation).member("control", worker.control);
    json.member("serves", worker.serves).member("toldToLeave", worker.told_to_leave);
    json.member("leaveMs", worker.leave_ms).end_object();
  }
  json.end_array().key("callers").begin_array();
  for (const Caller& caller : callers) {
    json.begin_object().member("pid", static_cast<std::int64_t>(caller.pid)).member("socket", caller.socket);
    json.member("replacedWorker", caller.replaced_worker).end_object();
  }
  return json.end_array().end_object().take();
}

Result<Succession> Succession::from_json(std::string_view text) {
  const auto parsed = Json::parse(text, limits::launch_document_bytes_max);
  if (!parsed.ok()) return cannot_follow(parsed.error().message);
  const JsonView document = parsed.value().view();
  TRY(check_protocols(document));
  if (const auto problems = problems_of(document, succession_shape); !problems.empty()) return cannot_follow(problems);
  auto launch = Launch::of_predecessor(document["launch"].dump());
  if (!launch.ok()) return cannot_follow(launch.error().message);
  Succession left;
  left.launch = std::move(launch).value();
  left.generation = static_cast<int>(document["generation"].integer());
  left.lock = static_cast<int>(document["lock"].integer());
  for (JsonView item = document["listeners"].first(); item; item = item.next())
    left.listeners.push_back(static_cast<int>(item.integer()));
  left.notify_address = document["notifyAddress"].text();
  left.watchdog_ms = static_cast<int>(document["watchdogMs"].integer());
  for (JsonView item = document["workers"].first(); item; item = item.next()) left.workers.push_back(worker_in(item));
  for (JsonView item = document["callers"].first(); item; item = item.next())
    left.callers.push_back({static_cast<pid_t>(item["pid"].integer()), static_cast<int>(item["socket"].integer()),
                            std::string(item["replacedWorker"].text())});
  return left;
}

}  // namespace omenia::supervisor
