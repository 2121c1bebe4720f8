package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ludovic.netlib.blas.BLAS;
import org.junit.jupiter.api.Test;

/** netlib picks its library once a JVM; ours must come in all the same. */
class NativeBlasInForeignSessionTest {
    @Test
    void openblas_is_found_although_somebody_touched_netlib_before() {
        BLAS touched = BLAS.getInstance();
        assertThat(touched.ddot(2, new double[] {1, 2}, 1, new double[] {3, 4}, 1))
                .isEqualTo(11);
        assertThat(Blas.of(Blas.Kind.NATIVE).name()).startsWith("OpenBLAS");
        assertThat(Blas.of(Blas.Kind.JAVA).name()).isEqualTo("Java");
        assertThat(System.getProperty("dev.ludovic.netlib.blas.nativeLibPath")).isNull();
    }
}
