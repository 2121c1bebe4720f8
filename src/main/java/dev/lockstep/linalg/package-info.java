/**
 * Numbers: what the driver computes with, and what the executors compute with.
 *
 * <p>The driver holds {@link dev.lockstep.linalg.Vector}s of doubles, immutable, summed pairwise in a fixed order; what
 * nobody needs any more serves the next ones ({@link dev.lockstep.linalg.SpareArrays}). Long loops over them run in {@link
 * dev.lockstep.linalg.Pieces}, with the help of threads that wait nearby ({@link dev.lockstep.linalg.Hands}). The executors hold {@link
 * dev.lockstep.linalg.Buffer}s of float32 or float64, reused, written in place; their matrix products go through {@link
 * dev.lockstep.linalg.Blas}: {@link dev.lockstep.linalg.Products} of our own, whose entries depend on their own two vectors
 * alone (what is copied where is {@code ProductLanes32}'s matter, the loops are {@code TileLanes32}'s; features of which {@link
 * dev.lockstep.linalg.Nonzeros} are known go through {@code SparseLanes32} and {@code ListedLanes32}), or OpenBLAS where {@code
 * blas = native} asks for it and it loads. Sums of a few terms are {@link
 * dev.lockstep.linalg.SumLanes}'s. exp, log, tanh and erf are our own, {@link
 * dev.lockstep.linalg.ElementaryFunctions}, because the bits of a library's depend on the compiler's mood. All of them run on vector
 * registers (that is what {@link dev.lockstep.linalg.Lanes} means) where the JVM has the incubating module for them, and in a
 * scalar form until that is compiled ({@link dev.lockstep.linalg.Gate}, after a {@link dev.lockstep.linalg.Rehearsal}).
 *
 * <p>{@link dev.lockstep.linalg.Mixing} is where every pseudo-random number comes from: a pure function of the seed and of
 * what the number is for. {@link dev.lockstep.linalg.Lanczos} finds eigenvalues of a matrix that is known by its products
 * alone, as those of a {@link dev.lockstep.linalg.Tridiagonal} one. This package is the only door to breeze ({@link
 * dev.lockstep.linalg.SymmetricMatrix}) and netlib.
 */
package dev.lockstep.linalg;
