package dev.lockstep.linalg;

import static dev.lockstep.linalg.Elementary32.ERFC_MAX;
import static dev.lockstep.linalg.Elementary32.EXPM1_MIN;
import static dev.lockstep.linalg.Elementary32.EXPONENT_BIAS;
import static dev.lockstep.linalg.Elementary32.EXP_MAX;
import static dev.lockstep.linalg.Elementary32.EXP_MIN;
import static dev.lockstep.linalg.Elementary32.HALF_SQRT_HALF;
import static dev.lockstep.linalg.Elementary32.INVERSE_SQRT_2_PI;
import static dev.lockstep.linalg.Elementary32.LN2_HIGH;
import static dev.lockstep.linalg.Elementary32.LN2_LOW;
import static dev.lockstep.linalg.Elementary32.LOG2_E;
import static dev.lockstep.linalg.Elementary32.MANTISSA_BITS;
import static dev.lockstep.linalg.Elementary32.NORMAL_MAX;
import static dev.lockstep.linalg.Elementary32.NORMAL_NEAR;
import static dev.lockstep.linalg.Elementary32.SHIFT;
import static dev.lockstep.linalg.Elementary32.SHIFT_BITS;
import static dev.lockstep.linalg.Elementary32.SQRT_2;
import static dev.lockstep.linalg.Elementary32.SQRT_HALF_BITS;
import static dev.lockstep.linalg.Elementary32.TAIL_CENTER;
import static dev.lockstep.linalg.Elementary32.TANH_MAX;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The formulas of {@link Elementary32} on vectors of the width that the CPU prefers, operation by operation: fma where it
 * has fma, a blend where it has a condition. Never a transcendental operation of the Vector API, whose bits change when it
 * is compiled, nor a sum over lanes, whose bits depend on the width.
 *
 * <p>C2 keeps vectors in registers only while it inlines everything that touches them. It has to for the Vector API's
 * methods; for ours it gives up at some size. Hence each method is one loop of nothing but such calls, and passes values on
 * through arrays.
 */
final class Lanes32 extends Lanes<float[]> {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();
    /** Elements that pass together: a block and its scratch fit into the first-level cache. */
    private static final int BLOCK = 512;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    Lanes32() {
        if (WIDTH < 4) {
            throw new UnsupportedOperationException("this CPU has no vector registers, or this JVM does not use them");
        }
    }

    /** What one pass over a block leaves for the next, from index 0 on; the passes name it as the formulas do. */
    private static final class Scratch {
        /** What e is raised to, and its lower part; or what the logarithm is taken of, and its lower part. */
        final float[] a = new float[BLOCK];

        final float[] aLow = new float[BLOCK];
        /** The multiple of ln 2. */
        final float[] k = new float[BLOCK];

        final float[] q = new float[BLOCK];
        /** The argument of the tail. */
        final float[] t = new float[BLOCK];

        final float[] value = new float[BLOCK];
        final float[] zeros = new float[BLOCK];
    }

    /** A function of the elements from {@code from} to {@code to}: whole vectors, at most a block. */
    private interface OfBlock {
        void apply(float[] x, int from, int to, Scratch s);
    }

    private static int blocks(float[] x, int from, int to, OfBlock function) {
        int end = from + SPECIES.loopBound(to - from);
        if (from == end) {
            return end;
        }
        Scratch scratch = SCRATCH.get();
        for (int i = from; i < end; i += BLOCK) {
            function.apply(x, i, Math.min(end, i + BLOCK), scratch);
        }
        return end;
    }

