#pragma once

#include <ostream>
#include <span>
#include <string>

#include "limits.hpp"
#include "row.hpp"

namespace bench {

/// The processor and its limits, in two lines.
std::string limits_text(limits const& here);
/// The head of the table, behind an empty line.
std::string table_head();
/// One line of the table.
std::string table_line(row const& r);

/// An array of flat objects: first the limits (variant "limit", with a value and its unit), then
/// the rows.
void write_json(std::ostream& to, limits const& here, std::span<row const> rows, int threads);

}  // namespace bench
