/**
 * The network: from a block of rows and the weights to sums over its rows.
 *
 * <p>{@link dev.lockstep.network.Network} is layers and a {@link dev.lockstep.network.Loss}, and no weights: those are one
 * flat vector, laid out as {@link dev.lockstep.network.Network#tensors} says. {@link dev.lockstep.network.Propagation}
 * runs forward and backward over a block in buffers that it reuses, and adds to {@link dev.lockstep.network.Sums}: of
 * loss, of weight, of gradient, of what the metrics count. Nothing here divides by a number of rows; the driver does.
 *
 * <p>{@link dev.lockstep.network.ROperator} takes products with second derivatives, and {@link
 * dev.lockstep.network.DiagonalPropagation} diagonals, of what a propagation left behind.
 *
 * <p>{@link dev.lockstep.network.NetworkDesign} is what a configuration says before the data's width is known; {@link
 * dev.lockstep.network.Initialization} gives the first weights. {@link dev.lockstep.network.Landscape} is a loss that
 * is a known function of the outputs, and so of the weights of a network that is nothing else. No Spark here.
 */
package dev.lockstep.network;
