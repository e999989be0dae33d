#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include <etch/core/result.hpp>

namespace support {

/// Results take a while: a place that cannot take them is refused before. `who` and `option` name
/// the program and the option that gave it.
/// errors  the path is empty, a folder, or in a folder that is not there
inline etch::result<void> check_output_place(std::string const& who, std::string const& option,
                                             std::string const& path) {
  auto const refuse = [&](std::string const& what) {
    return etch::error{etch::errc::invalid_argument, "etch: " + who + ": " + option + what,
                       "command line"};
  };
  std::error_code code;
  std::filesystem::path const at(path);
  if (path.empty()) return refuse(" is empty, expected the name of a file");
  if (std::filesystem::is_directory(at, code))
    return refuse(" '" + path + "' is a folder, expected the name of a file");
  auto const folder = at.has_parent_path() ? at.parent_path() : std::filesystem::path(".");
  if (!std::filesystem::is_directory(folder, code))
    return refuse(" '" + path + "': there is no folder '" + folder.string() + "'");
  return {};
}

}  // namespace support
