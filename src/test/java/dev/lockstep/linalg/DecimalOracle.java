package dev.lockstep.linalg;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The functions of {@link ElementaryFunctions} to some 25 correct digits or more, in decimal arithmetic of 42: Taylor
 * series, one step of Halley's iteration for the logarithm, and Laplace's continued fraction for erfc from 6 on.
 */
final class DecimalOracle {
    static final MathContext DIGITS = new MathContext(42);
    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal PI =
            new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494");
    private static final BigDecimal SQRT_PI = PI.sqrt(DIGITS);
    private static final BigDecimal SQRT_2 = TWO.sqrt(DIGITS);

    private DecimalOracle() {}

    static BigDecimal exp(BigDecimal x) {
        int halvings = Math.max(0, Math.getExponent(x.doubleValue()) + 8);
        BigDecimal power = expm1Series(x.divide(TWO.pow(halvings), DIGITS)).add(ONE, DIGITS);
        for (int i = 0; i < halvings; i++) {
            power = power.multiply(power, DIGITS);
        }
        return power;
    }

    static BigDecimal expm1(BigDecimal x) {
        return Math.abs(x.doubleValue()) < 0.01 ? expm1Series(x) : exp(x).subtract(ONE, DIGITS);
    }

    static BigDecimal log(BigDecimal x) {
        BigDecimal guess = new BigDecimal(StrictMath.log(x.doubleValue()));
        BigDecimal power = exp(guess);
        BigDecimal step = x.subtract(power, DIGITS).divide(x.add(power, DIGITS), DIGITS);
        return guess.add(step.multiply(TWO), DIGITS);
    }

    static BigDecimal log1p(BigDecimal x) {
        if (Math.abs(x.doubleValue()) >= 1e-4) {
            return log(x.add(ONE));
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (int n = 12; n > 0; n--) {
            sum = ONE.divide(BigDecimal.valueOf(n), DIGITS).subtract(sum.multiply(x, DIGITS), DIGITS);
        }
        return sum.multiply(x, DIGITS);
    }

    static BigDecimal tanh(BigDecimal x) {
        BigDecimal numerator = expm1(x.multiply(TWO));
        return numerator.divide(numerator.add(TWO), DIGITS);
    }

    static BigDecimal sigmoid(BigDecimal x) {
        return ONE.divide(exp(x.negate()).add(ONE, DIGITS), DIGITS);
    }

    static BigDecimal softplus(BigDecimal x) {
        BigDecimal tail = log1p(exp(x.abs().negate()).round(DIGITS));
        return x.signum() > 0 ? x.add(tail, DIGITS) : tail;
    }

    /** 2 x e^(-x^2) / sqrt(pi) times the sum of (2 x^2)^n / (1 * 3 * … * (2n + 1)). */
    static BigDecimal erf(BigDecimal x) {
        BigDecimal square = x.multiply(x, DIGITS);
        BigDecimal term = x.multiply(TWO).divide(SQRT_PI, DIGITS).multiply(exp(square.negate()), DIGITS);
        BigDecimal sum = BigDecimal.ZERO;
        for (int odd = 3; sum.add(term, DIGITS).compareTo(sum) != 0; odd += 2) {
            sum = sum.add(term, DIGITS);
            term = term.multiply(TWO).multiply(square, DIGITS).divide(BigDecimal.valueOf(odd), DIGITS);
        }
        return sum;
    }

    /** From 6 on e^(-x^2) / sqrt(pi) / (x + (1/2) / (x + (2/2) / (x + (3/2) / …))). */
    static BigDecimal erfc(BigDecimal x) {
        if (x.doubleValue() < 6) {
            return ONE.subtract(erf(x), DIGITS);
        }
        BigDecimal fraction = x;
        for (int n = 60; n > 0; n--) {
            fraction = x.add(BigDecimal.valueOf(n).divide(fraction.multiply(TWO), DIGITS), DIGITS);
        }
        return exp(x.multiply(x).negate()).divide(SQRT_PI.multiply(fraction), DIGITS);
    }

    static BigDecimal normalCdf(BigDecimal x) {
        return erfc(x.negate().divide(SQRT_2, DIGITS)).divide(TWO, DIGITS);
    }

    static BigDecimal normalPdf(BigDecimal x) {
        return exp(x.multiply(x).divide(TWO).negate()).divide(SQRT_2.multiply(SQRT_PI), DIGITS);
    }

    /** For |x| up to 0.01: 16 terms of x^n / n!. */
    private static BigDecimal expm1Series(BigDecimal x) {
        BigDecimal sum = ONE;
        for (int n = 16; n > 1; n--) {
            sum = sum.multiply(x, DIGITS).divide(BigDecimal.valueOf(n), DIGITS).add(ONE, DIGITS);
        }
        return sum.multiply(x, DIGITS);
    }
}
