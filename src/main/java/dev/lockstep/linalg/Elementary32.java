package dev.lockstep.linalg;

/**
 * The formulas of {@link ElementaryFunctions} in float arithmetic: those of {@link Elementary64}, which explains them,
 * with shorter polynomials. No operation is done in double, so a vector register holds as many lanes as it has floats.
 */
final class Elementary32 {
    static final float LOG2_E = 1.442695f;
    /** The upper 16 bits of ln 2: a product with an integer below 256 is exact. */
    static final float LN2_HIGH = 0.69314575f;

    static final float LN2_LOW = 1.4286068e-06f;
    static final float SQRT_2 = 1.4142135f;
    static final float HALF_SQRT_HALF = 0.35355338f;
    static final float INVERSE_SQRT_2_PI = 0.3989423f;

    /** Adding and taking away 1.5 * 2^23 rounds to an integer, which the low bits of the sum hold. */
    static final float SHIFT = 0x1.8p23f;

    static final int SHIFT_BITS = Float.floatToRawIntBits(SHIFT);
    static final int MANTISSA_BITS = 23;
    static final int EXPONENT_BIAS = 127;
    static final int SQRT_HALF_BITS = Float.floatToRawIntBits(0.70710677f);

    // Beyond these the value is that of the limit: infinity, 0, -1, 1, 0, 0.
    static final float EXP_MAX = 89;
    static final float EXP_MIN = -105;
    static final float EXPM1_MIN = -20;
    static final float TANH_MAX = 10;
    static final float NORMAL_MAX = 15;
    static final float ERFC_MAX = 11;
    // Below these erfc and Phi are 1 - erf and 1/2 - erf(a / sqrt 2) / 2: the tail's fit begins here.
    private static final float ERFC_NEAR = 0.5f;
    static final float NORMAL_NEAR = 0.7f;
    /** C of the tail. */
    static final float TAIL_CENTER = 4;

    private Elementary32() {}

    static float exp(float x) {
        float clamped = atLeast(atMost(x, EXP_MAX), EXP_MIN);
        float k = multiplesOfLn2(clamped);
        return scale(1 + expm1Reduced(clamped, 0, k), k);
    }

    static float expm1(float x) {
        float clamped = atLeast(atMost(x, EXP_MAX), EXPM1_MIN);
        float k = multiplesOfLn2(clamped);
        float q = expm1Reduced(clamped, 0, k);
        float half = powerOfTwo(integer(k) - 1);
        float value = k == 0 ? q : 2 * Math.fma(q, half, half - 0.5f);
        return x == 0 ? x : value;
    }

    static float log(float x) {
        boolean subnormal = x < Float.MIN_NORMAL;
        float value = logSum(subnormal ? x * 0x1p25f : x, 0, subnormal ? -25 : 0);
        return logLimits(x, value);
    }

    static float log1p(float x) {
        float u = 1 + x;
        float low = (1 - (u - (u - 1))) + (x - (u - 1));
        float value = logLimits(u, logSum(u, low, 0));
        return x == 0 ? x : value;
    }

    static float tanh(float x) {
        float twice = 2 * atMost(Math.abs(x), TANH_MAX);
        float k = multiplesOfLn2(twice);
        float q = expm1Reduced(twice, 0, k);
        float power = powerOfTwo(integer(k));
        float numerator = Math.fma(q, power, power - 1);
        float numeratorLow = Math.fma(q, power, (power - 1) - numerator);
        float denominator = numerator + 2;
        float denominatorLow = (numerator - (denominator - 2)) + numeratorLow;
        return Math.copySign(quotient(numerator, numeratorLow, denominator, denominatorLow), x);
    }

    static float sigmoid(float x) {
        boolean negative = x < 0;
        float a = atLeast(-Math.abs(x), EXP_MIN);
        float k = multiplesOfLn2(a);
        float q = expm1Reduced(a, 0, k);
        float e = 1 + q;
        float eLow = q - (e - 1);
        float scaled = scale(e, k);
        float denominator = 1 + scaled;
        float denominatorLow = (scaled - (denominator - 1)) + scale(eLow, k);
        return scale(quotient(negative ? e : 1, negative ? eLow : 0, denominator, denominatorLow), negative ? k : 0);
    }

