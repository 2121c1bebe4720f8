package dev.lockstep.train;

import dev.lockstep.network.Sums;

/**
 * What is known of one epoch.
 *
 * @param epoch its number, from 0
 * @param steps steps taken so far
 * @param loss mean over the epoch's rows of the losses that its steps saw
 * @param validation sums over the validation set at the epoch's end; null where there is none
 * @param seconds of training so far, validation left out
 * @param best whether no epoch before was better
 */
public record EpochRecord(long epoch, long steps, double loss, Sums validation, double seconds, boolean best) {}
