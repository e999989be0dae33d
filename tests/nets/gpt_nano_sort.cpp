#include "../examples/nets/gpt_nano_sort.hpp"

#include <etch/eager/executor.hpp>
#include <etch/runtime/sampler.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

#include "net_case.hpp"

// The sorting transformer over whole sequences and through a cache, in blocks of several sizes.

namespace {

using namespace etch;
using namespace etch_test;

template <int Batch, int Rows>
inline constexpr nets::gpt_nano_sort<Batch, Rows> whole{};
template <int Rows>
inline constexpr nets::gpt_nano_sort_cached<Rows> cached{};

template <int Rows>
using Cached = model<cached<Rows>>;

std::vector<std::int32_t> indices_of(std::string const& file, std::string const& tensor) {
  auto const opened = safetensors::open(file).value_or_throw();
  auto const values = opened.find(tensor)->values<std::int32_t>().value_or_throw();
  return {values.begin(), values.end()};
}

/// A session for each size of a block, one after the other on the same states.
template <int... Rows>
class blocks {
 public:
  explicit blocks(std::string const& weights)
      : sessions_(session<Cached<Rows>>(load<Cached<Rows>>(weights))...) {}

  void reset() { (std::get<session<Cached<Rows>>>(sessions_).reset(), ...); }

  /// Runs the next Size rows; appends their logits.
  template <int Size>
  void next(std::int32_t const* letters, std::vector<float>& logits) {
    auto& run = std::get<session<Cached<Size>>>(sessions_);
    auto const y = run(input<tensor<std::int32_t, Size>>::at(letters)).value();
    logits.insert(logits.end(), y.begin(), y.end());
    auto const kept = run.save();
    (std::get<session<Cached<Rows>>>(sessions_).restore(kept).value(), ...);
  }

 private:
  std::tuple<session<Cached<Rows>>...> sessions_;
};

struct reference_case {
  net_case net;
  std::vector<std::int32_t> letters;

  explicit reference_case(std::string const& folder)
      : net{"gpt_nano_sort",
            folder + "/model.safetensors",
            {},
            floats_of(folder + "/ref_outputs.safetensors", "lm_head"),
            3,
            2e-5},
        letters(indices_of(folder + "/ref_inputs.safetensors", "idx")) {}
};

std::string const set{to_string(compiled_isa)};

}  // namespace

TEST_CASE("gpt_nano_sort gives its logits over whole sequences", "[nets][gpt_nano_sort]") {
  auto const folder = shared_net("gpt_nano_sort");
  if (!folder) return;
  reference_case const of(*folder);
  using Whole = model<whole<3, 11>>;
  auto const letters = input<tensor<std::int32_t, 3, 11>>::at(of.letters.data());
  auto const run_once = [&](auto& run) {
    auto const y = run(letters);
    return std::vector<float>(y.begin(), y.end());
  };
  session<Whole> run{load<Whole>(of.net.weights)};
  auto const found = run_once(run);
  check_outputs(of.net, "session " + set, found);
  check_bits(of.net.name, hash_of(found));
  eager::executor<Whole> slow{of.net.weights};
  check_outputs(of.net, "eager", run_once(slow));
}

