package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.linalg.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static final Vector START = Vector.of(-1.2, 1);

    /** PyTorch 1.13: {@code LBFGS(lr=1, max_iter=1, history_size=5, line_search_fn='strong_wolfe')}, tolerances 0. */
    private static final List<Vector> TORCH = List.of(
            Problems.hex("-0x1.3333333333333p+0", "0x1.0000000000000p+0"),
            Problems.hex("-0x1.0647b97e8b40fp+0", "0x1.1255a9d6cc62ep+0"),
            Problems.hex("-0x1.0748ee1913413p+0", "0x1.1174bbac7021cp+0"),
            Problems.hex("-0x1.0764a631a0833p+0", "0x1.10c4cd2b47263p+0"),
            Problems.hex("-0x1.0711f53b6701ap+0", "0x1.0ef4180dd7a80p+0"),
            Problems.hex("-0x1.0532efc31fc58p+0", "0x1.0907e99ff2ff4p+0"),
            Problems.hex("-0x1.fe7ada124986fp-1", "0x1.f380b6c6de519p-1"),
            Problems.hex("-0x1.e2df106662910p-1", "0x1.b4b2f22e063c1p-1"),
            Problems.hex("-0x1.c24c0123a965ap-1", "0x1.73d036f2967c6p-1"),
            Problems.hex("-0x1.8941a63e25811p-1", "0x1.13f12ebaafc4dp-1"),
            Problems.hex("-0x1.4621bb8dff600p-1", "0x1.c2bb2c91dc4ffp-2"),
            Problems.hex("-0x1.d5651dde9e874p-2", "0x1.726aa7b1e5aaep-3"),
            Problems.hex("-0x1.8ed41dc4e7621p-2", "0x1.bfcfaf8458a0ep-4"),
            Problems.hex("-0x1.0f4e3a5081843p-2", "0x1.56ced3dc1318ap-5"),
            Problems.hex("-0x1.58192c3f364bbp-3", "0x1.2b52c9af256f5p-6"),
            Problems.hex("-0x1.004d83a7671aap-4", "-0x1.19c6efb310c3ap-5"));

    @Test
    void descends_rosenbrocks_valley_as_torch_does() {
        Lbfgs lbfgs = new Lbfgs(new ConstantRate(1), 5, StrongWolfe.of(0.9));
        List<Vector> points = Trajectory.points(lbfgs, Problems.rosenbrock(), START, TORCH.size() - 1);
        for (int k = 0; k < TORCH.size(); k++) {
            assertThat(points.get(k).distance(TORCH.get(k))).as("step %s", k).isLessThan(1e-10);
        }
    }
}