    @Override
    int exp(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            clamp(block, start, end, EXP_MIN, EXP_MAX, s);
            reduce(end - start, s.zeros, s);
            power(1, block, start, end, s);
        });
    }

    @Override
    int expm1(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            clamp(block, start, end, EXPM1_MIN, EXP_MAX, s);
            reduce(end - start, s.zeros, s);
            finishExpm1(block, start, end, s);
        });
    }

    @Override
    int log(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            beginLog(block, start, end, s);
            logSum(end - start, s);
            System.arraycopy(block, start, s.a, 0, end - start);
            limits(block, start, end, s);
        });
    }

    @Override
    int log1p(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            beginLog1p(block, start, end, s);
            logSum(end - start, s);
            limits(block, start, end, s);
        });
    }

    @Override
    int tanh(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            twiceAbs(block, start, end, s);
            reduce(end - start, s.zeros, s);
            finishTanh(block, start, end, s);
        });
    }

    @Override
    int sigmoid(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusAbs(block, start, end, s);
            reduce(end - start, s.zeros, s);
            finishSigmoid(block, start, end, s);
        });
    }

    @Override
    int softplus(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusAbs(block, start, end, s);
            reduce(end - start, s.zeros, s);
            beginLogOfSum(end - start, s);
            logSum(end - start, s);
            addPositivePart(block, start, end, s);
        });
    }

    @Override
    int erf(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusSquare(block, start, end, ERFC_MAX, 1, SQRT_2, s);
            reduce(end - start, s.aLow, s);
            tail(1, end - start, s);
            finishErf(block, start, end, s);
        });
    }

    @Override
    int normalCdf(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusSquare(block, start, end, NORMAL_MAX, 0.5f, 1, s);
            reduce(end - start, s.aLow, s);
            tail(0, end - start, s);
            finishNormalCdf(block, start, end, s);
        });
    }

    @Override
    int normalPdf(float[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusSquare(block, start, end, NORMAL_MAX, 0.5f, 1, s);
            reduce(end - start, s.aLow, s);
            power(INVERSE_SQRT_2_PI, block, start, end, s);
        });
    }

    /** a = x, not below {@code least} nor above {@code most} */
    private static void clamp(float[] x, int from, int to, float least, float most, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v = v.blend(most, v.compare(GT, most));
            v.blend(least, v.compare(LT, least)).intoArray(s.a, j);
        }
    }

    /** a = 2 |x|, at most twice TANH_MAX */
    private static void twiceAbs(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i).abs();
            v.blend(TANH_MAX, v.compare(GT, TANH_MAX)).mul(2).intoArray(s.a, j);
        }
    }

    /** a = -|x|, at least EXP_MIN */
    private static void minusAbs(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i).abs().neg();
            v.blend(EXP_MIN, v.compare(LT, EXP_MIN)).intoArray(s.a, j);
        }
    }

    /** a + aLow = -factor z^2 and t = root z, where z = |x|, at most {@code most} */
    private static void minusSquare(float[] x, int from, int to, float most, float factor, float root, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector z = FloatVector.fromArray(SPECIES, x, i).abs();
            z = z.blend(most, z.compare(GT, most));
            FloatVector scaled = z.mul(factor);
            FloatVector minus = scaled.mul(z).neg();
            minus.intoArray(s.a, j);
            scaled.fma(z, minus).neg().intoArray(s.aLow, j);
            z.mul(root).intoArray(s.t, j);
        }
    }

    /** k and q of e^(a + aLow) = 2^k (1 + q) */
    private static void reduce(int count, float[] aLow, Scratch s) {
        for (int j = 0; j < count; j += WIDTH) {
            FloatVector a = FloatVector.fromArray(SPECIES, s.a, j);
            FloatVector k = a.fma(LOG2_E, SHIFT).sub(SHIFT);
            FloatVector high = k.lanewise(FMA, -LN2_HIGH, a);
            FloatVector low = k.lanewise(
                    FMA, LN2_LOW, FloatVector.fromArray(SPECIES, aLow, j).neg());
            FloatVector r = high.sub(low);
            FloatVector rLow = high.sub(r).sub(low);
            FloatVector p = r.fma(0.00019741752f, 0.0013933713f);
            p = p.lanewise(FMA, r, 0.008333568f);
            p = p.lanewise(FMA, r, 0.041666478f);
            p = p.lanewise(FMA, r, 0.16666666f);
            p = p.lanewise(FMA, r, 0.5f);
            k.intoArray(s.k, j);
            r.mul(r).fma(p, rLow).add(r).intoArray(s.q, j);
        }
    }

    /** x = factor 2^k (1 + q) */
    private static void power(float factor, float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            IntVector n = FloatVector.fromArray(SPECIES, s.k, j)
                    .add(SHIFT)
                    .reinterpretAsInts()
                    .sub(SHIFT_BITS);
            IntVector half = n.lanewise(ASHR, 1);
            FloatVector one =
                    half.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            FloatVector other =
                    n.sub(half).add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            FloatVector q = FloatVector.fromArray(SPECIES, s.q, j);
            q.fma(factor, factor).mul(one).mul(other).intoArray(x, i);
        }
    }

    private static void finishExpm1(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector k = FloatVector.fromArray(SPECIES, s.k, j);
            FloatVector q = FloatVector.fromArray(SPECIES, s.q, j);
            IntVector n = k.add(SHIFT).reinterpretAsInts().sub(SHIFT_BITS);
            FloatVector half =
                    n.add(EXPONENT_BIAS - 1).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            FloatVector value = q.fma(half, half.sub(0.5f)).mul(2).blend(q, k.compare(EQ, 0));
            value.blend(v, v.compare(EQ, 0)).intoArray(x, i);
        }
    }

    private static void finishTanh(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector q = FloatVector.fromArray(SPECIES, s.q, j);
            IntVector n = FloatVector.fromArray(SPECIES, s.k, j)
                    .add(SHIFT)
                    .reinterpretAsInts()
                    .sub(SHIFT_BITS);
            FloatVector power =
                    n.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            FloatVector power1 = power.sub(1);
            FloatVector numerator = q.fma(power, power1);
            FloatVector numeratorLow = q.fma(power, power1.sub(numerator));
            FloatVector denominator = numerator.add(2);
            FloatVector denominatorLow = numerator.sub(denominator.sub(2)).add(numeratorLow);
            FloatVector reciprocal = FloatVector.broadcast(SPECIES, 1).div(denominator);
            FloatVector y = numerator.mul(reciprocal);
            FloatVector minus = y.neg();
            FloatVector residual = minus.fma(denominator, numerator).add(minus.fma(denominatorLow, numeratorLow));
            IntVector magnitude =
                    residual.fma(reciprocal, y).reinterpretAsInts().and(Integer.MAX_VALUE);
            IntVector sign =
                    FloatVector.fromArray(SPECIES, x, i).reinterpretAsInts().and(Integer.MIN_VALUE);
            magnitude.or(sign).reinterpretAsFloats().intoArray(x, i);
        }
    }

    private static void finishSigmoid(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            VectorMask<Float> negative = FloatVector.fromArray(SPECIES, x, i).compare(LT, 0);
            IntVector n = FloatVector.fromArray(SPECIES, s.k, j)
                    .add(SHIFT)
                    .reinterpretAsInts()
                    .sub(SHIFT_BITS);
            IntVector half = n.lanewise(ASHR, 1);
            FloatVector power =
                    half.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            FloatVector other =
                    n.sub(half).add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            FloatVector q = FloatVector.fromArray(SPECIES, s.q, j);
            FloatVector e = q.add(1);
            FloatVector eLow = q.sub(e.sub(1));
            FloatVector scaled = e.mul(power).mul(other);
            FloatVector denominator = scaled.add(1);
            FloatVector denominatorLow =
                    scaled.sub(denominator.sub(1)).add(eLow.mul(power).mul(other));
            FloatVector one = FloatVector.broadcast(SPECIES, 1);
            FloatVector numerator = one.blend(e, negative);
            FloatVector numeratorLow = FloatVector.zero(SPECIES).blend(eLow, negative);
            FloatVector reciprocal = one.div(denominator);
            FloatVector y = numerator.mul(reciprocal);
            FloatVector minus = y.neg();
            FloatVector residual = minus.fma(denominator, numerator).add(minus.fma(denominatorLow, numeratorLow));
            residual.fma(reciprocal, y)
                    .mul(one.blend(power, negative))
                    .mul(one.blend(other, negative))
                    .intoArray(x, i);
        }
    }

    /** a + aLow = 1 + 2^k (1 + q), then k = 0 */
    private static void beginLogOfSum(int count, Scratch s) {
        for (int j = 0; j < count; j += WIDTH) {
            IntVector n = FloatVector.fromArray(SPECIES, s.k, j)
                    .add(SHIFT)
                    .reinterpretAsInts()
                    .sub(SHIFT_BITS);
            IntVector half = n.lanewise(ASHR, 1);
            FloatVector one =
                    half.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            FloatVector other =
                    n.sub(half).add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            FloatVector q = FloatVector.fromArray(SPECIES, s.q, j);
            FloatVector q1 = q.add(1);
            FloatVector e = q1.mul(one).mul(other);
            FloatVector eLow = q.sub(q1.sub(1)).mul(one).mul(other);
            FloatVector u = e.add(1);
            u.intoArray(s.a, j);
            e.sub(u.sub(1)).add(eLow).intoArray(s.aLow, j);
            FloatVector.zero(SPECIES).intoArray(s.k, j);
        }
    }

    /** x = max(x, 0) + value */
    private static void addPositivePart(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v.blend(0, v.compare(LT, 0))
                    .add(FloatVector.fromArray(SPECIES, s.value, j))
                    .intoArray(x, i);
        }
    }

    /** a 2^k = x with a normal a */
    private static void beginLog(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            VectorMask<Float> subnormal = v.compare(LT, Float.MIN_NORMAL);
            v.blend(v.mul(0x1p25f), subnormal).intoArray(s.a, j);
            FloatVector.zero(SPECIES).intoArray(s.aLow, j);
            FloatVector.zero(SPECIES).blend(-25, subnormal).intoArray(s.k, j);
        }
    }

    /** a + aLow = 1 + x and k = 0 */
    private static void beginLog1p(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector u = v.add(1);
            FloatVector u1 = u.sub(1);
            u.intoArray(s.a, j);
            u.sub(u1).neg().add(1).add(v.sub(u1)).intoArray(s.aLow, j);
            FloatVector.zero(SPECIES).intoArray(s.k, j);
        }
    }

    /** value = log(a + aLow) + k ln 2 for positive normal a, else a number without meaning */
    private static void logSum(int count, Scratch s) {
        for (int j = 0; j < count; j += WIDTH) {
            IntVector bits = FloatVector.fromArray(SPECIES, s.a, j).reinterpretAsInts();
            IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, MANTISSA_BITS);
            FloatVector m = bits.sub(exponent.lanewise(LSHL, MANTISSA_BITS)).reinterpretAsFloats();
            FloatVector power = exponent.neg()
                    .max(-EXPONENT_BIAS)
                    .add(EXPONENT_BIAS)
                    .lanewise(LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();
            FloatVector f = FloatVector.fromArray(SPECIES, s.aLow, j).fma(power, m.sub(1));
            FloatVector t = f.div(f.add(2));
            FloatVector z = t.mul(t);
            FloatVector half = f.mul(0.5f).mul(f);
            FloatVector k = exponent.add(SHIFT_BITS)
                    .reinterpretAsFloats()
                    .sub(SHIFT)
                    .add(FloatVector.fromArray(SPECIES, s.k, j));
            FloatVector p = z.fma(0.29886895f, 0.3997694f);
            p = p.lanewise(FMA, z, 0.6666678f);
            FloatVector inner = t.fma(z.fma(p, half), k.mul(LN2_LOW));
            k.lanewise(FMA, LN2_HIGH, f.sub(half.sub(inner))).intoArray(s.value, j);
        }
    }

    /** x = value, the logarithm of a; but its limits where that is no finite number, and x at the zeros of log(1 + x) */
    private static void limits(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector a = FloatVector.fromArray(SPECIES, s.a, j);
            FloatVector atZeroOrBelow =
                    FloatVector.broadcast(SPECIES, Float.NaN).blend(Float.NEGATIVE_INFINITY, a.compare(EQ, 0));
            FloatVector value = a.blend(
                            FloatVector.fromArray(SPECIES, s.value, j), a.compare(LT, Float.POSITIVE_INFINITY))
                    .blend(atZeroOrBelow, a.compare(LE, 0));
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            value.blend(v, v.compare(EQ, 0).and(a.compare(EQ, 1))).intoArray(x, i);
        }
    }

    /** value = 2^exponent Phi(-t), given k and q of e^(-t^2/2) */
    private static void tail(float exponent, int count, Scratch s) {
        for (int j = 0; j < count; j += WIDTH) {
            FloatVector t = FloatVector.fromArray(SPECIES, s.t, j);
            FloatVector denominator = t.add(TAIL_CENTER);
            FloatVector denominatorLow = t.sub(denominator.sub(TAIL_CENTER));
            FloatVector reciprocal = FloatVector.broadcast(SPECIES, 1).div(denominator);
            FloatVector w = t.neg().add(TAIL_CENTER).mul(reciprocal);
            FloatVector p = w.fma(0.00021568986f, -0.0014551692f);
            p = p.lanewise(FMA, w, -0.0035356751f);
            p = p.lanewise(FMA, w, 0.007492273f);
            p = p.lanewise(FMA, w, 0.060408354f);
            p = p.lanewise(FMA, w, 0.18652682f);
            p = p.lanewise(FMA, w, 0.38713658f);
            p = p.lanewise(FMA, w, 0.6078965f);
            p = p.lanewise(FMA, w, 0.75528514f);
            FloatVector q = FloatVector.fromArray(SPECIES, s.q, j);
            FloatVector e = q.add(1);
            FloatVector eLow = q.sub(e.sub(1));
            FloatVector numerator = e.mul(p);
            FloatVector numeratorLow = e.fma(p, numerator.neg()).add(eLow.mul(p));
            FloatVector y = numerator.mul(reciprocal);
            FloatVector minus = y.neg();
            FloatVector residual = minus.fma(denominator, numerator).add(minus.fma(denominatorLow, numeratorLow));
            IntVector n = FloatVector.fromArray(SPECIES, s.k, j)
                    .add(exponent)
                    .add(SHIFT)
                    .reinterpretAsInts()
                    .sub(SHIFT_BITS);
            IntVector half = n.lanewise(ASHR, 1);
            FloatVector one =
                    half.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            FloatVector other =
                    n.sub(half).add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
            residual.fma(reciprocal, y).mul(one).mul(other).intoArray(s.value, j);
        }
    }

    private static void finishErf(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector z = v.mul(v);
            FloatVector p = z.fma(7.842288e-05f, -0.0008006793f);
            p = p.lanewise(FMA, z, 0.0051879627f);
            p = p.lanewise(FMA, z, -0.026853643f);
            p = p.lanewise(FMA, z, 0.112835824f);
            p = p.lanewise(FMA, z, -0.37612626f);
            p = p.lanewise(FMA, z, 0.12837917f);
            IntVector magnitude = FloatVector.fromArray(SPECIES, s.value, j)
                    .neg()
                    .add(1)
                    .reinterpretAsInts()
                    .and(Integer.MAX_VALUE);
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            FloatVector far = magnitude.or(sign).reinterpretAsFloats();
            far.blend(v.fma(p, v), v.abs().compare(LT, 1)).intoArray(x, i);
        }
    }

    private static void finishNormalCdf(float[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            FloatVector t = FloatVector.fromArray(SPECIES, s.t, j);
            FloatVector z = t.mul(0.5f).mul(t);
            FloatVector p = z.fma(7.842288e-05f, -0.0008006793f);
            p = p.lanewise(FMA, z, 0.0051879627f);
            p = p.lanewise(FMA, z, -0.026853643f);
            p = p.lanewise(FMA, z, 0.112835824f);
            p = p.lanewise(FMA, z, -0.37612626f);
            p = p.lanewise(FMA, z, 0.12837917f);
            FloatVector scaled = t.mul(HALF_SQRT_HALF);
            FloatVector near = scaled.fma(p, scaled).neg().add(0.5f);
            FloatVector tail = FloatVector.fromArray(SPECIES, s.value, j).blend(near, t.compare(LT, NORMAL_NEAR));
            VectorMask<Float> positive = FloatVector.fromArray(SPECIES, x, i).compare(GT, 0);
            tail.blend(tail.neg().add(1), positive).intoArray(x, i);
        }
    }
}
