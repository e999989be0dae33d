# etch_seal_tools(<variable>): whether the linker and objcopy can seal an object.
function(etch_seal_tools variable)
  if(NOT DEFINED CACHE{ETCH_CAN_SEAL})
    set(can OFF)
    if(CMAKE_LINKER AND CMAKE_OBJCOPY AND CMAKE_EXECUTABLE_FORMAT STREQUAL "ELF")
      execute_process(COMMAND "${CMAKE_LINKER}" --help OUTPUT_VARIABLE help ERROR_QUIET)
      if(help MATCHES "--force-group-allocation")
        set(can ON)
      endif()
    endif()
    set(ETCH_CAN_SEAL ${can} CACHE INTERNAL "Whether per-ISA objects can be sealed")
  endif()
  set(${variable} ${ETCH_CAN_SEAL} PARENT_SCOPE)
endfunction()

# etch_seal_object(<target> <object library>): adds its sealed object <object library>.o to <target>.
function(etch_seal_object target object)
  set(sealed "${CMAKE_CURRENT_BINARY_DIR}/${object}.o")
  add_custom_command(
    OUTPUT "${sealed}"
    COMMAND "${CMAKE_LINKER}" -r --force-group-allocation -o "${sealed}" $<TARGET_OBJECTS:${object}>
    COMMAND "${CMAKE_OBJCOPY}" --wildcard "--keep-global-symbol=_ZN4etch8isa_codeI*" "${sealed}"
    DEPENDS $<TARGET_OBJECTS:${object}>
    COMMENT "Sealing ${object}"
    COMMAND_EXPAND_LISTS VERBATIM)
  set_source_files_properties("${sealed}" PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  target_sources(${target} PRIVATE "${sealed}")
endfunction()

# etch_add_model(<target> <source>... ISAS <isa>...)
#
# A static library that holds the models of the sources once per instruction set, and a choice between
# them at load time. Each source is compiled
#   - once per ISA, with its flags and ETCH_ISA_OBJECT=<isa>,
#   - once with the flags of the project and ETCH_DISPATCH_ISAS=<isa>,<isa>,...
# <etch/runtime/dispatch.hpp> says what a source does with these. The list goes from the least to the
# most capable; what a user links is <target>, which links etch::etch in turn.
#
# Functions that such an object shares with other files of the program (inline functions and templates:
# every file holds a copy, and the linker keeps any one of them) must not be the copy that was built
# for a wide instruction set. etch's own carry the set in their names; where the tools are there (ELF),
# the object is sealed as well: all that it defines becomes local to it but the entries of the models.
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

  etch_seal_tools(can_seal)
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
    # objcopy leaves the unique symbols of gcc as they are; without them they are weak ones.
    target_compile_options(${object} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
    # Link-time optimisation would move code across the border between the sets.
    set_target_properties(${object} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
    if(can_seal)
      etch_seal_object(${target} ${object})
    else()
      target_sources(${target} PRIVATE $<TARGET_OBJECTS:${object}>)
    endif()
  endforeach()
endfunction()
