package dev.lockstep.train;

import dev.lockstep.curvature.Sharpness;
import dev.lockstep.network.Sums;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of one epoch.
 *
 * @param epoch its number, from 0
 * @param steps steps taken so far
 * @param loss mean over the epoch's rows of the losses that its steps saw
 * @param validation sums over the validation set at the epoch's end; null where there is none
 * @param seconds of training so far, validation left out
 * @param sharpness the ends of the Hessian's spectrum at the epoch's end, or all of it, if it was looked at
 * @param stabilityLimit the largest eigenvalue that the rate of the epoch's last step bears; empty unless the spectrum was
 *     looked at, and for optimizers whose limit is not known
 * @param best whether no epoch before was better
 */
public record EpochRecord(
        long epoch,
        long steps,
        double loss,
        Sums validation,
        double seconds,
        Optional<Sharpness> sharpness,
        OptionalDouble stabilityLimit,
        boolean best) {}
