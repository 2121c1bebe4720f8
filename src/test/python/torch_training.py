"""Prints torch-training.txt: what TorchTrainingTest expects of short runs of small networks, full batches in float64.

PyTorch does all of it, but for the variants of Rprop that it lacks: these are the equations of Igel, Huesken 2003
(doi:10.1016/S0925-2312(01)00700-7), one coordinate after another, on PyTorch's gradients. Data and first weights come
from integers and are exact in both languages.

    python3 torch_training.py > torch-training.txt
"""

import platform

import numpy
import torch
from torch import nn, optim

# Else ASGD keeps its rate in float32.
torch.set_default_dtype(torch.float64)

ROWS, INPUTS, HIDDEN, STEPS = 25, 3, (7, 5), 25
SHOWN = (0, 1, 5, 12, 24)
ACTIVATIONS = {
    "relu": nn.ReLU,
    "leaky-relu": nn.LeakyReLU,
    "gelu": nn.GELU,
    "elu": nn.ELU,
    "softplus": nn.Softplus,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "identity": nn.Identity,
}
OUTPUTS = {"cross-entropy": 3, "binary-cross-entropy": 1, "squared-error": 2}


def draws(seed, count):
    """Multiples of 2^-15 in [-1, 1): the upper bits of a linear congruential generator modulo 2^31."""
    numbers, state = [], seed
    for _ in range(count):
        state = (1103515245 * state + 12345) % 2**31
        numbers.append((state >> 15) / 2**15 - 1)
    return numbers


X = [[2 * x for x in draws(1, ROWS * INPUTS)[INPUTS * i : INPUTS * (i + 1)]] for i in range(ROWS)]
FEATURES = torch.tensor(X)
CLASSES = torch.tensor([(a * b > 0) + (c > 0.25) for a, b, c in X])
TRUTHS = torch.tensor([float(a + b * b > 0.5) for a, b, c in X])
TARGETS = torch.tensor([[a * b, c + a / 2] for a, b, c in X])


def mean_loss(loss, outputs):
    if loss == "cross-entropy":
        return nn.functional.cross_entropy(outputs, CLASSES)
    if loss == "binary-cross-entropy":
        return nn.functional.binary_cross_entropy_with_logits(outputs[:, 0], TRUTHS)
    return 0.5 * ((outputs - TARGETS) ** 2).sum(1).mean()


def network(loss, activations):
    first, second = (ACTIVATIONS[a]() for a in activations)
    layers = [nn.Linear(INPUTS, HIDDEN[0]), first, nn.Linear(*HIDDEN), second, nn.Linear(HIDDEN[1], OUTPUTS[loss])]
    net = nn.Sequential(*layers)
    numbers = draws(2, sum(p.numel() for p in net.parameters()))
    nn.utils.vector_to_parameters(torch.tensor(numbers), net.parameters())
    return net


class PapersRprop:
    """Algorithms 1 to 3 of the paper: with backtracking, without, and with backtracking where the error rose."""

    def __init__(self, parameters, variant, first=0.01, least=1e-6, most=50.0, up=1.2, down=0.5):
        self.parameters, self.variant = list(parameters), variant
        self.least, self.most, self.up, self.down = least, most, up, down
        size = sum(p.numel() for p in self.parameters)
        self.delta, self.move, self.before = [first] * size, [0.0] * size, [0.0] * size
        self.error = None

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self, error):
        w = nn.utils.parameters_to_vector(self.parameters).tolist()
        g = torch.cat([p.grad.reshape(-1) for p in self.parameters]).tolist()
        rose = self.error is not None and error > self.error
        for i in range(len(w)):
            product, remembered = self.before[i] * g[i], g[i]
            if product > 0:
                self.delta[i] = min(self.delta[i] * self.up, self.most)
            elif product < 0:
                self.delta[i] = max(self.delta[i] * self.down, self.least)
            if product < 0 and self.variant != "rprop-minus":
                if self.variant == "rprop-plus" or rose:
                    w[i] -= self.move[i]
                remembered = 0.0
            else:
                self.move[i] = -float(numpy.sign(g[i])) * self.delta[i]
                w[i] += self.move[i]
            self.before[i] = remembered
        self.error = error
        nn.utils.vector_to_parameters(torch.tensor(w), self.parameters)


