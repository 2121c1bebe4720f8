package dev.lockstep.linalg;

import java.util.List;

/**
 * Shows a JVM all kinds of vector operations, in turn, before it compiles any code that is made of one kind.
 *
 * <p>The library of vectors decides by the kind of an operation (of one, two or three vectors, a comparison, a conversion) in
 * methods that all vector code shares. C2 compiles these for the kinds that it has seen. A kind that comes later throws that
 * code away, and each such accident counts against every method compiled afterwards, once for each time it contains the
 * place: over a hundred, and C2 trusts nothing that it has seen any more, so vectors are boxed where they are stored. Tiles,
 * of nothing but fused multiply-adds, used to run first. In four of 18 JVMs they were the accident's victims: 16 runs
 * in lockstep took half as long again.
 */
final class Rehearsal {
    /** Enough for the methods of the library to be compiled by the first compiler, which takes down what they see. */
    private static final int ROUNDS = 8;

    private static List<Runnable> roles;

    private Rehearsal() {}

    /** Before any vector code is used; does nothing the second time. Who comes meanwhile waits. */
    static synchronized void begin() throws ReflectiveOperationException {
        if (roles == null) {
            roles = List.of((Runnable) Lanes.make("RehearsalLanes32"), (Runnable) Lanes.make("RehearsalLanes64"));
            for (int i = 0; i < ROUNDS; i++) {
                round();
            }
        }
    }

    /** While vector code is being compiled. */
    static synchronized void goOn() {
        if (roles != null) {
            round();
        }
    }

    private static void round() {
        roles.forEach(Runnable::run);
    }
}
