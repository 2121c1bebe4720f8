/**
 * The loop: batch after batch, step after step, until a stop rule holds.
 *
 * <p>{@link dev.lockstep.train.Trainer} owns no cluster and no file: it asks an {@link
 * dev.lockstep.distributed.Engine} through an objective, lets an {@link dev.lockstep.optimize.Optimizer} take the step,
 * tells {@link dev.lockstep.train.TrainingListener}s, who look and never touch, and ends with an {@link
 * dev.lockstep.train.Outcome}. Why it stopped is data: a {@link dev.lockstep.train.StopReason}. Between
 * two steps a run is a value, a {@link dev.lockstep.train.Snapshot}, which a {@link dev.lockstep.train.Keeper} may keep and
 * from which a trainer begins as well as from a start. What a step did beside the one before it is a {@link
 * dev.lockstep.train.Motion}, where it is asked for. No Spark here.
 */
package dev.lockstep.train;
