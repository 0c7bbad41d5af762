#pragma once
// Target: which gateway a command talks to, and with which credentials. Pure: flags, environment and configuration in,
// an address and secrets out, or a refusal before any socket is opened.

#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "shared/base/result.h"
#include "shared/base/secret.h"
#include "shared/config/config.h"
#include "shared/config/paths.h"

namespace omenia::cli {

inline constexpr std::string_view remote_source = "config gateway.remote.url";

// What makes a certificate a good one: this fingerprint, or an issuer that the authorities know and the right name.
struct TlsTrust {
  std::string fingerprint;       // 64 hexadecimal digits; empty: none is known.
  std::string authorities_file;  // PEM; empty: the system's.
  bool by_authorities = true;    // False: the fingerprint alone counts.
};

struct Target {
  std::string url;   // "ws://127.0.0.1:18789"
  std::string host;  // Of the URL, without brackets.
  int port = 0;
  std::string path = "/";
  bool tls = false;  // wss://
  TlsTrust trust;
  std::string source;  // "local loopback", "cli --url", "env OmeniaClaw_GATEWAY_URL", "config gateway.remote.url".
  std::string bind;    // gateway.bind, for a local gateway; else empty.
  bool open = false;   // A local gateway with gateway.auth.mode "none": no credentials are needed.
  Secret token;
  Secret password;

  bool local() const { return !bind.empty(); }
  bool is_remote() const { return source == remote_source; }
  bool has_credentials() const { return open || !token.empty() || !password.empty(); }
};

// `local_port` is the port of this profile's own gateway, without --port. Error: usage for options that contradict each
// other or a URL that cannot be used, and for --url without explicit credentials.
Result<Target> resolve_target(const Arguments& arguments, const Config& config, const Environment& environment,
                              int local_port);

// The same for commands that look after the gateway of this machine, whatever gateway.mode says: --url, else the local
// one.
Result<Target> resolve_native_target(const Arguments& arguments, const Config& config, const Environment& environment,
                                     int local_port);

struct Address {
  std::string host;
  int port = 0;
  std::string path;
  bool tls = false;
};

// Reads "ws://host[:port][/path]", or wss://. Error: usage, says what is wrong.
Result<Address> parse_gateway_url(const std::string& url);

}  // namespace omenia::cli
