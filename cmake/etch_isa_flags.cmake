# etch_isa_flags(<isa> <variable> <who>)
# Sets <variable> to the compiler flags of an instruction set: sse4_2, avx2 (with FMA) or avx512 (the
# F, CD, DQ, BW and VL parts, which every server and desktop part since Skylake-X has). Stops with
# a sentence of <who> where the name, the processor or the compiler is none that etch knows.
function(etch_isa_flags isa variable who)
  set(known sse4_2 avx2 avx512)
  if(NOT isa IN_LIST known)
    list(JOIN known ", " known)
    message(FATAL_ERROR "${who}: unknown instruction set '${isa}', expected one of ${known}")
  endif()
  if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    message(FATAL_ERROR "${who}: '${isa}' is an instruction set of x86_64, "
                        "the target processor is '${CMAKE_SYSTEM_PROCESSOR}'")
  endif()
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "^(GNU|Clang|AppleClang)$")
    message(FATAL_ERROR "${who}: no flags are known for the compiler '${CMAKE_CXX_COMPILER_ID}', "
                        "expected GNU or Clang")
  endif()

  set(flags_sse4_2 -msse4.2 -mpopcnt)
  set(flags_avx2 ${flags_sse4_2} -mavx -mavx2 -mfma)
  set(flags_avx512 ${flags_avx2} -mavx512f -mavx512cd -mavx512dq -mavx512bw -mavx512vl)
  set(${variable} "${flags_${isa}}" PARENT_SCOPE)
endfunction()
