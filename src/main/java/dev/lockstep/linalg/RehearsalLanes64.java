package dev.lockstep.linalg;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/** What {@link Rehearsal} goes through with doubles and longs: one of each kind that others use. */
final class RehearsalLanes64 implements Runnable {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    /** Before the other precision comes. */
    private static final int ROUNDS = 16;

    private final double[] values = new double[SPECIES.length()];

    RehearsalLanes64() {}

    @Override
    public void run() {
        for (int i = 0; i < ROUNDS; i++) {
            go(values);
        }
    }

    private static void go(double[] values) {
        DoubleVector x = DoubleVector.fromArray(SPECIES, values, 0);
        DoubleVector y = x.lanewise(FMA, x, x).add(x).neg();
        y = y.fma(0.5, 0.25).abs().div(2);
        y = y.blend(x, y.compare(GT, x)).mul(DoubleVector.broadcast(SPECIES, 1)).sub(DoubleVector.zero(SPECIES));
        LongVector bits = y.reinterpretAsLongs().and(1).or(2).max(0).add(1);
        bits = bits.lanewise(LSHL, 1).lanewise(ASHR, 1).min(bits);
        y.add(bits.sub(bits).reinterpretAsDoubles()).intoArray(values, 0);
    }
}
