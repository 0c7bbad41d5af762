#pragma once
// Which addresses are anybody's: what a stranger names may be fetched from these alone. Everything that reaches this
// machine, its networks or nothing at all is left out, also in the forms of IPv6 that carry an IPv4 address.

struct sockaddr;

namespace omenia::net {

// By the registries of special addresses of IPv4 and IPv6. False for a family without such addresses.
bool is_public_address(const sockaddr& address);

}  // namespace omenia::net
