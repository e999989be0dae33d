# cmake -DINCLUDE_DIR=<dir> -DROOM=<room|umbrella> -P compile_alone.cmake -- <compiler> <flag>...
# Compiles every header of a room (umbrella: those that stand in no room) as a file of its own,
# included twice.
set(command "")
set(seen_separator FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(seen_separator)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif("${CMAKE_ARGV${i}}" STREQUAL "--")
    set(seen_separator TRUE)
  endif()
endforeach()

if(ROOM STREQUAL "umbrella")
  file(GLOB headers RELATIVE "${INCLUDE_DIR}" "${INCLUDE_DIR}/etch/*.hpp")
else()
  file(GLOB_RECURSE headers RELATIVE "${INCLUDE_DIR}" "${INCLUDE_DIR}/etch/${ROOM}/*.hpp")
endif()

set(failed 0)
foreach(header IN LISTS headers)
  execute_process(
    COMMAND ${command} -include "${header}" -include "${header}" -x c++ /dev/null
    RESULT_VARIABLE result ERROR_VARIABLE output)
  if(result EQUAL 0)
    message(STATUS "${header}")
  else()
    message(NOTICE "${header} does not compile alone:\n${output}")
    math(EXPR failed "${failed} + 1")
  endif()
endforeach()
list(LENGTH headers count)
message(STATUS "${count} headers, ${failed} failed")
if(failed GREATER 0)
  message(FATAL_ERROR "${failed} of ${count} headers do not compile alone")
endif()
