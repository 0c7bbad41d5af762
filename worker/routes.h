#pragma once
// Routes: what is served where, to whom, with how large a body; one row each, in routes.cpp. And what a path says that
// nobody serves, or not with that method.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "worker/auth/scopes.h"
#include "worker/context.h"

namespace omenia::worker {

struct Route {
  std::string_view method;               // GET or POST; GET also serves HEAD where `head` is set.
  std::string_view path;                 // `*` in it stands for one name.
  std::string Config::*below = nullptr;  // Serves this configured path and what is below it; `path` is its name then.
  bool is_prefix = false;                // Serves everything below the path.
  bool head = false;
  bool authenticated = true;                              // Not: anybody, or its handler looks itself.
  std::optional<auth::Scope> scope = auth::Scope::write;  // Of who is authenticated; nothing: its handler looks.
  bool while_draining = false;
  std::size_t body_bytes_max = limits::ignored_body_bytes_max;  // Of a GET: some programs send one; it says nothing.
  bool (*enabled)(const Config&) = nullptr;                     // Null: always.
  bool (*open)(const Config&) = nullptr;                        // Holds: for anybody, in spite of `authenticated`.
  // Who may send it, when that is not an operator. From the head alone; nothing: it is let in.
  std::optional<http::Admission> (*look)(Context&, const http::Request& head) = nullptr;
  http::Response (*body_refusal)(const Error&) = nullptr;  // How a body that is not taken is told. Null: as elsewhere.
  void (*serve)(Context&, std::shared_ptr<http::Exchange>) = nullptr;

  bool is_for_anybody(const Config& config) const { return !authenticated || (open && open(config)); }
};

std::span<const Route> route_rows();

// The row that serves this request; null when there is none. OPTIONS is in no row.
const Route* find_route(const Config& config, std::string_view method, std::string_view path);

// "GET, HEAD": what the path can be asked with; empty when nobody serves it.
std::string allowed_methods(const Config& config, std::string_view path);

// What a request is told that no row serves: 404, or 405 with what the path allows. Programs get an error that they
// can read, in the form of what else is answered there; a page is never put in its place.
http::Response refuse_route(const Config& config, const http::Request& head);

}  // namespace omenia::worker
