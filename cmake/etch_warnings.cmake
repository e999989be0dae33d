# etch_warnings: what etch's own tests, examples and benchmarks are held to. Never exported.
add_library(etch_warnings INTERFACE)
target_compile_options(
  etch_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                          $<$<BOOL:${ETCH_WARNINGS_AS_ERRORS}>:-Werror>)
