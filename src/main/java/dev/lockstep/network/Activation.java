package dev.lockstep.network;

import static dev.lockstep.linalg.ElementaryFunctions.expm1;
import static dev.lockstep.linalg.ElementaryFunctions.normalCdf;
import static dev.lockstep.linalg.ElementaryFunctions.normalPdf;
import static dev.lockstep.linalg.ElementaryFunctions.sigmoid;
import static dev.lockstep.linalg.ElementaryFunctions.softplus;
import static dev.lockstep.linalg.ElementaryFunctions.tanh;

import dev.lockstep.linalg.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The function of a unit, y = f(z), applied in place over whole matrices in their own precision.
 *
 * <p>The derivative is taken from y where it can be, so that z need not be kept; {@link #needsInput} names the exception.
 * Values and derivatives are PyTorch's: GELU is the exact one, leaky ReLU's slope is 0.01, ELU's alpha is 1, and ReLU's
 * derivative at 0 is 0. NaN is passed on.
 *
 * <p>The loops are written so that the compiler makes vector code of them: conditions are minima and maxima, and whatever
 * needs an elementary function calls its array form on a chunk that stays in the first-level cache.
 */
public enum Activation {
    /** f(z) = max(0, z) */
    RELU {
        @Override
        void value(float[] z, int from, int to) {
            for (int i = from; i < to; i++) {
                z[i] = Math.max(z[i], 0f);
            }
        }

        @Override
        void value(double[] z, int from, int to) {
            for (int i = from; i < to; i++) {
                z[i] = Math.max(z[i], 0);
            }
        }

        @Override
        void slope(float[] d, float[] s, int from, int to) {
            step(d, s, from, to, 0f);
        }

        @Override
        void slope(double[] d, double[] s, int from, int to) {
            step(d, s, from, to, 0);
        }
    },
    /** f(z) = z for z > 0, else 0.01 z */
    LEAKY_RELU {
        @Override
        void value(float[] z, int from, int to) {
            for (int i = from; i < to; i++) {
                z[i] = Math.max(z[i], 0.01f * z[i]);
            }
        }

        @Override
        void value(double[] z, int from, int to) {
            for (int i = from; i < to; i++) {
                z[i] = Math.max(z[i], 0.01 * z[i]);
            }
        }

        @Override
        void slope(float[] d, float[] s, int from, int to) {
            step(d, s, from, to, 0.01f);
        }

        @Override
        void slope(double[] d, double[] s, int from, int to) {
            step(d, s, from, to, 0.01);
        }
    },
    /** f(z) = z Phi(z) with the distribution function Phi of the standard normal law (Hendrycks, Gimpel 2016) */
    GELU {
        @Override
        void value(float[] z, int from, int to) {
            float[] phi = ROOM.get().one32;
            int count = to - from;
            System.arraycopy(z, from, phi, 0, count);
            normalCdf(phi, 0, count);
            for (int j = 0; j < count; j++) {
                z[from + j] *= phi[j];
            }
        }

        @Override
        void value(double[] z, int from, int to) {
            double[] phi = ROOM.get().one64;
            int count = to - from;
            System.arraycopy(z, from, phi, 0, count);
            normalCdf(phi, 0, count);
            for (int j = 0; j < count; j++) {
                z[from + j] *= phi[j];
            }
        }

        @Override
        void slope(float[] d, float[] s, int from, int to) {
            Room room = ROOM.get();
            float[] phi = room.one32;
            float[] density = room.other32;
            int count = to - from;
            System.arraycopy(s, from, phi, 0, count);
            System.arraycopy(s, from, density, 0, count);
            normalCdf(phi, 0, count);
            normalPdf(density, 0, count);
            for (int j = 0; j < count; j++) {
                d[from + j] *= phi[j] + s[from + j] * density[j];
            }
        }

        @Override
        void slope(double[] d, double[] s, int from, int to) {
            Room room = ROOM.get();
            double[] phi = room.one64;
            double[] density = room.other64;
            int count = to - from;
            System.arraycopy(s, from, phi, 0, count);
            System.arraycopy(s, from, density, 0, count);
            normalCdf(phi, 0, count);
            normalPdf(density, 0, count);
            for (int j = 0; j < count; j++) {
                d[from + j] *= phi[j] + s[from + j] * density[j];
            }
        }

        @Override
        void bend(float[] d, float[] s, int from, int to) {
            float[] density = ROOM.get().one32;
            int count = to - from;
            System.arraycopy(s, from, density, 0, count);
            normalPdf(density, 0, count);
            for (int j = 0; j < count; j++) {
                d[from + j] *= density[j] * (2f - s[from + j] * s[from + j]);
            }
        }

        @Override
        void bend(double[] d, double[] s, int from, int to) {
            double[] density = ROOM.get().one64;
            int count = to - from;
            System.arraycopy(s, from, density, 0, count);
            normalPdf(density, 0, count);
            for (int j = 0; j < count; j++) {
                d[from + j] *= density[j] * (2 - s[from + j] * s[from + j]);
            }
        }
    },
    /** f(z) = z for z > 0, else e^z - 1 (Clevert, Unterthiner, Hochreiter 2016) */
    ELU {
        @Override
        void value(float[] z, int from, int to) {
            float[] below = ROOM.get().one32;
            int count = to - from;
            for (int j = 0; j < count; j++) {
                below[j] = Math.min(z[from + j], 0f);
            }
            expm1(below, 0, count);
            // e^z - 1 is nowhere less than z, not even rounded.
            for (int j = 0; j < count; j++) {
                z[from + j] = Math.max(z[from + j], below[j]);
            }
        }

        @Override
        void value(double[] z, int from, int to) {
            double[] below = ROOM.get().one64;
            int count = to - from;
            for (int j = 0; j < count; j++) {
                below[j] = Math.min(z[from + j], 0);
            }
            expm1(below, 0, count);
            // e^z - 1 is nowhere less than z, not even rounded.
            for (int j = 0; j < count; j++) {
                z[from + j] = Math.max(z[from + j], below[j]);
            }
        }

        @Override
        void slope(float[] d, float[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= Math.min(1f, s[i] + 1f);
            }
        }

        @Override
        void slope(double[] d, double[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= Math.min(1, s[i] + 1);
            }
        }

        @Override
        void bend(float[] d, float[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= s[i] > 0 ? 0f : s[i] + 1f;
            }
        }

        @Override
        void bend(double[] d, double[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= s[i] > 0 ? 0 : s[i] + 1;
            }
        }
    },
    /** f(z) = log(1 + e^z); f'(z) = 1 - e^-f(z) */
    SOFTPLUS {
        @Override
        void value(float[] z, int from, int to) {
            softplus(z, from, to);
        }

        @Override
        void value(double[] z, int from, int to) {
            softplus(z, from, to);
        }

        @Override
        void slope(float[] d, float[] s, int from, int to) {
            float[] minus = ROOM.get().one32;
            int count = to - from;
            for (int j = 0; j < count; j++) {
                minus[j] = -s[from + j];
            }
            expm1(minus, 0, count);
            for (int j = 0; j < count; j++) {
                d[from + j] *= -minus[j];
            }
        }

        @Override
        void slope(double[] d, double[] s, int from, int to) {
            double[] minus = ROOM.get().one64;
            int count = to - from;
            for (int j = 0; j < count; j++) {
                minus[j] = -s[from + j];
            }
            expm1(minus, 0, count);
            for (int j = 0; j < count; j++) {
                d[from + j] *= -minus[j];
            }
        }

        @Override
        void bend(float[] d, float[] s, int from, int to) {
            float[] minus = ROOM.get().one32;
            int count = to - from;
            for (int j = 0; j < count; j++) {
                minus[j] = -s[from + j];
            }
            expm1(minus, 0, count);
            for (int j = 0; j < count; j++) {
                d[from + j] *= -minus[j] * (1f + minus[j]);
            }
        }

        @Override
        void bend(double[] d, double[] s, int from, int to) {
            double[] minus = ROOM.get().one64;
            int count = to - from;
            for (int j = 0; j < count; j++) {
                minus[j] = -s[from + j];
            }
            expm1(minus, 0, count);
            for (int j = 0; j < count; j++) {
                d[from + j] *= -minus[j] * (1 + minus[j]);
            }
        }
    },
    /** f(z) = tanh(z) */
    TANH {
        @Override
        void value(float[] z, int from, int to) {
            tanh(z, from, to);
        }

        @Override
        void value(double[] z, int from, int to) {
            tanh(z, from, to);
        }

        @Override
        void slope(float[] d, float[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= 1f - s[i] * s[i];
            }
        }

        @Override
        void slope(double[] d, double[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= 1 - s[i] * s[i];
            }
        }

        @Override
        void bend(float[] d, float[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= -2f * s[i] * (1f - s[i] * s[i]);
            }
        }

        @Override
        void bend(double[] d, double[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= -2 * s[i] * (1 - s[i] * s[i]);
            }
        }
    },
    /** f(z) = 1 / (1 + e^-z) */
    SIGMOID {
        @Override
        void value(float[] z, int from, int to) {
            sigmoid(z, from, to);
        }

        @Override
        void value(double[] z, int from, int to) {
            sigmoid(z, from, to);
        }

        @Override
        void slope(float[] d, float[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= s[i] * (1f - s[i]);
            }
        }

        @Override
        void slope(double[] d, double[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= s[i] * (1 - s[i]);
            }
        }

        @Override
        void bend(float[] d, float[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= s[i] * (1f - s[i]) * (1f - 2f * s[i]);
            }
        }

        @Override
        void bend(double[] d, double[] s, int from, int to) {
            for (int i = from; i < to; i++) {
                d[i] *= s[i] * (1 - s[i]) * (1 - 2 * s[i]);
            }
        }
    },
    /** f(z) = z */
    IDENTITY {
        @Override
        void value(float[] z, int from, int to) {
            // z is y already
        }

        @Override
        void value(double[] z, int from, int to) {
            // z is y already
        }

        @Override
        void slope(float[] d, float[] s, int from, int to) {
            // f' is 1
        }

        @Override
        void slope(double[] d, double[] s, int from, int to) {
            // f' is 1
        }
    };

    /** Elements that are worked on at once: few enough to stay in the cache from one loop to the next. */
    private static final int CHUNK = 1024;

    private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

    /** Two chunks of each precision. */
    private static final class Room {
        final float[] one32 = new float[CHUNK];
        final float[] other32 = new float[CHUNK];
        final double[] one64 = new double[CHUNK];
        final double[] other64 = new double[CHUNK];
    }

    /** Replaces z by f(z), at most a chunk. */
    abstract void value(float[] z, int from, int to);

    /** Replaces z by f(z), at most a chunk. */
    abstract void value(double[] z, int from, int to);

    /** Multiplies d by f'(z), given s = y, or s = z where {@link #needsInput}; at most a chunk. */
    abstract void slope(float[] d, float[] s, int from, int to);

    /** Multiplies d by f'(z), given s = y, or s = z where {@link #needsInput}; at most a chunk. */
    abstract void slope(double[] d, double[] s, int from, int to);

    /** Multiplies d by f''(z), given s as for {@link #slope}; at most a chunk. To be called only where {@link #isCurved}. */
    void bend(float[] d, float[] s, int from, int to) {
        throw new IllegalStateException(key() + " has no second derivative");
    }

    /** Multiplies d by f''(z), given s as for {@link #slope}; at most a chunk. To be called only where {@link #isCurved}. */
    void bend(double[] d, double[] s, int from, int to) {
        throw new IllegalStateException(key() + " has no second derivative");
    }

    /** d *= 1 for s > 0, else {@code below}. The factors lift every positive number, however small, above 1. */
    private static void step(float[] d, float[] s, int from, int to, float below) {
        for (int i = from; i < to; i++) {
            d[i] *= Math.max(below, Math.min(1f, s[i] * 0x1p127f * 0x1p127f));
        }
    }

    private static void step(double[] d, double[] s, int from, int to, double below) {
        for (int i = from; i < to; i++) {
            d[i] *= Math.max(below, Math.min(1.0, s[i] * 0x1p1023 * 0x1p1023));
        }
    }

    /** Whether the derivative needs z, not y. */
    public boolean needsInput() {
        return this == GELU;
    }

    /** Whether f'' is anything but 0; kinks do not count. */
    public boolean isCurved() {
        return switch (this) {
            case RELU, LEAKY_RELU, IDENTITY -> false;
            case GELU, ELU, SOFTPLUS, TANH, SIGMOID -> true;
        };
    }

    /** The word in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words, in the order of the constants. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Activation::key).toList();
    }

    /** The activation of a word. */
    public static Activation of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /**
     * Replaces z(i, j) by f(z(i, j) + bias(j)), in one pass over memory.
     *
     * @param z [rows, width] from index 0; changed in place
     * @param bias of the same precision, {@code width} entries from {@code biasFrom}; null for none
     */
    public void apply(Buffer z, int rows, int width, Buffer bias, int biasFrom) {
        if (bias == null) {
            value(z, 0, rows * width);
            return;
        }
        int together = Math.max(1, CHUNK / width);
        for (int i = 0; i < rows; i += together) {
            int count = Math.min(together, rows - i);
            z.addToEachRow(i * width, count, width, bias, biasFrom);
            value(z, i * width, (i + count) * width);
        }
    }

    private void value(Buffer z, int from, int to) {
        if (this == IDENTITY) {
            return;
        }
        for (int i = from; i < to; i += CHUNK) {
            int end = Math.min(to, i + CHUNK);
            if (z instanceof Buffer.Of32 z32) {
                value(z32.array(), i, end);
            } else {
                value(((Buffer.Of64) z).array(), i, end);
            }
        }
    }

    /**
     * Multiplies the derivatives for y by f'(z), which makes them derivatives for z.
     *
     * @param delta [rows, width] from index 0; changed in place
     * @param source y, or z where {@link #needsInput}; of the same shape and precision
     */
    public void multiplyByDerivative(Buffer delta, Buffer source, int rows, int width) {
        if (this == IDENTITY) {
            return;
        }
        int count = rows * width;
        for (int i = 0; i < count; i += CHUNK) {
            int end = Math.min(count, i + CHUNK);
            if (delta instanceof Buffer.Of32 d32) {
                slope(d32.array(), ((Buffer.Of32) source).array(), i, end);
            } else {
                slope(((Buffer.Of64) delta).array(), ((Buffer.Of64) source).array(), i, end);
            }
        }
    }

    /**
     * Multiplies by f''(z); at a kink that is 0, or for ELU that of the left.
     *
     * @param factor [rows, width] from index 0; changed in place
     * @param source y, or z where {@link #needsInput}; of the same shape and precision
     */
    void multiplyBySecondDerivative(Buffer factor, Buffer source, int rows, int width) {
        int count = rows * width;
        for (int i = 0; i < count; i += CHUNK) {
            int end = Math.min(count, i + CHUNK);
            if (factor instanceof Buffer.Of32 d32) {
                bend(d32.array(), ((Buffer.Of32) source).array(), i, end);
            } else {
                bend(((Buffer.Of64) factor).array(), ((Buffer.Of64) source).array(), i, end);
            }
        }
    }
}
