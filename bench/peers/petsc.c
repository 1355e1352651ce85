/* SPDX-License-Identifier: BSD-3-Clause
   PETSc's side of the comparison with peers: conjugate gradients on the same cells and fluxes as ours, with
   geometric multigrid, algebraic multigrid and point Jacobi, each stopped at the loosest tolerance that keeps
   the error of the exact solve to a hundredth; and Fisher's wave by its additive Runge-Kutta methods. */
#include <petscdm.h>
#include <petscdmda.h>
#include <petscksp.h>
#include <petscts.h>

#include <stdbool.h>
#include <string.h>

#include "problem.h"

static const double quick = 1.01; /* share of the exact solve's error that an iteration may reach */

/* ---- grid ---- */

/* Cells times their volume, so that coarse grids by rediscretisation fit restriction by sums. */
static PetscErrorCode fill_matrix(DM da, Mat matrix, double diagonal, double spread, double length_x) {
  DMDALocalInfo info;
  PetscFunctionBeginUser;
  PetscCall(DMDAGetLocalInfo(da, &info));
  const PetscInt n[3] = {info.mx, info.my, info.mz};
  const double h = length_x / (double)info.mx, volume = h * h * h, pull = spread * h;
  for (PetscInt k = info.zs; k < info.zs + info.zm; k++)
    for (PetscInt j = info.ys; j < info.ys + info.ym; j++)
      for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
        const PetscInt at[3] = {i, j, k};
        MatStencil row = {.i = i, .j = j, .k = k}, column[7];
        PetscScalar value[7], sum = diagonal * volume;
        PetscInt count = 0;
        for (int side = 0; side < 6; side++) {
          const PetscInt a = side / 2, to = at[a] + (side % 2 ? 1 : -1);
          if (to < 0 || to >= n[a]) continue;
          column[count] = row;
          if (a == 0) column[count].i = to;
          if (a == 1) column[count].j = to;
          if (a == 2) column[count].k = to;
          value[count++] = -pull;
          sum += pull;
        }
        column[count] = row;
        value[count++] = sum;
        PetscCall(MatSetValuesStencil(matrix, 1, &row, count, column, value, INSERT_VALUES));
      }
  PetscCall(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

static PetscErrorCode open_grid(PetscInt nx, PetscInt ny, PetscInt nz, DM *da) {
  PetscFunctionBeginUser;
  PetscCall(DMDACreate3d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE,
                         DMDA_STENCIL_STAR, nx, ny, nz, PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE, 1, 1, NULL,
                         NULL, NULL, da));
  PetscCall(DMDASetInterpolationType(*da, DMDA_Q0));
  PetscCall(DMSetUp(*da));
  PetscFunctionReturn(0);
}

static PetscErrorCode root_mean_square(Vec a, Vec b, double *error) {
  Vec difference;
  PetscInt n;
  PetscFunctionBeginUser;
  PetscCall(VecDuplicate(a, &difference));
  PetscCall(VecWAXPY(difference, -1, a, b));
  PetscCall(VecNorm(difference, NORM_2, error));
  PetscCall(VecGetSize(a, &n));
  *error /= sqrt((double)n);
  PetscCall(VecDestroy(&difference));
  PetscFunctionReturn(0);
}

/* ---- one implicit step ---- */

static PetscErrorCode implicit_matrix(KSP ksp, Mat unused, Mat matrix, void *data) {
  DM da;
  (void)unused, (void)data;
  PetscFunctionBeginUser;
  PetscCall(KSPGetDM(ksp, &da));
  PetscCall(fill_matrix(da, matrix, 1 + PROBLEM_K, PROBLEM_D, PROBLEM_NX * PROBLEM_WIDTH));
  PetscFunctionReturn(0);
}

