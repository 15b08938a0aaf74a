"""Families: Which family describes the data?

The key as a program: what is given, the model, and the gradients from the loss back, each line with its shape. When it is
run it checks every answer of the key, its gradients by finite differences.
"""


# A quantity is measured at eight places. Fit a line, a parabola and a cosine by least squares, and choose one.

import inspect

import numpy as np


def given():
    """What is given."""
    return arrays(
        x=[[0], [0.5], [1], [1.5], [2], [2.5], [3], [3.5]],  # 8 x 1
        y=[[3.1], [2.7], [2.1], [1.2], [0.1], [-0.6], [-1.1], [-0.9]],  # 8 x 1
    )


def forward():
    """The model, line by line."""
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


def task_1(values):
    # fit y over x by linear, quadratic, cosine
    y, x = pick(values, "y x")
    # linear
    x, y = x.reshape(-1), y.reshape(-1)
    design = np.stack([np.ones(len(x)), x], axis=1)
    learnt = [row for row in range(len(x)) if row not in []]
    coefficients = np.linalg.lstsq(design[learnt], y[learnt], rcond=None)[0]
    agree("theta_linear", design @ coefficients, design @ np.array([19/6, -281/210]))
    residuals = (design @ coefficients - y) ** 2
    agree("training", np.mean(residuals[learnt]), 1879/16800)
    # quadratic
    x, y = x.reshape(-1), y.reshape(-1)
    design = np.stack([np.ones(len(x)), x, x ** 2], axis=1)
    learnt = [row for row in range(len(x)) if row not in []]
    coefficients = np.linalg.lstsq(design[learnt], y[learnt], rcond=None)[0]
    agree("theta_quadratic", design @ coefficients, design @ np.array([41/12, -193/105, 1/7]))
    residuals = (design @ coefficients - y) ** 2
    agree("training", np.mean(residuals[learnt]), 1429/16800)
    # cosine
    x, y = x.reshape(-1), y.reshape(-1)
    design = np.stack([np.ones(len(x)), np.cos(x)], axis=1)
    learnt = [row for row in range(len(x)) if row not in []]
    coefficients = np.linalg.lstsq(design[learnt], y[learnt], rcond=None)[0]
    agree("theta_cosine", design @ coefficients, design @ np.array([0.9927883308110783, 2.0489553555079763]))
    residuals = (design @ coefficients - y) ** 2
    agree("training", np.mean(residuals[learnt]), 0.0030418399998877153)


# plot y over x with fit
#     a picture: see the key


def check(values):
    """Every answer of the key."""
    task_1(values)


@np.errstate(all="ignore")
def main():
    check(run(given()))
    print("Families", checks, "checks agree")


if __name__ == "__main__":
    main()
