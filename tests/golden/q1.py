"""Q1: Autoencoder with a classifier on the latent code

The key as a program: what is given, the model, and the gradients from the loss back, each line with its shape. When it is
run it checks every answer of the key, its gradients by finite differences.
"""


# An autoencoder and a classifier share one code $Z$. The decoder is trained on half the squared error, the classifier on the
# cross-entropy, and the loss is their sum. Draw the computation graph with its loss nodes and find the gradients of all
# weights and biases, with $\partial L/\partial A$ in the shape of $A$.

import inspect

import numpy as np


# Sizes; any others do.
N = 7
D = 4
H = 3
K = 6


def relu(A):
    return np.where(A > 0, A, 0.0)


def softmax(A, axis):
    """Exponentials divided by their sum; the largest entry is taken off first, which changes nothing but overflow."""
    E = np.exp(A - np.amax(A, axis=axis, keepdims=True))
    return E / np.sum(E, axis=axis, keepdims=True)


def times_log(T, P):
    """T log P; where T is 0 there is nothing."""
    return np.where(T == 0, 0.0, T * np.log(np.where(T == 0, 1.0, P)))


def one_hot(rng, shape, axis):
    """One 1 in each line along the axis; each class occurs where there are enough lines."""
    lines = list(shape)
    lines[axis] = 1
    places = np.arange(shape[axis]).reshape([-1 if own == axis else 1 for own in range(len(shape))])
    classes = rng.permutation(np.arange(np.prod(lines)) % shape[axis])
    return 1.0 * (places == classes.reshape(lines))


def given(rng):
    """What is given; what has no numbers is drawn."""
    return arrays(
        X=rng.uniform(-1, 1, (N, D)),  # N x D: a batch of input images
        Cgt=one_hot(rng, (N, K), axis=1),  # N x K: the ground-truth class probabilities
        W1=rng.uniform(-1, 1, (D, H)),  # D x H
        b1=rng.uniform(-1, 1, (1, H)),  # 1 x H
        W2=rng.uniform(-1, 1, (H, D)),  # H x D
        b2=rng.uniform(-1, 1, (1, D)),  # 1 x D
        W3=rng.uniform(-1, 1, (H, K)),  # H x K
        b3=rng.uniform(-1, 1, (1, K)),  # 1 x K
    )


def forward(X, Cgt, W1, b1, W2, b2, W3, b3):
    """The model, line by line."""
    U1 = X @ W1 + b1  # N x H
    Z = relu(U1)  # N x H
    Y = Z @ W2 + b2  # N x D
    U3 = Z @ W3 + b3  # N x K
    C = softmax(U3, axis=1)  # N x K
    L = np.sum((X - Y) ** 2) / 2 - np.sum(times_log(Cgt, C))
    return locals()


def backward(X, Cgt, W2, W3, U1, Z, Y, C):
    """The gradients of L, from there back."""
    dY = Y - X  # N x D
    dW2 = Z.T @ dY  # H x D
    db2 = np.sum(dY, axis=0, keepdims=True)  # 1 x D
    dU3 = C - Cgt  # N x K
    dW3 = Z.T @ dU3  # H x K
    db3 = np.sum(dU3, axis=0, keepdims=True)  # 1 x K
    dZ = dY @ W2.T + dU3 @ W3.T  # N x H
    dU1 = dZ * (U1 > 0)  # N x H
    dW1 = X.T @ dU1  # D x H
    db1 = np.sum(dU1, axis=0, keepdims=True)  # 1 x H
    return locals()


def arrays(**values):
    return {name: np.asarray(value, dtype=float) for name, value in values.items()}


def call(function, values):
    """A function with those of the values that it names."""
    return function(**{name: values[name] for name in inspect.signature(function).parameters})


def run(values, **changed):
    """Everything, forward and back, with some of the values changed."""
    values = values | arrays(**changed)
    for function in [forward, backward]:
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


def agree_slope(name, gradient, function, x):
    """A gradient by finite differences: each entry is the slope of the function, at a kink between those on both sides."""
    global checks
    assert np.shape(gradient) == np.shape(x), f"{name} has the shape {np.shape(gradient)}, and should have {np.shape(x)}"
    gradient, here = np.asarray(gradient), float(np.sum(function(x)))
    if not np.isfinite(here):
        raise NoValue(name)
    places = list(np.ndindex(np.shape(x)))
    for place in places[:: 1 + len(places) // 40]:
        h = 1e-6 * max(1.0, abs(x[place]))
        step = np.zeros(np.shape(x))
        step[place] = h
        sides = (np.sum(function(x + step)) - here) / h, (here - np.sum(function(x - step))) / h
        room = 1e-5 * np.max(np.abs(gradient)) + 1e-7 * max(1e-3, abs(here)) + 1e-3 * abs(sides[0] - sides[1])
        right = min(sides) - room <= gradient[place] <= max(sides) + room
        assert right, f"{name} has {gradient[place]} at {place}, and the slopes there are {sides}"
    checks += 1


# draw graph [10 points]
#     a picture: see the key


def task_2(values):
    # derive dW1, db1, dW2, db2, dW3, db3 [20 points]
    X, Cgt, W1, b1, W2, W3, Y, C, dW1, db1, Z, dW2, db2, b2, dW3, db3, b3 = pick(values, "X Cgt W1 b1 W2 W3 Y C dW1 db1 Z dW2 db2 b2 dW3 db3 b3")
    agree("dW1, written out", X.T @ (((Y - X) @ W2.T + (C - Cgt) @ W3.T) * (X @ W1 + b1 > 0)), dW1)
    agree_slope("dW1", dW1, lambda W1: call(forward, values | {"W1": W1})["L"], W1)
    agree("db1, written out", np.sum(((Y - X) @ W2.T + (C - Cgt) @ W3.T) * (X @ W1 + b1 > 0), axis=0, keepdims=True), db1)
    agree_slope("db1", db1, lambda b1: call(forward, values | {"b1": b1})["L"], b1)
    agree("dW2, written out", Z.T @ (Y - X), dW2)
    agree_slope("dW2", dW2, lambda W2: call(forward, values | {"W2": W2})["L"], W2)
    agree("db2, written out", np.sum(Y - X, axis=0, keepdims=True), db2)
    agree_slope("db2", db2, lambda b2: call(forward, values | {"b2": b2})["L"], b2)
    agree("dW3, written out", Z.T @ (C - Cgt), dW3)
    agree_slope("dW3", dW3, lambda W3: call(forward, values | {"W3": W3})["L"], W3)
    agree("db3, written out", np.sum(C - Cgt, axis=0, keepdims=True), db3)
    agree_slope("db3", db3, lambda b3: call(forward, values | {"b3": b3})["L"], b3)


def check(values):
    """Every answer of the key."""
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
    print("Q1", checks, "checks agree")


if __name__ == "__main__":
    main()
