# What etch's headers include: found the same way by etch's own build and by the installed package.
# No version is handed to find_package for xsimd and Eigen: their version files accept one major
# version only, and newer ones serve as well.

# etch_find_core_dependencies([REQUIRED] [QUIET])
# Boost's headers (Hana) as Boost::headers, and xsimd as etch::xsimd.
#
# etch::xsimd holds xsimd's include directory and nothing else: the package of Debian 12 (8.1) names a
# link library `xtl` that it neither ships nor depends on, and any program linked to it fails.
macro(etch_find_core_dependencies)
  if(NOT TARGET Boost::headers)
    find_package(Boost 1.70 ${ARGV})
  endif()
  if(NOT TARGET xsimd)
    find_package(xsimd ${ARGV})
    if(xsimd_VERSION AND xsimd_VERSION VERSION_LESS 8.1)
      message(FATAL_ERROR "etch: xsimd: found ${xsimd_VERSION}, expected 8.1 or newer")
    endif()
  endif()
  if(TARGET xsimd AND NOT TARGET etch::xsimd)
    get_target_property(etch_xsimd_include xsimd INTERFACE_INCLUDE_DIRECTORIES)
    add_library(etch::xsimd INTERFACE IMPORTED GLOBAL)
    target_include_directories(etch::xsimd SYSTEM INTERFACE ${etch_xsimd_include})
    unset(etch_xsimd_include)
  endif()
endmacro()

# etch_find_eager_dependencies([REQUIRED] [QUIET])
# Eigen, which the eager executor and the Eigen maps compute with.
macro(etch_find_eager_dependencies)
  if(NOT TARGET Eigen3::Eigen)
    find_package(Eigen3 ${ARGV})
    if(Eigen3_VERSION AND Eigen3_VERSION VERSION_LESS 3.3)
      message(FATAL_ERROR "etch: eager: found Eigen ${Eigen3_VERSION}, expected 3.3 or newer")
    endif()
  endif()
endmacro()
