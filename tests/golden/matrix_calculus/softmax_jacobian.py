"""uva-dl-a1-1.1a: The Jacobians of softmax and leaky ReLU

The key as a program: what is given, the model, and the gradients from the loss back, each line with its shape. When it is
run it checks every answer of the key, its gradients by finite differences.
"""


# Give the Jacobian of the softmax and of the leaky ReLU (slope 0.1 below zero) of a column $z$, each as one matrix expression.

import inspect

import numpy as np


# Sizes; any others do.
K = 2


def softmax(A, axis):
    """Exponentials divided by their sum; the largest entry is taken off first, which changes nothing but overflow."""
    E = np.exp(A - np.amax(A, axis=axis, keepdims=True))
    return E / np.sum(E, axis=axis, keepdims=True)


def leaky_relu(A, slope):
    return np.where(A > 0, A, slope * A)


def given(rng):
    """What is given; what has no numbers is drawn."""
    return arrays(
        z=rng.uniform(-1, 1, (K, 1)),  # K x 1
    )


def forward(z):
    """The model, line by line."""
    p = softmax(z, axis=0)  # K x 1
    h = leaky_relu(z, slope=0.1)  # K x 1
    return locals()


def arrays(**values):
    return {name: np.asarray(value, dtype=float) for name, value in values.items()}


def call(function, values):
    """A function with those of the values that it names."""
    return function(**{name: values[name] for name in inspect.signature(function).parameters})


def run(values, **changed):
    """Everything, forward and back, with some of the values changed."""
    values = values | arrays(**changed)
    for function in [forward]:
        values = values | call(function, values)
    return values


def pick(values, names):
    return [values[name] for name in names.split()]


checks = 0


class NoValue(Exception):
    """Something is not defined at these data."""


def agree(name, value, expected, tolerance=1e-6):
    """The same shape, and entries that are equal up to rounding; where the key has no number nothing is compared."""
    global checks
    value, expected = np.asarray(value, dtype=float), np.asarray(expected, dtype=float)
    assert value.shape == expected.shape, f"{name} has the shape {value.shape}, and should have {expected.shape}"
    known = ~np.isnan(expected)
    if not np.all(np.isfinite(value[known])):
        raise NoValue(name)
    size = np.max(np.abs(expected[known]), initial=1e-9)
    error = np.max(np.abs(value - expected)[known], initial=0.0) / size
    assert error < tolerance, f"{name} is\n{value}\nand should be\n{expected}"
    checks += 1


def slopes(function, x):
    """A row for each entry of the function, a column for each entry of x, by finite differences."""
    columns = []
    for place in np.ndindex(np.shape(x)):
        step = np.zeros(np.shape(x))
        step[place] = h = 1e-5 * max(1.0, abs(x[place]))
        columns.append(np.ravel(function(x + step) - function(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def task_1(values):
    # derive jacobian of p wrt z
    p, z = pick(values, "p z")
    agree("jacobian of p wrt z", np.diag(p.reshape(-1)) - p @ p.T, slopes(lambda z: call(forward, values | {"z": z})["p"], z), 1e-5)


def task_2(values):
    # derive jacobian of h wrt z
    z, = pick(values, "z")
    agree("jacobian of h wrt z", np.diag((1.0 * (z > 0) + 0.1 * (z <= 0)).reshape(-1)), slopes(lambda z: call(forward, values | {"z": z})["h"], z), 1e-5)


def check(values):
    """Every answer of the key."""
    task_1(values)
    task_2(values)


@np.errstate(all="ignore")
def main():
    tried = 0
    for seed in range(200):
        try:
            check(run(given(np.random.default_rng(seed))))
            tried += 1
        except NoValue:
            pass  # other data are drawn
        if tried == 3:
            break
    assert tried > 0, "no data were found at which everything has a value"
    print("uva-dl-a1-1.1a", checks, "checks agree")


if __name__ == "__main__":
    main()
