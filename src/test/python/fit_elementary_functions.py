"""Prints the polynomials of Elementary64 and Elementary32. Needs mpmath; takes a few seconds.

A fit is a weighted least-squares polynomial on Chebyshev nodes, near the minimax one. Its coefficients are rounded from
the lowest on, and after each rounding the higher ones are fitted anew, so that they make up for it.
"""

import struct

from mpmath import atanh, cos, erf, erfc, exp, expm1, log, lu_solve, matrix, mp, mpf, pi, sqrt

mp.dps = 60
TINY = mpf(10) ** -20


def to_double(x):
    return mpf(float(x))


def to_float(x):
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


def nodes(a, b, count):
    return [(a + b) / 2 + (b - a) / 2 * cos(pi * (2 * i + 1) / (2 * count)) for i in range(count)]


def fit(f, weight, a, b, degree, rounded):
    """Fits f on [a, b]; returns the rounded coefficients and the largest |polynomial - f| * weight."""
    samples = [[x, f(x), weight(x)] for x in nodes(a, b, 4 * degree + 20)]
    coefficients = []
    for lowest in range(degree + 1):
        size = degree + 1 - lowest
        normal, right = matrix(size, size), matrix(size, 1)
        for x, y, w in samples:
            row = [w * x**j for j in range(lowest, degree + 1)]
            for i in range(size):
                right[i] += row[i] * w * y
                for j in range(size):
                    normal[i, j] += row[i] * row[j]
        coefficients.append(rounded(lu_solve(normal, right)[0]))
        for sample in samples:
            sample[1] -= coefficients[-1] * sample[0] ** lowest
    value = lambda x: sum(c * x**j for j, c in enumerate(coefficients))
    return coefficients, max(abs(value(x) - f(x)) * weight(x) for x in nodes(a, b, 700))


def exponential():
    """(e^r - 1 - r) / r^2, relative to e^r - 1."""
    limit = mpf("0.347")
    f = lambda r: (expm1(r) - r) / r**2 if abs(r) > TINY else mpf(1) / 2
    return f, lambda r: abs(r**2 / expm1(r)) if r else mpf(0), -limit, limit


def logarithm():
    """(2 artanh(s) / s - 2) / z in z = s^2, relative to 2 artanh(s) = log((1 + s) / (1 - s))."""
    f = lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z
    return f, lambda z: sqrt(z) * z / (2 * atanh(sqrt(z))), mpf(0), mpf("0.0296")


def error_function():
    """erf(x) / x - 1 in z = x^2, relative to erf(x) / x."""
    f = lambda z: erf(sqrt(z)) / sqrt(z) - 1
    return f, lambda z: 1 / (1 + f(z)), mpf(0), mpf(1)


def normal_tail(center, largest):
    """(C + a) Phi(-a) e^(a^2/2) in w = (C - a) / (C + a), relative, for a from 0.7 to the largest."""
    w_of = lambda a: (center - a) / (center + a)

    def f(w):
        a = center * (1 - w) / (1 + w)
        return (center + a) * erfc(a / sqrt(mpf(2))) / 2 * exp(a * a / 2)

    return f, lambda w: 1 / f(w), w_of(mpf(largest)), w_of(mpf("0.7"))


for name, problem, degree, rounded in [
    ("Elementary64.expPolynomial", exponential(), 10, to_double),
    ("Elementary64.logPolynomial", logarithm(), 6, to_double),
    ("Elementary64.erfPolynomial", error_function(), 11, to_double),
    ("Elementary64.tailPolynomial", normal_tail(mpf(5), 39), 20, to_double),
    ("Elementary32.expPolynomial", exponential(), 5, to_float),
    ("Elementary32.logPolynomial", logarithm(), 2, to_float),
    ("Elementary32.erfPolynomial", error_function(), 6, to_float),
    ("Elementary32.tailPolynomial", normal_tail(mpf(4), 15), 8, to_float),
]:
    coefficients, error = fit(*problem, degree, rounded)
    print(f"{name}: degree {degree}, largest error 2^{float(log(error, 2)):.1f}")
    for c in coefficients:
        digits = next(n for n in range(1, 18) if rounded(float(f"{float(c):.{n}g}")) == c)
        print(f"    {float(c):.{digits}g}")
