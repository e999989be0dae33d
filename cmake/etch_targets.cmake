# etch::etch   the library: headers, what they include, and what compiling them needs
# etch::eager  the same and Eigen, for the eager executor and the Eigen maps (where Eigen is found)
include(GNUInstallDirs)

add_library(etch INTERFACE)
add_library(etch::etch ALIAS etch)
target_compile_features(etch INTERFACE cxx_std_20)
target_include_directories(
  etch INTERFACE "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>"
                 "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_link_libraries(etch INTERFACE Boost::headers etch::xsimd)

# A model is traced, optimised and planned by the compiler; the compilers' own limits on constant
# evaluation (clang: 1,048,576 steps, gcc: 33,554,432 operations and 262,144 iterations of a loop)
# are meant for smaller programs. A runaway evaluation still ends.
target_compile_options(
  etch
  INTERFACE
    "$<$<CXX_COMPILER_ID:GNU>:-fconstexpr-ops-limit=4000000000;-fconstexpr-loop-limit=100000000>"
    "$<$<CXX_COMPILER_ID:Clang,AppleClang>:-fconstexpr-steps=1000000000>")

etch_find_eager_dependencies(QUIET)
if(TARGET Eigen3::Eigen)
  add_library(etch_eager INTERFACE)
  add_library(etch::eager ALIAS etch_eager)
  set_target_properties(etch_eager PROPERTIES EXPORT_NAME eager)
  target_link_libraries(etch_eager INTERFACE etch Eigen3::Eigen)
endif()
