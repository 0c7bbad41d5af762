#include "tests/unit/worker/reload_fixture.h"

#include "worker/config/launch_settings.h"
#include "worker/startup.h"

namespace omenia::test {

void ReloadTest::start_with(std::string_view text) {
  edit(text);
  launch.config_path = config_path();
  launch.state_dir = folder.path();
  launch.log_file = folder / "log";
  const Environment environment = worker::environment_of(launch);
  auto loaded = load_config(config_path(), environment);
  ASSERT_TRUE(loaded.ok() && loaded.value().valid()) << describe_errors(loaded.value());
  auto settings =
      effective_settings(worker::flags_of(launch), environment, worker::paths_of(launch), loaded.value(), std::nullopt);
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  launch.listen = settings.value().listen;
  launch.bind_mode = settings.value().bind.value;
  auto options = worker::log_options(launch, loaded.value().config, environment);
  options.value().console_level = LogLevel::silent;
  worker::Beginnings beginnings{launch, std::move(loaded).value(), worker::auth_settings(launch, settings.value().auth),
                                Log::open(options.value()).value()};
  context = std::make_unique<worker::Context>(std::move(beginnings));
  const auto built = worker::build(*context);
  ASSERT_TRUE(built.ok()) << built.error().message;
}

std::string ReloadTest::planned_action() {
  const worker::PlannedReload& planned = plan();
  if (!planned.problems.empty()) return planned.text;
  return std::string(to_text(planned.decision.action));
}

void ReloadTest::take_over() {
  ASSERT_EQ(planned_action(), "apply");
  const auto applied = context->live_config.apply();
  ASSERT_TRUE(applied.ok()) << applied.error().message;
}

std::string ReloadTest::log_text() {
  context->log.flush();
  return read_file(folder / "log");
}

std::string gateway_config(std::string_view members, std::string_view more, std::string_view auth) {
  return "{gateway: {mode: 'local', auth: {" + std::string(auth) + "}, " + std::string(members) + "}, " +
         std::string(more) + "}";
}

}  // namespace omenia::test
