// What the amplifier's callback may not do where a late sample is heard: take memory, lock, or call
// the system. And what it has to: give the same bits in blocks of any size.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

#include "amp/processor.hpp"
#include "catch.hpp"
#include "skip.hpp"
#include "support/allocations.hpp"
#include "support/net_files.hpp"

#if defined(__linux__) && defined(__GLIBC__)
#include <dlfcn.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#define ETCH_TEST_WATCHES_LINUX
#endif

namespace {

std::string const folder = etch_test::own_file("examples/amp/");

amp::processor made() { return amp::processor(etch::load<AmpNet>(folder + "amp.safetensors")); }

std::vector<float> guitar() { return etch_test::floats_of(folder + "golden.safetensors", "input"); }

std::vector<float> played(amp::processor& through, std::vector<float> const& in, int block) {
  std::vector<float> out(in.size());
  for (std::size_t at = 0; at < in.size(); at += static_cast<std::size_t>(block)) {
    auto const left = static_cast<int>(in.size() - at);
    through.process(in.data() + at, out.data() + at, std::min(block, left));
  }
  return out;
}

}  // namespace

TEST_CASE("blocks of any size give the same bits", "[examples][amp]") {
  auto through = made();
  auto const in = guitar();
  auto const whole = played(through, in, static_cast<int>(in.size()));
  for (int block : {1, 16, 64, 511, 512}) {
    through.reset();
    CAPTURE(block);
    CHECK(played(through, in, block) == whole);
  }
  auto in_place = in;
  through.reset();
  through.process(in_place.data(), in_place.data(), static_cast<int>(in.size()));
  CHECK(in_place == whole);
}

TEST_CASE("what is no number is not remembered", "[examples][amp]") {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), infinite, -infinite, 1e30f, -1e30f}) {
    auto through = made();
    std::vector<float> in(48'000, 0.0f);
    auto const silent = played(through, in, 64).back();
    in[0] = bad;
    auto const out = played(through, in, 64);
    CAPTURE(bad);
    bool finite = true;
    for (float y : out) finite = finite && std::isfinite(y);
    CHECK(finite);
    CHECK(std::abs(out.back() - silent) < 1e-4f);
  }
}

TEST_CASE("the callback takes no memory", "[examples][amp]") {
  using support::allocations;
  if (!allocations::counted) return etch_test::skip("allocations are counted with glibc");
  auto const before = allocations::now().count;
  void* volatile some = std::malloc(100);  // volatile: the compiler may not leave it out
  REQUIRE(allocations::now().count - before == 1);
  std::free(some);

  auto through = made();
  auto const in = guitar();
  std::vector<float> out(in.size());
  for (int call = 0; call < 3; ++call) {  // the first one as well
    auto const taken = allocations::now();
    through.process(in.data(), out.data(), static_cast<int>(in.size()));
    through.reset();
    auto const now = allocations::now();
    CHECK(now.count == taken.count);
    CHECK(now.live_bytes == taken.live_bytes);
  }
}

#if defined(ETCH_TEST_WATCHES_LINUX)

namespace {

std::atomic<long> locks{0};

template <class Function>
Function* behind(char const* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// Counts a call and passes it on to the library's own function.
#define ETCH_TEST_COUNTED(name, type)                    \
  extern "C" int name(type* on) noexcept {               \
    ++locks;                                             \
    static auto* const real = behind<int(type*)>(#name); \
    return real(on);                                     \
  }

}  // namespace

ETCH_TEST_COUNTED(pthread_mutex_lock, pthread_mutex_t)
ETCH_TEST_COUNTED(pthread_mutex_trylock, pthread_mutex_t)
ETCH_TEST_COUNTED(pthread_rwlock_rdlock, pthread_rwlock_t)
ETCH_TEST_COUNTED(pthread_rwlock_wrlock, pthread_rwlock_t)
ETCH_TEST_COUNTED(pthread_spin_lock, pthread_spinlock_t)

TEST_CASE("the callback takes no lock", "[examples][amp]") {
  std::mutex mutex;
  long const before = locks;
  { std::lock_guard const guard(mutex); }
  REQUIRE(locks - before == 1);

  auto through = made();
  auto const in = guitar();
  std::vector<float> out(in.size());
  long const taken = locks;
  through.process(in.data(), out.data(), static_cast<int>(in.size()));
  through.reset();
  CHECK(locks - taken == 0);
}

namespace {

constexpr int no_filter = 100;

/// Runs `work` in a child process that may read, write and end, and is killed for any other system
/// call. The status of waitpid.
template <class Work>
int confined(Work const& work) {
  pid_t const child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(no_filter);
    work();
    syscall(SYS_exit, 0);  // _exit ends the process by another call
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

bool is_exit(int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; }

}  // namespace

TEST_CASE("the callback makes no system call", "[examples][amp]") {
  int const forbidden = confined([] { syscall(SYS_getpid); });
  if (is_exit(forbidden, no_filter))
    return etch_test::skip("this system does not let a process confine itself (seccomp)");
  REQUIRE(WIFSIGNALED(forbidden));
  REQUIRE(WTERMSIG(forbidden) == SIGKILL);

  auto through = made();
  auto const in = guitar();
  auto const expected = played(through, in, 64);
  through.reset();

  // The child's samples come through a pipe: what it kept in its memory is gone with it.
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  std::vector<float> out(in.size());
  int const status = confined([&] {
    for (std::size_t at = 0; at < in.size(); at += 64)
      through.process(in.data() + at, out.data() + at,
                      static_cast<int>(std::min<std::size_t>(64, in.size() - at)));
    ssize_t const written = write(ends[1], out.data(), out.size() * sizeof(float));
    static_cast<void>(written);
  });
  close(ends[1]);
  CHECK(is_exit(status, 0));
  std::vector<float> received(in.size());
  CHECK(read(ends[0], received.data(), received.size() * sizeof(float)) ==
        static_cast<ssize_t>(received.size() * sizeof(float)));
  close(ends[0]);
  CHECK(received == expected);
}

#else

TEST_CASE("the callback takes no lock and makes no system call", "[examples][amp]") {
  etch_test::skip("locks and system calls are watched on Linux with glibc");
}

#endif
