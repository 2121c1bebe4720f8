package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What PyTorch 1.13 has not, or has wrong, against the papers' equations in decimal arithmetic of 50 digits: the
 * numbers are printed by {@code src/test/python/adaptive_trajectories.py}. Errors are relative to max(1, |w|).
 */
class AdaptiveTrajectoryTest {
    private static final Vector START = Vector.of(1, -2, 0.5, 0);
    private static final List<Integer> TENSORS = List.of(0, 2, 3, 4);
    private static final Schedule RATE = new ConstantRate(0.01);

    private static final Map<String, Optimizer<?>> OPTIMIZERS = Map.of(
            "nadam", new NAdam(RATE, 0.9, 0.999, 1e-8, 4e-3, 0, false),
            "nadam, coupled decay", new NAdam(RATE, 0.9, 0.999, 1e-8, 4e-3, 0.1, false),
            "nadam, decoupled decay", new NAdam(RATE, 0.9, 0.999, 1e-8, 4e-3, 0.1, true),
            "radam, decoupled decay", new RAdam(RATE, 0.9, 0.999, 1e-8, 0.1, true),
            "lion", new Lion(RATE, 0.9, 0.99, 0.1),
            "lars", new Lars(new ConstantRate(10), 0.9, 0.001, 0.1),
            "lamb", new Lamb(RATE, 0.9, 0.999, 1e-6, 0.1));

    @ParameterizedTest(name = "{0} after {1} steps")
    @CsvSource(delimiter = '|', textBlock = """
            nadam | 1 | 0x1.fa97499d0ee7ap-1 -0x1.fd4ba4eaa9400p+0 0x1.f52e933699959p-2 0x1.5a2d9901f7fb1p-7
            nadam | 6 | 0x1.f672eb29a79c4p-1 -0x1.fb8c38baaec81p+0 0x1.f85036511de48p-2 0x1.cd720c5f441c1p-8
            nadam | 12 | 0x1.fa5a5da4bf4acp-1 -0x1.fcb87e41599eep+0 0x1.fa43d9b5f9bc1p-2 0x1.898c25b264de5p-7
            nadam, coupled decay | 1 | 0x1.fa97499cc1775p-1 -0x1.fd4ba4cfb9d72p+0 0x1.f52e9336997e6p-2 0x1.5a2d9901f7fb1p-7
            nadam, coupled decay | 6 | 0x1.f4434c2890c9fp-1 -0x1.f3d0f81cb7483p+0 0x1.f8475dfcc5bcdp-2 0x1.cbb8b6a3f6e0bp-8
            nadam, coupled decay | 12 | 0x1.f4f495e1da6efp-1 -0x1.e7593b82b8248p+0 0x1.fa2e01f2a77d3p-2 0x1.87f84d0611e49p-7
            nadam, decoupled decay | 1 | 0x1.fa14372e775a5p-1 -0x1.fcc8927c11b2bp+0 0x1.f4ab80c802084p-2 0x1.5a2d9901f7fb1p-7
            nadam, decoupled decay | 6 | 0x1.f36998324c520p-1 -0x1.f87f1f21b0767p+0 0x1.f5482bed90e17p-2 0x1.cb25e532a83dcp-8
            nadam, decoupled decay | 12 | 0x1.f4515ff6e2229p-1 -0x1.f6a3750a50c8cp+0 0x1.f43192cada670p-2 0x1.87cb7f34deed3p-7
            radam, decoupled decay | 1 | 0x1.fced916872b02p-1 -0x1.ff72b020c49bap+0 0x1.5ba5e353f7ceep-2 0x1.999999999999ap-7
            radam, decoupled decay | 6 | 0x1.f5a7f38850148p-1 -0x1.fcd5d03d9229ep+0 0x1.90593faa28806p-2 0x1.1f4891b758171p-6
            radam, decoupled decay | 12 | 0x1.f291e92d65854p-1 -0x1.f9cc119d5024fp+0 0x1.8e2b8f5674fd4p-2 0x1.1d6966eddbc21p-6
            lion | 1 | 0x1.fa5e353f7ced9p-1 -0x1.fced916872b02p+0 0x1.f53f7ced91687p-2 0x1.47ae147ae147bp-7
            lion | 6 | 0x1.f2b8a27417bfdp-1 -0x1.f7d41540f1e38p+0 0x1.e881bcda63785p-2 -0x1.4d888d00fe01ap-17
            lion | 12 | 0x1.efbdd06e0d55fp-1 -0x1.f9e8f72fdee52p+0 0x1.e582f38412034p-2 0x1.f7251b266afd2p-15
            lars | 1 | 0x1.f6829c660d496p-1 -0x1.fe4b781a56633p+0 0x1.fae147ae147aep-2 0x1.9000000000000p+3
            lars | 6 | 0x1.b8016a5f4e035p-1 -0x1.e560da338c3bep+0 -0x1.b5b9f5347f798p-1 0x1.bbafd659fd122p+5
            lars | 12 | 0x1.69ec946680435p-1 -0x1.a94510ce54717p+0 -0x1.44f3fd53d3649p+1 -0x1.49714054fb474p+7
            lamb | 1 | 0x1.f8437dae55b65p-1 -0x1.fbc7c7299d90ep+0 0x1.fae147ae147aep-2 0x1.47ae034cd6462p-7
            lamb | 6 | 0x1.d95aad9ee1d5bp-1 -0x1.e606f3503a362p+0 0x1.f5b5f9cad496cp-2 0x1.4ae3edcbea3edp-7
            lamb | 12 | 0x1.ba4bac8bd7aaep-1 -0x1.d0a068868f049p+0 0x1.f58f72bdfcd98p-2 0x1.443da33287c31p-7
            """)
    void papers_equations_lead_to_the_same_points(String name, int steps, String expected) {
        Vector got = end(OPTIMIZERS.get(name), steps);
        Vector error = got.zip(Problems.hex(expected.split(" ")), (x, y) -> Math.abs(x - y) / Math.max(1, Math.abs(y)));
        assertThat(error.maxAbs()).isLessThanOrEqualTo(1e-15);
    }

    private static <S extends Record> Vector end(Optimizer<S> optimizer, int steps) {
        return Trajectory.steps(
                        optimizer, k -> Problems.inTensors(TENSORS, Problems.slope(gradient(k + 1))), START, steps)
                .get(steps - 1)
                .point();
    }

    private static double[] gradient(long t) {
        double[] scales = {1, 1.0 / 64, 64, 1};
        double[] gradient = new double[4];
        for (int i = 0; i < 4; i++) {
            gradient[i] = ((7 * t + 5L * i) % 11 - 5) / 4.0 * scales[i];
        }
        return gradient;
    }
}
