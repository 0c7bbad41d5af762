// A configuration file that cannot be used leaves a running gateway as it was, whatever is wrong with it, and the log
// says exactly what: the path, the line, and what was expected.
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <functional>

#include "tests/flow/reload.h"

namespace omenia::test {
namespace {

constexpr const char* skipped = "config reload skipped";

class BadConfig : public Reload {
 protected:
  struct Row {
    const char* what;
    std::string text;                // Of the whole file.
    std::vector<std::string> words;  // All in the line that says why it was skipped.
  };

  void SetUp() override {
    Reload::SetUp();
    start_with({});
  }

  // A good file whose line 3 is this.
  std::string with(const std::string& member) const {
    return "{\n\n" + member + ",\n  gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
           ", auth: {token: '" + gateway.token() + "'}},\n  logging: {file: '" + log_path() + "'},\n}";
  }
  // The same within `gateway`, which is a line of its own.
  std::string with_gateway(const std::string& member) const {
    return "{\n  gateway: {\n    mode: 'local', port: " + std::to_string(gateway.port()) + ",\n    auth: {token: '" +
           gateway.token() + "'},\n    " + member + "\n  },\n  logging: {file: '" + log_path() + "'},\n}";
  }

  std::string last_refusal() const {
    const std::string log = read_file(log_path());
    const std::size_t at = log.rfind(std::string("\"message\":\"") + skipped);
    if (at == std::string::npos) return "";
    std::string line = log.substr(at, log.find('\n', at) - at);
    for (std::size_t quote = 0; (quote = line.find("\\\"", quote)) != std::string::npos;) line.erase(quote, 1);
    return line;
  }

  // Whole at once: a gateway that has just started may look at any moment.
  void replace_config(const std::string& text) {
    const std::string path = gateway.instance().config_path();
    write_file(path + ".new", text);
    ASSERT_EQ(std::rename((path + ".new").c_str(), path.c_str()), 0);
  }

