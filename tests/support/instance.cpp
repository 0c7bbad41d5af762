#include "tests/support/instance.h"

#include <cstdlib>

#include "shared/base/ids.h"
#include "shared/json/writer.h"
#include "tests/support/mock_behaviour.h"

namespace omenia::test {

namespace {

void write_gateway(JsonWriter& writer, int port, const std::string& token, const std::string& more) {
  writer.key("gateway").begin_object().member("mode", "local").member("port", port);
  writer.key("auth").begin_object().member("mode", "token").member("token", token).end_object();
  if (!more.empty()) writer.raw(std::string_view(more).substr(1));
  writer.end_object();
}

void write_provider(JsonWriter& writer, int model_port) {
  writer.key("models").begin_object().key("providers").begin_object().key("mock").begin_object();
  writer.member("baseUrl", "http://127.0.0.1:" + std::to_string(model_port) + "/v1");
  writer.member("apiKey", "mock-key").member("api", "openai-completions").key("models").begin_array();
  for (const auto model : mock_models()) {
    writer.begin_object().member("id", model).member("name", model).end_object();
  }
  writer.end_array().end_object().end_object().end_object();
}

void write_agents(JsonWriter& writer) {
  writer.key("agents").begin_object().key("defaults").begin_object().key("model").begin_object();
  writer.member("primary", "mock/mock-1").end_object().end_object().key("entries").begin_object();
  writer.key("main").begin_object().member("model", "mock/mock-1").end_object();
  for (const auto model : mock_models().subspan(1)) {
    const std::string name(model.substr(std::string_view("mock-").size()));
    writer.key(name).begin_object().member("model", "mock/" + std::string(model)).end_object();
  }
  writer.end_object().end_object();
}

}  // namespace

std::string program_path(const std::string& name) {
  const char* prefix = std::getenv("OMENIA_TEST_PREFIX");
  return std::string(prefix != nullptr ? prefix : OMENIA_BUILD_DIR) + "/" + name;
}

Instance::Instance() : token_(random_token()) {
  variables_ = {{"HOME", home()},
                {"TMPDIR", home()},
                {"PATH", "/usr/bin:/bin"},
                {"NO_COLOR", "1"},
                {"OmeniaClaw_STATE_DIR", state_dir()},
                {"OmeniaClaw_CONFIG_PATH", config_path()}};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) variables_[name] = value;
  }
}

void Instance::configure(int model_port, const std::string& more, const std::string& gateway_more) const {
  JsonWriter writer;
  writer.begin_object();
  write_gateway(writer, port(), token_, gateway_more);
  if (model_port != 0) {
    write_provider(writer, model_port);
    write_agents(writer);
  }
  writer.key("logging").begin_object().member("file", log_path()).end_object().end_object();
  std::string text = writer.take();
  text.insert(text.size() - 1, more);
  write_config(text);
}

ChildProcess Instance::command(const std::vector<std::string>& arguments) const {
  return ChildProcess(program_path("bin/OmeniaClaw"), arguments, variables_);
}

}  // namespace omenia::test
