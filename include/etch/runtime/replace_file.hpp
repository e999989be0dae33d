#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>

#include <etch/core/result.hpp>
#include <etch/runtime/mapped_file.hpp>

#if !defined(ETCH_HAS_MMAP)
#include <filesystem>
#endif

namespace etch::runtime {

namespace detail {

/// Creates `path`.part<n>, a file that did not exist; `path` becomes its name.
inline std::FILE* create_beside(std::string& path) {
  for (int n = 0; n < 100; ++n) {
    std::string const name = path + ".part" + std::to_string(n);
    std::FILE* file = std::fopen(name.c_str(), "wbx");
    if (file) path = name;
    if (file || errno != EEXIST) return file;
  }
  return nullptr;
}

/// 0, or the errno of the step that failed.
inline int write_pieces(std::FILE* file, std::span<std::span<std::byte const> const> pieces) {
  for (auto const piece : pieces)
    if (!piece.empty() && std::fwrite(piece.data(), 1, piece.size(), file) != piece.size())
      return errno;
  if (std::fflush(file) != 0) return errno;
#if defined(ETCH_HAS_MMAP)
  if (::fsync(::fileno(file)) != 0) return errno;
#endif
  return 0;
}

inline int rename_over(std::string const& from, std::string const& to) {
#if defined(ETCH_HAS_MMAP)
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
#else
  std::error_code code;  // std::rename replaces nothing on Windows
  std::filesystem::rename(from, to, code);
  return code.value();
#endif
}

}  // namespace detail

/// Makes `path` a file that holds the pieces one after another. They are written to a new file
/// beside it, which then takes its name: whoever opens `path` sees all of the old file or all of
/// the new one, and whoever has the old one mapped keeps it.
/// errors  the file cannot be created, written or renamed; then `path` is as it was
[[nodiscard]] inline result<void> replace_file(std::string const& path,
                                               std::span<std::span<std::byte const> const> pieces) {
  if (path.find('\0') != path.npos)
    return error{errc::unwritable,
                 "etch: save: " + in_quotes(path) + ": a path cannot hold a zero byte", path};
  std::string part = path;
  std::FILE* file = detail::create_beside(part);
  if (!file) return detail::file_error("save", path, errc::unwritable, errno);
  int number = detail::write_pieces(file, pieces);
  if (std::fclose(file) != 0 && number == 0) number = errno;
  if (number == 0) number = detail::rename_over(part, path);
  if (number == 0) return {};
  std::remove(part.c_str());
  return detail::file_error("save", path, errc::unwritable, number);
}

}  // namespace etch::runtime
