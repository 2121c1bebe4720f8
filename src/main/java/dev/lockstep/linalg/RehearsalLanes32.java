package dev.lockstep.linalg;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What {@link Rehearsal} goes through with floats and ints, and from floats to doubles: one of each kind that others use.
 */
final class RehearsalLanes32 implements Runnable {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> WIDE = DoubleVector.SPECIES_PREFERRED;
    /** Before the other precision comes. */
    private static final int ROUNDS = 16;

    private final float[] values = new float[SPECIES.length()];
    private final double[] sums = new double[WIDE.length()];

    RehearsalLanes32() {}

    @Override
    public void run() {
        for (int i = 0; i < ROUNDS; i++) {
            go(values, sums);
        }
    }

    private static void go(float[] values, double[] sums) {
        FloatVector x = FloatVector.fromArray(SPECIES, values, 0);
        FloatVector y = x.lanewise(FMA, x, x).add(x).neg();
        y = y.fma(0.5f, 0.25f).abs().div(2);
        y = y.blend(x, y.compare(GT, x)).mul(FloatVector.broadcast(SPECIES, 1)).sub(FloatVector.zero(SPECIES));
        IntVector bits = y.reinterpretAsInts().and(1).or(2).max(0).add(1);
        bits = bits.lanewise(LSHL, 1).lanewise(ASHR, 1).min(bits);
        y.add(bits.sub(bits).reinterpretAsFloats()).intoArray(values, 0);
        DoubleVector wide = (DoubleVector) y.convertShape(F2D, WIDE, 0);
        wide.add(wide).intoArray(sums, 0);
    }
}
