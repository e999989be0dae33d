#include <etch/runtime/replace_file.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/weights_bytes.hpp"

#if defined(ETCH_HAS_MMAP)
#include <sys/resource.h>

#include <csignal>
#endif

namespace {

using etch::errc;
using etch::runtime::mapped_file;
using etch::runtime::replace_file;
using etch_test::scratch_folder;

etch::result<void> replace(std::string const& path, std::vector<std::string_view> const& texts) {
  std::vector<std::span<std::byte const>> pieces;
  for (std::string_view text : texts) pieces.push_back(etch_test::as_bytes(text));
  return replace_file(path, pieces);
}

}  // namespace

TEST_CASE("a file is made of its pieces", "[runtime][replace_file]") {
  scratch_folder folder;
  REQUIRE(replace(folder / "a", {"one ", "", "two"}));
  REQUIRE(folder.read(folder / "a") == "one two");
  REQUIRE(replace(folder / "empty", {}));
  REQUIRE(folder.read(folder / "empty").empty());
  REQUIRE(folder.files() == 2);
}

TEST_CASE("whoever has the old file mapped keeps it", "[runtime][replace_file]") {
  scratch_folder folder;
  std::string const path = folder.write("a", "the old file");
  auto old = mapped_file::open(path).value_or_throw();
  REQUIRE(replace(path, {"new"}));
  REQUIRE(folder.read(path) == "new");
  REQUIRE(std::string(reinterpret_cast<char const*>(old.bytes().data()), old.bytes().size()) ==
          "the old file");
}

TEST_CASE("what another writer left half written is not touched", "[runtime][replace_file]") {
  scratch_folder folder;
  std::string const half = folder.write("a.part0", "half");
  REQUIRE(replace(folder / "a", {"whole"}));
  REQUIRE(folder.read(folder / "a") == "whole");
  REQUIRE(folder.read(half) == "half");
  REQUIRE(folder.files() == 2);
}

TEST_CASE("a file that cannot be made is refused with the reason", "[runtime][replace_file]") {
  scratch_folder folder;
  auto why = replace(folder / "gone/a", {"x"}).error();
  CHECK(why.text == "etch: save: '" + (folder / "gone/a") + "': No such file or directory");
  CHECK(why.where == folder / "gone/a");
  std::filesystem::create_directory(folder / "folder");
  why = replace(folder / "folder", {"x"}).error();
  CHECK(why.code == errc::unwritable);
  CHECK(why.text == "etch: save: '" + (folder / "folder") + "': Is a directory");
  CHECK(folder.files() == 1);
  why = replace(folder.write("b", "old") + std::string("\0c", 2), {"x"}).error();
  CHECK(why.text.ends_with("a path cannot hold a zero byte"));
  CHECK(folder.read(folder / "b") == "old");
}

#if defined(ETCH_HAS_MMAP)
TEST_CASE("when writing breaks off the old file stays and nothing is left beside it",
          "[runtime][replace_file]") {
  scratch_folder folder;
  std::string const path = folder.write("a", "the old file");
  std::string const large(1 << 20, 'x');

  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto const handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 65536;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  auto const done = replace(path, {large});
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);

  REQUIRE(done.error().code == errc::unwritable);
  REQUIRE(done.error().text == "etch: save: '" + path + "': File too large");
  REQUIRE(folder.read(path) == "the old file");
  REQUIRE(folder.files() == 1);
}
#endif
