#pragma once
// What a plain HTTP request to a port that speaks TLS is told. Our own programs know the gateway by it.

#include <string_view>

namespace omenia {

inline constexpr std::string_view plain_on_tls_text =
    "The OmeniaClaw gateway on this port speaks TLS: use https:// or wss://.\n";

}  // namespace omenia
