# SPDX-License-Identifier: BSD-3-Clause
# Independent solvers for the verification: SUNDIALS CVODE (libsundials-dev). Without
# it the comparisons are skipped and say so.
set(NW_PEER_SOURCES tests/verify/independent/equations.c tests/verify/independent/volumes.c
                    tests/verify/independent/pair.c)
target_sources(test_independent PRIVATE ${NW_PEER_SOURCES})

find_path(CVODE_INCLUDE cvode/cvode.h)
set(NW_CVODE_LIBRARIES)
foreach(part cvode nvecserial sunlinsolband sunmatrixband)
  find_library(CVODE_${part} sundials_${part})
  list(APPEND NW_CVODE_LIBRARIES ${CVODE_${part}})
endforeach()
if(CVODE_INCLUDE AND NOT NW_CVODE_LIBRARIES MATCHES "NOTFOUND")
  target_sources(test_independent PRIVATE tests/verify/independent/cvode.c)
  target_compile_definitions(test_independent PRIVATE PEER_CVODE)
  target_link_libraries(test_independent PRIVATE ${NW_CVODE_LIBRARIES})
else()
  message(STATUS "SUNDIALS CVODE not found: courses are not compared with it")
endif()

# And PETSc TS (petsc-dev) for a patch in 3-D, where somebody has it: too large to ask of everybody.
target_sources(test_independent_patch PRIVATE ${NW_PEER_SOURCES})
find_package(MPI QUIET COMPONENTS C)
pkg_check_modules(PETSC QUIET IMPORTED_TARGET PETSc)
if(PETSC_FOUND AND MPI_C_FOUND)
  target_sources(test_independent_patch PRIVATE tests/verify/independent/petsc.c)
  target_compile_definitions(test_independent_patch PRIVATE PEER_PETSC)
  target_link_libraries(test_independent_patch PRIVATE PkgConfig::PETSC MPI::MPI_C)
else()
  message(STATUS "PETSc not found: a patch is not compared with it")
endif()
