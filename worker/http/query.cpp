#include "worker/http/query.h"

#include <algorithm>

namespace omenia::http {

namespace {

std::string decoded(std::string_view text) {
  std::string with_blanks(text);
  std::replace(with_blanks.begin(), with_blanks.end(), '+', ' ');
  auto decoded = percent_decode(with_blanks);
  return decoded.ok() ? std::move(decoded).value() : with_blanks;
}

}  // namespace

std::vector<Header> query_members(std::string_view query) {
  std::vector<Header> members;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view member = query.substr(0, end);
    const std::size_t equals = std::min(member.find('='), member.size());
    const std::string_view value = member.substr(std::min(equals + 1, member.size()));
    if (!member.empty()) members.push_back({decoded(member.substr(0, equals)), decoded(value)});
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return members;
}

std::string query_value(std::string_view query, std::string_view name) {
  for (Header& member : query_members(query))
    if (member.name == name) return std::move(member.value);
  return {};
}

bool has_query_member(std::string_view query, std::string_view name) {
  const auto members = query_members(query);
  return std::any_of(members.begin(), members.end(), [name](const Header& member) { return member.name == name; });
}

}  // namespace omenia::http
