package dev.lockstep.linalg;

/**
 * The formulas of {@link ElementaryFunctions} in double arithmetic; {@link Elementary32} has the same ones in float.
 *
 * <pre>
 *   e^x       = 2^k (1 + q),  q = e^r - 1 = r + r^2 P(r),   k = round(x / ln 2),  r = x - k ln 2 in two parts
 *   log x     = k ln 2 + f - (f^2/2 - s (f^2/2 + z P(z))),  x = 2^k (1 + f),  s = f / (2 + f),  z = s^2
 *   erf x     = x + x P(x^2)                                for |x| below 1, else from the tail
 *   Phi(-a)   = e^(-a^2/2) P(w) / (C + a),                  w = (C - a) / (C + a)
 * </pre>
 *
 * The polynomials are near-minimax fits of {@code src/test/python/fit_elementary_functions.py}, which names functions,
 * intervals and weights; each comment below gives interval and relative error. Whatever would lose bits is carried as
 * an unevaluated sum of two doubles, the second named {@code …Low}, and dropped at the last operation.
 *
 * <p>Only {@code + - * /}, fma, comparisons, and integer and sign arithmetic on the bits occur, and every condition
 * chooses between two pure values: a vector form computes both and blends them, to the same bits.
 *
 * <p>Sources: reduction by ln 2 in parts: Cody and Waite, Software Manual for the Elementary Functions (1980), ch. 6;
 * sums in two parts: Muller, Elementary Functions (3rd ed. 2016), ch. 2 and 11; the tail: Shepherd and Laframboise,
 * Math. Comp. 36 (1981), 249-253.
 */
final class Elementary64 {
    static final double LOG2_E = 1.4426950408889634;
    /** The upper 42 bits of ln 2: a product with an integer below 2048 is exact. */
    static final double LN2_HIGH = 0.6931471805598903;

    static final double LN2_LOW = 5.497923018708371e-14;
    static final double SQRT_2 = 1.4142135623730951;
    static final double HALF_SQRT_HALF = 0.3535533905932738;
    static final double INVERSE_SQRT_2_PI = 0.3989422804014327;

    /** Adding and taking away 1.5 * 2^52 rounds to an integer, which the low bits of the sum hold. */
    static final double SHIFT = 0x1.8p52;

    static final long SHIFT_BITS = Double.doubleToRawLongBits(SHIFT);
    static final int MANTISSA_BITS = 52;
    static final int EXPONENT_BIAS = 1023;
    static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(0.7071067811865476);

    // Beyond these the value is that of the limit: infinity, 0, -1, 1, 0, 0.
    static final double EXP_MAX = 710;
    static final double EXP_MIN = -746;
    static final double EXPM1_MIN = -40;
    static final double TANH_MAX = 20;
    static final double NORMAL_MAX = 39;
    static final double ERFC_MAX = 28;
    // Below these erfc and Phi are 1 - erf and 1/2 - erf(a / sqrt 2) / 2: the tail's fit begins here.
    private static final double ERFC_NEAR = 0.5;
    static final double NORMAL_NEAR = 0.7;
    /** C of the tail. */
    static final double TAIL_CENTER = 5;

    private Elementary64() {}

    static double exp(double x) {
        double clamped = atLeast(atMost(x, EXP_MAX), EXP_MIN);
        double k = multiplesOfLn2(clamped);
        return scale(1 + expm1Reduced(clamped, 0, k), k);
    }

    static double expm1(double x) {
        double clamped = atLeast(atMost(x, EXP_MAX), EXPM1_MIN);
        double k = multiplesOfLn2(clamped);
        double q = expm1Reduced(clamped, 0, k);
        double half = powerOfTwo(integer(k) - 1);
        double value = k == 0 ? q : 2 * Math.fma(q, half, half - 0.5);
        return x == 0 ? x : value;
    }

    static double log(double x) {
        boolean subnormal = x < Double.MIN_NORMAL;
        double value = logSum(subnormal ? x * 0x1p54 : x, 0, subnormal ? -54 : 0);
        return logLimits(x, value);
    }

    static double log1p(double x) {
        double u = 1 + x;
        double low = (1 - (u - (u - 1))) + (x - (u - 1));
        double value = logLimits(u, logSum(u, low, 0));
        return x == 0 ? x : value;
    }

    static double tanh(double x) {
        double twice = 2 * atMost(Math.abs(x), TANH_MAX);
        double k = multiplesOfLn2(twice);
        double q = expm1Reduced(twice, 0, k);
        double power = powerOfTwo(integer(k));
        double numerator = Math.fma(q, power, power - 1);
        double numeratorLow = Math.fma(q, power, (power - 1) - numerator);
        double denominator = numerator + 2;
        double denominatorLow = (numerator - (denominator - 2)) + numeratorLow;
        return Math.copySign(quotient(numerator, numeratorLow, denominator, denominatorLow), x);
    }

