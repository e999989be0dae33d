#include <etch/core/list.hpp>

#include <utility>

#include "catch.hpp"

namespace {

using etch::core::list;

constexpr list<int> counted(int n) {
  list<int> values;
  for (int i = 0; i < n; ++i) values.push_back(i);
  return values;
}

constexpr bool keeps_what_is_pushed() {
  list<int> const values = counted(1000);
  int expected = 0;
  for (int value : values) {
    if (value != expected++) return false;
  }
  return values.size() == 1000 && values[999] == 999 && values.back() == 999;
}

constexpr bool copies_are_apart() {
  list<int> a{1, 2, 3};
  list<int> b = a;
  b[0] = 7;
  b.push_back(4);
  list<int> c;
  c = b;
  b.clear();
  return a == list<int>{1, 2, 3} && c == list<int>{7, 2, 3, 4} && b.empty();
}

constexpr bool moves_leave_nothing_behind() {
  list<int> a = counted(20);
  int const* const where = a.data();
  list<int> b = std::move(a);
  list<int> c{9};
  c = std::move(b);
  return c.data() == where && c == counted(20) && a.empty();
}

constexpr bool appends_a_list_even_itself() {
  list<int> a{1, 2, 3};
  a.append(list<int>{4, 5});
  a.append(a);
  a.append(list<int>{});
  return a == list<int>{1, 2, 3, 4, 5, 1, 2, 3, 4, 5};
}

constexpr bool resizes_with_a_value() {
  list<int> a{1};
  a.resize(3, 8);
  bool const grown = a == list<int>{1, 8, 8};
  a.resize(1);
  a.resize(2);
  a.pop_back();
  return grown && a == list<int>{1} && list<int>(2, 5) == list<int>{5, 5};
}

constexpr bool reserves_without_a_change() {
  list<int> a{1, 2};
  a.reserve(100);
  int const* const where = a.data();
  for (int i = 3; i <= 100; ++i) a.push_back(i);
  return a.data() == where && a.size() == 100 && a[1] == 2;
}

constexpr bool holds_lists() {
  list<list<int>> table;
  for (int i = 0; i < 30; ++i) table.push_back(counted(i));
  list<list<int>> const copy = table;
  table[29][0] = 5;
  return copy[29] == counted(29) && table[29][0] == 5;
}

constexpr bool compares_sizes_and_values() {
  return list<int>{} == list<int>{} && !(list<int>{1} == list<int>{}) &&
         !(list<int>{1, 2} == list<int>{1, 3});
}

}  // namespace

TEST_CASE("a list keeps what is pushed, in order", "[core][list]") {
  STATIC_REQUIRE(keeps_what_is_pushed());
  REQUIRE(keeps_what_is_pushed());
}

TEST_CASE("copies of a list are apart from it", "[core][list]") {
  STATIC_REQUIRE(copies_are_apart());
  REQUIRE(copies_are_apart());
}

TEST_CASE("a moved list hands over its memory", "[core][list]") {
  STATIC_REQUIRE(moves_leave_nothing_behind());
  REQUIRE(moves_leave_nothing_behind());
}

TEST_CASE("a list takes another at its end, even itself", "[core][list]") {
  STATIC_REQUIRE(appends_a_list_even_itself());
  REQUIRE(appends_a_list_even_itself());
}

TEST_CASE("a list grows with a value and shrinks", "[core][list]") {
  STATIC_REQUIRE(resizes_with_a_value());
  REQUIRE(resizes_with_a_value());
}

TEST_CASE("a list does not move within what it has reserved", "[core][list]") {
  STATIC_REQUIRE(reserves_without_a_change());
  REQUIRE(reserves_without_a_change());
}

TEST_CASE("a list holds lists", "[core][list]") {
  STATIC_REQUIRE(holds_lists());
  REQUIRE(holds_lists());
}

TEST_CASE("lists are equal if their sizes and values are", "[core][list]") {
  STATIC_REQUIRE(compares_sizes_and_values());
  REQUIRE(compares_sizes_and_values());
}
