#pragma once
// Query: the members of a request's query, decoded.

#include <string>
#include <string_view>
#include <vector>

#include "worker/http/message.h"

namespace omenia::http {

// "a=1&b=x%20y+z" -> {a, 1}, {b, "x y z"}; in order. What cannot be decoded is left as it stands.
std::vector<Header> query_members(std::string_view query);

// The first of that name; "" when there is none.
std::string query_value(std::string_view query, std::string_view name);
bool has_query_member(std::string_view query, std::string_view name);

}  // namespace omenia::http
