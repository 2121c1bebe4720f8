/**
 * Optimizers: from an objective and a point to the next point. Knows nothing of Spark, networks or data.
 *
 * <pre>
 *                     point, state(k)
 *                           │
 *   Iteration k ──►  Optimizer.step  ◄──► Objective.evaluate: value and gradient, wherever they come from
 *   Schedule ─────►         │
 *                           ▼
 *               Step: point, state(k+1), evaluation (what is logged)
 * </pre>
 *
 * Everything is a value. An {@link dev.lockstep.optimize.Optimizer} is a record of hyper-parameters, its state a record
 * of vectors and numbers, a step a pure function: so a checkpoint is a state written down, a resumed run gives the same
 * bits, and a test compares numbers. The optimizer asks the objective for the gradient where it wants it: Nesterov's
 * look-ahead costs one pass, as gradient descent does.
 *
 * <p>The order within a step: objective with {@link dev.lockstep.optimize.Penalty}, logged norm, clipping
 * ({@link dev.lockstep.optimize.Clipping}), weight decay, update, proximal step. A {@link
 * dev.lockstep.optimize.Schedule} turns an {@link dev.lockstep.optimize.Iteration}, which knows the step and its
 * epoch, into a learning rate. Whether a step came out finite is for the loop to ask: {@link
 * dev.lockstep.optimize.Step#isFinite()}.
 *
 * <p>Read {@link dev.lockstep.optimize.Momentum} first: it is what every optimizer looks like. Then
 * {@link dev.lockstep.optimize.Objective} and {@link dev.lockstep.optimize.Optimizers}, where names of a configuration
 * become optimizers. {@link dev.lockstep.optimize.Adam} and its kin look at single coordinates,
 * {@link dev.lockstep.optimize.Lars} and {@link dev.lockstep.optimize.Lamb} at tensors, and
 * {@link dev.lockstep.optimize.Rprop} at signs alone. {@link dev.lockstep.optimize.Lbfgs} and
 * {@link dev.lockstep.optimize.ConjugateGradient} go along directions, as far as a
 * {@link dev.lockstep.optimize.LineSearch} says. {@link dev.lockstep.optimize.Newton} and its kin ask for curvature as well:
 * {@link dev.lockstep.optimize.DenseCurvature} is a whole matrix, {@link dev.lockstep.optimize.NewtonCg} does with products.
 *
 * <p>To add an optimizer: one file with a record that implements {@code Optimizer}, a nested record {@code State} and a
 * static {@code read(Settings, Schedule)} that asks for its keys; and one line in
 * {@link dev.lockstep.optimize.Optimizers}. {@code OptimizerContractTest} finds it there and holds it to the contract;
 * its own test compares it with something independent: a book's numbers, a theorem, another library. A schedule is added
 * in the same way to {@link dev.lockstep.optimize.Schedules}; {@code ScheduleContractTest} finds it there.
 */
package dev.lockstep.optimize;
