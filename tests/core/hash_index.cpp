#include <etch/core/hash_index.hpp>

#include <set>
#include <string>

#include "catch.hpp"

namespace {

using namespace etch::core;

constexpr std::uint64_t spread(int id) { return hash_mix(0, static_cast<std::uint64_t>(id)); }

constexpr bool finds_each_of(int count) {
  hash_index index;
  for (int id = 0; id < count; ++id) index.add(spread(id), id);
  for (int id = 0; id < count; ++id) {
    if (index.find(spread(id), [&](int found) { return found == id; }) != id) return false;
  }
  return index.find(spread(count), [](int) { return true; }) == hash_index::none;
}

constexpr bool tells_equal_hashes_apart() {
  hash_index index;
  for (int id = 0; id < 40; ++id) index.add(5, id);
  auto const find = [&](int wanted) { return index.find(5, [&](int id) { return id == wanted; }); };
  return find(0) == 0 && find(39) == 39 && find(40) == hash_index::none;
}

constexpr bool asks_only_about_equal_hashes() {
  hash_index index;
  index.add(16, 1);
  index.add(32, 2);  // in the same slot as 16 while the table has 16 slots
  return index.find(32, [](int) { return true; }) == 2 &&
         index.find(48, [](int) { return true; }) == hash_index::none;
}

}  // namespace

TEST_CASE("an index finds nothing while it is empty", "[core][hash_index]") {
  STATIC_REQUIRE(hash_index().find(0, [](int) { return true; }) == hash_index::none);
  REQUIRE(hash_index().find(0, [](int) { return true; }) == hash_index::none);
}

TEST_CASE("an index finds each of a thousand entries, also after it grew", "[core][hash_index]") {
  STATIC_REQUIRE(finds_each_of(1000));
  for (int count : {1, 7, 8, 9, 1000, 50000}) REQUIRE(finds_each_of(count));
}

TEST_CASE("an index leaves equality to its caller", "[core][hash_index]") {
  STATIC_REQUIRE(tells_equal_hashes_apart());
  REQUIRE(tells_equal_hashes_apart());
}

TEST_CASE("an index asks the caller about equal hashes alone", "[core][hash_index]") {
  STATIC_REQUIRE(asks_only_about_equal_hashes());
  REQUIRE(asks_only_about_equal_hashes());
}

TEST_CASE("the hashes of texts differ, in constant evaluation as at run time",
          "[core][hash_index]") {
  constexpr auto at_compile_time = hash_text("h.3.attn.c_attn.weight");
  REQUIRE(hash_text(std::string("h.3.attn.c_attn.weight")) == at_compile_time);
  std::set<std::uint64_t> hashes{hash_text("")};
  for (int block = 0; block < 100; ++block) {
    for (char const* part : {".ln_1.weight", ".ln_1.bias", ".attn.weight", ".attn.bias"})
      hashes.insert(hash_text("h." + std::to_string(block) + part));
  }
  REQUIRE(hashes.size() == 401);
}

TEST_CASE("hash_mix depends on the order of the words", "[core][hash_index]") {
  STATIC_REQUIRE(hash_mix(hash_mix(1, 2), 3) != hash_mix(hash_mix(1, 3), 2));
  STATIC_REQUIRE(hash_mix(0, 1) != hash_mix(0, 2));
}
