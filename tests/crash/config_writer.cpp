#include "tests/crash/config_writer.h"

#include "shared/json/writer.h"

namespace omenia::crash {

namespace {

constexpr int pause_ms_max = 200;
constexpr unsigned one_in_needs_a_worker = 8;

std::string age(int number) {
  return "max-age=" + std::to_string(number);
}

}  // namespace

ConfigWriter::ConfigWriter(test::Gateway& gateway, std::uint32_t seed, Ledger& ledger)
    : gateway_(gateway), random_(seed), ledger_(ledger), thread_([this] { run(); }) {}

ConfigWriter::~ConfigWriter() {
  thread_.join();
  check();
}

void ConfigWriter::run() {
  while (!ledger_.stopping) {
    check();
    ++asked_;
    const std::size_t before = ledger_.config_writes;
    random_() % 4 == 0 ? write_with_command() : write_over_protocol();
    if (ledger_.config_writes == before) ++ledger_.config_not_written;
    ::poll(nullptr, 0, static_cast<int>(random_() % pause_ms_max));
  }
}

void ConfigWriter::write_over_protocol() {
  test::WsClient client(gateway_.port());
  if (client.upgrade_status() != 101 || !client.connect(gateway_.backend())["ok"].boolean()) return;
  const Json current = client.call("config.get");
  std::string raw = "{gateway: {http: {securityHeaders: {strictTransportSecurity: '" + age(asked_) + "'}}}";
  if (random_() % one_in_needs_a_worker == 0)
    raw += ", logging: {file: '" + gateway_.instance().home() + (asked_ % 2 == 0 ? "/gateway.log'}" : "/other.log'}");
  JsonWriter params;
  params.begin_object().member("raw", raw + "}").member("baseHash", current["payload"]["hash"].text()).end_object();
  const Json answer = client.call("config.patch", params.text());
  if (answer && !answer["ok"].boolean() && !answer["error"]["retryable"].boolean())
    ledger_.complain("a config write is refused: " + answer.dump());
  if (!answer["ok"].boolean()) return;
  acknowledged_ = asked_;
  ++ledger_.config_writes;
  check();
}

void ConfigWriter::write_with_command() {
  test::ChildProcess command = gateway_.instance().command(
      {"config", "set", "gateway.http.securityHeaders.strictTransportSecurity", age(asked_)});
  if (command.wait() != 0) return ledger_.complain("config set: " + command.errors());
  acknowledged_ = asked_;
  ++ledger_.config_writes;
  check();
}

void ConfigWriter::check() {
  const std::string text = test::read_file(gateway_.instance().config_path());
  const auto file = Json::parse(text);
  const std::string_view header =
      file.ok() ? file.value()["gateway"]["http"]["securityHeaders"]["strictTransportSecurity"].text() : "";
  const std::string mark = "max-age=";
  const int number = header.starts_with(mark) ? std::atoi(std::string(header.substr(mark.size())).c_str()) : -1;
  if (number >= acknowledged_ && number <= asked_) return;
  ++ledger_.config_lost;
  ledger_.complain("the configuration file should hold number " + std::to_string(acknowledged_) +
                   ", and holds: " + text.substr(0, 400));
}

}  // namespace omenia::crash
