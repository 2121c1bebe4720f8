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
 * The function of a unit, y = f(z), applied in place over whole buffers in their own precision.
 *
 * <p>The derivative is taken from y where it can be, so that z need not be kept; {@link #needsInput} names the exception.
 * Values and derivatives are PyTorch's: GELU is the exact one, leaky ReLU's slope is 0.01, ELU's alpha is 1, and ReLU's
 * derivative at 0 is 0.
 */
public enum Activation {
    /** f(z) = max(0, z) */
    RELU {
        @Override
        float value(float z) {
            return Math.max(z, 0f);
        }

        @Override
        double value(double z) {
            return Math.max(z, 0.0);
        }

        @Override
        float derivative(float y) {
            return y > 0 ? 1f : 0f;
        }

        @Override
        double derivative(double y) {
            return y > 0 ? 1.0 : 0.0;
        }
    },
    /** f(z) = z for z > 0, else 0.01 z */
    LEAKY_RELU {
        @Override
        float value(float z) {
            return z > 0 ? z : 0.01f * z;
        }

        @Override
        double value(double z) {
            return z > 0 ? z : 0.01 * z;
        }

        @Override
        float derivative(float y) {
            return y > 0 ? 1f : 0.01f;
        }

        @Override
        double derivative(double y) {
            return y > 0 ? 1.0 : 0.01;
        }
    },
    /** f(z) = z Phi(z) with the distribution function Phi of the standard normal law (Hendrycks, Gimpel 2016) */
    GELU {
        @Override
        float value(float z) {
            return z * normalCdf(z);
        }

        @Override
        double value(double z) {
            return z * normalCdf(z);
        }

        @Override
        float derivative(float z) {
            return normalCdf(z) + z * normalPdf(z);
        }

        @Override
        double derivative(double z) {
            return normalCdf(z) + z * normalPdf(z);
        }
    },
    /** f(z) = z for z > 0, else e^z - 1 (Clevert, Unterthiner, Hochreiter 2016) */
    ELU {
        @Override
        float value(float z) {
            return z > 0 ? z : expm1(z);
        }

        @Override
        double value(double z) {
            return z > 0 ? z : expm1(z);
        }

        @Override
        float derivative(float y) {
            return y > 0 ? 1f : y + 1f;
        }

        @Override
        double derivative(double y) {
            return y > 0 ? 1.0 : y + 1.0;
        }
    },
    /** f(z) = log(1 + e^z); f'(z) = 1 - e^-f(z) */
    SOFTPLUS {
        @Override
        float value(float z) {
            return softplus(z);
        }

        @Override
        double value(double z) {
            return softplus(z);
        }

        @Override
        float derivative(float y) {
            return -expm1(-y);
        }

        @Override
        double derivative(double y) {
            return -expm1(-y);
        }
    },
    /** f(z) = tanh(z) */
    TANH {
        @Override
        float value(float z) {
            return tanh(z);
        }

        @Override
        double value(double z) {
            return tanh(z);
        }

        @Override
        float derivative(float y) {
            return 1f - y * y;
        }

        @Override
        double derivative(double y) {
            return 1.0 - y * y;
        }
    },
    /** f(z) = 1 / (1 + e^-z) */
    SIGMOID {
        @Override
        float value(float z) {
            return sigmoid(z);
        }

        @Override
        double value(double z) {
            return sigmoid(z);
        }

        @Override
        float derivative(float y) {
            return y * (1f - y);
        }

        @Override
        double derivative(double y) {
            return y * (1.0 - y);
        }
    },
    /** f(z) = z */
    IDENTITY {
        @Override
        float value(float z) {
            return z;
        }

        @Override
        double value(double z) {
            return z;
        }

        @Override
        float derivative(float y) {
            return 1f;
        }

        @Override
        double derivative(double y) {
            return 1.0;
        }
    };

    abstract float value(float z);

    abstract double value(double z);

    /** f'(z), given y, or given z where {@link #needsInput}. */
    abstract float derivative(float yOrZ);

    /** f'(z), given y, or given z where {@link #needsInput}. */
    abstract double derivative(double yOrZ);

    /** Whether the derivative needs z, not y. */
    public boolean needsInput() {
        return this == GELU;
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

    /** Replaces the first {@code count} entries z by f(z). */
    public void apply(Buffer buffer, int count) {
        if (this == IDENTITY) {
            return;
        }
        if (buffer instanceof Buffer.Of32 b32) {
            float[] z = b32.array();
            if (this == RELU) {
                for (int i = 0; i < count; i++) {
                    z[i] = Math.max(z[i], 0f);
                }
                return;
            }
            for (int i = 0; i < count; i++) {
                z[i] = value(z[i]);
            }
        } else {
            double[] z = ((Buffer.Of64) buffer).array();
            for (int i = 0; i < count; i++) {
                z[i] = value(z[i]);
            }
        }
    }

    /**
     * Multiplies the first {@code count} derivatives for y by f'(z), which makes them derivatives for z.
     *
     * @param delta changed in place
     * @param source y, or z where {@link #needsInput}; of the same precision
     */
    public void multiplyByDerivative(Buffer delta, Buffer source, int count) {
        if (this == IDENTITY) {
            return;
        }
        if (delta instanceof Buffer.Of32 d32) {
            float[] d = d32.array();
            float[] s = ((Buffer.Of32) source).array();
            if (this == RELU) {
                for (int i = 0; i < count; i++) {
                    d[i] = s[i] > 0 ? d[i] : 0f;
                }
                return;
            }
            for (int i = 0; i < count; i++) {
                d[i] *= derivative(s[i]);
            }
        } else {
            double[] d = ((Buffer.Of64) delta).array();
            double[] s = ((Buffer.Of64) source).array();
            for (int i = 0; i < count; i++) {
                d[i] *= derivative(s[i]);
            }
        }
    }
}
