package dev.lockstep.linalg;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The functions with the interval in which their values are neither 0 nor a limit, and their largest error in ulps. */
@SuppressWarnings("ImmutableEnumChecker") // its functions hold no state
enum ElementaryFunction {
    EXP(ElementaryFunctions::exp, ElementaryFunctions::exp, DecimalOracle::exp, -745, 709.7, 0.9),
    EXPM1(ElementaryFunctions::expm1, ElementaryFunctions::expm1, DecimalOracle::expm1, -45, 709.7, 1.7),
    LOG(ElementaryFunctions::log, ElementaryFunctions::log, DecimalOracle::log, Double.MIN_VALUE, 1e308, 0.9),
    LOG1P(ElementaryFunctions::log1p, ElementaryFunctions::log1p, DecimalOracle::log1p, -0.9999999, 1e308, 1.5),
    TANH(ElementaryFunctions::tanh, ElementaryFunctions::tanh, DecimalOracle::tanh, -22, 22, 1.6),
    SIGMOID(ElementaryFunctions::sigmoid, ElementaryFunctions::sigmoid, DecimalOracle::sigmoid, -745, 40, 0.9),
    SOFTPLUS(ElementaryFunctions::softplus, ElementaryFunctions::softplus, DecimalOracle::softplus, -745, 800, 1.7),
    ERF(ElementaryFunctions::erf, ElementaryFunctions::erf, DecimalOracle::erf, -6.5, 6.5, 1.2),
    ERFC(ElementaryFunctions::erfc, ElementaryFunctions::erfc, DecimalOracle::erfc, -6, 27.2, 4.5),
    NORMAL_CDF(ElementaryFunctions::normalCdf, ElementaryFunctions::normalCdf, DecimalOracle::normalCdf, -38.4, 9, 4.5),
    NORMAL_PDF(
            ElementaryFunctions::normalPdf, ElementaryFunctions::normalPdf, DecimalOracle::normalPdf, -38.5, 38.5, 1.4);

    /**
     * Where k steps, where log changes its exponent, where erf and Phi change formula, where results become subnormal.
     */
    static final double[] BORDERS = {
        0.5 * Math.log(2),
        -0.5 * Math.log(2),
        1.5 * Math.log(2),
        -1.5 * Math.log(2),
        0.25 * Math.log(2),
        Math.sqrt(0.5),
        Math.sqrt(2),
        Math.sqrt(2) - 1,
        Math.sqrt(0.5) - 1,
        1,
        -1,
        0.5,
        0.7,
        -0.7,
        -708.4,
        -36.7,
        19,
        -37.5,
        26.5,
        2
    };

    interface FloatUnaryOperator {
        float applyAsFloat(float x);
    }

    final DoubleUnaryOperator ofDouble;
    final FloatUnaryOperator ofFloat;
    final UnaryOperator<BigDecimal> exact;
    final double from;
    final double to;
    final double ulps;

    ElementaryFunction(
            DoubleUnaryOperator ofDouble,
            FloatUnaryOperator ofFloat,
            UnaryOperator<BigDecimal> exact,
            double from,
            double to,
            double ulps) {
        this.ofDouble = ofDouble;
        this.ofFloat = ofFloat;
        this.exact = exact;
        this.from = from;
        this.to = to;
        this.ulps = ulps;
    }

    /** The function in double precision by other means, where the JDK has them. */
    double reference(double x) {
        return switch (this) {
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(x);
            case LOG1P -> StrictMath.log1p(x);
            case TANH -> StrictMath.tanh(x);
            case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
            case SOFTPLUS -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
            case NORMAL_PDF -> StrictMath.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
            case ERF, ERFC, NORMAL_CDF -> ofDouble.applyAsDouble(x);
        };
    }

    /** Arguments uniform over the interval, around 0, of every magnitude, and beside the borders of the formulas. */
    List<Double> arguments(int count) {
        Random random = new Random(name().hashCode());
        Stream<Double> anywhere = Stream.generate(() -> from + (to - from) * random.nextDouble());
        Stream<Double> central = Stream.generate(() -> 2 * random.nextGaussian());
        Stream<Double> magnitudes =
                Stream.generate(() -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(60) - 50));
        Stream<Double> wide = Stream.generate(() -> Math.scalb(random.nextDouble(), random.nextInt(2_000) - 1_000));
        Stream<Double> borders = Stream.generate(() -> BORDERS[random.nextInt(BORDERS.length)]
                * (1 + Math.scalb(random.nextDouble() - 0.5, -random.nextInt(40))));
        return Stream.of(anywhere, central, magnitudes, wide, borders)
                .flatMap(arguments -> arguments.limit(count / 5))
                .filter(x -> x >= from && x <= to)
                .toList();
    }
}
