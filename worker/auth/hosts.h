#pragma once
// Hosts and addresses: is a name of this machine, is an address in a network? Decided on the parsed address, never on
// how a text begins: "127.evil.com" is a name like any other.

#include <string>
#include <string_view>
#include <vector>

namespace omenia::auth {

// "[::1]:80" -> "::1", "LocalHost:80" -> "localhost"; empty for what is no host with an optional port.
std::string host_name_of(std::string_view authority);

bool is_loopback_host(std::string_view name);  // localhost, ::1, 127.0.0.0/8
// A loopback or private address, this machine's own name, a .local or .ts.net name.
bool is_private_host(std::string_view name);

// A name that anybody may have made to point at this machine: with a dot, no address, and not of this machine or its
// network by its form.
bool is_public_name(std::string_view name);

bool is_address(std::string_view text);
bool is_loopback_address(std::string_view address);
// Whom one counts as one: a host of IPv6 has a whole network of 64 bits to itself.
std::string counted_address(std::string_view address);
bool same_address(std::string_view one, std::string_view other);
// Is the address one of, or within one of, `networks` ("10.0.0.0/8", "::1")? IPv4 and its mapped IPv6 form are the
// same.
bool is_in_networks(std::string_view address, const std::vector<std::string>& networks);

}  // namespace omenia::auth
