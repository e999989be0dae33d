// A call of a session takes no memory: counted for every net of the tests.

#include "../examples/nets/ad_autoencoder.hpp"
#include "../examples/nets/digits.hpp"
#include "../examples/nets/hello_sine.hpp"
#include "../examples/nets/resnet8.hpp"
#include "../examples/nets/rtneural.hpp"
#include "../examples/nets/sdf.hpp"
#include "catch.hpp"
#include "skip.hpp"
#include "support/random_net.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ETCH_TEST_HAS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ETCH_TEST_HAS_SANITIZER
#endif
#endif

#if defined(__GLIBC__) && !defined(ETCH_TEST_HAS_SANITIZER)

#include <atomic>
#include <cstdlib>

namespace {
std::atomic<long> taken{0};
}

// glibc keeps its own functions under these names, so free() still fits.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t bytes) {
  ++taken;
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
  ++taken;
  return __libc_calloc(count, bytes);
}
void* realloc(void* before, std::size_t bytes) {
  ++taken;
  return __libc_realloc(before, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  ++taken;
  return __libc_memalign(alignment, bytes);
}
}

namespace {

using namespace etch;

/// A recurrent net along a sequence, a loop with a bound and a branch.
constexpr auto controlled = [](tensor<float, 50, 1, 8> x) {
  auto const y = gru_sequence<16>("rnn", x).y;
  auto const [z, turns, finished] = while_loop<10>(
      y, [](auto v) { return amax(v) > 0.1f; }, [](auto v) { return v * 0.5f; });
  return cond(
      finished, [&] { return relu(z); }, [&] { return z; });
};

inline constexpr extent T = dim("T", 40);

/// Attention among as many rows as there are, and what is left of them.
constexpr auto bounded = [](tensor<float, T, 16> x) {
  auto const heads = reshape<-1, 2, 8>(linear<16>("in", x));
  auto const seen = reshape<-1, 16>(scaled_dot_product_attention(heads, heads, heads));
  return concat<0>(softmax(seen), mean<0>(x, keepdims), slice<0, -1>(seen));
};

template <class Model>
void check_no_allocation() {
  using argument = typename decltype([]<class A>(front::types<A>) {
    return std::type_identity<A>{};
  }(typename Model::signature::arguments{}))::type;
  std::vector<float> const x(static_cast<std::size_t>(argument::elements), 0.25f);
  session<Model> run{etch_test::random_weights<Model>(7)};
  for (int call = 0; call < 3; ++call) {  // the first one as well
    long const before = taken;
    run(input<argument>::at(x.data()));
    CHECK(taken - before == 0);
  }
}

inline constexpr auto voice = [](tensor<float, 1, 4> x) { return lstm<8>("lstm", x); };

}  // namespace

TEST_CASE("the counter sees an allocation", "[nets][allocations]") {
  long const before = taken;
  void* volatile some = std::malloc(100);  // volatile: the compiler may not leave it out
  CHECK(taken - before == 1);
  std::free(some);
}

TEST_CASE("a call takes no memory", "[nets][allocations]") {
  check_no_allocation<model<nets::digits<1>>>();
  check_no_allocation<model<nets::sdf<256>>>();
  check_no_allocation<model<nets::resnet8<1>>>();
  check_no_allocation<model<nets::resnet8_nchw<1>>>();
  check_no_allocation<model<nets::ad_autoencoder<1>>>();
  check_no_allocation<model<nets::hello_sine<1>>>();
  check_no_allocation<model<nets::rtneural_dense<1>>>();
  check_no_allocation<model<nets::rtneural_conv2d<1>>>();
  check_no_allocation<model<controlled>>();
}

TEST_CASE("a call of several instances takes no memory", "[nets][allocations]") {
  using Voice = model<voice>;
  instances<Voice, 3> run{{etch_test::random_weights<Voice>(1), etch_test::random_weights<Voice>(2),
                           etch_test::random_weights<Voice>(3)}};
  std::array<float, 12> const x{};
  for (int call = 0; call < 3; ++call) {
    long const before = taken;
    run(x);
    run[1].reset();
    CHECK(taken - before == 0);
  }

  using Voices = instances<Voice, 24>;
  STATIC_REQUIRE(Voices::side_by_side == 24);
  Voices together{etch_test::random_weights<Voice>(4)};
  std::array<float, 4 * 24> const all{};
  for (int call = 0; call < 3; ++call) {
    long const before = taken;
    together(all);
    together[20].reset();
    together[3].state("lstm.h"_t)[0] = 1;
    CHECK(taken - before == 0);
  }
}

TEST_CASE("a call that decides its length takes no memory", "[nets][allocations]") {
  session<model<bounded>> run{etch_test::random_weights<model<bounded>>(7)};
  std::vector<float> const x(40 * 16, 0.25f);
  for (std::size_t rows : {3, 40, 1}) {
    long const before = taken;
    bool const ran = run(std::span<float const>(x.data(), rows * 16)).has_value();
    CHECK(taken - before == 0);
    CHECK(ran);
  }
}

#else

TEST_CASE("a call takes no memory", "[nets][allocations]") {
  etch_test::skip("allocations are counted with glibc and without sanitizers");
}

#endif
