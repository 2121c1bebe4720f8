package dev.lockstep.linalg;

import static dev.lockstep.linalg.Elementary64.ERFC_MAX;
import static dev.lockstep.linalg.Elementary64.EXPM1_MIN;
import static dev.lockstep.linalg.Elementary64.EXPONENT_BIAS;
import static dev.lockstep.linalg.Elementary64.EXP_MAX;
import static dev.lockstep.linalg.Elementary64.EXP_MIN;
import static dev.lockstep.linalg.Elementary64.HALF_SQRT_HALF;
import static dev.lockstep.linalg.Elementary64.INVERSE_SQRT_2_PI;
import static dev.lockstep.linalg.Elementary64.LN2_HIGH;
import static dev.lockstep.linalg.Elementary64.LN2_LOW;
import static dev.lockstep.linalg.Elementary64.LOG2_E;
import static dev.lockstep.linalg.Elementary64.MANTISSA_BITS;
import static dev.lockstep.linalg.Elementary64.NORMAL_MAX;
import static dev.lockstep.linalg.Elementary64.NORMAL_NEAR;
import static dev.lockstep.linalg.Elementary64.SHIFT;
import static dev.lockstep.linalg.Elementary64.SHIFT_BITS;
import static dev.lockstep.linalg.Elementary64.SQRT_2;
import static dev.lockstep.linalg.Elementary64.SQRT_HALF_BITS;
import static dev.lockstep.linalg.Elementary64.TAIL_CENTER;
import static dev.lockstep.linalg.Elementary64.TANH_MAX;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The formulas of {@link Elementary64} on vectors; {@link Lanes32} explains the shape. */
final class Lanes64 extends Lanes<double[]> {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();
    /** Elements that pass together: a block and its scratch fit into the first-level cache. */
    private static final int BLOCK = 256;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    Lanes64() {
        if (WIDTH < 2) {
            throw new UnsupportedOperationException("this CPU has no vector registers, or this JVM does not use them");
        }
    }

    /** What one pass over a block leaves for the next, from index 0 on; the passes name it as the formulas do. */
    private static final class Scratch {
        /** What e is raised to, and its lower part; or what the logarithm is taken of, and its lower part. */
        final double[] a = new double[BLOCK];

        final double[] aLow = new double[BLOCK];
        /** The multiple of ln 2. */
        final double[] k = new double[BLOCK];

        final double[] q = new double[BLOCK];
        /** The argument of the tail. */
        final double[] t = new double[BLOCK];

        final double[] value = new double[BLOCK];
        final double[] zeros = new double[BLOCK];
    }

    /** A function of the elements from {@code from} to {@code to}: whole vectors, at most a block. */
    private interface OfBlock {
        void apply(double[] x, int from, int to, Scratch s);
    }

