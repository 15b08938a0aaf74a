"""Q3: Forward pass of a small convolutional network

The key as a program: what is given, the model, and the gradients from the loss back, each line with its shape. When it is
run it checks every answer of the key, its gradients by finite differences.
"""


# An image patch $I$ passes through a convolution with the 3-by-3 filter $W$ (no padding, stride 1),
# a 2-by-2 max-pooling with stride 2, and a ReLU. Give $J$, $K$ and $O$.

import inspect

import numpy as np


def conv2d_plane(I, W, stride=(1, 1)):
    """Each entry is the sum of W times the window of I that it stands for, entry by entry."""
    (H, B), (h, b), (s, t) = I.shape, W.shape, stride
    rows = [[np.sum(I[r : r + h, c : c + b] * W) for c in range(0, B - b + 1, t)] for r in range(0, H - h + 1, s)]
    return np.stack([np.stack(row) for row in rows])


def maxpool_plane(A, size, stride):
    """The largest entry of each window."""
    (H, B), (h, b), (s, t) = A.shape, size, stride
    rows = [[np.max(A[r : r + h, c : c + b]) for c in range(0, B - b + 1, t)] for r in range(0, H - h + 1, s)]
    return np.stack([np.stack(row) for row in rows])


def relu(A):
    return np.where(A > 0, A, 0.0)


def given():
    """What is given."""
    return arrays(
        I=[[1, 3, 2, 4, 6, 4],
         [4, 8, 3, 1, 0, 2],
         [2, 1, 4, 3, 9, 1],
         [4, 7, 2, 3, 9, 2]],  # 4 x 6
        W=[[1, 2, 1], [0, 0, 0], [-1, -2, -1]],  # 3 x 3
    )


def forward(I, W):
    """The model, line by line."""
    J = conv2d_plane(I, W)  # 2 x 4
    K = maxpool_plane(J, size=(2, 2), stride=(2, 2))  # 1 x 2
    O = relu(K)  # 1 x 2
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
    # compute J, K, O
    J, K, O = pick(values, "J K O")
    agree("J", J, [[1, -1, -3, -2], [3, 1, -12, -20]])
    agree("K", K, [[3, -2]])
    agree("O", O, [[3, 0]])


def check(values):
    """Every answer of the key."""
    task_1(values)


@np.errstate(all="ignore")
def main():
    check(run(given()))
    print("Q3", checks, "checks agree")


if __name__ == "__main__":
    main()
