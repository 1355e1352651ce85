#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""FEniCSx's side of the comparison with peers: trilinear elements on as many nodes as we have cells.

The implicit step: conjugate gradients with algebraic multigrid (GAMG) and with point Jacobi, stopped at the
loosest tolerance that keeps the converged error to a hundredth; the time is that of assembling the right side
and solving, the matrix being given. Fisher's wave: diffusion implicit,
reactions extrapolated (second-order backward differences), with the longest step that keeps the error.
Prints rows of JSON like the other programs; says so and ends where FEniCSx is not installed.
"""

import json
import pathlib
import re
import sys
import time

try:
    import numpy as np
    import ufl
    from dolfinx import fem, mesh
    from dolfinx.fem import petsc as fem_petsc
    from mpi4py import MPI
    from petsc4py import PETSc
except ImportError as error:
    print(json.dumps({"group": "peers", "note": f"FEniCSx is not installed, its comparison is left out ({error})"}))
    sys.exit(0)

HEADER = (pathlib.Path(__file__).parent / "problem.h").read_text(encoding="utf-8")
P = {key: float(value) for key, value in re.findall(r"^#define (\w+) ([\d.]+)", HEADER, re.M)}
WORLD = MPI.COMM_WORLD


def emit(group, name, **values):
    if WORLD.rank == 0:
        ranks = f"{WORLD.size} rank" + ("s" if WORLD.size > 1 else "")
        row = {"group": group, "name": f"FEniCSx {name}, {ranks}"}
        row.update({key.replace("_s", " [s]"): float(f"{value:.4g}") for key, value in values.items()})
        print(json.dumps(row), flush=True)


def box(lengths, cells):
    """As many nodes as the others have cells."""
    return mesh.create_box(WORLD, [[0, 0, 0], lengths], [int(n) - 1 for n in cells], mesh.CellType.hexahedron)


def timed(work, repeats):
    least = float("inf")
    for _ in range(repeats):
        WORLD.barrier()
        start = time.perf_counter()
        work()
        WORLD.barrier()
        least = min(least, time.perf_counter() - start)
    return least


def rms(vector, exact):
    """Root mean square over the nodes that this process owns, gathered."""
    difference = vector.array - exact.vector.array
    sums = WORLD.allreduce(np.array([np.sum(difference**2), len(difference)]))
    return float(np.sqrt(sums[0] / sums[1]))


def solver(matrix, preconditioner):
    ksp = PETSc.KSP().create(WORLD)
    ksp.setOperators(matrix)
    ksp.setType("cg")
    ksp.getPC().setType(preconditioner)
    return ksp


def implicit_problem():
    cells = [P["PROBLEM_NX"], P["PROBLEM_NY"], P["PROBLEM_NZ"]]
    lengths = [n * P["PROBLEM_WIDTH"] for n in cells]
    waves = [P["PROBLEM_WAVES_X"], P["PROBLEM_WAVES_Y"], P["PROBLEM_WAVES_Z"]]
    sharp = P["PROBLEM_SHARPNESS"]
    q = [np.pi * w / length for w, length in zip(waves, lengths)]
    space = fem.FunctionSpace(box(lengths, cells), ("Lagrange", 1))

    def u(x):
        return np.exp(sum(sharp * (np.cos(q[a] * x[a]) - 1) for a in range(3)))

    def f(x):
        curvature = sum(
            sharp * q[a] ** 2 * (sharp * np.sin(q[a] * x[a]) ** 2 - np.cos(q[a] * x[a])) for a in range(3))
        return (1 + P["PROBLEM_K"] - P["PROBLEM_D"] * curvature) * u(x)

    exact, right = fem.Function(space), fem.Function(space)
    exact.interpolate(u)
    right.interpolate(f)
    return space, exact, right


def implicit_rows():
    space, exact, right = implicit_problem()
    trial, test = ufl.TrialFunction(space), ufl.TestFunction(space)
    form = fem.form((1 + P["PROBLEM_K"]) * trial * test * ufl.dx
                    + P["PROBLEM_D"] * ufl.dot(ufl.grad(trial), ufl.grad(test)) * ufl.dx)
    side = fem.form(right * test * ufl.dx)
    start = time.perf_counter()
    matrix = fem_petsc.assemble_matrix(form)
    matrix.assemble()
    assembly = time.perf_counter() - start
    for preconditioner in ("gamg", "jacobi"):
        try:
            ksp = solver(matrix, preconditioner)
            implicit_row(ksp, preconditioner, matrix, side, exact, assembly)
        except PETSc.Error:
            continue


def implicit_row(ksp, name, matrix, side, exact, assembly):
    answer = matrix.createVecRight()

    def step():
        b = fem_petsc.assemble_vector(side)
        b.ghostUpdate(addv=PETSc.InsertMode.ADD, mode=PETSc.ScatterMode.REVERSE)
        answer.set(0)
        ksp.solve(b, answer)

    ksp.setTolerances(rtol=1e-10)
    start = time.perf_counter()
    ksp.setUp()
    setup = time.perf_counter() - start
    step()
    allowed, tolerance = 1.01 * rms(answer, exact), 0.5
    while True:
        tolerance /= 2
        ksp.setTolerances(rtol=tolerance)
        step()
        if rms(answer, exact) <= allowed or tolerance < 1e-10:
            break
    least = timed(step, 3)
    emit("peers, implicit step", f"CG + {name}", solve_s=least, error=rms(answer, exact),
         cells=answer.getSize(), setup_s=setup, assembly_s=assembly, iterations=ksp.getIterationNumber())


class Wave:
    """Fisher's wave: (3 u2 - 4 u1 + u0) / (2 dt) = laplace u2 + 2 r(u1) - r(u0), mass matrix throughout."""

    def __init__(self):
        cells = [P["WAVE_NX"], P["WAVE_NY"], P["WAVE_NZ"]]
        h = P["WAVE_LENGTH"] / P["WAVE_NX"]
        self.space = fem.FunctionSpace(box([h * n for n in cells], cells), ("Lagrange", 1))
        trial, test = ufl.TrialFunction(self.space), ufl.TestFunction(self.space)
        self.mass = fem_petsc.assemble_matrix(fem.form(trial * test * ufl.dx))
        self.stiff = fem_petsc.assemble_matrix(fem.form(ufl.dot(ufl.grad(trial), ufl.grad(test)) * ufl.dx))
        self.mass.assemble()
        self.stiff.assemble()
        self.exact, self.start = fem.Function(self.space), fem.Function(self.space)

    def at(self, function, t):
        root = np.sqrt(6)
        function.interpolate(
            lambda x: 1 / (1 + np.exp((x[0] - P["WAVE_START"] - 5 * t / root) / root)) ** 2)

    def run(self, steps, preconditioner):
        dt = P["WAVE_TIME"] / steps
        begin = time.perf_counter()
        self.at(self.start, 0)
        old, new = self.start.vector.copy(), self.start.vector.copy()
        self.first_step(old, new, dt, preconditioner)
        matrix = self.mass.copy()
        matrix.axpy(2 * dt / 3, self.stiff, structure=PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        ksp = solver(matrix, preconditioner)
        ksp.setTolerances(rtol=1e-5)
        ksp.setInitialGuessNonzero(True)
        right = new.duplicate()
        for _ in range(steps - 1):
            known = (4 * new - old) / 3 + (2 * dt / 3) * (2 * (new - new * new) - (old - old * old))
            self.mass.mult(known, right)
            old = new.copy()
            ksp.solve(right, new)
        seconds = time.perf_counter() - begin
        self.at(self.exact, P["WAVE_TIME"])
        return seconds, rms(new, self.exact)

    def first_step(self, old, new, dt, preconditioner):
        """Implicit Euler, the reaction taken from the start."""
        matrix = self.mass.copy()
        matrix.axpy(dt, self.stiff, structure=PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        ksp = solver(matrix, preconditioner)
        ksp.setTolerances(rtol=1e-6)
        right = old.duplicate()
        self.mass.mult(old + dt * (old - old * old), right)
        ksp.solve(right, new)


def wave_rows():
    wave = Wave()
    for preconditioner in ("gamg", "jacobi"):
        try:
            steps = 24
            while True:
                seconds, error = wave.run(steps, preconditioner)
                if error <= P["WAVE_ERROR"] or steps > 500:
                    break
                steps = int(1.5 * steps)
            for _ in range(2):
                seconds = min(seconds, wave.run(steps, preconditioner)[0])
            emit("peers, wave", f"SBDF2, CG + {preconditioner}", solve_s=seconds, error=error, steps=steps,
                 cells=P["WAVE_NX"] * P["WAVE_NY"] * P["WAVE_NZ"])
        except PETSc.Error:
            continue


if __name__ == "__main__":
    if "wave" not in sys.argv[1:]:
        implicit_rows()
    wave_rows()