static PetscErrorCode implicit_vectors(DM da, Vec exact, Vec right) {
  DMDALocalInfo info;
  PetscScalar ***u, ***f;
  PetscFunctionBeginUser;
  PetscCall(DMDAGetLocalInfo(da, &info));
  PetscCall(DMDAVecGetArray(da, exact, &u));
  PetscCall(DMDAVecGetArray(da, right, &f));
  const double h = PROBLEM_WIDTH;
  for (PetscInt k = info.zs; k < info.zs + info.zm; k++)
    for (PetscInt j = info.ys; j < info.ys + info.ym; j++)
      for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
        const double x[3] = {((double)i + 0.5) * h, ((double)j + 0.5) * h, ((double)k + 0.5) * h};
        const struct problem_value at = problem_at(x);
        u[k][j][i] = at.u;
        f[k][j][i] = at.f * h * h * h;
      }
  PetscCall(DMDAVecRestoreArray(da, exact, &u));
  PetscCall(DMDAVecRestoreArray(da, right, &f));
  PetscFunctionReturn(0);
}

struct preconditioner {
  const char *name, *options;
};

static const struct preconditioner preconditioners[] = {
    {"CG + geometric multigrid",
     "-pc_type mg -pc_mg_levels 5 -mg_levels_ksp_type chebyshev "
     "-mg_levels_pc_type jacobi -mg_levels_ksp_max_it 2 -mg_coarse_ksp_type cg "
     "-mg_coarse_pc_type jacobi -mg_coarse_ksp_rtol 1e-2"},
    {"CG + algebraic multigrid", "-pc_type gamg -mg_levels_ksp_type chebyshev -mg_levels_pc_type jacobi"},
    {"CG + Jacobi", "-pc_type jacobi"},
};

struct solve_result {
  double setup, solve, error;
  PetscInt iterations;
};

static PetscErrorCode implicit_solve(KSP ksp, double tolerance, int repeats, Vec right, Vec exact, Vec u,
                                     struct solve_result *r) {
  PetscFunctionBeginUser;
  PetscCall(KSPSetTolerances(ksp, tolerance, 1e-50, PETSC_DEFAULT, 1000));
  r->solve = 1e30;
  for (int i = 0; i < repeats; i++) {
    PetscCall(VecSet(u, 0));
    PetscCallMPI(MPI_Barrier(PETSC_COMM_WORLD));
    const double start = MPI_Wtime();
    PetscCall(KSPSolve(ksp, right, u));
    PetscCallMPI(MPI_Barrier(PETSC_COMM_WORLD));
    r->solve = fmin(r->solve, MPI_Wtime() - start);
  }
  PetscCall(KSPGetIterationNumber(ksp, &r->iterations));
  PetscCall(root_mean_square(u, exact, &r->error));
  PetscFunctionReturn(0);
}

static PetscErrorCode implicit_row(const struct preconditioner *p) {
  enum { REPEATS = 5 };
  DM da;
  KSP ksp;
  Vec right, exact, u;
  PetscMPIInt ranks;
  struct solve_result exactly = {0}, r = {0};
  PetscFunctionBeginUser;
  PetscCall(PetscOptionsClear(NULL));
  PetscCall(PetscOptionsInsertString(NULL, p->options));
  PetscCall(open_grid(PROBLEM_NX, PROBLEM_NY, PROBLEM_NZ, &da));
  PetscCall(DMCreateGlobalVector(da, &right));
  PetscCall(VecDuplicate(right, &exact));
  PetscCall(VecDuplicate(right, &u));
  PetscCall(implicit_vectors(da, exact, right));
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetType(ksp, KSPCG));
  PetscCall(KSPSetDM(ksp, da));
  PetscCall(KSPSetComputeOperators(ksp, implicit_matrix, NULL));
  PetscCall(KSPSetFromOptions(ksp));
  const double start = MPI_Wtime();
  PetscCall(KSPSetUp(ksp));
  r.setup = MPI_Wtime() - start;
  PetscCall(implicit_solve(ksp, 1e-10, 1, right, exact, u, &exactly));
  double tolerance = 0.5;
  do {
    tolerance /= 2;
    PetscCall(implicit_solve(ksp, tolerance, 1, right, exact, u, &r));
  } while (r.error > quick * exactly.error && tolerance > 1e-10);
  PetscCall(implicit_solve(ksp, tolerance, REPEATS, right, exact, u, &r));
  PetscCallMPI(MPI_Comm_size(PETSC_COMM_WORLD, &ranks));
  PetscCall(
      PetscPrintf(PETSC_COMM_WORLD,
                  "{\"group\": \"peers, implicit step\", \"name\": \"PETSc %s, %d rank%s\", \"solve [s]\": "
                  "%.4g, \"error\": %.4g, \"cells\": %d, \"setup [s]\": %.4g, \"iterations\": %d}\n",
                  p->name, ranks, ranks > 1 ? "s" : "", r.solve, r.error,
                  PROBLEM_NX * PROBLEM_NY * PROBLEM_NZ, r.setup, (int)r.iterations));
  PetscCall(VecDestroy(&right));
  PetscCall(VecDestroy(&exact));
  PetscCall(VecDestroy(&u));
  PetscCall(KSPDestroy(&ksp));
  PetscCall(DMDestroy(&da));
  PetscFunctionReturn(0);
}

