#pragma once
// What curl's codes mean to us: an error in words that name the endpoint.

#include <curl/curl.h>

#include <string>

#include "shared/base/result.h"

namespace omenia::net {

struct CurlFailure {
  CURLcode code = CURLE_OK;
  int system_error = 0;    // errno of the connection, 0 when there is none.
  std::string words;       // Curl's own.
  bool head_seen = false;  // The answer's head was complete.
  std::size_t bytes = 0;   // Of its body.
  std::string endpoint;    // "127.0.0.1:9"
};

Error describe(const CurlFailure& failure);

}  // namespace omenia::net
