/**
 * The command line: where the parts are put together.
 *
 * <p>{@link dev.lockstep.cli.Main} is what {@code spark-submit} runs; one class a command. {@link
 * dev.lockstep.cli.RunConfiguration} reads a configuration whole, before Spark is started, so that a mistake costs no
 * time. Standard output holds results only; everything else goes to standard error.
 */
package dev.lockstep.cli;
