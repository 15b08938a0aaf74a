"""Q3-backward: Backward pass of a small convolutional network

The key as a program: what is given, the model, and the gradients from the loss back, each line with its shape. When it is
run it checks every answer of the key, its gradients by finite differences.
"""


# In the network of question 3 let $L$ be the sum of the entries of $O$. Send the gradient back through ReLU, pooling and
# convolution to the filter $W$ and the patch $I$.

import inspect

import numpy as np


def windows(A, size, stride, padding, dilation=(1, 1), fill=0.0, ceil=False, beyond=0.0):
    """A with its border, each window's place in it (rows, columns), and the place of A itself."""
    along, beyonds = [], []

    def border(A, axis, length, value):
        sides = list(A.shape)
        sides[axis] = length
        return np.full(tuple(sides), value)

    for axis in (-2, -1):
        side, s, d = A.shape[axis], stride[axis], dilation[axis]
        reach = (size[axis] - 1) * d + 1
        if padding == "same":  # as many windows as give ceil(side / stride), an odd zero at the end
            missing = max((-(-side // s) - 1) * s + reach - side, 0)
            before, after = missing // 2, missing - missing // 2
        else:
            before = after = padding[axis]
        over = 0
        if ceil:  # the last window may reach beyond the border, if it begins before that
            last = -(-(side + before + after - reach) // s) * s
            last -= s if last >= side + before else 0
            over = max(last + reach - side - before - after, 0)
        if before or after:
            A = np.concatenate([border(A, axis, before, fill), A, border(A, axis, after, fill)], axis=axis)
        starts = range(0, A.shape[axis] + over - reach + 1, s)
        along.append(([slice(start, start + reach, d) for start in starts], slice(before, before + side)))
        beyonds.append((axis, over))
    for axis, over in beyonds:
        if over:
            A = np.concatenate([A, border(A, axis, over, beyond)], axis=axis)
    (rows, own_rows), (columns, own_columns) = along
    return A, [[(r, c) for c in columns] for r in rows], (..., own_rows, own_columns)


def maxpool_gradient(A, dK, size, stride, padding=(0, 0), ceil=False):
    """Each entry of dK goes to the entry that won its window, the first of equal ones."""
    padded, places, own = windows(A, size, stride, padding, fill=-np.inf, ceil=ceil, beyond=-np.inf)
    dA = np.zeros(padded.shape)
    for plane in np.ndindex(A.shape[:-2]):
        for i, row in enumerate(places):
            for j, (r, c) in enumerate(row):
                window = padded[plane][r, c]
                winner = np.unravel_index(np.argmax(window), window.shape)
                dA[plane][r, c][winner] += dK[plane][i, j]
    return dA[own]


def conv2d_plane(I, W, stride=(1, 1)):
    """Each entry is the sum of W times the window of I that it stands for, entry by entry."""
    (H, B), (h, b), (s, t) = I.shape, W.shape, stride
    rows = [[np.sum(I[r : r + h, c : c + b] * W) for c in range(0, B - b + 1, t)] for r in range(0, H - h + 1, s)]
    return np.stack([np.stack(row) for row in rows])


def planes(A):
    """An image as examples x channels x rows x columns, a kernel as filters x channels x rows x columns."""
    return A.reshape((1,) * (4 - A.ndim) + tuple(A.shape))


def conv2d(I, W, stride=(1, 1), padding=(0, 0), dilation=(1, 1), flip=False):
    """Each entry is the sum of W times a window of I, entry by entry (flip: of W turned by 180 degrees)."""
    image, kernel = planes(I), planes(W)
    if flip:
        kernel = np.flip(kernel, (2, 3))
    image, places, _ = windows(image, kernel.shape[2:], stride, padding, dilation)

    rows = [image[:, :, r, c].reshape(len(image), -1) for row in places for r, c in row]
    J = np.concatenate(rows) @ kernel.reshape(len(kernel), -1).T  # a row for each window of each example
    J = np.moveaxis(J.reshape(len(rows), len(image), len(kernel)), 0, -1)
    return J.reshape(tuple(I.shape[:-3]) + tuple(W.shape[:-3]) + (len(places), len(places[0])))


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
    L = np.sum(O)
    return locals()


def backward(I, W, J, K):
    """The gradients of L, from there back."""
    dO = np.ones((1, 2))  # 1 x 2
    dK = dO * (K > 0)  # 1 x 2
    dJ = maxpool_gradient(J, dK, size=(2, 2), stride=(2, 2))  # 2 x 4
    dI = conv2d(dJ, W, padding=(2, 2), flip=True)  # 4 x 6
    dW = conv2d_plane(I, dJ)  # 3 x 3
    return locals()


def L_of_J(J):
    """The lines of the model from a value on to L."""
    K = maxpool_plane(J, size=(2, 2), stride=(2, 2))  # 1 x 2
    O = relu(K)  # 1 x 2
    L = np.sum(O)
    return locals()


def L_of_K(K):
    """The lines of the model from a value on to L."""
    O = relu(K)  # 1 x 2
    L = np.sum(O)
    return locals()


def L_of_O(O):
    """The lines of the model from a value on to L."""
    L = np.sum(O)
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


def task_1(values):
    # derive dO, dK, dJ
    dO, O, dK, K, dJ, J = pick(values, "dO O dK K dJ J")
    agree("dO", dO, [[1, 1]])
    agree("dO, written out", np.ones((1, 2)), dO)
    agree_slope("dO", dO, lambda O: call(L_of_O, values | {"O": O})["L"], O)
    agree("dK", dK, [[1, 0]])
    agree("dK, written out", 1.0 * (K > 0), dK)
    agree_slope("dK", dK, lambda K: call(L_of_K, values | {"K": K})["L"], K)
    agree("dJ", dJ, [[0, 0, 0, 0], [1, 0, 0, 0]])
    agree("dJ, written out", maxpool_gradient(J, 1.0 * (K > 0), size=(2, 2), stride=(2, 2)), dJ)
    agree_slope("dJ", dJ, lambda J: call(L_of_J, values | {"J": J})["L"], J)


def task_2(values):
    # derive dW, dI
    dW, I, J, K, W, dI = pick(values, "dW I J K W dI")
    agree("dW", dW, [[4, 8, 3], [2, 1, 4], [4, 7, 2]])
    agree("dW, written out", conv2d_plane(I, maxpool_gradient(J, 1.0 * (K > 0), size=(2, 2), stride=(2, 2))), dW)
    agree_slope("dW", dW, lambda W: call(forward, values | {"W": W})["L"], W)
    agree("dI", dI, [[0, 0, 0, 0, 0, 0],
         [1, 2, 1, 0, 0, 0],
         [0, 0, 0, 0, 0, 0],
         [-1, -2, -1, 0, 0, 0]])
    agree("dI, written out", conv2d(maxpool_gradient(J, 1.0 * (K > 0), size=(2, 2), stride=(2, 2)), W, padding=(2, 2), flip=True), dI)
    agree_slope("dI", dI, lambda I: call(forward, values | {"I": I})["L"], I)


def check(values):
    """Every answer of the key."""
    task_1(values)
    task_2(values)


@np.errstate(all="ignore")
def main():
    check(run(given()))
    print("Q3-backward", checks, "checks agree")


if __name__ == "__main__":
    main()
