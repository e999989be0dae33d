#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/runtime/problem_list.hpp>

#if defined(__unix__) || defined(__APPLE__)
#define ETCH_HAS_MMAP 1
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace etch::runtime {

namespace detail {

/// `etch: <who>: '<path>': <what>`, with the code that suits the errno that led to it.
inline error file_error(std::string_view who, std::string const& path, errc otherwise, int number) {
  errc const code = number == ENOENT ? errc::not_found : otherwise;
  return {code,
          "etch: " + std::string(who) + ": " + in_quotes(path) + ": " +
              std::generic_category().message(number),
          path};
}

inline error open_error(std::string const& path, char const* what) {
  return {errc::unreadable, "etch: open: " + in_quotes(path) + ": " + what, path};
}

/// The bytes of a file, copied: for systems without mmap.
inline result<std::vector<std::byte>> read_whole_file(std::string const& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return file_error("open", path, errc::unreadable, errno);
  std::vector<std::byte> bytes;
  std::size_t filled = 0;
  for (std::size_t got = 1; got != 0; filled += got) {
    if (filled == bytes.size()) bytes.resize(filled + filled / 2 + 65536);
    got = std::fread(bytes.data() + filled, 1, bytes.size() - filled, file);
  }
  int const number = std::ferror(file) ? errno : 0;
  std::fclose(file);
  if (number != 0) return file_error("open", path, errc::unreadable, number);
  bytes.resize(filled);
  return bytes;
}

}  // namespace detail

/// The bytes of a file, read-only, for as long as this object lives; a move keeps their address.
/// Where the system can, the file is mapped and its pages are shared between processes. Do not
/// truncate or rewrite the file meanwhile (replace it by renaming): a page that is gone faults.
/// errors  the file is missing, cannot be read, or is no regular file
class mapped_file {
 public:
  mapped_file() = default;
  mapped_file(mapped_file&& other) noexcept
      : mapping_(std::exchange(other.mapping_, {})), copy_(std::move(other.copy_)) {}
  mapped_file& operator=(mapped_file&& other) noexcept {
    std::swap(mapping_, other.mapping_);
    std::swap(copy_, other.copy_);
    return *this;
  }
  ~mapped_file() { unmap(); }

  [[nodiscard]] static result<mapped_file> open(std::string const& path) {
    if (path.find('\0') != path.npos)
      return detail::open_error(path, "a path cannot hold a zero byte");
    mapped_file file;
#if defined(ETCH_HAS_MMAP)
    // O_NONBLOCK: opening a pipe that nobody writes to must not wait
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return detail::file_error("open", path, errc::unreadable, errno);
    auto mapped = map(descriptor, path);
    ::close(descriptor);
    if (!mapped) return std::move(mapped).error();
    file.mapping_ = *mapped;
#else
    auto bytes = detail::read_whole_file(path);
    if (!bytes) return std::move(bytes).error();
    file.copy_ = *std::move(bytes);
#endif
    return file;
  }

  [[nodiscard]] std::span<std::byte const> bytes() const noexcept {
    return mapping_.data() ? mapping_ : std::span<std::byte const>(copy_);
  }

 private:
#if defined(ETCH_HAS_MMAP)
  static result<std::span<std::byte const>> map(int descriptor, std::string const& path) {
    struct stat status;
    if (::fstat(descriptor, &status) != 0)
      return detail::file_error("open", path, errc::unreadable, errno);
    if (S_ISDIR(status.st_mode)) return detail::open_error(path, "it is a directory");
    if (!S_ISREG(status.st_mode)) return detail::open_error(path, "it is not a regular file");
    auto const size = static_cast<std::uint64_t>(status.st_size);
    if (size == 0) return std::span<std::byte const>();  // mmap refuses a length of 0
    if (size > SIZE_MAX) return detail::open_error(path, "it is larger than the address space");
    void* address =
        ::mmap(nullptr, static_cast<std::size_t>(size), PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (address == MAP_FAILED) return detail::file_error("open", path, errc::unreadable, errno);
    return std::span(static_cast<std::byte const*>(address), static_cast<std::size_t>(size));
  }
#endif

  void unmap() noexcept {
#if defined(ETCH_HAS_MMAP)
    if (mapping_.data()) ::munmap(const_cast<std::byte*>(mapping_.data()), mapping_.size());
#endif
  }

  std::span<std::byte const> mapping_;
  std::vector<std::byte> copy_;
};

}  // namespace etch::runtime
