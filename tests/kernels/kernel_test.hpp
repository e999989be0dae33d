#pragma once

#include <etch/kernels/pack_layout.hpp>
#include <etch/kernels/simd/pack.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "catch.hpp"

/// What the tests of the kernels share: operands that end where their memory ends, a sink that
/// counts its writes, references with an error bound, and a hash of bits.
namespace kernel_test {

/// A sequence of numbers that is the same with every compiler and library.
class generator {
 public:
  explicit generator(std::uint64_t seed) : state_(seed * 2654435761u + 88172645463325252u) {}

  std::uint64_t bits() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  /// A multiple of 2^-51 in [-1, 1): sums and products of these round.
  double number() { return static_cast<double>(bits() >> 12) * 0x1p-51 - 1.0; }

 private:
  std::uint64_t state_;
};

/// n elements that begin `shift` elements after a 64 byte boundary and end where their memory block
/// ends, so that a sanitizer sees every access beyond them.
template <class T>
class block {
 public:
  explicit block(long n, long shift = 1)
      : size_(n), memory_(allocate(static_cast<std::size_t>(n + shift)), &std::free) {
    begin_ = static_cast<T*>(memory_.get()) + shift;
    std::fill(begin_ - shift, begin_ + n, T(0));
  }

  T* data() { return begin_; }
  T const* data() const { return begin_; }
  long size() const { return size_; }
  T& operator[](long i) { return begin_[i]; }
  T const& operator[](long i) const { return begin_[i]; }
  T* begin() { return begin_; }
  T* end() { return begin_ + size_; }
  T const* begin() const { return begin_; }
  T const* end() const { return begin_ + size_; }

 private:
  static void* allocate(std::size_t n) {
    void* memory = nullptr;
    if (posix_memalign(&memory, 64, n * sizeof(T)) != 0) std::abort();
    return memory;
  }

  long size_;
  std::unique_ptr<void, decltype(&std::free)> memory_;
  T* begin_ = nullptr;
};

template <class T>
block<T> random_block(long n, std::uint64_t seed, long shift = 1) {
  block<T> x(n, shift);
  generator g(seed);
  for (T& v : x) v = static_cast<T>(g.number());
  return x;
}

/// A sink for rows x cols elements that knows whether each was written once, and nothing else.
template <class T>
class recorder {
 public:
  recorder(long rows, long cols)
      : values(static_cast<std::size_t>(rows * cols)),
        rows_(rows),
        cols_(cols),
        writes_(values.size()) {}

  struct sink {
    recorder* to;
    void operator()(long row, long col, etch::simd::pack<T> v) const {
      write(row, col, v, static_cast<int>(etch::simd::lanes_v<T>));
    }
    void operator()(long row, long col, etch::simd::pack<T> v, int n) const {
      write(row, col, v, n);
    }

   private:
    void write(long row, long col, etch::simd::pack<T> v, int n) const {
      T lanes[etch::simd::lanes_v<T>];
      v.store(lanes);
      for (int i = 0; i < n; ++i) to->put(row, col + i, lanes[i]);
    }
  };
  sink in() { return {this}; }

  bool complete() const {
    return !outside_ && std::all_of(writes_.begin(), writes_.end(), [](int n) { return n == 1; });
  }
  T operator()(long row, long col) const {
    return values[static_cast<std::size_t>(row * cols_ + col)];
  }

  std::vector<T> values;

 private:
  void put(long row, long col, T v) {
    if (row < 0 || row >= rows_ || col < 0 || col >= cols_) {
      outside_ = true;
      return;
    }
    auto const at = static_cast<std::size_t>(row * cols_ + col);
    values[at] = v;
    ++writes_[at];
  }

  long rows_, cols_;
  std::vector<int> writes_;
  bool outside_ = false;
};

/// A sum in double with the sum of its magnitudes, for an error bound.
struct reference {
  double value = 0;
  double magnitude = 0;
  long terms = 0;

  void add(double x) {
    value += x;
    magnitude += std::fabs(x);
    ++terms;
  }
};

/// Whether x is the reference up to a rounding of each term and of each partial sum.
template <class T>
bool agrees(T x, reference const& r) {
  double const eps = std::numeric_limits<T>::epsilon();
  double const bound = (static_cast<double>(r.terms) + 4) * eps * r.magnitude;
  // the reference is a double too: the bound of T = double covers both
  return std::fabs(static_cast<double>(x) - r.value) <= (sizeof(T) == 8 ? 2 * bound : bound);
}

template <class T>
bool same_bits(T const* a, T const* b, long n) {
  return std::memcmp(a, b, static_cast<std::size_t>(n) * sizeof(T)) == 0;
}

/// FNV-1a over the bits, every NaN counted as one value.
template <class T>
std::uint64_t hash(std::vector<T> const& values) {
  std::uint64_t h = 14695981039346656037u;
  for (T v : values) {
    if (v != v) v = std::numeric_limits<T>::quiet_NaN();
    unsigned char bytes[sizeof(T)];
    std::memcpy(bytes, &v, sizeof(T));
    for (unsigned char b : bytes) h = (h ^ b) * 1099511628211u;
  }
  return h;
}

/// f.template operator()<I>() for I = First ... Last.
template <int First, int Last, class F>
void for_each_of(F&& f) {
  [&]<int... I>(std::integer_sequence<int, I...>) { (f.template operator()<First + I>(), ...); }
  (std::make_integer_sequence<int, Last - First + 1>{});
}

template <class T>
block<T> packed_panels(block<T> const& b, long n, long k) {  // b[k][n]
  block<T> packed(etch::kernels::packed_dense_size<T>(n, k), 0);
  etch::kernels::pack_panels(b.data(), n, k, etch::kernels::dense_order::k_n, packed.data());
  return packed;
}

template <class T>
block<T> packed_bias(block<T> const& bias, long groups = 1) {
  block<T> packed(etch::kernels::packed_bias_size<T>(bias.size(), groups), 0);
  etch::kernels::pack_bias(bias.data(), bias.size(), packed.data(), groups);
  return packed;
}

}  // namespace kernel_test