  // `spoil` changes the files; the gateway says why it does not follow, and goes on as before.
  void expect_refused(const std::string& what, const std::vector<std::string>& words,
                      const std::function<void()>& spoil) {
    SCOPED_TRACE(what);
    const std::size_t before = count(skipped);
    spoil();
    ASSERT_TRUE(eventually([&] { return count(skipped) > before; })) << "nothing was said";
    const std::string said = last_refusal();
    for (const std::string& word : words) EXPECT_THAT(said, HasSubstr(word));
    EXPECT_EQ(status_of("/v1/models", gateway.token()), 200);
    EXPECT_EQ(gateway.worker_pid(), worker) << "another worker";
  }
  void expect_refused(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      expect_refused(row.what, row.words, [&] { replace_config(row.text); });
      EXPECT_EQ(read_file(gateway.instance().config_path()), row.text) << "the operator's file is left alone";
    }
  }
  void expect_a_good_file_counts() {
    std::filesystem::remove_all(gateway.instance().config_path());
    expect_applied({.root = "session: {scope: 'global'}"}, "session.scope");
    EXPECT_EQ(count("config hot reload applied"), 1u);
    EXPECT_EQ(count("config change requires gateway restart"), 0u);
  }
};

TEST_F(BadConfig, OfSyntax) {
  std::string deep = with("deep: ");
  deep.insert(deep.find("deep: ") + 6, std::string(200, '[') + std::string(200, ']'));
  expect_refused({
      {"empty", "", {"JSON5 parse failed", "1:1"}},
      {"half written", text_of({}).substr(0, 40), {"JSON5 parse failed", "at 1:41"}},
      {"a brace missing", with("session: {scope: 'global'"), {"JSON5 parse failed", "at "}},
      {"no object", "[1, 2]", {"expected object, received array", "line 1"}},
      {"two documents", text_of({}) + "\n{}", {"JSON5 parse failed", "at 2:1"}},
      {"a string not ended", with("session: {scope: 'glo"), {"JSON5 parse failed", "at 3:"}},
      {"binary",
       std::string("\x7f"
                   "ELF\x02\x01\x01\0\0\0\xff\xfe",
                   12),
       {"JSON5 parse failed", "at 1:1"}},
      {"a byte that is no UTF-8", with("session: {scope: '\xff'}"), {"JSON5 parse failed", "UTF-8", "at 3:"}},
      {"a NUL", with(std::string("session: {scope: 'a\0b'}", 23)), {"JSON5 parse failed", "at 3:"}},
      {"too deep", deep, {"JSON5 parse failed", "deep", "at 3:"}},
      {"the same key twice", with_gateway("bind: 'loopback', bind: 'lan'"), {"bind", "twice", "5:"}},
      {"huge", "{a: '" + std::string(limits::config_file_bytes_max, 'x') + "'}", {"larger than 2097152 bytes"}},
  });
  expect_a_good_file_counts();
}

TEST_F(BadConfig, OfTypesAndRanges) {
  expect_refused({
      {"a number that is text",
       with_gateway("http: {endpoints: {models: {enabled: 'yes'}}}"),
       {"gateway.http.endpoints.models.enabled: Invalid input: expected boolean, received string", "line 5"}},
      {"a number that is no number",
       with("agents: {defaults: {timeoutSeconds: '5'}}"),
       {"agents.defaults.timeoutSeconds: Invalid input: expected number, received string", "line 3"}},
      {"a fraction",
       with("agents: {defaults: {timeoutSeconds: 1.5}}"),
       {"agents.defaults.timeoutSeconds", "expected integer, received number", "line 3"}},
      {"too small",
       with("agents: {defaults: {timeoutSeconds: -1}}"),
       {"agents.defaults.timeoutSeconds", ">=0", "line 3"}},
      {"too large",
       with("agents: {defaults: {maxConcurrent: 513}}"),
       {"agents.defaults.maxConcurrent", "<=512", "line 3"}},
      {"null", with("session: null"), {"session: Invalid input: expected object, received null", "line 3"}},
      {"a list for a record",
       with("models: {providers: [1]}"),
       {"models.providers: Invalid input: expected", "line 3"}},
      {"not one of the names",
       with("session: {scope: 'everybody'}"),
       {"session.scope: Invalid input (allowed: \"per-sender\", \"global\")", "line 3"}},
      {"not an origin",
       with_gateway("controlUi: {allowedOrigins: ['ui.example/x']}"),
       {"gateway.controlUi.allowedOrigins", "line 5"}},
      {"not a network", with_gateway("trustedProxies: ['10.0.0.0/33']"), {"gateway.trustedProxies", "line 5"}},
      {"not a URL",
       with("models: {providers: {p: {baseUrl: 'ftp://x'}}}"),
       {"models.providers.p.baseUrl", "http", "line 3"}},
      {"a path that is relative",
       with("agents: {defaults: {workspace: 'here'}}"),
       {"agents.defaults.workspace", "absolute", "line 3"}},
  });
  expect_a_good_file_counts();
}

TEST_F(BadConfig, OfNames) {
  expect_refused({
      {"unknown", with("nothingKnown: 1"), {"Unrecognized key: \"nothingKnown\"", "line 3"}},
      {"misspelt",
       with_gateway("relaod: {mode: 'hot'}"),
       {"gateway: Unrecognized key: \"relaod\"", "\"reload\"", "line 5"}},
      {"several at once",
       with("nothingKnown: 1, session: {scope: 1, mainKy: 'x'}"),
       {"nothingKnown", "session.scope", "mainKy", "\"mainKey\""}},
      {"unknown in a record",
       with("agents: {entries: {zoe: {modle: 'x'}}}"),
       {"agents.entries.zoe: Unrecognized key: \"modle\"", "\"model\"", "line 3"}},
  });
  expect_a_good_file_counts();
}

TEST_F(BadConfig, OfWhatAGatewayWouldNotStartWith) {
  const std::string port = std::to_string(gateway.port());
  expect_refused({
      {"of a client", "{gateway: {mode: 'remote', port: " + port + "}}", {"gateway.mode"}},
      {"without a mode", "{gateway: {port: " + port + "}}", {"gateway.mode"}},
      {"open to everybody",
       "{gateway: {mode: 'local', bind: 'lan', port: " + port + ", auth: {mode: 'none'}}}",
       {"without auth"}},
      {"a custom address that is missing", with_gateway("bind: 'custom'"), {"gateway.customBindHost"}},
      {"token and password and no mode",
       "{gateway: {mode: 'local', port: " + port + ", auth: {token: 'one-long-token', password: 'another-long-one'}}}",
       {"gateway.auth.mode"}},
  });
  expect_a_good_file_counts();
}

TEST_F(BadConfig, OfIncludes) {
  const std::string home = gateway.instance().home();
  const auto file = [&](const std::string& name, const std::string& text) { write_file(home + "/" + name, text); };
  file("cycle-a.json", "{$include: './cycle-b.json'}");
  file("cycle-b.json", "{$include: './cycle-a.json'}");
  file("broken.json", "{scope: ");
  file("wrong.json", "{\n\n  scope: 1}");
  file("huge.json", "{a: '" + std::string(limits::config_file_bytes_max, 'x') + "'}");
  file("list.json", "[1]");
  for (int i = 0; i < 12; ++i)
    file("deep" + std::to_string(i) + ".json", "{$include: './deep" + std::to_string(i + 1) + ".json'}");
  file("deep12.json", "{}");
  std::filesystem::create_symlink("/etc/hostname", home + "/link.json");
  const auto session = [&](const std::string& what) { return with("session: {$include: " + what + "}"); };
  expect_refused({
      {"missing", session("'./gone.json'"), {"session", "there is no file", "gone.json", "line 3"}},
      {"in a circle",
       session("'./cycle-a.json'"),
       {"include each other: cycle-a.json → cycle-b.json → cycle-a.json", "cycle-b.json line 1"}},
      {"too deep", session("'./deep0.json'"), {"nested 10 deep", "deep9.json line 1"}},
      {"out of the folder",
       session("'../../../../etc/hostname'"),
       {"/etc/hostname", "leads out of", "OmeniaClaw_INCLUDE_ROOTS", "line 3"}},
      {"out by a link", session("'./link.json'"), {"link.json", "leads out of", "line 3"}},
      {"broken", session("'./broken.json'"), {"broken.json", "JSON5 parse failed", "at 1:9"}},
      {"with a wrong value", session("'./wrong.json'"), {"session.scope", "wrong.json line 3"}},
      {"huge", session("'./huge.json'"), {"huge.json", "larger than 2097152 bytes"}},
      {"no object", session("'./list.json'"), {"list.json", "object"}},
      {"no name", session("7"), {"$include: expected a path or a list of paths", "line 3"}},
  });
  expect_a_good_file_counts();
}

TEST_F(BadConfig, OfFilesThatAreNone) {
  const std::string path = gateway.instance().config_path();
  const auto replace = [&](const std::function<void()>& put) {
    std::filesystem::remove_all(path);
    put();
  };
  expect_refused("gone", {"config file not found"}, [&] { std::filesystem::remove(path); });
  expect_refused("a folder", {path, "not a regular file"}, [&] { replace([&] { ::mkdir(path.c_str(), 0700); }); });
  expect_refused("a link to itself", {path}, [&] { replace([&] { ::symlink(path.c_str(), path.c_str()); }); });
  expect_refused("a pipe", {path, "not a regular file"}, [&] { replace([&] { ::mkfifo(path.c_str(), 0600); }); });
  expect_a_good_file_counts();
}

// Root may read everything, so it gives that up.
TEST_F(Reload, OfAFileThatMayNotBeReadChangesNothing) {
  gateway.instance().write_config(text_of({}));
  ChildProcess process(
      "/usr/bin/setpriv",
      {"--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", program_path("bin/OmeniaClaw"), "gateway"},
      gateway.instance().variables());
  if (!process.says(") ready")) GTEST_SKIP() << "setpriv cannot take the right away here: " << process.errors();
  const std::string path = gateway.instance().config_path();
  write_file(path + ".new", text_of({.root = "session: {scope: 'global'}"}), 0000);
  std::filesystem::rename(path + ".new", path);
  EXPECT_TRUE(logs("config reload skipped (invalid config): Cannot read " + path + ": Permission denied"));
  EXPECT_EQ(status_of("/v1/models", gateway.token()), 200);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  EXPECT_TRUE(logs("config hot reload applied (session.scope)"));
}

// An editor that writes in place, slowly: nothing is made of the halves.
TEST_F(BadConfig, HalfAFileIsNoFile) {
  const std::string text = text_of({.root = "session: {scope: 'global'}"});
  expect_refused("the first half", {"JSON5 parse failed"},
                 [&] { gateway.instance().write_config(text.substr(0, text.size() / 2)); });
  gateway.instance().write_config(text);
  EXPECT_TRUE(logs("config hot reload applied (session.scope)"));
  EXPECT_EQ(gateway.worker_pid(), worker);
}

}  // namespace
}  // namespace omenia::test
