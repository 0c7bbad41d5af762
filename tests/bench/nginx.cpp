#include "tests/bench/nginx.h"

#include <unistd.h>

#include "tests/support/note.h"
#include "tests/support/socket.h"

namespace omenia::bench {

namespace {

constexpr const char* program = "/usr/sbin/nginx";

std::string configuration(const std::string& folder, int port, int mock_port) {
  std::string places;
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    places += std::string(kind) + "_temp_path " + folder + "/" + kind + ";\n";
  return "daemon off;\nmaster_process off;\nerror_log stderr error;\npid " + folder + "/pid;\n" +
         "events { worker_connections 4096; }\n"
         "http {\naccess_log off;\nkeepalive_requests 10000000;\n" +
         places + "upstream mock { server 127.0.0.1:" + std::to_string(mock_port) +
         "; keepalive 64; keepalive_requests 10000000; }\nserver {\nlisten 127.0.0.1:" + std::to_string(port) +
         " backlog=4096;\n"
         "location = /v1/models { default_type application/json; return 200 '{\"object\":\"list\",\"data\":[]}'; }\n"
         "location / { proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection \"\"; "
         "proxy_buffering off; }\n}\n}\n";
}

}  // namespace

std::unique_ptr<Nginx> Nginx::before(int mock_port) {
  if (::access(program, X_OK) != 0) {
    test::note("bench: nginx is not installed, so nothing is compared with it");
    return nullptr;
  }
  std::unique_ptr<Nginx> nginx(new Nginx);
  return nginx->start(mock_port) ? std::move(nginx) : nullptr;
}

bool Nginx::start(int mock_port) {
  const std::string file = folder_ / "nginx.conf";
  test::write_file(file, configuration(folder_.path(), port(), mock_port));
  process_ = std::make_unique<test::ChildProcess>(
      program, std::vector<std::string>{"-p", folder_.path(), "-c", file, "-e", "stderr"}, test::Variables{});
  if (test::eventually([this] { return test::Socket(port()).open() || !process_->running(); }) && process_->running())
    return true;
  test::note("bench: nginx does not start, so nothing is compared with it\n" + process_->errors());
  return false;
}

}  // namespace omenia::bench
