#pragma once
// Scene: a gateway that is installed in a folder of its own, so that it can be upgraded, all its clients, and the
// changes that are made to it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "tests/support/gateway.h"
#include "tests/support/mock_upstream.h"
#include "tests/support/notify_socket.h"
#include "tests/swap/http_callers.h"
#include "tests/swap/prober.h"
#include "tests/swap/socket_clients.h"

namespace omenia::swap {

struct Effort {
  int changes = 100;
  int upgrades = 20;
  std::uint32_t seed = 0;
  int http_connections = 64;
  int socket_clients = 200;
};

class Scene {
 public:
  explicit Scene(const Effort& effort);
  bool play();

 private:
  enum class Change { signal, edit, upgrade };

  bool start();
  void change_many();
  void upgrade_many();
  void follow_a_long_answer();
  bool make(Change change);  // True when another worker serves.
  void make_and_check(Change change, int number);
  void edit_config();
  void replace_worker();
  void count_leftovers();
  bool report(int exit_code) const;

  Effort effort_;
  std::mt19937 random_;
  test::TempDir stage_;  // The installed gateway.
  test::MockUpstream mock_{0, false};
  std::optional<test::Gateway> gateway_;
  std::optional<test::NotifySocket> notify_;
  Tally tally_;
  std::unique_ptr<Prober> prober_;
  std::unique_ptr<HttpCallers> callers_;
  std::unique_ptr<SocketClients> sockets_;

  int edits_ = 0;
  int swaps_ = 0;
  int swaps_failed_ = 0;
  std::size_t sockets_not_back_ = 0;
  int runs_ = 0;
  int runs_crossed_ = 0;
  int runs_wrong_ = 0;
  int upgrades_without_effect_ = 0;
  int workers_left_over_ = 0;
  std::int64_t longest_swap_ms_ = 0;
};

}  // namespace omenia::swap