def variant(name, **numbers):
    return lambda parameters: PapersRprop(parameters, name, **numbers)


def method(kind, **numbers):
    return lambda parameters: kind(parameters, **numbers)


# As a configuration has them and as PyTorch does: mostly the defaults, then other values of the keys.
METHODS = [
    ("optimizer = adam, learning-rate = 0.02", method(optim.Adam, lr=0.02)),
    (
        "optimizer { name = adam, beta1 = 0.8, beta2 = 0.95, epsilon = 1e-3 }, learning-rate = 0.03",
        method(optim.Adam, lr=0.03, betas=(0.8, 0.95), eps=1e-3),
    ),
    (
        "optimizer { name = adam, amsgrad = true, weight-decay = 0.01 }, learning-rate = 0.02",
        method(optim.Adam, lr=0.02, amsgrad=True, weight_decay=0.01),
    ),
    (
        "optimizer { name = adam, amsgrad = true, weight-decay = 0.1, beta2 = 0.7 }, learning-rate = 0.05",
        method(optim.Adam, lr=0.05, amsgrad=True, weight_decay=0.1, betas=(0.9, 0.7)),
    ),
    ("optimizer = adamw, learning-rate = 0.02", method(optim.AdamW, lr=0.02)),
    (
        "optimizer { name = adamw, beta1 = 0.8, beta2 = 0.95, epsilon = 1e-3, amsgrad = true, weight-decay = 0.3 },"
        " learning-rate = 0.03",
        method(optim.AdamW, lr=0.03, betas=(0.8, 0.95), eps=1e-3, amsgrad=True, weight_decay=0.3),
    ),
    ("optimizer = rmsprop, learning-rate = 0.01", method(optim.RMSprop, lr=0.01)),
    (
        "optimizer { name = rmsprop, decay = 0.9, epsilon = 1e-3, weight-decay = 0.01 }, learning-rate = 0.02",
        method(optim.RMSprop, lr=0.02, alpha=0.9, eps=1e-3, weight_decay=0.01),
    ),
    (
        "optimizer { name = rmsprop, centered = true, momentum = 0.5 }, learning-rate = 0.01",
        method(optim.RMSprop, lr=0.01, centered=True, momentum=0.5),
    ),
    (
        "optimizer { name = rmsprop, centered = true, momentum = 0.8, decay = 0.95, epsilon = 1e-3 },"
        " learning-rate = 0.005",
        method(optim.RMSprop, lr=0.005, centered=True, momentum=0.8, alpha=0.95, eps=1e-3),
    ),
    ("optimizer = adagrad, learning-rate = 0.05", method(optim.Adagrad, lr=0.05)),
    (
        "optimizer { name = adagrad, learning-rate-decay = 0.1, initial-accumulator = 0.01, epsilon = 1e-3,"
        " weight-decay = 0.01 }, learning-rate = 0.1",
        method(optim.Adagrad, lr=0.1, lr_decay=0.1, initial_accumulator_value=0.01, eps=1e-3, weight_decay=0.01),
    ),
    ("optimizer = adadelta", method(optim.Adadelta)),
    (
        "optimizer { name = adadelta, decay = 0.7, epsilon = 1e-3, weight-decay = 0.01 }, learning-rate = 0.5",
        method(optim.Adadelta, lr=0.5, rho=0.7, eps=1e-3, weight_decay=0.01),
    ),
    ("optimizer = adamax, learning-rate = 0.02", method(optim.Adamax, lr=0.02)),
    (
        "optimizer { name = adamax, beta1 = 0.8, beta2 = 0.7, epsilon = 1e-3, weight-decay = 0.01 },"
        " learning-rate = 0.03",
        method(optim.Adamax, lr=0.03, betas=(0.8, 0.7), eps=1e-3, weight_decay=0.01),
    ),
    ("optimizer = radam, learning-rate = 0.02", method(optim.RAdam, lr=0.02)),
    (
        "optimizer { name = radam, beta1 = 0.8, beta2 = 0.95, epsilon = 1e-3, weight-decay = 0.01 },"
        " learning-rate = 0.03",
        method(optim.RAdam, lr=0.03, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.01),
    ),
    ("optimizer = asgd, learning-rate = 0.05", method(optim.ASGD, lr=0.05)),
    (
        "optimizer { name = asgd, start = 5, lambda = 0.1, alpha = 0.6, weight-decay = 0.01 }, learning-rate = 0.2",
        method(optim.ASGD, lr=0.2, t0=5, lambd=0.1, alpha=0.6, weight_decay=0.01),
    ),
    (
        "optimizer { name = momentum, form = outside }, learning-rate = 0.05",
        method(optim.SGD, lr=0.05, momentum=0.9),
    ),
    (
        "optimizer { name = momentum, form = outside, momentum = 0.8, dampening = 0.3, weight-decay = 0.01 },"
        " learning-rate = 0.1",
        method(optim.SGD, lr=0.1, momentum=0.8, dampening=0.3, weight_decay=0.01),
    ),
    (
        "optimizer { name = nesterov, form = outside }, learning-rate = 0.05",
        method(optim.SGD, lr=0.05, momentum=0.9, nesterov=True),
    ),
    (
        "optimizer { name = nesterov, form = outside, momentum = 0.8, weight-decay = 0.01 }, learning-rate = 0.1",
        method(optim.SGD, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.01),
    ),
    ("optimizer = rprop", method(optim.Rprop)),
    (
        "optimizer { name = rprop, variant = irprop-minus, initial-step = 0.02, min-step = 0.01, max-step = 0.05,"
        " increase = 1.5, decrease = 0.4 }",
        method(optim.Rprop, lr=0.02, step_sizes=(0.01, 0.05), etas=(0.4, 1.5)),
    ),
    ("optimizer { name = rprop, variant = rprop-plus }", variant("rprop-plus")),
    (
        "optimizer { name = rprop, variant = rprop-plus, initial-step = 0.05, min-step = 0.01, max-step = 0.2 }",
        variant("rprop-plus", first=0.05, least=0.01, most=0.2),
    ),
    ("optimizer { name = rprop, variant = rprop-minus }", variant("rprop-minus")),
    (
        "optimizer { name = rprop, variant = rprop-minus, initial-step = 0.05, increase = 1.5, decrease = 0.4 }",
        variant("rprop-minus", first=0.05, up=1.5, down=0.4),
    ),
    ("optimizer { name = rprop, variant = irprop-plus }", variant("irprop-plus")),
    (
        "optimizer { name = rprop, variant = irprop-plus, initial-step = 0.1, max-step = 0.3, decrease = 0.4 }",
        variant("irprop-plus", first=0.1, most=0.3, down=0.4),
    ),
]


