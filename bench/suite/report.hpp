#pragma once

#include <ostream>
#include <span>
#include <string>

#include "limits.hpp"
#include "row.hpp"

namespace bench {

/// The limits in three lines, and the head of the table.
std::string table_head(limits const& here);
/// One line of the table.
std::string table_line(row const& r);

/// An array of flat objects: first the limits (variant "limit", with a value and its unit), then
/// the rows.
void write_json(std::ostream& to, limits const& here, std::span<row const> rows, int threads);

}  // namespace bench
