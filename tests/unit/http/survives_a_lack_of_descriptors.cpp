// A server without free descriptors goes on, and accepts again when there are some.
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/http/fixture.h"

namespace omenia::http::test {
namespace {

// While it lives, this process gets no further descriptor.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const Fd lowest_free(::dup(STDERR_FILENO));
    const rlimit none_left{static_cast<rlim_t>(lowest_free.get()), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none_left);
  }
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// The sanitizer looks into memory through a pipe; without descriptors it takes every object for a broken one.
#ifdef __SANITIZE_ADDRESS__
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

using SurvivesALackOfDescriptors = HttpServer;

TEST_F(SurvivesALackOfDescriptors, AndAcceptsWhenThereAreSome) {
  if (is_sanitized) GTEST_SKIP() << "the sanitizer needs descriptors itself";
  start();
  Client early = connect();
  early.send(get("/"));
  EXPECT_EQ(early.read_answer().status, 200);
  std::optional<Client> late;
  std::optional<NoMoreDescriptors> lack;
  on_loop([&] {
    late.emplace(connect());
    lack.emplace();
  });
  early.send(get("/"));
  EXPECT_EQ(early.read_answer().status, 200) << "connections that are open are served";
  EXPECT_EQ(connections(), 1u);
  lack.reset();
  late->send(get("/late"));
  EXPECT_EQ(late->read_answer().body, "GET /late ");
}

}  // namespace
}  // namespace omenia::http::test
