#include "worker/net/curl_library.h"

#include <dlfcn.h>

#include <string>

namespace omenia::net {

namespace {

Error cannot_load(const std::string& why) {
  return fail(ErrorCode::provider_unreachable,
              "libcurl, which carries requests to model providers, cannot be used: " + why +
                  ". Install the package libcurl4 (on Debian and Ubuntu: apt-get install libcurl4)");
}

std::string loader_words() {
  const char* words = ::dlerror();
  return words ? words : "the loader gives no reason";
}

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace

// The library stays in the process for good: its TLS library leaves exit handlers behind that point into it.
Result<std::shared_ptr<const CurlLibrary>> CurlLibrary::load(const char* file) {
  void* library = ::dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) return cannot_load(loader_words());
  std::shared_ptr<CurlLibrary> curl(new CurlLibrary);
#define OMENIA_CURL_FIND(name) \
  if (!find(library, "curl_" #name, curl->name)) return cannot_load(loader_words());
  OMENIA_CURL_FUNCTIONS(OMENIA_CURL_FIND)
#undef OMENIA_CURL_FIND
  const CURLcode initialised = curl->global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) return cannot_load(curl->easy_strerror(initialised));
  curl->initialised_ = true;
  return std::shared_ptr<const CurlLibrary>(std::move(curl));
}

CurlLibrary::~CurlLibrary() {
  if (initialised_) global_cleanup();
}

}  // namespace omenia::net