/* ---- Fisher's wave ---- */

static PetscErrorCode wave_values(DM da, double t, Vec u) {
  DMDALocalInfo info;
  PetscScalar ***value;
  PetscFunctionBeginUser;
  PetscCall(DMDAGetLocalInfo(da, &info));
  PetscCall(DMDAVecGetArray(da, u, &value));
  for (PetscInt k = info.zs; k < info.zs + info.zm; k++)
    for (PetscInt j = info.ys; j < info.ys + info.ym; j++)
      for (PetscInt i = info.xs; i < info.xs + info.xm; i++)
        value[k][j][i] = wave_at(((double)i + 0.5) * WAVE_LENGTH / WAVE_NX, t);
  PetscCall(DMDAVecRestoreArray(da, u, &value));
  PetscFunctionReturn(0);
}

/* The diffusion operator over the volume of a cell, shared by residual and Jacobian. */
struct wave {
  Mat laplace;
  double inverse_volume;
};

static PetscErrorCode wave_implicit(TS ts, PetscReal t, Vec u, Vec rate, Vec out, void *data) {
  const struct wave *w = data;
  (void)ts, (void)t;
  PetscFunctionBeginUser;
  PetscCall(MatMult(w->laplace, u, out));
  PetscCall(VecAYPX(out, w->inverse_volume, rate));
  PetscFunctionReturn(0);
}

static PetscErrorCode wave_jacobian(TS ts, PetscReal t, Vec u, Vec rate, PetscReal shift, Mat a, Mat b,
                                    void *data) {
  const struct wave *w = data;
  (void)ts, (void)t, (void)u, (void)rate, (void)a;
  PetscFunctionBeginUser;
  PetscCall(MatCopy(w->laplace, b, SAME_NONZERO_PATTERN));
  PetscCall(MatScale(b, w->inverse_volume));
  PetscCall(MatShift(b, shift));
  PetscFunctionReturn(0);
}

static PetscErrorCode wave_explicit(TS ts, PetscReal t, Vec u, Vec out, void *data) {
  PetscFunctionBeginUser;
  (void)ts, (void)t, (void)data;
  PetscCall(VecPointwiseMult(out, u, u));
  PetscCall(VecAYPX(out, -1, u));
  PetscFunctionReturn(0);
}

struct wave_result {
  double seconds, error;
  PetscInt steps;
};

static PetscErrorCode wave_run(double tolerance, struct wave_result *r) {
  DM da;
  TS ts;
  Vec u, exact;
  Mat jacobian;
  struct wave w = {.inverse_volume = pow(WAVE_NX / WAVE_LENGTH, 3)};
  PetscFunctionBeginUser;
  const double start = MPI_Wtime();
  PetscCall(open_grid(WAVE_NX, WAVE_NY, WAVE_NZ, &da));
  PetscCall(DMCreateMatrix(da, &w.laplace));
  PetscCall(fill_matrix(da, w.laplace, 0, 1, WAVE_LENGTH));
  PetscCall(MatDuplicate(w.laplace, MAT_COPY_VALUES, &jacobian));
  PetscCall(DMCreateGlobalVector(da, &u));
  PetscCall(VecDuplicate(u, &exact));
  PetscCall(wave_values(da, 0, u));
  PetscCall(wave_values(da, WAVE_TIME, exact));
  PetscCall(TSCreate(PETSC_COMM_WORLD, &ts));
  PetscCall(TSSetDM(ts, da));
  PetscCall(TSSetIFunction(ts, NULL, wave_implicit, &w));
  PetscCall(TSSetIJacobian(ts, jacobian, jacobian, wave_jacobian, &w));
  PetscCall(TSSetRHSFunction(ts, NULL, wave_explicit, NULL));
  PetscCall(TSSetType(ts, TSARKIMEX));
  PetscCall(TSSetMaxTime(ts, WAVE_TIME));
  PetscCall(TSSetExactFinalTime(ts, TS_EXACTFINALTIME_MATCHSTEP));
  PetscCall(TSSetTimeStep(ts, 0.02));
  PetscCall(TSSetTolerances(ts, tolerance, NULL, tolerance, NULL));
  PetscCall(TSSetFromOptions(ts));
  PetscCall(TSSolve(ts, u));
  PetscCallMPI(MPI_Barrier(PETSC_COMM_WORLD));
  r->seconds = MPI_Wtime() - start;
  PetscCall(TSGetStepNumber(ts, &r->steps));
  PetscCall(root_mean_square(u, exact, &r->error));
  PetscCall(MatDestroy(&w.laplace));
  PetscCall(MatDestroy(&jacobian));
  PetscCall(VecDestroy(&u));
  PetscCall(VecDestroy(&exact));
  PetscCall(TSDestroy(&ts));
  PetscCall(DMDestroy(&da));
  PetscFunctionReturn(0);
}

