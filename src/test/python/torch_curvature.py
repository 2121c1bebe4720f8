"""Prints torch-curvature.txt: loss, gradient's norm and all eigenvalues of the Hessian of small networks, by PyTorch's
double backward pass in float64. Data and weights come from integers and are exact in both languages.

    python3 torch_curvature.py > torch-curvature.txt
"""

import platform

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)

ROWS, WIDTHS = 20, (3, 5, 4)
CASES = (
    ("tanh", "cross-entropy", 3, 0.01),
    ("softplus", "squared-error", 2, 0.02),
    ("gelu", "binary-cross-entropy", 1, 0.05),
    ("tanh", "squared-error", 2, 0.0),
)
ACTIVATIONS = {"tanh": torch.tanh, "softplus": functional.softplus, "gelu": functional.gelu}


def draws(seed, count):
    """Multiples of 2^-15 in [-1, 1): the upper bits of a linear congruential generator modulo 2^31."""
    numbers, state = [], seed
    for _ in range(count):
        state = (1103515245 * state + 12345) % 2**31
        numbers.append((state >> 15) / 2**15 - 1)
    return numbers


X = torch.tensor([2 * x for x in draws(1, ROWS * 3)]).reshape(ROWS, 3)
CLASSES = torch.tensor([(a * b > 0) + (c > 0.25) for a, b, c in X.tolist()])
TRUTHS = torch.tensor([float(a + b * b > 0.5) for a, b, c in X.tolist()])
TARGETS = torch.tensor([[a * b, c + a / 2] for a, b, c in X.tolist()])


def shapes(outputs):
    widths = (*WIDTHS, outputs)
    return [shape for m, k in zip(widths[1:], widths) for shape in ((m, k), (m,))]


def objective(activation, loss, outputs, l2):
    def value(flat):
        y, start, penalty = X, 0, 0.0
        tensors = []
        for shape in shapes(outputs):
            size = torch.Size(shape).numel()
            tensors.append(flat[start : start + size].reshape(shape))
            start += size
        for i in range(0, len(tensors), 2):
            y = functional.linear(y, tensors[i], tensors[i + 1])
            y = ACTIVATIONS[activation](y) if i + 2 < len(tensors) else y
            penalty = penalty + l2 / 2 * (tensors[i] ** 2).sum()
        if loss == "cross-entropy":
            return functional.cross_entropy(y, CLASSES) + penalty
        if loss == "binary-cross-entropy":
            return functional.binary_cross_entropy_with_logits(y[:, 0], TRUTHS) + penalty
        return 0.5 * ((y - TARGETS) ** 2).sum(1).mean() + penalty

    return value


print(f"# torch_curvature.py, PyTorch {torch.__version__}, {platform.machine()}")
for activation, loss, outputs, l2 in CASES:
    parameters = sum(torch.Size(shape).numel() for shape in shapes(outputs))
    flat = torch.tensor(draws(7, parameters), requires_grad=True)
    value = objective(activation, loss, outputs, l2)
    (gradient,) = torch.autograd.grad(value(flat), flat)
    hessian = torch.autograd.functional.hessian(value, flat.detach())
    numbers = [value(flat).item(), gradient.norm().item(), *torch.linalg.eigvalsh(hessian).tolist()]
    print(activation, loss, outputs, l2, *(number.hex() for number in numbers))
