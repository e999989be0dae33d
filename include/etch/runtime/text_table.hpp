#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace etch::runtime {

/// A number with marks between groups of three digits, as in C++: 1'234'567.
inline std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t left = digits.size(); left > (number < 0 ? 4 : 3);) {
    left -= 3;
    digits.insert(left, 1, '\'');
  }
  return digits;
}

/// Text in columns: a row of titles, then rows of cells, all as wide as the widest.
class text_table {
 public:
  enum class side : unsigned char { left, right };
  struct column {
    std::string title;
    text_table::side side = text_table::side::left;
  };

  explicit text_table(std::vector<column> columns) : columns_(std::move(columns)) {}

  /// One cell for each column; cells that are missing are empty.
  void add(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
  }

  std::string text() const {
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      std::size_t width = columns_[c].title.size();
      for (auto const& row : rows_) width = row[c].size() > width ? row[c].size() : width;
      widths.push_back(width);
    }
    std::vector<std::string> titles;
    for (column const& each : columns_) titles.push_back(each.title);
    std::string lines = line(titles, widths);
    for (auto const& row : rows_) lines += line(row, widths);
    return lines;
  }

 private:
  std::string line(std::vector<std::string> const& cells,
                   std::vector<std::size_t> const& widths) const {
    std::string text;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      std::string const gap(widths[c] - cells[c].size(), ' ');
      bool const left = columns_[c].side == side::left;
      text += "  " + (left ? cells[c] + gap : gap + cells[c]);
    }
    return text.substr(0, text.find_last_not_of(' ') + 1) + '\n';
  }

  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace etch::runtime