    static float softplus(float x) {
        float a = atLeast(-Math.abs(x), EXP_MIN);
        float k = multiplesOfLn2(a);
        float q = expm1Reduced(a, 0, k);
        float e = scale(1 + q, k);
        float eLow = scale(q - ((1 + q) - 1), k);
        float u = 1 + e;
        return atLeast(x, 0) + logSum(u, (e - (u - 1)) + eLow, 0);
    }

    static float erf(float x) {
        float a = Math.abs(x);
        return a < 1 ? erfNear(x) : Math.copySign(1 - erfcPositive(a), x);
    }

    static float erfc(float x) {
        float a = Math.abs(x);
        float tail = a < ERFC_NEAR ? 1 - erfNear(a) : erfcPositive(a);
        return x < 0 ? 2 - tail : tail;
    }

    static float normalCdf(float x) {
        float a = atMost(Math.abs(x), NORMAL_MAX);
        float square = 0.5f * a * a;
        float tail = a < NORMAL_NEAR
                ? 0.5f - Math.fma(HALF_SQRT_HALF * a, erfPolynomial(square), HALF_SQRT_HALF * a)
                : normalTail(a, square, Math.fma(0.5f * a, a, -square), 0);
        return x > 0 ? 1 - tail : tail;
    }

    static float normalPdf(float x) {
        float a = atMost(Math.abs(x), NORMAL_MAX);
        float square = 0.5f * a * a;
        float k = multiplesOfLn2(-square);
        float q = expm1Reduced(-square, -Math.fma(0.5f * a, a, -square), k);
        return scale(Math.fma(q, INVERSE_SQRT_2_PI, INVERSE_SQRT_2_PI), k);
    }

    /** erf for |x| up to 1. */
    private static float erfNear(float x) {
        return Math.fma(x, erfPolynomial(x * x), x);
    }

    /**
     * erfc(a) = 2 Phi(-a sqrt 2), for a from 1/2 on; the exponent is taken from a itself, not from the rounded product.
     */
    private static float erfcPositive(float a) {
        float z = atMost(a, ERFC_MAX);
        float square = z * z;
        return normalTail(z * SQRT_2, square, Math.fma(z, z, -square), 1);
    }

    /** 2^exponent Phi(-a), where square + squareLow = a^2 / 2. */
    private static float normalTail(float a, float square, float squareLow, int exponent) {
        float k = multiplesOfLn2(-square);
        float q = expm1Reduced(-square, -squareLow, k);
        float e = 1 + q;
        float eLow = q - (e - 1);
        float denominator = TAIL_CENTER + a;
        float denominatorLow = a - (denominator - TAIL_CENTER);
        float p = tailPolynomial((TAIL_CENTER - a) * (1 / denominator));
        float numerator = e * p;
        float numeratorLow = Math.fma(e, p, -numerator) + eLow * p;
        return scale(quotient(numerator, numeratorLow, denominator, denominatorLow), k + exponent);
    }

    /** The smaller of the two; NaN stays. A comparison compiles to less than {@code Math.min}, which orders zeros. */
    private static float atMost(float x, float limit) {
        return x > limit ? limit : x;
    }

    private static float atLeast(float x, float limit) {
        return x < limit ? limit : x;
    }

    /** (a + aLow) / (b + bLow), rounded almost once: one division, its residual divided by the same reciprocal. */
    private static float quotient(float a, float aLow, float b, float bLow) {
        float reciprocal = 1 / b;
        float y = a * reciprocal;
        float residual = Math.fma(-y, b, a) + Math.fma(-y, bLow, aLow);
        return Math.fma(residual, reciprocal, y);
    }

    /** k = x / ln 2 rounded to an integer. */
    private static float multiplesOfLn2(float x) {
        return Math.fma(x, LOG2_E, SHIFT) - SHIFT;
    }

