# SPDX-License-Identifier: BSD-3-Clause
# The kernels are compiled once for each precision and each level of the x86-64 instruction set (or
# once for each precision elsewhere); the program takes the best level that its processor runs.
file(GLOB NW_KERNEL_SOURCES CONFIGURE_DEPENDS src/engine/kernels/*.c src/healing/network/*.c)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|amd64")
  set(NW_LEVELS v2 v3 v4)
else()
  set(NW_LEVELS generic)
endif()

foreach(level ${NW_LEVELS})
  foreach(precision single double)
    set(object kernels_${precision}_${level})
    add_library(${object} OBJECT ${NW_KERNEL_SOURCES})
    target_include_directories(${object} PRIVATE include src)
    # 64-byte vectors are passed between inlined functions only, so their calling convention is moot
    target_compile_options(${object} PRIVATE ${NW_WARNINGS} ${NW_STRICT} -Wno-psabi -O3 -ffp-contract=off)
    target_compile_definitions(${object} PRIVATE _GNU_SOURCE NW_ISA=${level})
    if(precision STREQUAL "single")
      target_compile_definitions(${object} PRIVATE NW_SINGLE)
    endif()
    if(NOT level STREQUAL "generic")
      target_compile_options(${object} PRIVATE -march=x86-64-${level})
    endif()
    target_link_libraries(${object} PRIVATE OpenMP::OpenMP_C)
    list(APPEND NW_KERNEL_OBJECTS $<TARGET_OBJECTS:${object}>)
  endforeach()
endforeach()
