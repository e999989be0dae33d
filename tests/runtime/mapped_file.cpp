#include <etch/runtime/mapped_file.hpp>

#include <string>
#include <utility>

#include "catch.hpp"
#include "support/scratch_folder.hpp"

namespace {

using etch::errc;
using etch::runtime::mapped_file;

std::string text_of(mapped_file const& file) {
  return {reinterpret_cast<char const*>(file.bytes().data()), file.bytes().size()};
}

}  // namespace

TEST_CASE("a mapped file has the bytes of the file", "[runtime][mapped_file]") {
  etch_test::scratch_folder folder;
  auto file = mapped_file::open(folder.write("a", "some bytes")).value_or_throw();
  REQUIRE(text_of(file) == "some bytes");
  mapped_file taken = std::move(file);
  REQUIRE(text_of(taken) == "some bytes");
  REQUIRE(file.bytes().empty());
}

TEST_CASE("an empty file has no bytes and is no error", "[runtime][mapped_file]") {
  etch_test::scratch_folder folder;
  REQUIRE(mapped_file::open(folder.write("empty", "")).value_or_throw().bytes().empty());
}

TEST_CASE("a file that is removed stays readable while it is mapped", "[runtime][mapped_file]") {
  etch_test::scratch_folder folder;
  std::string const path = folder.write("a", "some bytes");
  auto file = mapped_file::open(path).value_or_throw();
  std::filesystem::remove(path);
  REQUIRE(text_of(file) == "some bytes");
}

TEST_CASE("a missing file, a folder and a path through a file are refused with the reason",
          "[runtime][mapped_file]") {
  etch_test::scratch_folder folder;
  auto gone = mapped_file::open(folder / "gone").error();
  CHECK(gone.code == errc::not_found);
  CHECK(gone.where == folder / "gone");
  CHECK(gone.text == "etch: open: '" + (folder / "gone") + "': No such file or directory");
  auto directory = mapped_file::open(folder / "").error();
  CHECK(directory.code == errc::unreadable);
  CHECK(directory.text == "etch: open: '" + (folder / "") + "': it is a directory");
  auto through = mapped_file::open(folder.write("a", "x") + "/b").error();
  CHECK(through.code == errc::unreadable);
  CHECK(through.text == "etch: open: '" + (folder / "a/b") + "': Not a directory");
}

TEST_CASE("a path with a zero byte does not open the file before it", "[runtime][mapped_file]") {
  etch_test::scratch_folder folder;
  std::string const path = folder.write("a", "x") + std::string("\0.bak", 5);
  auto why = mapped_file::open(path).error();
  REQUIRE(why.text.find("a path cannot hold a zero byte") != why.text.npos);
}

TEST_CASE("reading without mapping gives the same bytes and refuses the same",
          "[runtime][mapped_file]") {
  using etch::runtime::detail::read_whole_file;
  etch_test::scratch_folder folder;
  std::string const text(200'000, 'q');
  auto bytes = read_whole_file(folder.write("a", text)).value_or_throw();
  REQUIRE(std::string(reinterpret_cast<char const*>(bytes.data()), bytes.size()) == text);
  REQUIRE(read_whole_file(folder.write("empty", "")).value_or_throw().empty());
  REQUIRE(read_whole_file(folder / "gone").error().code == errc::not_found);
  REQUIRE(read_whole_file(folder / "").error().code == errc::unreadable);
}

#if defined(ETCH_HAS_MMAP)
TEST_CASE("a pipe nobody writes to is refused at once", "[runtime][mapped_file]") {
  etch_test::scratch_folder folder;
  std::string const path = folder / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  REQUIRE(mapped_file::open(path).error().text ==
          "etch: open: '" + path + "': it is not a regular file");
}

TEST_CASE("a file without read permission is refused with the reason", "[runtime][mapped_file]") {
  etch_test::scratch_folder folder;
  std::string const path = folder.write("locked", "x");
  REQUIRE(::chmod(path.c_str(), 0) == 0);
  // root may read every file, so it becomes somebody else
  bool const is_root = ::geteuid() == 0;
  if (is_root) REQUIRE(::seteuid(65534) == 0);
  auto const file = mapped_file::open(path);
  if (is_root) REQUIRE(::seteuid(0) == 0);
  REQUIRE(file.error().text == "etch: open: '" + path + "': Permission denied");
  REQUIRE(file.error().code == errc::unreadable);
}
#endif
