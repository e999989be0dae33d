# cmake -D... -P use_package.cmake: configures, builds and runs (as a test of its own) the project in
# PROJECT_DIR, afresh in WORK_DIR; with INSTALL the build of etch is installed there first.
function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  message(NOTICE "${output}")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
set(prefix "")
if(INSTALL)
  set(prefix "${WORK_DIR}/prefix")
  run("installing etch" ${CMAKE_COMMAND} --install "${ETCH_BINARY_DIR}" --prefix "${prefix}")
endif()
run("configuring" ${CMAKE_COMMAND} -S "${PROJECT_DIR}" -B "${WORK_DIR}/build" -G "${GENERATOR}"
    "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}" -DCMAKE_BUILD_TYPE=${BUILD_TYPE}
    "-DCMAKE_PREFIX_PATH=${prefix}" "-DETCH_SOURCE_DIR=${ETCH_SOURCE_DIR}")
run("building" ${CMAKE_COMMAND} --build "${WORK_DIR}/build" --parallel 1)
run("running" ${CMAKE_CTEST_COMMAND} --test-dir "${WORK_DIR}/build" --output-on-failure
    --no-tests=error)
