// OmeniaClaw-worker: serves the gateway's port. Started by the supervisor alone, which hands it the listening sockets,
// the launch document and a control socket.

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "shared/base/version.h"
#include "shared/json/writer.h"
#include "worker/agents/system_events.h"
#include "worker/announce.h"
#include "worker/config/lines.h"
#include "worker/drain.h"
#include "worker/startup.h"
#include "worker/stuck.h"

namespace omenia::worker {

namespace {

std::string hello_line() {
  JsonWriter hello;
  hello.begin_object().member("type", "hello").member("protocol", control_protocol).member("version", version);
  return hello.member("pid", static_cast<std::int64_t>(::getpid())).end_object().take();
}

std::string refusal_line(const Error& error) {
  JsonWriter refusal;
  refusal.begin_object().member("type", "refused").member("message", error.message);
  return refusal.member("exit", row_of(error.code).exit_code).end_object().take();
}

// Says why on the control socket, in the same form as a channel would, and ends.
int refuse(const Error& error) {
  const std::string lines = hello_line() + "\n" + refusal_line(error) + "\n";
  if (::write(control_descriptor, lines.data(), lines.size()) < 0)
    std::fprintf(stderr, "OmeniaClaw-worker: %s\n", error.message.c_str());
  return row_of(error.code).exit_code;
}

void obey(Context& context, JsonView message) {
  const std::string_view type = message["type"].text();
  if (type == "hello") {
    if (message["protocol"].integer() != control_protocol)
      context.log.logger("gateway").error("the supervisor is of another release (" +
                                          std::string(message["version"].text("unknown")) + "); restart the service");
  } else if (type == "plan") {
    context.control->send(plan_line(context));
  } else if (type == "apply") {
    context.control->send(apply_line(context));
  } else if (type == "swapFailed") {
    context.swap_problem = message["reason"].text();
  } else if (type == "peer") {
    context.relay.join(message["generation"].integer(), context.control->take_descriptor());
  } else if (type == "gone") {
    context.requests.spawn(context.runs->recover_from(message["generation"].integer()));
  } else if (type == "drain") {
    begin_drain(context, {message["deadlineMs"].integer(limits::stop_drain_ms),
                          std::string(message["reason"].text("gateway stopping")),
                          message["restartExpectedMs"].integer(), message["swap"].boolean()});
  } else if (type == "stop") {
    context.loop.stop();
  }
}

void say_ready(Context& context) {
  JsonWriter ready;
  ready.begin_object().member("type", "ready").member("generation", context.generation).end_object();
  context.control->send(ready.text());
  const Logger log = context.log.logger("gateway");
  log.info("agent model: " + context.catalog->default_name());
  log.info("http server listening on " + context.address("http", "https"));
  log.info("log file: " + context.log.file());
  if (!context.launch.announce) return;
  std::fputs(announcement(context).c_str(), stdout);
  std::fflush(stdout);
}

struct Opened {
  std::int64_t generation = 0;
  std::string instance_id;
};

Result<Opened> open_generation(state::Tables& tables) {
  Opened opened;
  TRY_ASSIGN(opened.generation, tables.meta.next_generation());
  TRY_ASSIGN(opened.instance_id, tables.meta.instance_id());
  return opened;
}

// Runs are told apart by the worker that owns them, so nothing is accepted before this worker has its number; and what
// was accepted before has its place before anything new.
Task<void> open_for_business(Context* context) {
  auto opening = context->store->write<Opened>(open_generation);
  const auto opened = co_await std::move(opening);
  if (!opened.ok()) {
    context->control->send(refusal_line(opened.error()));
    context->exit_code = row_of(opened.error().code).exit_code;
    context->loop.stop();
    co_return;
  }
  context->generation = opened.value().generation;
  context->instance_id = opened.value().instance_id;
  context->runs->set_generation(context->generation);
  auto taking = context->runs->take_up_left_over();
  auto others = co_await std::move(taking);
  listen_on_inherited(*context);
  say_ready(*context);
  auto interrupting = context->runs->interrupt(std::move(others));
  co_await std::move(interrupting);
  auto waking = agents::wake_left_over(context->store.get(), context->runs.get());
  co_await std::move(waking);
}

// A shell's usual 1024 are too few; and libwebsockets makes a table of as many as there may be, which some systems set
// to a million.
void bound_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, limits::descriptors_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(Beginnings beginnings) {
  Context context(std::move(beginnings));
  if (auto built = build(context); !built.ok()) return refuse(built.error());
  context.control = std::make_unique<ControlChannel>(
      context.loop, Fd(control_descriptor), [&context](JsonView message) { obey(context, message); },
      [&context](std::string reason) {
        context.log.logger("gateway").error("the supervisor is gone (" + reason + "); leaving");
        context.loop.stop();
      });
  write_stack_when_asked(context.launch.state_dir);
  context.control->send(hello_line());
  context.requests.spawn(open_for_business(&context));
  context.loop.poll_busily(limits::loop_busy_poll_us);
  context.loop.run();
  if (context.exit_code == 0) context.log.logger("gateway").info("completed cleanly");
  return context.exit_code;
}

}  // namespace

}  // namespace omenia::worker

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::printf("OmeniaClaw-worker %s (%s)\n", omenia::version, omenia::commit);
    return 0;
  }
  ::signal(SIGPIPE, SIG_IGN);
  omenia::worker::bound_descriptors();
  auto beginnings = omenia::worker::read_beginnings();
  if (!beginnings.ok()) return omenia::worker::refuse(beginnings.error());
  return omenia::worker::serve(std::move(beginnings).value());
}
