#include <etch/core/fields.hpp>

#include <limits>
#include <string>

#include "catch.hpp"

namespace {

using namespace etch::core;

enum class mode : unsigned char { none, full };

struct nothing {};
struct one {
  float slope = 0.01f;
};
struct mixed {
  int axis = -1;
  bool keep = true;
  double eps = 1e-5;
  mode how = mode::full;
  ints<4> pads{1, 2};
  std::int64_t count = 1;
};
struct twelve {
  int a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, i = 9, j = 10, k = 11, l = 12;
};
struct two_lists {
  ints<> starts;
  ints<> sizes{7};
};

template <class T>
constexpr list<std::int64_t> words_of(T const& value) {
  list<std::int64_t> words;
  to_words(words, value);
  return words;
}

/// The words of the value that is read back are those that were written.
template <class T>
constexpr bool survives(T const& value) {
  auto const words = words_of(value);
  return words_of(from_words<T>(words.data())) == words;
}

constexpr bool mixed_survives() {
  mixed const before{.axis = 3, .keep = false, .eps = 0.1, .how = mode::none, .pads = {4, -5, 6}};
  auto const words = words_of(before);
  mixed const after = from_words<mixed>(words.data());
  return words.size() == 9 && after.axis == 3 && !after.keep && after.eps == 0.1 &&
         after.how == mode::none && after.pads == ints<4>(4, -5, 6) && after.count == 1;
}

std::string kinds_of_mixed() {
  std::string kinds;
  for (field_kind kind : kinds_of_fields<mixed>()) kinds += std::to_string(static_cast<int>(kind));
  return kinds;
}

}  // namespace

TEST_CASE("the fields of a struct are counted", "[core][fields]") {
  STATIC_REQUIRE(field_count<nothing> == 0);
  STATIC_REQUIRE(field_count<one> == 1);
  STATIC_REQUIRE(field_count<two_lists> == 2);
  STATIC_REQUIRE(field_count<mixed> == 6);
  STATIC_REQUIRE(field_count<twelve> == 12);
}

TEST_CASE("with_fields hands over all fields in order, to read or to change", "[core][fields]") {
  twelve numbers;
  with_fields(numbers, [](auto&... field) { ((field *= 2), ...); });
  std::string text;
  with_fields(static_cast<twelve const&>(numbers),
              [&](auto const&... field) { ((text += std::to_string(field) + " "), ...); });
  REQUIRE(text == "2 4 6 8 10 12 14 16 18 20 22 24 ");
}

TEST_CASE("a struct becomes words and is read back from them", "[core][fields]") {
  STATIC_REQUIRE(mixed_survives());
  REQUIRE(mixed_survives());
  STATIC_REQUIRE(survives(nothing{}));
  STATIC_REQUIRE(survives(one{}));
  STATIC_REQUIRE(survives(two_lists{}));
  STATIC_REQUIRE(survives(two_lists{{1, 2, 3, 4, 5, 6}, {}}));
  STATIC_REQUIRE(survives(twelve{}));
}

TEST_CASE("a number takes one word, a list its length and its values", "[core][fields]") {
  STATIC_REQUIRE(words_of(nothing{}).empty());
  STATIC_REQUIRE(words_of(one{}).size() == 1);
  STATIC_REQUIRE(words_of(two_lists{}) == list<std::int64_t>{0, 1, 7});
}

TEST_CASE("the kinds of fields tell a printer how to read the words", "[core][fields]") {
  STATIC_REQUIRE(kinds_of_fields<mixed>()[1] == field_kind::boolean);
  STATIC_REQUIRE(kinds_of_fields<mixed>()[4] == field_kind::integers);
  REQUIRE(kinds_of_mixed() == "012030");
}

TEST_CASE("negative zero and NaN survive as attributes", "[core][fields]") {
  auto const zero = words_of(one{-0.0f});
  REQUIRE(1.0f / from_words<one>(zero.data()).slope < 0);
  auto const nan = words_of(one{std::numeric_limits<float>::quiet_NaN()});
  float const back = from_words<one>(nan.data()).slope;
  REQUIRE(back != back);
}
