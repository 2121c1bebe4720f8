package dev.lockstep.network;

import dev.lockstep.linalg.ElementaryFunctions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A function of one or two numbers whose minima and saddles are known, to watch optimizers on. */
public enum Surface {
    /**
     * z^4 / 4: the minimum 0 at 0 is flat, so that gradient descent approaches it like 1 / sqrt k, its value like 1 /
     * k^2.
     */
    QUARTIC(1) {
        @Override
        void jet(double[] z, double[] jet) {
            double square = z[0] * z[0];
            set(jet, square * square / 4, square * z[0], 3 * square);
        }
    },
    /** cos z: minima -1 at the odd multiples of pi, maxima at the even ones, where the derivative is 0 too. */
    COSINE(1) {
        @Override
        void jet(double[] z, double[] jet) {
            double cosine = StrictMath.cos(z[0]);
            set(jet, cosine, -StrictMath.sin(z[0]), -cosine);
        }
    },
    /** (z^2 - 1)^2 / 4 + 0.15 z: the least minimum at -1.0679, another at 0.9143, a maximum at 0.1536 between them. */
    DOUBLE_WELL(1) {
        @Override
        void jet(double[] z, double[] jet) {
            double square = z[0] * z[0];
            double well = square - 1;
            set(jet, well * well / 4 + 0.15 * z[0], well * z[0] + 0.15, 3 * square - 1);
        }
    },
    /**
     * 0.05 z^2 - 0.3 e^(-(z - 4)^2 / 0.02): a wide minimum, 0 at 0 with curvature 0.1, and a narrow one, 0.4973 at
     * 3.986591 with curvature 29.2970, which a large learning rate leaves.
     */
    NARROW_AND_WIDE(1) {
        @Override
        void jet(double[] z, double[] jet) {
            double from = z[0] - 4;
            double dent = 0.3 * ElementaryFunctions.exp(-from * from / 0.02);
            set(
                    jet,
                    0.05 * z[0] * z[0] - dent,
                    0.1 * z[0] + 100 * from * dent,
                    0.1 + (100 - 10_000 * from * from) * dent);
        }
    },
    /**
     * f(0) = 0 and f' = 25 z below 1, z + 24 from 1, 25 z - 24 from 2 on: strongly convex, curvature 1 to 25, minimum
     * 0 at 0; momentum with the constants that are best on quadratics of that condition cycles on it (Lessard, Recht,
     * Packard 2016, doi:10.1137/15M1009597).
     */
    LESSARD(1) {
        @Override
        void jet(double[] z, double[] jet) {
            double x = z[0];
            if (x < 1) {
                set(jet, 12.5 * x * x, 25 * x, 25);
            } else if (x < 2) {
                set(jet, 0.5 * x * x + 24 * x - 12, x + 24, 1);
            } else {
                set(jet, 12.5 * x * x - 24 * x + 36, 25 * x - 24, 25);
            }
        }
    },
    /**
     * 100 (y - x^2)^2 + (1 - x)^2: a curved valley down to the minimum 0 at (1, 1), where the condition of the Hessian
     * is 2508 (Rosenbrock 1960, doi:10.1093/comjnl/3.3.175).
     */
    ROSENBROCK(2) {
        @Override
        void jet(double[] z, double[] jet) {
            double x = z[0];
            double across = z[1] - x * x;
            double along = 1 - x;
            set(
                    jet,
                    100 * across * across + along * along,
                    -400 * x * across - 2 * along,
                    200 * across,
                    800 * x * x - 400 * across + 2,
                    -400 * x,
                    200);
        }
    },
    /** (x^2 - 0.1 y^2) / 2: a saddle at 0, where the way down is flatter than the way up, and no minimum. */
    SADDLE(2) {
        @Override
        void jet(double[] z, double[] jet) {
            set(jet, (z[0] * z[0] - 0.1 * z[1] * z[1]) / 2, z[0], -0.1 * z[1], 1, 0, -0.1);
        }
    },
    /** x^2 / 2 + y^4 / 4 - y^2 / 2: a saddle at 0, value 0, between the minima -1/4 at (0, -1) and (0, 1). */
    SADDLE_AND_MINIMA(2) {
        @Override
        void jet(double[] z, double[] jet) {
            double square = z[1] * z[1];
            set(
                    jet,
                    z[0] * z[0] / 2 + square * square / 4 - square / 2,
                    z[0],
                    (square - 1) * z[1],
                    1,
                    0,
                    3 * square - 1);
        }
    };

    private final int arguments;

    Surface(int arguments) {
        this.arguments = arguments;
    }

    /** How many numbers it is a function of: 1 or 2. */
    public int arguments() {
        return arguments;
    }

    /** Length of a {@link #jet}. */
    int jetLength() {
        return arguments == 1 ? 3 : 6;
    }

    /**
     * The function and its first and second derivatives at a point.
     *
     * @param z the point, [arguments]
     * @param jet receives f, f', f'', or f, f_x, f_y, f_xx, f_xy, f_yy
     */
    abstract void jet(double[] z, double[] jet);

    private static void set(double[] jet, double... values) {
        System.arraycopy(values, 0, jet, 0, values.length);
    }

    /** The word in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words, in the order of the constants. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Surface::key).toList();
    }

    /** The surface of a word. */
    public static Surface of(String key) {
        return values()[keys().indexOf(key)];
    }
}
