#pragma once
// CurlLibrary: libcurl, loaded at run time. Linking it would bring 32 shared objects into every start, for a program
// that needs none of them before its first request to somebody else.

#include <curl/curl.h>

#include <memory>

#include "shared/base/result.h"

namespace omenia::net {

// The functions of libcurl that are used here, under their own names without the prefix.
#define OMENIA_CURL_FUNCTIONS(FUNCTION) \
  FUNCTION(global_init)                 \
  FUNCTION(global_cleanup)              \
  FUNCTION(easy_init)                   \
  FUNCTION(easy_cleanup)                \
  FUNCTION(easy_reset)                  \
  FUNCTION(easy_setopt)                 \
  FUNCTION(easy_getinfo)                \
  FUNCTION(easy_pause)                  \
  FUNCTION(easy_strerror)               \
  FUNCTION(multi_init)                  \
  FUNCTION(multi_cleanup)               \
  FUNCTION(multi_setopt)                \
  FUNCTION(multi_add_handle)            \
  FUNCTION(multi_remove_handle)         \
  FUNCTION(multi_socket_action)         \
  FUNCTION(multi_info_read)             \
  FUNCTION(multi_assign)                \
  FUNCTION(slist_append)                \
  FUNCTION(slist_free_all)

class CurlLibrary {
 public:
  // Loads and initialises; takes 10 to 20 ms the first time, so not on the loop's thread. Error: provider_unreachable,
  // names the package that is missing.
  static Result<std::shared_ptr<const CurlLibrary>> load(const char* file = "libcurl.so.4");

  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
  ~CurlLibrary();

#define OMENIA_CURL_MEMBER(name) decltype(&curl_##name) name = nullptr;
  OMENIA_CURL_FUNCTIONS(OMENIA_CURL_MEMBER)
#undef OMENIA_CURL_MEMBER

 private:
  CurlLibrary() = default;
  bool initialised_ = false;
};

}  // namespace omenia::net
