# etch_add_model(<target> <source>... ISAS <isa>...)
#
# A static library that holds the models of the sources once per instruction set, and a choice between
# them at load time. Each source is compiled
#   - once per ISA, with its flags and ETCH_ISA_OBJECT=<isa>,
#   - once with the flags of the project and ETCH_DISPATCH_ISAS=<isa>,<isa>,...
# <etch/runtime/dispatch.hpp> says what a source does with these. The list goes from the least to the
# most capable; what a user links is <target>, which links etch::etch in turn.
#
# Include directories, definitions, options and libraries given to <target> hold for its per-ISA
# objects too. For a position-independent library set CMAKE_POSITION_INDEPENDENT_CODE before the call.
# The per-ISA object libraries are <target>_<isa>.
function(etch_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "ISAS")
  set(sources ${arg_UNPARSED_ARGUMENTS})
  set(who "etch_add_model: ${target}")
  if(NOT sources)
    message(FATAL_ERROR "${who}: no source file given")
  endif()
  if(NOT arg_ISAS)
    message(FATAL_ERROR "${who}: no instruction set given, expected ISAS and at least one name")
  endif()
  set(distinct ${arg_ISAS})
  list(REMOVE_DUPLICATES distinct)
  if(NOT "${distinct}" STREQUAL "${arg_ISAS}")
    message(FATAL_ERROR "${who}: an instruction set is named twice in '${arg_ISAS}'")
  endif()
  if(CMAKE_CXX_FLAGS MATCHES "-m(arch=|avx|fma|sse4)")
    message(WARNING "${who}: CMAKE_CXX_FLAGS holds '${CMAKE_MATCH_0}': the part that chooses between "
                    "instruction sets is built with it and needs such a processor")
  endif()

  string(REPLACE ";" "," dispatch_isas "${arg_ISAS}")
  add_library(${target} STATIC ${sources})
  target_compile_definitions(${target} PRIVATE "ETCH_DISPATCH_ISAS=${dispatch_isas}")
  target_link_libraries(${target} PUBLIC etch::etch)

  foreach(isa IN LISTS arg_ISAS)
    etch_isa_flags(${isa} flags "${who}")
    set(object ${target}_${isa})
    add_library(${object} OBJECT ${sources})
    target_compile_options(${object} PRIVATE $<TARGET_PROPERTY:${target},COMPILE_OPTIONS> ${flags})
    target_compile_definitions(
      ${object}
      PRIVATE "ETCH_ISA_OBJECT=${isa}"
              $<FILTER:$<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>,EXCLUDE,^ETCH_DISPATCH_ISAS=>)
    target_include_directories(${object} PRIVATE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
    target_link_libraries(${object} PRIVATE $<TARGET_PROPERTY:${target},LINK_LIBRARIES>)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${object}>)
  endforeach()
endfunction()