    static double sigmoid(double x) {
        boolean negative = x < 0;
        double a = atLeast(-Math.abs(x), EXP_MIN);
        double k = multiplesOfLn2(a);
        double q = expm1Reduced(a, 0, k);
        double e = 1 + q;
        double eLow = q - (e - 1);
        double scaled = scale(e, k);
        double denominator = 1 + scaled;
        double denominatorLow = (scaled - (denominator - 1)) + scale(eLow, k);
        return scale(quotient(negative ? e : 1, negative ? eLow : 0, denominator, denominatorLow), negative ? k : 0);
    }

    static double softplus(double x) {
        double a = atLeast(-Math.abs(x), EXP_MIN);
        double k = multiplesOfLn2(a);
        double q = expm1Reduced(a, 0, k);
        double e = scale(1 + q, k);
        double eLow = scale(q - ((1 + q) - 1), k);
        double u = 1 + e;
        return atLeast(x, 0) + logSum(u, (e - (u - 1)) + eLow, 0);
    }

    static double erf(double x) {
        double a = Math.abs(x);
        return a < 1 ? erfNear(x) : Math.copySign(1 - erfcPositive(a), x);
    }

    static double erfc(double x) {
        double a = Math.abs(x);
        double tail = a < ERFC_NEAR ? 1 - erfNear(a) : erfcPositive(a);
        return x < 0 ? 2 - tail : tail;
    }

    static double normalCdf(double x) {
        double a = atMost(Math.abs(x), NORMAL_MAX);
        double square = 0.5 * a * a;
        double tail = a < NORMAL_NEAR
                ? 0.5 - Math.fma(HALF_SQRT_HALF * a, erfPolynomial(square), HALF_SQRT_HALF * a)
                : normalTail(a, square, Math.fma(0.5 * a, a, -square), 0);
        return x > 0 ? 1 - tail : tail;
    }

    static double normalPdf(double x) {
        double a = atMost(Math.abs(x), NORMAL_MAX);
        double square = 0.5 * a * a;
        double k = multiplesOfLn2(-square);
        double q = expm1Reduced(-square, -Math.fma(0.5 * a, a, -square), k);
        return scale(Math.fma(q, INVERSE_SQRT_2_PI, INVERSE_SQRT_2_PI), k);
    }

    /** erf for |x| up to 1. */
    private static double erfNear(double x) {
        return Math.fma(x, erfPolynomial(x * x), x);
    }

    /**
     * erfc(a) = 2 Phi(-a sqrt 2), for a from 1/2 on; the exponent is taken from a itself, not from the rounded product.
     */
    private static double erfcPositive(double a) {
        double z = atMost(a, ERFC_MAX);
        double square = z * z;
        return normalTail(z * SQRT_2, square, Math.fma(z, z, -square), 1);
    }

    /** 2^exponent Phi(-a), where square + squareLow = a^2 / 2. */
    private static double normalTail(double a, double square, double squareLow, int exponent) {
        double k = multiplesOfLn2(-square);
        double q = expm1Reduced(-square, -squareLow, k);
        double e = 1 + q;
        double eLow = q - (e - 1);
        double denominator = TAIL_CENTER + a;
        double denominatorLow = a - (denominator - TAIL_CENTER);
        double p = tailPolynomial((TAIL_CENTER - a) * (1 / denominator));
        double numerator = e * p;
        double numeratorLow = Math.fma(e, p, -numerator) + eLow * p;
        return scale(quotient(numerator, numeratorLow, denominator, denominatorLow), k + exponent);
    }

    /** The smaller of the two; NaN stays. A comparison compiles to less than {@code Math.min}, which orders zeros. */
    private static double atMost(double x, double limit) {
        return x > limit ? limit : x;
    }

    private static double atLeast(double x, double limit) {
        return x < limit ? limit : x;
    }

    /** (a + aLow) / (b + bLow), rounded almost once: one division, its residual divided by the same reciprocal. */
    private static double quotient(double a, double aLow, double b, double bLow) {
        double reciprocal = 1 / b;
        double y = a * reciprocal;
        double residual = Math.fma(-y, b, a) + Math.fma(-y, bLow, aLow);
        return Math.fma(residual, reciprocal, y);
    }

    /** k = x / ln 2 rounded to an integer. */
    private static double multiplesOfLn2(double x) {
        return Math.fma(x, LOG2_E, SHIFT) - SHIFT;
    }

    /** q = e^(x + xLow - k ln 2) - 1, between -0.3 and 0.42. */
    private static double expm1Reduced(double x, double xLow, double k) {
        double high = Math.fma(-k, LN2_HIGH, x);
        double low = Math.fma(k, LN2_LOW, -xLow);
        double r = high - low;
        double rLow = (high - r) - low;
        return r + Math.fma(r * r, expPolynomial(r), rLow);
    }

    /** log(u + low) + bias ln 2 for a positive normal u; any other u gives a number without meaning. */
    private static double logSum(double u, double low, int bias) {
        long bits = Double.doubleToRawLongBits(u);
        long exponent = (bits - SQRT_HALF_BITS) >> MANTISSA_BITS;
        double m = Double.longBitsToDouble(bits - (exponent << MANTISSA_BITS));
        double f = Math.fma(low, powerOfTwo(Math.max(-exponent, -EXPONENT_BIAS)), m - 1);
        double s = f / (2 + f);
        double z = s * s;
        double half = 0.5 * f * f;
        double k = (double) (exponent + bias);
        double inner = Math.fma(s, Math.fma(z, logPolynomial(z), half), k * LN2_LOW);
        return Math.fma(k, LN2_HIGH, f - (half - inner));
    }