TEST_CASE("gpt_nano_sort gives the same bits through a cache, in blocks of any size",
          "[nets][gpt_nano_sort]") {
  auto const folder = shared_net("gpt_nano_sort");
  if (!folder) return;
  reference_case const of(*folder);
  blocks<1, 2, 3, 4, 11> run(of.net.weights);
  std::array<std::vector<float>, 4> found;
  for (int sequence = 0; sequence < 3; ++sequence) {
    std::int32_t const* const letters = of.letters.data() + 11 * sequence;
    run.reset();
    run.next<11>(letters, found[0]);
    run.reset();
    for (int i = 0; i < 11; ++i) run.next<1>(letters + i, found[1]);
    run.reset();
    run.next<4>(letters, found[2]);
    run.next<3>(letters + 4, found[2]);
    run.next<1>(letters + 7, found[2]);
    run.next<2>(letters + 8, found[2]);
    run.next<1>(letters + 10, found[2]);
    run.reset();
    for (int i = 0; i < 10; i += 2) run.next<2>(letters + i, found[3]);
    run.next<1>(letters + 10, found[3]);
  }
  check_outputs(of.net, "cache " + set, found[0]);
  check_outputs(of.net, "tokens " + set, found[1]);
  check_bits(of.net.name, hash_of(found[0]));
  for (auto const& each : found) CHECK(hash_of(each) == hash_of(found[0]));

  using One = Cached<1>;
  eager::executor<One> slow{of.net.weights};
  std::vector<float> eager_logits;
  for (int sequence = 0; sequence < 3; ++sequence) {
    slow.reset();
    for (int i = 0; i < 11; ++i) {
      auto const y =
          slow(input<tensor<std::int32_t, 1>>::at(of.letters.data() + 11 * sequence + i));
      eager_logits.insert(eager_logits.end(), y.begin(), y.end());
    }
  }
  check_outputs(of.net, "eager cache", eager_logits);
}

TEST_CASE("gpt_nano_sort sorts all 729 inputs, whole and through a cache",
          "[nets][gpt_nano_sort]") {
  auto const folder = shared_net("gpt_nano_sort");
  if (!folder) return;
  std::string const weights = *folder + "/model.safetensors";
  using Whole = model<whole<1, 11>>;
  session<Whole> run_whole{load<Whole>(weights)};
  blocks<1, 6> run(weights);
  sampler choose(3, {.temperature = 0});
  int sorted_whole = 0, sorted_cached = 0;
  for (int number = 0; number < 729; ++number) {
    std::array<std::int32_t, 12> letters{};
    for (std::size_t i = 0, rest = static_cast<std::size_t>(number); i < 6; ++i, rest /= 3)
      letters[i] = static_cast<std::int32_t>(rest % 3);
    auto expected = letters;
    std::sort(expected.begin(), expected.begin() + 6);
    auto const right = [&](std::array<std::int32_t, 12> const& found) {
      return std::equal(found.begin() + 6, found.end(), expected.begin());
    };

    auto found = letters;
    for (std::size_t i = 6; i < 12; ++i) {
      auto const y = run_whole(input<tensor<std::int32_t, 1, 11>>::at(found.data()));
      found[i] = choose(std::span<float const>(y.data() + 3 * (i - 1), 3)).value();
    }
    sorted_whole += right(found);

    found = letters;
    std::vector<float> logits;
    run.reset();
    run.next<6>(letters.data(), logits);
    for (std::size_t i = 6; i < 12; ++i) {
      found[i] = choose(std::span<float const>(logits.data() + logits.size() - 3, 3)).value();
      if (i < 11) run.next<1>(&found[i], logits);
    }
    sorted_cached += right(found);
  }
  CHECK(sorted_whole == 729);
  CHECK(sorted_cached == 729);
}

TEST_CASE("a full cache is an error, and a reset starts again", "[nets][gpt_nano_sort]") {
  auto const folder = shared_net("gpt_nano_sort");
  if (!folder) return;
  session<Cached<4>> run{load<Cached<4>>(*folder + "/model.safetensors")};
  std::array<std::int32_t, 4> const letters{2, 0, 1, 1};
  auto const call = [&] {
    auto const y = run(letters).value();
    return std::vector<float>(y.begin(), y.end());
  };
  auto const first = call();
  call();
  auto const third = run(letters);  // positions 8 to 11, of which the last one there is not
  REQUIRE(!third);
  CHECK(third.error().text ==
        "etch: session: the cache is full: 8 of 11 rows are taken, the call brings 4");
  run.reset();
  CHECK(hash_of(call()) == hash_of(first));
}
