"""Prints what NewtonTest and StabilityLimitTest compare with: the minimum of a ridge logistic regression and the errors of
Newton's method on the way there, in 50 digits by mpmath; and a minimum of a small tanh network with the largest
eigenvalue of its dense Hessian, by PyTorch's double backward pass in float64. Data come from integers and are exact in
both languages.

    python3 newton_references.py
"""

import mpmath
import torch

torch.set_default_dtype(torch.float64)
mpmath.mp.dps = 50

ROWS, INPUTS = 25, 3


def draws(seed, count):
    """Multiples of 2^-15 in [-1, 1): the upper bits of a linear congruential generator modulo 2^31."""
    numbers, state = [], seed
    for _ in range(count):
        state = (1103515245 * state + 12345) % 2**31
        numbers.append((state >> 15) / 2**15 - 1)
    return numbers


X = [[2 * x for x in draws(1, ROWS * INPUTS)[INPUTS * i : INPUTS * i + INPUTS]] for i in range(ROWS)]
TRUTHS = [int(a + b * b > 0.5) for a, b, c in X]
TARGETS = [[a * b, c + a / 2] for a, b, c in X]


def logistic(l2, steps):
    """Weights with penalty and a bias without, from 0."""
    rows = [mpmath.matrix([*x, 1]) for x in X]
    n = INPUTS + 1
    w = mpmath.zeros(n, 1)
    points = [w]
    for _ in range(steps):
        gradient, hessian = mpmath.zeros(n, 1), mpmath.zeros(n, n)
        for x, y in zip(rows, TRUTHS):
            p = 1 / (1 + mpmath.exp(-(x.T * w)[0]))
            gradient += (p - y) * x / ROWS
            hessian += p * (1 - p) * x * x.T / ROWS
        for i in range(INPUTS):
            gradient[i] += l2 * w[i]
            hessian[i, i] += l2
        w = w - mpmath.lu_solve(hessian, gradient)
        points.append(w)
    return points


L2 = mpmath.mpf(2) ** -9
points = logistic(L2, 16)
print("minimum", *(float(x).hex() for x in points[-1]), "gap", mpmath.nstr(mpmath.norm(points[-1] - points[-2]), 3))
for k in range(9):
    print("error", k, mpmath.nstr(mpmath.norm(points[k] - points[-1]), 15))


def network(flat, hidden=4, l2=2.0**-7):
    x, d = torch.tensor(X), torch.tensor(TARGETS)
    shapes = ((hidden, INPUTS), (hidden,), (2, hidden), (2,))
    w1, b1, w2, b2 = (
        part.reshape(shape) for part, shape in zip(flat.split([torch.Size(s).numel() for s in shapes]), shapes)
    )
    y = torch.tanh(x @ w1.T + b1) @ w2.T + b2
    return 0.5 * ((y - d) ** 2).sum(1).mean() + l2 / 2 * ((w1**2).sum() + (w2**2).sum())


size = 4 * INPUTS + 4 + 2 * 4 + 2
w = torch.tensor(draws(7, size), requires_grad=True)
search = torch.optim.LBFGS([w], max_iter=2000, tolerance_grad=1e-9, tolerance_change=0, line_search_fn="strong_wolfe")


def closure():
    search.zero_grad()
    value = network(w)
    value.backward()
    return value


search.step(closure)
w = w.detach()
print("rounded", *(f"{x:.2f}" for x in w.tolist()))
w = torch.tensor([round(x, 2) for x in w.tolist()])
for _ in range(8):
    hessian = torch.autograd.functional.hessian(network, w)
    gradient = torch.autograd.functional.jacobian(network, w)
    print("gradient", gradient.norm().item(), "least", torch.linalg.eigvalsh(hessian)[0].item())
    w = w - torch.linalg.solve(hessian, gradient)
values = torch.linalg.eigvalsh(torch.autograd.functional.hessian(network, w))
print("loss", network(w).item().hex(), "eigenvalues", values[0].item(), values[-1].item().hex(), values[-1].item())
print("norm", w.norm().item().hex())
