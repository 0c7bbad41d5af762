#pragma once
// OwnCertificate: a certificate that the gateway makes and signs itself, for this machine's names. Clients know it by
// its fingerprint.

#include <string>

#include "shared/base/result.h"
#include "shared/tls/files.h"

namespace omenia {

// Makes what is missing of the pair, and another certificate when it has run out; the key stays. Both files are 0600.
// Several processes may do it at once. Error: system, names the file.
Result<void> make_own_certificate(const TlsFiles& files);

}  // namespace omenia