    /** q = e^(x + xLow - k ln 2) - 1, between -0.3 and 0.42. */
    private static float expm1Reduced(float x, float xLow, float k) {
        float high = Math.fma(-k, LN2_HIGH, x);
        float low = Math.fma(k, LN2_LOW, -xLow);
        float r = high - low;
        float rLow = (high - r) - low;
        return r + Math.fma(r * r, expPolynomial(r), rLow);
    }

    /** log(u + low) + bias ln 2 for a positive normal u; any other u gives a number without meaning. */
    private static float logSum(float u, float low, int bias) {
        int bits = Float.floatToRawIntBits(u);
        int exponent = (bits - SQRT_HALF_BITS) >> MANTISSA_BITS;
        float m = Float.intBitsToFloat(bits - (exponent << MANTISSA_BITS));
        float f = Math.fma(low, powerOfTwo(Math.max(-exponent, -EXPONENT_BIAS)), m - 1);
        float s = f / (2 + f);
        float z = s * s;
        float half = 0.5f * f * f;
        float k = (float) (exponent + bias);
        float inner = Math.fma(s, Math.fma(z, logPolynomial(z), half), k * LN2_LOW);
        return Math.fma(k, LN2_HIGH, f - (half - inner));
    }

    /** The logarithm's value where it is no finite number: at 0, below it, at infinity and at NaN. */
    private static float logLimits(float x, float value) {
        float atZeroOrBelow = x == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
        float positive = x < Float.POSITIVE_INFINITY ? value : x;
        return x <= 0 ? atZeroOrBelow : positive;
    }

    /** y 2^k in two steps, so that k may be below the smallest exponent: only the second step rounds. */
    private static float scale(float y, float k) {
        int n = integer(k);
        int half = n >> 1;
        return y * powerOfTwo(half) * powerOfTwo(n - half);
    }

    /** The integer that k holds, below 2^22 in magnitude. */
    private static int integer(float k) {
        return Float.floatToRawIntBits(k + SHIFT) - SHIFT_BITS;
    }

    /** 2^n for n from -126 to 127; 0 for -127. */
    private static float powerOfTwo(int n) {
        return Float.intBitsToFloat((n + EXPONENT_BIAS) << MANTISSA_BITS);
    }

    /** (e^r - 1 - r) / r^2 for |r| up to 0.347; the error is 2^-31.0 of e^r - 1. */
    private static float expPolynomial(float r) {
        float p = 0.00019741752f;
        p = Math.fma(p, r, 0.0013933713f);
        p = Math.fma(p, r, 0.008333568f);
        p = Math.fma(p, r, 0.041666478f);
        p = Math.fma(p, r, 0.16666666f);
        return Math.fma(p, r, 0.5f);
    }

    /** (2 artanh(s) / s - 2) / z for z = s^2 up to 0.0296; the error is 2^-30.1 of the logarithm. */
    private static float logPolynomial(float z) {
        float p = 0.29886895f;
        p = Math.fma(p, z, 0.3997694f);
        return Math.fma(p, z, 0.6666678f);
    }

    /** erf(x) / x - 1 in z = x^2 up to 1; the error is 2^-29.3 of erf. */
    private static float erfPolynomial(float z) {
        float p = 7.842288e-05f;
        p = Math.fma(p, z, -0.0008006793f);
        p = Math.fma(p, z, 0.0051879627f);
        p = Math.fma(p, z, -0.026853643f);
        p = Math.fma(p, z, 0.112835824f);
        p = Math.fma(p, z, -0.37612626f);
        return Math.fma(p, z, 0.12837917f);
    }

    /** (C + a) Phi(-a) e^(a^2/2) in w = (C - a) / (C + a), C = 4, a from 0.7 to 15; the relative error is 2^-25.3. */
    private static float tailPolynomial(float w) {
        float p = 0.00021568986f;
        p = Math.fma(p, w, -0.0014551692f);
        p = Math.fma(p, w, -0.0035356751f);
        p = Math.fma(p, w, 0.007492273f);
        p = Math.fma(p, w, 0.060408354f);
        p = Math.fma(p, w, 0.18652682f);
        p = Math.fma(p, w, 0.38713658f);
        p = Math.fma(p, w, 0.6078965f);
        return Math.fma(p, w, 0.75528514f);
    }
}
