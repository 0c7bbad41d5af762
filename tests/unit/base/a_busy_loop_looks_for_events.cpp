// A loop that polls busily does what any loop does, and goes to sleep where nothing happens.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <functional>
#include <thread>

#include "shared/base/fd.h"
#include "shared/loop/loop.h"

namespace omenia {
namespace {

constexpr std::int64_t looks_for_us = 100;

class BusyLoop : public testing::Test {
 protected:
  BusyLoop() { loop.poll_busily(looks_for_us); }

  // The loop sends a byte to a thread, which sends it back, so often.
  void play(int rounds) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const Fd ours(ends[0]);
    const Fd theirs(ends[1]);
    std::thread other([&theirs] {
      char byte = 0;
      while (::recv(theirs.get(), &byte, 1, 0) == 1) ::send(theirs.get(), &byte, 1, MSG_NOSIGNAL);
    });
    const Watch back(loop, ours.get(), Watch::For::reading, [&] {
      char byte = 0;
      EXPECT_EQ(::recv(ours.get(), &byte, 1, 0), 1);
      if (++played == rounds) return loop.stop();
      EXPECT_EQ(::send(ours.get(), &byte, 1, MSG_NOSIGNAL), 1);
    });
    EXPECT_EQ(::send(ours.get(), "x", 1, MSG_NOSIGNAL), 1);
    loop.run();
    ::shutdown(ours.get(), SHUT_RDWR);
    other.join();
  }

  // How often this thread has gone to sleep. One that polls for ever never does.
  static long sleeps() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nvcsw;
  }

  Loop loop;
  int played = 0;
};

TEST_F(BusyLoop, DoesEachTurnOnce) {
  play(2'000);
  EXPECT_EQ(played, 2'000);
}

TEST_F(BusyLoop, StopsWhereverItIsTold) {
  for (int i = 0; i < 50; ++i) {
    loop.post([this] { loop.stop(); });
    loop.run();
  }
  play(10);
  EXPECT_EQ(played, 10) << "it runs again";
}

TEST_F(BusyLoop, KeepsItsTimers) {
  int fired = 0;
  Timer timer(loop, [&] {
    if (++fired == 5) loop.stop();
  });
  timer.start_repeating(2);
  std::function<void()> again = [&] {
    if (fired < 5) loop.post(again);
  };
  loop.post(again);  // Never quiet.
  loop.run();
  EXPECT_EQ(fired, 5);
}

TEST_F(BusyLoop, TakesWorkFromOtherThreads) {
  constexpr int pieces = 5'000;
  int done = 0;
  std::thread other([&] {
    for (int i = 0; i < pieces; ++i) {
      loop.post([&] {
        if (++done == pieces) loop.stop();
      });
    }
  });
  loop.run();
  other.join();
  EXPECT_EQ(done, pieces);
}

TEST_F(BusyLoop, SleepsAgainWhereNothingHappens) {
  constexpr int naps = 3;
  int turns = 0;
  std::function<void()> again = [&] {
    if (++turns < 100) loop.post(again);
  };
  loop.post(again);  // It is busy at first.
  int fired = 0;
  Timer timer(loop, [&] {
    if (++fired == naps) loop.stop();
  });
  timer.start_repeating(20);
  const long before = sleeps();
  loop.run();
  EXPECT_EQ(turns, 100);
  EXPECT_GE(sleeps() - before, naps);
}

}  // namespace
}  // namespace omenia
