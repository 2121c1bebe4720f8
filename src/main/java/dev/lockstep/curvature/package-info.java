/**
 * Curvature: what the second derivatives of an objective say of a point.
 *
 * <pre>
 *                                        ┌─► Lanczos from random signs ──► SpectralDensity, EigenPairs, TraceEstimate ─┐
 *   Objective, point ──► CurvatureMatrix ┤                                                                           ├─► Spectrum
 *   products, one scan   counts them     └─► DenseCurvature: all columns ──► every eigenvalue ───────────────────────┘      │
 *   for many directions                                                       CriticalPoint, StabilityLimits, LossAlong ◄───┘
 * </pre>
 *
 * Knows nothing of Spark, networks or data: an {@link dev.lockstep.optimize.Objective} answers with products of its Hessian,
 * or of its Gauss-Newton matrix, and everything here is linear algebra on the driver. What is asked for in one call costs
 * one scan of the rows, so all that can go together does: a step of every Lanczos process, the blocks of all layers, the
 * points of a profile.
 *
 * <p>{@link dev.lockstep.curvature.LossSlice} is the objective over a {@link dev.lockstep.curvature.Plane} through a point,
 * spanned by the sharpest directions ({@link dev.lockstep.curvature.LargestPairs}) or by any others.
 *
 * <p>Read {@link dev.lockstep.curvature.Spectrum} first. Every number here comes with its error: a residual, a standard
 * error, or nothing because it is exact. Random signs are functions of a seed, so results are the same on every run.
 */
package dev.lockstep.curvature;
