#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace etch {

/// A length that each call of a model decides, from 1 to a bound: a dim, or an expression of dims.
///   inline constexpr extent T = dim("T", 512);
///   inline constexpr auto net = [](tensor<float, T, 64> x, tensor<float, T + 1, 64> y) { ... };
/// It stands where a number stands among the extents of a tensor; everything is planned for the
/// bound and works on the length of the call. Dims are the same if their names are. A sum of
/// products of dims over one divisor, in a normal form: equal lengths are equal values.
/// errors    one name with two bounds; more than three dims or four terms; a division by less than
/// 1
struct extent {
  static constexpr int max_dims = 3;
  static constexpr int max_terms = 4;

  /// A name and a bound.
  struct dim {
    char name[12]{};
    std::int64_t most = 0;
    constexpr std::string_view view() const {
      std::size_t n = 0;
      while (n < 12 && name[n] != '\0') ++n;
      return {name, n};
    }
    constexpr bool operator==(dim const&) const = default;
  };
  /// factor * the dims, each to its power.
  struct term {
    std::int64_t factor = 0;
    std::array<std::int8_t, max_dims> powers{};
    constexpr bool operator==(term const&) const = default;
  };

  std::array<dim, max_dims> dims{};  ///< ordered by name
  int dim_count = 0;
  std::array<term, max_terms> terms{};  ///< ordered by powers
  int term_count = 0;
  std::int64_t divisor = 1;

  constexpr extent() = default;
  /// A length that never changes.
  constexpr extent(std::integral auto fixed) {
    if (fixed != 0) terms[static_cast<std::size_t>(term_count++)].factor = fixed;
  }

  constexpr bool operator==(extent const&) const = default;
  constexpr bool is_fixed() const { return dim_count == 0; }

  /// The value where value_of(dim) gives that of each dim; `divides` becomes false where that is no
  /// whole number.
  template <class ValueOf>
  constexpr std::int64_t value(ValueOf const& value_of, bool& divides) const {
    std::int64_t values[max_dims]{};
    for (int d = 0; d < dim_count; ++d) values[d] = value_of(dims[static_cast<std::size_t>(d)]);
    std::int64_t sum = 0;
    for (int t = 0; t < term_count; ++t) {
      term const& each = terms[static_cast<std::size_t>(t)];
      std::int64_t product = each.factor;
      for (int d = 0; d < dim_count; ++d) {
        for (int power = 0; power < each.powers[static_cast<std::size_t>(d)]; ++power)
          product *= values[d];
      }
      sum += product;
    }
    divides = divides && sum % divisor == 0;
    return sum / divisor;
  }
  template <class ValueOf>
  constexpr std::int64_t value(ValueOf const& value_of) const {
    bool divides = true;
    return value(value_of, divides);
  }

  /// The value where all dims are at their bounds.
  constexpr std::int64_t most() const {
    return value([](dim const& each) { return each.most; });
  }
  constexpr explicit operator std::int64_t() const { return most(); }
  constexpr explicit operator int() const { return static_cast<int>(most()); }

  friend constexpr extent operator+(extent const& a, extent const& b) {
    extent sum, same_a = sum.adopt(a), same_b = sum.adopt(b);
    same_a = sum.adopt(a);  // the dims of b may have moved those of a
    for (extent* each : {&same_a, &same_b}) {
      std::int64_t const other = each == &same_a ? b.divisor : a.divisor;
      for (int t = 0; t < each->term_count; ++t) {
        term added = each->terms[static_cast<std::size_t>(t)];
        added.factor *= other;
        sum.add(added);
      }
    }
    sum.divisor = a.divisor * b.divisor;
    return sum.reduced();
  }
  friend constexpr extent operator*(extent const& a, extent const& b) {
    extent product, same_a = product.adopt(a), same_b = product.adopt(b);
    same_a = product.adopt(a);
    for (int i = 0; i < same_a.term_count; ++i) {
      for (int k = 0; k < same_b.term_count; ++k) {
        term added = same_a.terms[static_cast<std::size_t>(i)];
        term const& factor = same_b.terms[static_cast<std::size_t>(k)];
        added.factor *= factor.factor;
        for (std::size_t d = 0; d < max_dims; ++d)
          added.powers[d] = static_cast<std::int8_t>(added.powers[d] + factor.powers[d]);
        product.add(added);
      }
    }
    product.divisor = a.divisor * b.divisor;
    return product.reduced();
  }
  friend constexpr extent operator-(extent const& a, extent const& b) { return a + b * extent(-1); }
  /// Without a rest: a call whose lengths leave one is refused.
  friend constexpr extent operator/(extent const& a, std::integral auto parts) {
    if (parts < 1) throw "etch: dim: an extent is divided by zero or a negative number";
    extent part = a;
    part.divisor *= parts;
    return part.reduced();
  }

  /// The extent that times `b` is `a`, where b has one term; fixed at 0 where there is none.
  friend constexpr extent quotient(extent const& a, extent const& b) {
    if (b.term_count != 1) return {};
    extent all, of_a = all.adopt(a), of_b = all.adopt(b);
    of_a = all.adopt(a);
    extent part = all;
    for (int t = 0; t < of_a.term_count; ++t) {
      term each = of_a.terms[static_cast<std::size_t>(t)];
      each.factor *= b.divisor;
      for (std::size_t d = 0; d < max_dims; ++d) {
        each.powers[d] = static_cast<std::int8_t>(each.powers[d] - of_b.terms[0].powers[d]);
        if (each.powers[d] < 0) return {};
      }
      part.add(each);
    }
    part.divisor = a.divisor * of_b.terms[0].factor;
    return part.reduced();
  }

