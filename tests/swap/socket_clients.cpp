#include "tests/swap/socket_clients.h"

#include <algorithm>

namespace omenia::swap {

namespace {

constexpr int wait_ms = 100;  // Of a client that the gateway asks to come later; published ones wait longer.

}  // namespace

SocketClients::SocketClients(int clients, int port, test::Identity identity, Tally& tally)
    : port_(port), identity_(std::move(identity)), tally_(tally) {
  for (int number = 0; number < clients; ++number) hellos_.push_back(std::make_unique<Count>(0));
  for (auto& hellos : hellos_) threads_.emplace_back([this, &hellos] { run(*hellos); });
}

SocketClients::~SocketClients() {
  for (std::thread& thread : threads_) thread.join();
}

std::size_t SocketClients::behind(std::size_t hellos) const {
  return static_cast<std::size_t>(
      std::count_if(hellos_.begin(), hellos_.end(), [hellos](const auto& said) { return *said < hellos; }));
}

bool SocketClients::all_back(std::size_t hellos) const {
  return test::eventually([&] { return behind(hellos) == 0; });
}

void SocketClients::run(Count& hellos) {
  while (!tally_.stopping) {
    test::WsClient client(port_);
    if (tally_.stopping) return;
    if (!client.socket().open()) {
      ++tally_.refused;
      continue;
    }
    if (client.upgrade_status() == 429 || client.upgrade_status() == 503) {
      ++tally_.sockets_told_to_wait;
      ::poll(nullptr, 0, wait_ms);
      continue;
    }
    const bool welcome = client.upgrade_status() == 101 && client.connect(identity_)["ok"].boolean();
    if (tally_.stopping) return;
    if (!welcome) {
      ++tally_.sockets_cut_in_handshake;
      tally_.complain("a handshake failed: " + client.upgrade_head().substr(0, 60));
      continue;
    }
    ++hellos;
    ++tally_.sockets_back;
    stay(client);
  }
}

void SocketClients::stay(test::WsClient& client) {
  test::WsClose closed;
  while ((closed = client.closing()).code == 0 && !tally_.stopping) continue;
  if (tally_.stopping) return;
  if (closed.code != 1012) {
    ++tally_.sockets_closed_wrongly;
    tally_.complain("a WebSocket was closed with " + std::to_string(closed.code) + " " + closed.reason);
  }
  if (!client.event("shutdown")) {
    ++tally_.sockets_unannounced;
    tally_.complain("a WebSocket was closed without `shutdown`");
  }
}

}  // namespace omenia::swap
