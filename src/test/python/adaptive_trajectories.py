"""Prints the trajectories of AdaptiveTrajectoryTest: what PyTorch 1.13 has not, or has wrong. Plain Python.

The papers' equations, one coordinate after another, with t from 1 and 50 digits; only results are rounded to doubles.
"""

from decimal import Decimal as D
from decimal import getcontext

getcontext().prec = 50
START = [D(1), D(-2), D("0.5"), D(0)]
BOUNDS = [0, 2, 3, 4]
SCALES = [D(1), D(1) / 64, D(64), D(1)]
STEPS = 12
# the doubles that a program reads, not the decimal fractions
ETA = D(0.01)
EPSILON = D(1e-8)
BETA1 = D(0.9)
BETA2 = D(0.999)


def gradient(t):
    return [D((7 * t + 5 * i) % 11 - 5) / 4 * SCALES[i] for i in range(4)]


def norm(x):
    return sum(a * a for a in x).sqrt()


def power(x, y):
    return (y * x.ln()).exp()


class Averages:
    def __init__(self, beta1, beta2):
        self.beta1, self.beta2 = beta1, beta2
        self.m, self.v = [D(0)] * 4, [D(0)] * 4

    def add(self, g):
        self.m = [self.beta1 * m + (1 - self.beta1) * x for m, x in zip(self.m, g)]
        self.v = [self.beta2 * v + (1 - self.beta2) * x * x for v, x in zip(self.v, g)]


def nadam(decay=D(0), decoupled=False):
    """Dozat 2016, algorithm 2, with the schedule of mu of its section on warming up."""
    averages, product = Averages(BETA1, BETA2), D(1)

    def mu(t):
        return BETA1 * (1 - power(D(0.96), t * D(4e-3)) / 2)

    def step(t, w, g):
        nonlocal product
        if decoupled:
            w = [x - ETA * decay * x for x in w]
        else:
            g = [a + decay * x for a, x in zip(g, w)]
        averages.add(g)
        product *= mu(t)
        ahead = product * mu(t + 1)
        moved = []
        for i in range(4):
            mean = mu(t + 1) * averages.m[i] / (1 - ahead) + (1 - mu(t)) * g[i] / (1 - product)
            square = averages.v[i] / (1 - BETA2**t)
            moved.append(w[i] - ETA * mean / (square.sqrt() + EPSILON))
        return moved

    return step


def radam(decay=D(0), decoupled=False):
    """Liu and others 2020, algorithm 2, with PyTorch's 5 for the paper's 4, and its epsilon."""
    averages = Averages(BETA1, BETA2)

    def step(t, w, g):
        if decoupled:
            w = [x - ETA * decay * x for x in w]
        else:
            g = [a + decay * x for a, x in zip(g, w)]
        averages.add(g)
        mean = [m / (1 - BETA1**t) for m in averages.m]
        longest = 2 / (1 - BETA2) - 1
        length = longest - 2 * t * BETA2**t / (1 - BETA2**t)
        if length <= 5:
            return [x - ETA * m for x, m in zip(w, mean)]
        rectified = ((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)).sqrt()
        adaptive = [(1 - BETA2**t).sqrt() / (v.sqrt() + EPSILON) for v in averages.v]
        return [x - ETA * rectified * m * a for x, m, a in zip(w, mean, adaptive)]

    return step


def lion(decay):
    """Chen and others 2023, algorithm 2."""
    m, beta1, beta2 = [D(0)] * 4, D(0.9), D(0.99)

    def step(t, w, g):
        nonlocal m
        blend = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        m = [beta2 * a + (1 - beta2) * b for a, b in zip(m, g)]
        return [x - ETA * ((c > 0) - (c < 0) + decay * x) for x, c in zip(w, blend)]

    return step


def lars(eta, trust, momentum, decay):
    """You, Gitman, Ginsburg 2017, algorithm 1; 1 for the local rate where a norm is 0."""
    v = [D(0)] * 4

    def step(t, w, g):
        for a, b in zip(BOUNDS, BOUNDS[1:]):
            ofw, ofg = norm(w[a:b]), norm(g[a:b])
            local = trust * ofw / (ofg + decay * ofw) if ofw != 0 and ofg != 0 else 1
            for i in range(a, b):
                v[i] = momentum * v[i] + eta * local * (g[i] + decay * w[i])
        return [x - y for x, y in zip(w, v)]

    return step


def lamb(decay, epsilon):
    """You and others 2020, algorithm 2, phi the identity; 1 for the ratio where a norm is 0."""
    averages = Averages(BETA1, BETA2)

    def step(t, w, g):
        averages.add(g)
        r = []
        for i in range(4):
            mean, square = averages.m[i] / (1 - BETA1**t), averages.v[i] / (1 - BETA2**t)
            r.append(mean / (square.sqrt() + epsilon) + decay * w[i])
        moved = list(w)
        for a, b in zip(BOUNDS, BOUNDS[1:]):
            ofw, ofr = norm(w[a:b]), norm(r[a:b])
            ratio = ofw / ofr if ofw != 0 and ofr != 0 else 1
            for i in range(a, b):
                moved[i] = w[i] - ETA * ratio * r[i]
        return moved

    return step


def main():
    methods = {
        "nadam": nadam(),
        "nadam, coupled decay": nadam(D(0.1)),
        "nadam, decoupled decay": nadam(D(0.1), True),
        "radam, decoupled decay": radam(D(0.1), True),
        "lion": lion(D(0.1)),
        "lars": lars(D(10), D(0.001), D(0.9), D(0.1)),
        "lamb": lamb(D(0.1), D(1e-6)),
    }
    for name, step in methods.items():
        w = START
        for t in range(1, STEPS + 1):
            w = step(t, w, gradient(t))
            if t in (1, 6, STEPS):
                print(f"{name} | {t} | {' '.join(float(x).hex() for x in w)}")


if __name__ == "__main__":
    main()
