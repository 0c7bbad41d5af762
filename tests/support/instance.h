#pragma once
// Instance: the surroundings of one gateway: a home of its own, a state directory, a config file, a port and a token.
// Commands run in it see nothing of the machine's real home or environment.

#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/port_lease.h"
#include "tests/support/temp_dir.h"

namespace omenia::test {

// Where the programs under test are: the build tree, or OMENIA_TEST_PREFIX for an installed one.
std::string program_path(const std::string& name);

class Instance {
 public:
  Instance();

  int port() const { return lease_.port(); }
  const std::string& token() const { return token_; }
  std::string home() const { return home_.path(); }
  std::string state_dir() const { return home_ / "state"; }
  std::string config_path() const { return home_ / "config.json"; }
  std::string log_path() const { return home_ / "gateway.log"; }

  // A config of mode local with this port and token. `model_port` 0: no provider, the built-in model answers. With one,
  // the model of agent "main" is mock/mock-1 and every other behaviour of the mock has an agent of its name without
  // "mock-": agent "gated" speaks to mock/mock-gated. `more` are further members of the root, `gateway_more` of
  // "gateway", both starting with a comma.
  void configure(int model_port = 0, const std::string& more = {}, const std::string& gateway_more = {}) const;
  void write_config(std::string_view text) const { write_file(config_path(), text); }

  Variables& variables() { return variables_; }  // The environment of commands.
  ChildProcess command(const std::vector<std::string>& arguments) const;

 private:
  TempDir home_;
  PortLease lease_;
  std::string token_;
  Variables variables_;
};

}  // namespace omenia::test
