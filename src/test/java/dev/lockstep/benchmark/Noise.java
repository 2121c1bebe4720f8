package dev.lockstep.benchmark;

import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;

/** Numbers to compute with, the same on every run. */
final class Noise {
    private Noise() {}

    static double[] doubles(int length, long key) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = Mixing.normal(Mixing.mix(key, i));
        }
        return values;
    }

    static float[] floats(int length, long key) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) Mixing.normal(Mixing.mix(key, i));
        }
        return values;
    }

    static Buffer buffer(Precision precision, int length, long key) {
        return precision == Precision.FLOAT32 ? Buffer.wrap(floats(length, key)) : Buffer.wrap(doubles(length, key));
    }

    static Vector vector(int length, long key) {
        return Vector.wrap(doubles(length, key));
    }
}
