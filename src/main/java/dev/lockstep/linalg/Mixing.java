package dev.lockstep.linalg;

/**
 * Pseudo-random numbers without a state: each is a function of keys that say what it is for (the seed, then an epoch, a
 * row, a unit, …). So every task computes for itself the number that any other would have computed.
 *
 * <p>The mixing function is the finalizer of SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195, variant 13
 * of Stafford's); keys are combined by mixing after every one.
 */
public final class Mixing {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Mixing() {}

    /** A bijection of 64 bits in which every input bit changes every output bit with probability about 1/2. */
    public static long mix(long key) {
        long z = key + GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Combines a key with another one; the order matters. */
    public static long mix(long key, long more) {
        return mix(mix(key) ^ more);
    }

    /** Combines a key with two others; the order matters. */
    public static long mix(long key, long second, long third) {
        return mix(mix(key, second), third);
    }

    /** A key from a word, to tell purposes apart: weights, validation, shuffle, dropout. */
    public static long key(long seed, String purpose) {
        long key = seed;
        for (int i = 0; i < purpose.length(); i++) {
            key = mix(key, purpose.charAt(i));
        }
        return key;
    }

    /** The uniform number in [0, 1) of mixed bits: a multiple of 2^-53. */
    public static double uniform(long mixed) {
        return (mixed >>> 11) * 0x1p-53;
    }

    /** A standard normal number (Box and Muller 1958, doi:10.1214/aoms/1177706645), the same on every JVM. */
    public static double normal(long key) {
        double radius = StrictMath.sqrt(-2.0 * StrictMath.log(1.0 - uniform(mix(key, 1))));
        return radius * StrictMath.cos(2.0 * Math.PI * uniform(mix(key, 2)));
    }

    /** The vector of {@code size} independent signs, 1 or -1 with probability 1/2 each: a Rademacher vector. */
    public static Vector signs(int size, long key) {
        return Vector.of(size, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = mix(key, i) < 0 ? -1.0 : 1.0;
            }
        });
    }
}
