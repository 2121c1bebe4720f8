/**
 * Lockstep: rows become blocks, a network turns a block and the weights into sums, one Spark job adds the sums in a
 * fixed order, and a driver-side optimizer takes one step.
 *
 * <pre>
 *   data ──► network ──► distributed ──► optimize ──► train ──► observe ──► study
 *   rows     block+weights  sums of all      objective →   the loop   metrics,    many runs,
 *   → blocks → sums         shards, in order  next point              run folder  compared
 * </pre>
 *
 * Read the packages in this order; each has a page like this one:
 *
 * <ol>
 *   <li>{@code linalg}: vectors of the driver, matrices of the executors, the BLAS that is found, elementary functions
 *   <li>{@code data}: sources, the identity of a row, permutations, shards and blocks
 *   <li>{@code network}: layers, activations, losses, initial weights; forward and backward over one block
 *   <li>{@code optimize}: objective, optimizer, schedule, one file for each method; knows nothing of Spark
 *   <li>{@code curvature}: eigenvalues of second derivatives, and what they say of a point
 *   <li>{@code distributed}: requests, the engine that answers them with one Spark job, the fixed tree of sums
 *   <li>{@code train}: the loop and its stop rules
 *   <li>{@code observe}: the run folder, progress, tables, saved models
 *   <li>{@code study}: many runs compared: targets, rates of convergence, the numbers of the report
 *   <li>{@code cli}: commands and configuration, where everything is put together
 * </ol>
 *
 * This package itself holds what each of them may use: {@link dev.lockstep.InputException}, the one way in which a
 * user's mistake travels, {@link dev.lockstep.Settings}, a configuration that knows which keys were asked for,
 * {@link dev.lockstep.Counted}, numbers of things in words, and {@link dev.lockstep.Version}. Imports go one way;
 * {@code ArchitectureTest} holds the arrows.
 */
package dev.lockstep;