    /** The logarithm's value where it is no finite number: at 0, below it, at infinity and at NaN. */
    private static double logLimits(double x, double value) {
        double atZeroOrBelow = x == 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
        double positive = x < Double.POSITIVE_INFINITY ? value : x;
        return x <= 0 ? atZeroOrBelow : positive;
    }

    /** y 2^k in two steps, so that k may be below the smallest exponent: only the second step rounds. */
    private static double scale(double y, double k) {
        long n = integer(k);
        long half = n >> 1;
        return y * powerOfTwo(half) * powerOfTwo(n - half);
    }

    /** The integer that k holds, below 2^51 in magnitude. */
    private static long integer(double k) {
        return Double.doubleToRawLongBits(k + SHIFT) - SHIFT_BITS;
    }

    /** 2^n for n from -1022 to 1023; 0 for -1023. */
    private static double powerOfTwo(long n) {
        return Double.longBitsToDouble((n + EXPONENT_BIAS) << MANTISSA_BITS);
    }

    /** (e^r - 1 - r) / r^2 for |r| up to 0.347; the error is 2^-61.5 of e^r - 1. */
    private static double expPolynomial(double r) {
        double p = 2.0886695026039867e-09;
        p = Math.fma(p, r, 2.5109200491363274e-08);
        p = Math.fma(p, r, 2.755736177676457e-07);
        p = Math.fma(p, r, 2.7557243742883036e-06);
        p = Math.fma(p, r, 2.480158722760284e-05);
        p = Math.fma(p, r, 0.00019841269886594417);
        p = Math.fma(p, r, 0.0013888888888928348);
        p = Math.fma(p, r, 0.008333333333321438);
        p = Math.fma(p, r, 0.0416666666666666);
        p = Math.fma(p, r, 0.16666666666666677);
        return Math.fma(p, r, 0.5);
    }

    /** (2 artanh(s) / s - 2) / z for z = s^2 up to 0.0296; the error is 2^-59.4 of the logarithm. */
    private static double logPolynomial(double z) {
        double p = 0.14805244771349116;
        p = Math.fma(p, z, 0.15313154955037891);
        p = Math.fma(p, z, 0.18183598071750826);
        p = Math.fma(p, z, 0.22222197946157882);
        p = Math.fma(p, z, 0.2857142874832086);
        p = Math.fma(p, z, 0.399999999993884);
        return Math.fma(p, z, 0.6666666666666738);
    }

    /** erf(x) / x - 1 in z = x^2 up to 1; the error is 2^-56.0 of erf. */
    private static double erfPolynomial(double z) {
        double p = -7.764805895007783e-10;
        p = Math.fma(p, z, 1.370256913134439e-08);
        p = Math.fma(p, z, -1.6204216644959769e-07);
        p = Math.fma(p, z, 1.6446833684025832e-06);
        p = Math.fma(p, z, -1.4924685750072198e-05);
        p = Math.fma(p, z, 0.00012055292035174393);
        p = Math.fma(p, z, -0.0008548325870703971);
        p = Math.fma(p, z, 0.005223977604689966);
        p = Math.fma(p, z, -0.02686617064289931);
        p = Math.fma(p, z, 0.11283791670942442);
        p = Math.fma(p, z, -0.37612638903183454);
        return Math.fma(p, z, 0.12837916709551256);
    }

    /** (C + a) Phi(-a) e^(a^2/2) in w = (C - a) / (C + a), C = 5, a from 0.7 to 39; the relative error is 2^-55.5. */
    private static double tailPolynomial(double w) {
        double p = 7.438267776782401e-09;
        p = Math.fma(p, w, 3.870954877838373e-09);
        p = Math.fma(p, w, -6.604454569909353e-08);
        p = Math.fma(p, w, -3.500449817282578e-08);
        p = Math.fma(p, w, 4.3357299090945597e-07);
        p = Math.fma(p, w, 3.311544213835762e-07);
        p = Math.fma(p, w, -2.7696719908800026e-06);
        p = Math.fma(p, w, -3.978373621068573e-06);
        p = Math.fma(p, w, 1.6681414023030817e-05);
        p = Math.fma(p, w, 4.976207026550229e-05);
        p = Math.fma(p, w, -5.9375787554312685e-05);
        p = Math.fma(p, w, -0.0005448989265095309);
        p = Math.fma(p, w, -0.0007978693875635948);
        p = Math.fma(p, w, 0.00299337675491832);
        p = Math.fma(p, w, 0.020795066798689827);
        p = Math.fma(p, w, 0.06911863870728843);
        p = Math.fma(p, w, 0.16502036617045626);
        p = Math.fma(p, w, 0.31353315667127585);
        p = Math.fma(p, w, 0.49530561596997447);
        p = Math.fma(p, w, 0.665382502890057);
        return Math.fma(p, w, 0.769193049750063);
    }
}
