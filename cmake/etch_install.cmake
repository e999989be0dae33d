# The installed package: headers, targets and the CMake functions, for find_package(etch).
include(CMakePackageConfigHelpers)

set(etch_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/etch")

install(DIRECTORY include/etch DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(TARGETS etch EXPORT etch_targets)
install(EXPORT etch_targets NAMESPACE etch:: FILE etchTargets.cmake DESTINATION "${etch_package_dir}")
if(TARGET etch_eager)
  install(TARGETS etch_eager EXPORT etch_eager_targets)
  install(EXPORT etch_eager_targets NAMESPACE etch:: FILE etchEagerTargets.cmake
          DESTINATION "${etch_package_dir}")
endif()

configure_package_config_file(
  cmake/etchConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/etchConfig.cmake"
  INSTALL_DESTINATION "${etch_package_dir}")
# Headers only, so the package serves any architecture; 0.x versions promise nothing to each other.
write_basic_package_version_file(
  "${CMAKE_CURRENT_BINARY_DIR}/etchConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(
  FILES "${CMAKE_CURRENT_BINARY_DIR}/etchConfig.cmake"
        "${CMAKE_CURRENT_BINARY_DIR}/etchConfigVersion.cmake"
        cmake/etch_find_dependencies.cmake
        cmake/etch_isa_flags.cmake
        cmake/etch_add_model.cmake
  DESTINATION "${etch_package_dir}")
