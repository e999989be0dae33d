#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace etch::runtime {

/// Rows of text in columns that are as wide as their widest cell; numbers to the right.
class text_table {
 public:
  explicit text_table(std::vector<std::string> header) { add(std::move(header)); }

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  std::string text() const {
    std::vector<std::size_t> widths;
    for (auto const& row : rows_) {
      if (widths.size() < row.size()) widths.resize(row.size());
      for (std::size_t i = 0; i < row.size(); ++i)
        if (row[i].size() > widths[i]) widths[i] = row[i].size();
    }
    std::string text;
    for (auto const& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        std::string const space(widths[i] - row[i].size(), ' ');
        if (i > 0) text.append(2, ' ');
        bool const right = is_number(row[i]);
        text.append(right ? space : row[i]).append(right ? row[i] : space);
      }
      while (!text.empty() && text.back() == ' ') text.pop_back();
      text.push_back('\n');
    }
    return text;
  }

 private:
  static bool is_number(std::string const& cell) {
    for (char c : cell) {
      if ((c < '0' || c > '9') && c != '.') return false;
    }
    return !cell.empty();
  }

  std::vector<std::vector<std::string>> rows_;
};

}  // namespace etch::runtime