def run(make, loss, activations):
    """The loss before each step, and the weights that are the answer: ASGD's are averages."""
    net = network(loss, activations)
    optimizer = make(net.parameters())
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = mean_loss(loss, net(FEATURES))
        value.backward()
        losses.append(value.item())
        if isinstance(optimizer, PapersRprop):
            optimizer.step(losses[-1])
        else:
            optimizer.step()
    parameters = list(net.parameters())
    if isinstance(optimizer, optim.ASGD):
        parameters = [optimizer.state[p]["ax"] for p in parameters]
    return losses, nn.utils.parameters_to_vector(parameters).tolist()


def main():
    torch.set_num_threads(1)
    versions = f"PyTorch {torch.__version__}, NumPy {numpy.__version__}, Python {platform.python_version()}"
    print(f"# Printed by torch_training.py with {versions}, in float64.")
    print("# A run is a configuration and, below it, what came of it: the losses before the steps", *SHOWN)
    print(f"# and, after {STEPS} steps, the first, the middle and the last weight and the norm of all.")
    names = list(ACTIVATIONS)
    for i, (configuration, make) in enumerate(METHODS):
        # the two of a method have different losses
        loss = list(OUTPUTS)[(i // 2 + i % 2) % 3]
        activations = [names[i % 8], names[(i + i // 8 + 1) % 8]]
        losses, weights = run(make, loss, activations)
        middle = weights[len(weights) // 2]
        norm = float(numpy.linalg.norm(weights))
        print(f"{configuration}, network {{ loss = {loss}, activation = [{', '.join(activations)}] }}")
        print(" ", *(repr(losses[k]) for k in SHOWN), "|", *map(repr, (weights[0], middle, weights[-1], norm)))


if __name__ == "__main__":
    main()