static const struct preconditioner wave_methods[] = {
    {"ARKIMEX 2e, CG + geometric multigrid",
     "-ts_arkimex_type 2e -snes_type ksponly -ksp_type cg -ksp_rtol 1e-4 -pc_type mg -pc_mg_levels 3 "
     "-pc_mg_galerkin both -mg_levels_ksp_type richardson -mg_levels_ksp_richardson_scale 0.7 "
     "-mg_levels_pc_type jacobi -mg_coarse_ksp_type cg -mg_coarse_pc_type jacobi -mg_coarse_ksp_rtol 1e-2"},
    {"ARKIMEX 2e, CG + Jacobi",
     "-ts_arkimex_type 2e -snes_type ksponly -ksp_type cg -ksp_rtol 1e-4 -pc_type jacobi"},
    {"ARKIMEX 3, CG + Jacobi",
     "-ts_arkimex_type 3 -snes_type ksponly -ksp_type cg -ksp_rtol 1e-4 -pc_type jacobi"},
};

/* The loosest tolerance that keeps the error, then the least of some repeats. */
static PetscErrorCode wave_row(const struct preconditioner *p) {
  enum { REPEATS = 3 };
  double tolerance = 0.4;
  PetscMPIInt ranks;
  struct wave_result r = {0}, again;
  PetscFunctionBeginUser;
  PetscCall(PetscOptionsClear(NULL));
  PetscCall(PetscOptionsInsertString(NULL, p->options));
  do {
    tolerance /= 3;
    PetscCall(wave_run(tolerance, &r));
  } while (!(r.error <= WAVE_ERROR) && tolerance > 1e-6);
  for (int i = 0; i < REPEATS; i++) {
    PetscCall(wave_run(tolerance, &again));
    r.seconds = fmin(r.seconds, again.seconds);
  }
  PetscCallMPI(MPI_Comm_size(PETSC_COMM_WORLD, &ranks));
  PetscCall(
      PetscPrintf(PETSC_COMM_WORLD,
                  "{\"group\": \"peers, wave\", \"name\": \"PETSc %s, %d rank%s\", \"solve [s]\": %.4g, "
                  "\"error\": %.4g, \"steps\": %d, \"tolerance\": %.4g, \"cells\": %d}\n",
                  p->name, ranks, ranks > 1 ? "s" : "", r.seconds, r.error, (int)r.steps, tolerance,
                  WAVE_NX * WAVE_NY * WAVE_NZ));
  PetscFunctionReturn(0);
}

int main(int count, char **argument) {
  const bool waves_only = count > 1 && strcmp(argument[1], "wave") == 0;
  PetscCall(PetscInitialize(&count, &argument, NULL, NULL));
  for (size_t i = 0; i < sizeof preconditioners / sizeof *preconditioners && !waves_only; i++)
    PetscCall(implicit_row(&preconditioners[i]));
  for (size_t i = 0; i < sizeof wave_methods / sizeof *wave_methods; i++)
    PetscCall(wave_row(&wave_methods[i]));
  PetscCall(PetscFinalize());
  return 0;
}
