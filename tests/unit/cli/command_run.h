#pragma once
// CommandRun: the whole command line in this process, with a home directory and an environment of its own, and what it
// wrote.

#include <map>
#include <string>
#include <vector>

#include "cli/program.h"

namespace omenia::cli {

struct CommandResult {
  int exit_code = 0;
  std::string results;  // Standard output.
  std::string notes;    // Standard error.
};

class CommandRun {
 public:
  CommandRun();
  ~CommandRun();  // Removes the home directory.
  CommandRun(const CommandRun&) = delete;
  CommandRun& operator=(const CommandRun&) = delete;

  CommandResult operator()(const std::vector<std::string>& words);

  void write_config(const std::string& text);  // Of the default profile.
  std::string config_text(const std::string& profile = "") const;
  const std::string& home() const { return home_; }

  std::map<std::string, std::string, std::less<>> variables;

 private:
  std::string home_;
};

}  // namespace omenia::cli
