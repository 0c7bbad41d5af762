#pragma once
// Files of the gateway's TLS: where its certificate and key are, for the worker that shows them and for commands of
// this machine that want to know what it shows.

#include <string>

#include "shared/base/result.h"
#include "shared/config/config.h"

namespace omenia {

struct TlsFiles {
  std::string certificate;  // PEM, the gateway's own first, then its chain.
  std::string key;          // PEM.
  bool made_here = false;   // The gateway makes them when they are missing.
};

TlsFiles tls_files(const Config& config, const std::string& state_dir);

// SHA-256 of the first certificate in the file, 64 hexadecimal digits. Error: config_invalid, names the file.
Result<std::string> fingerprint_of_file(const std::string& certificate_path);

}  // namespace omenia