    private static int blocks(double[] x, int from, int to, OfBlock function) {
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
    int exp(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            clamp(block, start, end, EXP_MIN, EXP_MAX, s);
            reduce(end - start, s.zeros, s);
            power(1, block, start, end, s);
        });
    }

    @Override
    int expm1(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            clamp(block, start, end, EXPM1_MIN, EXP_MAX, s);
            reduce(end - start, s.zeros, s);
            finishExpm1(block, start, end, s);
        });
    }

    @Override
    int log(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            beginLog(block, start, end, s);
            logSum(end - start, s);
            System.arraycopy(block, start, s.a, 0, end - start);
            limits(block, start, end, s);
        });
    }

    @Override
    int log1p(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            beginLog1p(block, start, end, s);
            logSum(end - start, s);
            limits(block, start, end, s);
        });
    }

    @Override
    int tanh(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            twiceAbs(block, start, end, s);
            reduce(end - start, s.zeros, s);
            finishTanh(block, start, end, s);
        });
    }

    @Override
    int sigmoid(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusAbs(block, start, end, s);
            reduce(end - start, s.zeros, s);
            finishSigmoid(block, start, end, s);
        });
    }

    @Override
    int softplus(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusAbs(block, start, end, s);
            reduce(end - start, s.zeros, s);
            beginLogOfSum(end - start, s);
            logSum(end - start, s);
            addPositivePart(block, start, end, s);
        });
    }

    @Override
    int erf(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusSquare(block, start, end, ERFC_MAX, 1, SQRT_2, s);
            reduce(end - start, s.aLow, s);
            tail(1, end - start, s);
            finishErf(block, start, end, s);
        });
    }

    @Override
    int normalCdf(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusSquare(block, start, end, NORMAL_MAX, 0.5, 1, s);
            reduce(end - start, s.aLow, s);
            tail(0, end - start, s);
            finishNormalCdf(block, start, end, s);
        });
    }

    @Override
    int normalPdf(double[] x, int from, int to) {
        return blocks(x, from, to, (block, start, end, s) -> {
            minusSquare(block, start, end, NORMAL_MAX, 0.5, 1, s);
            reduce(end - start, s.aLow, s);
            power(INVERSE_SQRT_2_PI, block, start, end, s);
        });
    }

    /** a = x, not below {@code least} nor above {@code most} */
    private static void clamp(double[] x, int from, int to, double least, double most, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            v = v.blend(most, v.compare(GT, most));
            v.blend(least, v.compare(LT, least)).intoArray(s.a, j);
        }
    }

    /** a = 2 |x|, at most twice TANH_MAX */
    private static void twiceAbs(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i).abs();
            v.blend(TANH_MAX, v.compare(GT, TANH_MAX)).mul(2).intoArray(s.a, j);
        }
    }

    /** a = -|x|, at least EXP_MIN */
    private static void minusAbs(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i).abs().neg();
            v.blend(EXP_MIN, v.compare(LT, EXP_MIN)).intoArray(s.a, j);
        }
    }

    /** a + aLow = -factor z^2 and t = root z, where z = |x|, at most {@code most} */
    private static void minusSquare(double[] x, int from, int to, double most, double factor, double root, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector z = DoubleVector.fromArray(SPECIES, x, i).abs();
            z = z.blend(most, z.compare(GT, most));
            DoubleVector scaled = z.mul(factor);
            DoubleVector minus = scaled.mul(z).neg();
            minus.intoArray(s.a, j);
            scaled.fma(z, minus).neg().intoArray(s.aLow, j);
            z.mul(root).intoArray(s.t, j);
        }
    }

    /** k and q of e^(a + aLow) = 2^k (1 + q) */
    private static void reduce(int count, double[] aLow, Scratch s) {
        for (int j = 0; j < count; j += WIDTH) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, s.a, j);
            DoubleVector k = a.fma(LOG2_E, SHIFT).sub(SHIFT);
            DoubleVector high = k.lanewise(FMA, -LN2_HIGH, a);
            DoubleVector low = k.lanewise(
                    FMA, LN2_LOW, DoubleVector.fromArray(SPECIES, aLow, j).neg());
            DoubleVector r = high.sub(low);
            DoubleVector rLow = high.sub(r).sub(low);
            DoubleVector p = r.fma(2.0886695026039867e-09, 2.5109200491363274e-08);
            p = p.lanewise(FMA, r, 2.755736177676457e-07);
            p = p.lanewise(FMA, r, 2.7557243742883036e-06);
            p = p.lanewise(FMA, r, 2.480158722760284e-05);
            p = p.lanewise(FMA, r, 0.00019841269886594417);
            p = p.lanewise(FMA, r, 0.0013888888888928348);
            p = p.lanewise(FMA, r, 0.008333333333321438);
            p = p.lanewise(FMA, r, 0.0416666666666666);
            p = p.lanewise(FMA, r, 0.16666666666666677);
            p = p.lanewise(FMA, r, 0.5);
            k.intoArray(s.k, j);
            r.mul(r).fma(p, rLow).add(r).intoArray(s.q, j);
        }
    }

    /** x = factor 2^k (1 + q) */
    private static void power(double factor, double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            LongVector n = DoubleVector.fromArray(SPECIES, s.k, j)
                    .add(SHIFT)
                    .reinterpretAsLongs()
                    .sub(SHIFT_BITS);
            LongVector half = n.lanewise(ASHR, 1);
            DoubleVector one =
                    half.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            DoubleVector other =
                    n.sub(half).add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            DoubleVector q = DoubleVector.fromArray(SPECIES, s.q, j);
            q.fma(factor, factor).mul(one).mul(other).intoArray(x, i);
        }
    }

    private static void finishExpm1(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            DoubleVector k = DoubleVector.fromArray(SPECIES, s.k, j);
            DoubleVector q = DoubleVector.fromArray(SPECIES, s.q, j);
            LongVector n = k.add(SHIFT).reinterpretAsLongs().sub(SHIFT_BITS);
            DoubleVector half =
                    n.add(EXPONENT_BIAS - 1).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            DoubleVector value = q.fma(half, half.sub(0.5)).mul(2).blend(q, k.compare(EQ, 0));
            value.blend(v, v.compare(EQ, 0)).intoArray(x, i);
        }
    }

    private static void finishTanh(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector q = DoubleVector.fromArray(SPECIES, s.q, j);
            LongVector n = DoubleVector.fromArray(SPECIES, s.k, j)
                    .add(SHIFT)
                    .reinterpretAsLongs()
                    .sub(SHIFT_BITS);
            DoubleVector power =
                    n.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            DoubleVector power1 = power.sub(1);
            DoubleVector numerator = q.fma(power, power1);
            DoubleVector numeratorLow = q.fma(power, power1.sub(numerator));
            DoubleVector denominator = numerator.add(2);
            DoubleVector denominatorLow = numerator.sub(denominator.sub(2)).add(numeratorLow);
            DoubleVector reciprocal = DoubleVector.broadcast(SPECIES, 1).div(denominator);
            DoubleVector y = numerator.mul(reciprocal);
            DoubleVector minus = y.neg();
            DoubleVector residual = minus.fma(denominator, numerator).add(minus.fma(denominatorLow, numeratorLow));
            LongVector magnitude =
                    residual.fma(reciprocal, y).reinterpretAsLongs().and(Long.MAX_VALUE);
            LongVector sign =
                    DoubleVector.fromArray(SPECIES, x, i).reinterpretAsLongs().and(Long.MIN_VALUE);
            magnitude.or(sign).reinterpretAsDoubles().intoArray(x, i);
        }
    }

    private static void finishSigmoid(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            VectorMask<Double> negative = DoubleVector.fromArray(SPECIES, x, i).compare(LT, 0);
            LongVector n = DoubleVector.fromArray(SPECIES, s.k, j)
                    .add(SHIFT)
                    .reinterpretAsLongs()
                    .sub(SHIFT_BITS);
            LongVector half = n.lanewise(ASHR, 1);
            DoubleVector power =
                    half.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            DoubleVector other =
                    n.sub(half).add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            DoubleVector q = DoubleVector.fromArray(SPECIES, s.q, j);
            DoubleVector e = q.add(1);
            DoubleVector eLow = q.sub(e.sub(1));
            DoubleVector scaled = e.mul(power).mul(other);
            DoubleVector denominator = scaled.add(1);
            DoubleVector denominatorLow =
                    scaled.sub(denominator.sub(1)).add(eLow.mul(power).mul(other));
            DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
            DoubleVector numerator = one.blend(e, negative);
            DoubleVector numeratorLow = DoubleVector.zero(SPECIES).blend(eLow, negative);
            DoubleVector reciprocal = one.div(denominator);
            DoubleVector y = numerator.mul(reciprocal);
            DoubleVector minus = y.neg();
            DoubleVector residual = minus.fma(denominator, numerator).add(minus.fma(denominatorLow, numeratorLow));
            residual.fma(reciprocal, y)
                    .mul(one.blend(power, negative))
                    .mul(one.blend(other, negative))
                    .intoArray(x, i);
        }
    }

    /** a + aLow = 1 + 2^k (1 + q), then k = 0 */
    private static void beginLogOfSum(int count, Scratch s) {
        for (int j = 0; j < count; j += WIDTH) {
            LongVector n = DoubleVector.fromArray(SPECIES, s.k, j)
                    .add(SHIFT)
                    .reinterpretAsLongs()
                    .sub(SHIFT_BITS);
            LongVector half = n.lanewise(ASHR, 1);
            DoubleVector one =
                    half.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            DoubleVector other =
                    n.sub(half).add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            DoubleVector q = DoubleVector.fromArray(SPECIES, s.q, j);
            DoubleVector q1 = q.add(1);
            DoubleVector e = q1.mul(one).mul(other);
            DoubleVector eLow = q.sub(q1.sub(1)).mul(one).mul(other);
            DoubleVector u = e.add(1);
            u.intoArray(s.a, j);
            e.sub(u.sub(1)).add(eLow).intoArray(s.aLow, j);
            DoubleVector.zero(SPECIES).intoArray(s.k, j);
        }
    }

    /** x = max(x, 0) + value */
    private static void addPositivePart(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            v.blend(0, v.compare(LT, 0))
                    .add(DoubleVector.fromArray(SPECIES, s.value, j))
                    .intoArray(x, i);
        }
    }

    /** a 2^k = x with a normal a */
    private static void beginLog(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            VectorMask<Double> subnormal = v.compare(LT, Double.MIN_NORMAL);
            v.blend(v.mul(0x1p54), subnormal).intoArray(s.a, j);
            DoubleVector.zero(SPECIES).intoArray(s.aLow, j);
            DoubleVector.zero(SPECIES).blend(-54, subnormal).intoArray(s.k, j);
        }
    }

    /** a + aLow = 1 + x and k = 0 */
    private static void beginLog1p(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            DoubleVector u = v.add(1);
            DoubleVector u1 = u.sub(1);
            u.intoArray(s.a, j);
            u.sub(u1).neg().add(1).add(v.sub(u1)).intoArray(s.aLow, j);
            DoubleVector.zero(SPECIES).intoArray(s.k, j);
        }
    }

    /** value = log(a + aLow) + k ln 2 for positive normal a, else a number without meaning */
    private static void logSum(int count, Scratch s) {
        for (int j = 0; j < count; j += WIDTH) {
            LongVector bits = DoubleVector.fromArray(SPECIES, s.a, j).reinterpretAsLongs();
            LongVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, MANTISSA_BITS);
            DoubleVector m = bits.sub(exponent.lanewise(LSHL, MANTISSA_BITS)).reinterpretAsDoubles();
            DoubleVector power = exponent.neg()
                    .max(-EXPONENT_BIAS)
                    .add(EXPONENT_BIAS)
                    .lanewise(LSHL, MANTISSA_BITS)
                    .reinterpretAsDoubles();
            DoubleVector f = DoubleVector.fromArray(SPECIES, s.aLow, j).fma(power, m.sub(1));
            DoubleVector t = f.div(f.add(2));
            DoubleVector z = t.mul(t);
            DoubleVector half = f.mul(0.5).mul(f);
            DoubleVector k = exponent.add(SHIFT_BITS)
                    .reinterpretAsDoubles()
                    .sub(SHIFT)
                    .add(DoubleVector.fromArray(SPECIES, s.k, j));
            DoubleVector p = z.fma(0.14805244771349116, 0.15313154955037891);
            p = p.lanewise(FMA, z, 0.18183598071750826);
            p = p.lanewise(FMA, z, 0.22222197946157882);
            p = p.lanewise(FMA, z, 0.2857142874832086);
            p = p.lanewise(FMA, z, 0.399999999993884);
            p = p.lanewise(FMA, z, 0.6666666666666738);
            DoubleVector inner = t.fma(z.fma(p, half), k.mul(LN2_LOW));
            k.lanewise(FMA, LN2_HIGH, f.sub(half.sub(inner))).intoArray(s.value, j);
        }
    }

    /** x = value, the logarithm of a; but its limits where that is no finite number, and x at the zeros of log(1 + x) */
    private static void limits(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, s.a, j);
            DoubleVector atZeroOrBelow =
                    DoubleVector.broadcast(SPECIES, Double.NaN).blend(Double.NEGATIVE_INFINITY, a.compare(EQ, 0));
            DoubleVector value = a.blend(
                            DoubleVector.fromArray(SPECIES, s.value, j), a.compare(LT, Double.POSITIVE_INFINITY))
                    .blend(atZeroOrBelow, a.compare(LE, 0));
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            value.blend(v, v.compare(EQ, 0).and(a.compare(EQ, 1))).intoArray(x, i);
        }
    }

    /** value = 2^exponent Phi(-t), given k and q of e^(-t^2/2) */
    private static void tail(double exponent, int count, Scratch s) {
        for (int j = 0; j < count; j += WIDTH) {
            DoubleVector t = DoubleVector.fromArray(SPECIES, s.t, j);
            DoubleVector denominator = t.add(TAIL_CENTER);
            DoubleVector denominatorLow = t.sub(denominator.sub(TAIL_CENTER));
            DoubleVector reciprocal = DoubleVector.broadcast(SPECIES, 1).div(denominator);
            DoubleVector w = t.neg().add(TAIL_CENTER).mul(reciprocal);
            DoubleVector p = w.fma(7.438267776782401e-09, 3.870954877838373e-09);
            p = p.lanewise(FMA, w, -6.604454569909353e-08);
            p = p.lanewise(FMA, w, -3.500449817282578e-08);
            p = p.lanewise(FMA, w, 4.3357299090945597e-07);
            p = p.lanewise(FMA, w, 3.311544213835762e-07);
            p = p.lanewise(FMA, w, -2.7696719908800026e-06);
            p = p.lanewise(FMA, w, -3.978373621068573e-06);
            p = p.lanewise(FMA, w, 1.6681414023030817e-05);
            p = p.lanewise(FMA, w, 4.976207026550229e-05);
            p = p.lanewise(FMA, w, -5.9375787554312685e-05);
            p = p.lanewise(FMA, w, -0.0005448989265095309);
            p = p.lanewise(FMA, w, -0.0007978693875635948);
            p = p.lanewise(FMA, w, 0.00299337675491832);
            p = p.lanewise(FMA, w, 0.020795066798689827);
            p = p.lanewise(FMA, w, 0.06911863870728843);
            p = p.lanewise(FMA, w, 0.16502036617045626);
            p = p.lanewise(FMA, w, 0.31353315667127585);
            p = p.lanewise(FMA, w, 0.49530561596997447);
            p = p.lanewise(FMA, w, 0.665382502890057);
            p = p.lanewise(FMA, w, 0.769193049750063);
            DoubleVector q = DoubleVector.fromArray(SPECIES, s.q, j);
            DoubleVector e = q.add(1);
            DoubleVector eLow = q.sub(e.sub(1));
            DoubleVector numerator = e.mul(p);
            DoubleVector numeratorLow = e.fma(p, numerator.neg()).add(eLow.mul(p));
            DoubleVector y = numerator.mul(reciprocal);
            DoubleVector minus = y.neg();
            DoubleVector residual = minus.fma(denominator, numerator).add(minus.fma(denominatorLow, numeratorLow));
            LongVector n = DoubleVector.fromArray(SPECIES, s.k, j)
                    .add(exponent)
                    .add(SHIFT)
                    .reinterpretAsLongs()
                    .sub(SHIFT_BITS);
            LongVector half = n.lanewise(ASHR, 1);
            DoubleVector one =
                    half.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            DoubleVector other =
                    n.sub(half).add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
            residual.fma(reciprocal, y).mul(one).mul(other).intoArray(s.value, j);
        }
    }

    private static void finishErf(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            DoubleVector z = v.mul(v);
            DoubleVector p = z.fma(-7.764805895007783e-10, 1.370256913134439e-08);
            p = p.lanewise(FMA, z, -1.6204216644959769e-07);
            p = p.lanewise(FMA, z, 1.6446833684025832e-06);
            p = p.lanewise(FMA, z, -1.4924685750072198e-05);
            p = p.lanewise(FMA, z, 0.00012055292035174393);
            p = p.lanewise(FMA, z, -0.0008548325870703971);
            p = p.lanewise(FMA, z, 0.005223977604689966);
            p = p.lanewise(FMA, z, -0.02686617064289931);
            p = p.lanewise(FMA, z, 0.11283791670942442);
            p = p.lanewise(FMA, z, -0.37612638903183454);
            p = p.lanewise(FMA, z, 0.12837916709551256);
            LongVector magnitude = DoubleVector.fromArray(SPECIES, s.value, j)
                    .neg()
                    .add(1)
                    .reinterpretAsLongs()
                    .and(Long.MAX_VALUE);
            LongVector sign = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector far = magnitude.or(sign).reinterpretAsDoubles();
            far.blend(v.fma(p, v), v.abs().compare(LT, 1)).intoArray(x, i);
        }
    }

    private static void finishNormalCdf(double[] x, int from, int to, Scratch s) {
        for (int i = from, j = 0; i < to; i += WIDTH, j += WIDTH) {
            DoubleVector t = DoubleVector.fromArray(SPECIES, s.t, j);
            DoubleVector z = t.mul(0.5).mul(t);
            DoubleVector p = z.fma(-7.764805895007783e-10, 1.370256913134439e-08);
            p = p.lanewise(FMA, z, -1.6204216644959769e-07);
            p = p.lanewise(FMA, z, 1.6446833684025832e-06);
            p = p.lanewise(FMA, z, -1.4924685750072198e-05);
            p = p.lanewise(FMA, z, 0.00012055292035174393);
            p = p.lanewise(FMA, z, -0.0008548325870703971);
            p = p.lanewise(FMA, z, 0.005223977604689966);
            p = p.lanewise(FMA, z, -0.02686617064289931);
            p = p.lanewise(FMA, z, 0.11283791670942442);
            p = p.lanewise(FMA, z, -0.37612638903183454);
            p = p.lanewise(FMA, z, 0.12837916709551256);
            DoubleVector scaled = t.mul(HALF_SQRT_HALF);
            DoubleVector near = scaled.fma(p, scaled).neg().add(0.5);
            DoubleVector tail = DoubleVector.fromArray(SPECIES, s.value, j).blend(near, t.compare(LT, NORMAL_NEAR));
            VectorMask<Double> positive = DoubleVector.fromArray(SPECIES, x, i).compare(GT, 0);
            tail.blend(tail.neg().add(1), positive).intoArray(x, i);
        }
    }
}