 private:
  /// Takes in the dims of another extent; returns its terms in the dims of this one.
  constexpr extent adopt(extent const& other) {
    for (int d = 0; d < other.dim_count; ++d) add(other.dims[static_cast<std::size_t>(d)]);
    extent same = *this;
    same.term_count = other.term_count;
    for (int t = 0; t < other.term_count; ++t) {
      term const& from = other.terms[static_cast<std::size_t>(t)];
      term& to = same.terms[static_cast<std::size_t>(t)];
      to = {from.factor, {}};
      for (int d = 0; d < other.dim_count; ++d)
        to.powers[place_of(other.dims[static_cast<std::size_t>(d)])] =
            from.powers[static_cast<std::size_t>(d)];
    }
    return same;
  }

  constexpr std::size_t place_of(dim const& wanted) const {
    std::size_t d = 0;
    while (!(dims[d] == wanted)) ++d;
    return d;
  }

  constexpr void add(dim const& added) {
    std::size_t at = 0;
    while (at < static_cast<std::size_t>(dim_count) && dims[at].view() < added.view()) ++at;
    if (at < static_cast<std::size_t>(dim_count) && dims[at].view() == added.view()) {
      if (dims[at].most != added.most) throw "etch: dim: two dims have one name";
      return;
    }
    if (dim_count == max_dims) throw "etch: dim: an extent has more than three dims";
    for (auto d = static_cast<std::size_t>(dim_count); d > at; --d) dims[d] = dims[d - 1];
    dims[at] = added;
    ++dim_count;
  }

  constexpr void add(term const& added) {
    auto const count = static_cast<std::size_t>(term_count);
    std::size_t at = 0;
    while (at < count && terms[at].powers < added.powers) ++at;
    if (at < count && terms[at].powers == added.powers) {
      terms[at].factor += added.factor;
      return;
    }
    if (term_count == max_terms) throw "etch: dim: an extent has more than four terms";
    for (std::size_t t = count; t > at; --t) terms[t] = terms[t - 1];
    terms[at] = added;
    ++term_count;
  }

  /// Without terms of zero, dims that no term has, and common divisors.
  constexpr extent reduced() const {
    extent kept;
    std::int64_t common = divisor;
    for (int t = 0; t < term_count; ++t) {
      term const& each = terms[static_cast<std::size_t>(t)];
      if (each.factor == 0) continue;
      common = std::gcd(common, each.factor);
      for (int d = 0; d < dim_count; ++d) {
        if (each.powers[static_cast<std::size_t>(d)] > 0)
          kept.add(dims[static_cast<std::size_t>(d)]);
      }
    }
    for (int t = 0; t < term_count; ++t) {
      term const& each = terms[static_cast<std::size_t>(t)];
      if (each.factor == 0) continue;
      term same{each.factor / common, {}};
      for (int d = 0; d < dim_count; ++d) {
        if (each.powers[static_cast<std::size_t>(d)] > 0)
          same.powers[kept.place_of(dims[static_cast<std::size_t>(d)])] =
              each.powers[static_cast<std::size_t>(d)];
      }
      kept.add(same);
    }
    kept.divisor = divisor / common;
    return kept.rewritten();
  }

  /// The same value, number by number: gcc 12 tells template arguments apart by how their parts
  /// were assigned.
  constexpr extent rewritten() const {
    extent same;
    same.dim_count = dim_count;
    for (std::size_t d = 0; d < static_cast<std::size_t>(dim_count); ++d) {
      for (std::size_t i = 0; i < 12; ++i) same.dims[d].name[i] = dims[d].name[i];
      same.dims[d].most = dims[d].most;
    }
    same.term_count = term_count;
    for (std::size_t t = 0; t < static_cast<std::size_t>(term_count); ++t) {
      same.terms[t].factor = terms[t].factor;
      for (std::size_t d = 0; d < max_dims; ++d) same.terms[t].powers[d] = terms[t].powers[d];
    }
    same.divisor = divisor;
    return same;
  }

  template <std::size_t N>
  friend consteval extent dim(char const (&name)[N], std::int64_t most);
};

/// dim(name, most): a length from 1 to `most` that each call decides.
/// errors    an empty name or one of more than 11 characters; a bound below 2
template <std::size_t N>
consteval extent dim(char const (&name)[N], std::int64_t most) {
  if (N < 2) throw "etch: dim: the name is empty";
  if (N > 12) throw "etch: dim: the name is longer than 11 characters";
  if (most < 2) throw "etch: dim: the bound is below 2: a length that is always 1 needs no dim";
  extent e;
  for (std::size_t i = 0; i < N && i < 12; ++i) e.dims[0].name[i] = name[i];
  e.dims[0].most = most;
  e.dim_count = 1;
  e.terms[0].factor = 1;
  e.terms[0].powers[0] = 1;
  e.term_count = 1;
  return e.rewritten();
}

}  // namespace etch
