#include "tests/unit/cli/command_run.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace omenia::cli {

namespace {

// A stream that ends in a string.
class Capture {
 public:
  Capture() : stream_(::open_memstream(&text_, &size_)) {}
  ~Capture() { std::free(text_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  std::FILE* stream() { return stream_; }
  std::string take() {
    std::fclose(stream_);
    return std::string(text_, size_);
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream_;
};

}  // namespace

CommandRun::CommandRun() {
  std::string pattern = (std::filesystem::temp_directory_path() / "omenia-cli-XXXXXX").string();
  home_ = ::mkdtemp(pattern.data());
  variables["HOME"] = home_;
}

CommandRun::~CommandRun() {
  std::filesystem::remove_all(home_);
}

CommandResult CommandRun::operator()(const std::vector<std::string>& words) {
  Capture results;
  Capture notes;
  Context context{.output = Output(results.stream(), notes.stream()),
                  .environment = [this](std::string_view name) -> std::optional<std::string> {
                    const auto found = variables.find(name);
                    return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
                  },
                  .executable = "/opt/OmeniaClaw/bin/OmeniaClaw",
                  .paths = {},
                  .config = {}};
  CommandResult result;
  result.exit_code = run_program(context, words);
  result.results = results.take();
  result.notes = notes.take();
  return result;
}

void CommandRun::write_config(const std::string& text) {
  std::filesystem::create_directories(home_ + "/.OmeniaClaw");
  std::ofstream(home_ + "/.OmeniaClaw/OmeniaClaw.json") << text;
}

std::string CommandRun::config_text(const std::string& profile) const {
  std::ifstream file(home_ + "/.OmeniaClaw" + (profile.empty() ? "" : "-" + profile) + "/OmeniaClaw.json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace omenia::cli
