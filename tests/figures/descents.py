"""Expected answers of the problems in problems/learning that move or fit parameters.

    python descents.py            writes ../expected/learning/*.json

numpy in 64-bit floats; each gradient is derived by hand here and compared with central differences
before it is used. Least squares by numpy.linalg.lstsq, polynomials besides by exact fractions.
"""

import json
import pathlib
from fractions import Fraction

import numpy as np

OUT = pathlib.Path(__file__).resolve().parent.parent / "expected" / "learning"
NUMPY = f"numpy {np.__version__}, gradients by hand (tests/figures/descents.py)"


def check(loss, gradient, start):
    """The gradient against central differences, at the start and away from it (kinks aside)."""
    random = np.random.default_rng(7)
    for _ in range(3):
        at = [np.asarray(p, float) + random.normal(size=np.shape(p)) * 0.37 + 0.11 for p in start]
        found = gradient(*at)
        for place, of in enumerate(at):
            for index in np.ndindex(np.shape(of)):
                moved = [p.copy() if hasattr(p, "copy") else p for p in at]
                step = 1e-6
                values = []
                for sign in (1, -1):
                    there = [np.array(p, float) for p in moved]
                    there[place][index] += sign * step
                    values.append(loss(*there))
                slope = (values[0] - values[1]) / (2 * step)
                own = np.asarray(found[place])[index]
                assert abs(slope - own) < 1e-5 * max(1, abs(own)), (place, index, slope, own)


def descend(gradient, start, rates, steps=None, below=None, batches=None, momentum=0.0, watch=None):
    at = [np.array(p, float) for p in start]
    velocity = [np.zeros_like(p) for p in at]
    rates = [rates] if np.isscalar(rates) else rates
    made = 0
    while steps is None or made < steps:
        if below is not None and np.sqrt(sum(np.sum(g**2) for g in gradient(*at))) < below:
            break
        slopes = gradient(*at) if batches is None else batches(made, *at)
        rate = rates[min(made, len(rates) - 1)]
        velocity = [momentum * v + g for v, g in zip(velocity, slopes)]
        at = [p - rate * v for p, v in zip(at, velocity)]
        made += 1
        if max(np.max(np.abs(p)) for p in at) > 1e12:
            break
    return at, made


def plain(value):
    array = np.asarray(value, float)
    return array.tolist() if array.ndim else float(array)


def column(value):
    return np.asarray(value, float).reshape(-1, 1).tolist()


def write(name, source, answers, tolerance=1e-9, notes=None):
    body = {"source": source, "answers": answers, "tolerance": tolerance}
    if notes:
        body["notes"] = notes
    (OUT / f"{name}.json").write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# --- classification ----------------------------------------------------------------------------


def perceptron():
    X = np.array([[1, 2], [2, 1], [3, 3], [-1, -1], [-2, 1], [0, -2]], float)
    t = np.array([1, 1, 1, -1, -1, -1], float)
    w, b = np.zeros(2), 0.0
    for step in range(12):
        row = step % 6
        if t[row] * (X[row] @ w + b) <= 0:
            w, b = w + t[row] * X[row], b + t[row]
    write(
        "perceptron",
        "the perceptron's rule written out (tests/figures/descents.py)",
        {
            "dw": "-X^T*(t .* 1[-t .* z >= 0])",
            "db": "-sum(t .* 1[-t .* z >= 0])",
            "descend w": column(w),
            "descend b": plain(b),
        },
    )


def svm():
    X = np.array([[2, 2], [1, 3], [3, 1], [-1, -1], [-2, 0], [0, -2]], float)
    t = np.array([1, 1, 1, -1, -1, -1], float)
    C = 0.5

    def loss(w, b):
        return 0.5 * w @ w + C * np.sum(np.maximum(0, 1 - t * (X @ w + b)))

    def gradient(w, b):
        active = (1 - t * (X @ w + b) > 0).astype(float)
        return w - C * X.T @ (t * active), -C * np.sum(t * active)

    check(loss, gradient, [np.zeros(2), 0.0])
    (w, b), _ = descend(gradient, [np.zeros(2), 0.0], 0.1, steps=10)
    write(
        "svm",
        NUMPY,
        {
            "dw": "w - C*X^T*(t .* 1[1 - t .* z > 0])",
            "db": "-C*sum(t .* 1[1 - t .* z > 0])",
            "descend w": column(w),
            "descend b": plain(b),
        },
    )


def softmax_regression():
    X = np.array([[2, 0], [1, 1], [-1, 2], [-2, 1], [-1, -2], [1, -2]], float)
    T = np.repeat(np.eye(3), 2, axis=0)

    def probabilities(W, b):
        Z = X @ W + b
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)

    def loss(W, b):
        return -np.sum(T * np.log(probabilities(W, b))) / 6

    def gradient(W, b):
        D = (probabilities(W, b) - T) / 6
        return X.T @ D, D.sum(axis=0, keepdims=True)

    start = [np.zeros((2, 3)), np.zeros((1, 3))]
    check(loss, gradient, start)
    (W, b), _ = descend(gradient, start, 0.5, steps=20)
    answers = {"dW": "1/6*X^T*(P - T)", "db": "1/6*colsum(P - T)", "descend W": plain(W), "descend b": plain(b)}
    write("softmax_regression", NUMPY, answers)


def logistic_mean():
    X = np.array([[1, -2], [1, -1], [1, 0.5], [1, 1], [1, 3]])
    y = np.array([0, 0, 1, 0, 1], float)

    def loss(w):
        return np.mean(np.log1p(np.exp(X @ w)) - y * (X @ w))

    def gradient(w):
        return [X.T @ (sigmoid(X @ w) - y) / 5]

    check(loss, gradient, [np.zeros(2)])
    (w,), _ = descend(gradient, [np.zeros(2)], 1.0, steps=15)
    write("logistic_mean", "epfl-2022-q3; " + NUMPY, {"descend w": column(w)})


def binary_classifier():
    x = np.array([-1.5, -0.5, 0.2, 0.4, 1.1, 2])
    y = np.array([0, 0, 1, 0, 1, 1], float)

    def part(rows, p0, p1):
        error = sigmoid(p0 + p1 * x[rows]) - y[rows]
        return [np.sum(error), np.sum(error * x[rows])]

    def loss(p0, p1):
        s = sigmoid(p0 + p1 * x)
        return -np.sum(y * np.log(s) + (1 - y) * np.log(1 - s))

    everyone = np.arange(6)
    check(loss, lambda *p: part(everyone, *p), [0.0, 0.0])

    def batch(made, *p):
        first = 2 * (made % 3)
        return part(np.array([first, first + 1]), *p)

    (p0, p1), _ = descend(None, [0.0, 0.0], 0.5, steps=10, batches=batch)
    write(
        "binary_classifier",
        "udl-6.4; " + NUMPY,
        {"dphi0": "sum(p - y)", "dphi1": "sum((p - y) .* x)", "descend phi0": plain(p0), "descend phi1": plain(p1)},
    )


def one_update():
    answers = {"descend w": [[0.3], [-0.7]], "descend b": -0.1}
    write("one_update", "bits-practice-q1-perceptron", answers, tolerance=0)


# --- regression --------------------------------------------------------------------------------


def poisson_descent():
    X = np.array([[1, 0], [1, 1], [1, 2], [1, 3]], float)
    y = np.array([1, 2, 4, 9], float)

    def loss(theta):
        return np.sum(np.exp(X @ theta) - y * (X @ theta))

    def gradient(theta):
        return [X.T @ (np.exp(X @ theta) - y)]

    check(loss, gradient, [np.zeros(2)])
    (theta,), _ = descend(gradient, [np.zeros(2)], 0.02, steps=20)
    write("poisson_descent", "cs229-ps1-q3-poisson; " + NUMPY, {"descend theta": column(theta)})


def weighted_least_squares():
    X = np.array([[1, 0], [1, 1], [1, 2], [1, 3]], float)
    y, w = np.array([1, 2, 2, 5.0]), np.array([1, 2, 2, 1.0])
    root = np.sqrt(w)
    theta = np.linalg.lstsq(root[:, None] * X, root * y, rcond=None)[0]
    answers = {"dtheta": "X^T*(w .* r)", "minimum theta": column(theta)}
    write("weighted_least_squares", "cs229-ps1-q5-lwr; " + NUMPY, answers)


def column_data():
    X = np.array([[1, 1, 1, 1], [0, 1, 2, 4]], float)
    w = np.linalg.lstsq(X.T, np.array([1, 3, 4, 9.5]), rcond=None)[0]
    write("column_data", "epfl-2016-normal-eq; " + NUMPY, {"minimum w": column(w)})


def cluster_centre():
    answers = {"dmu": "2*(sum(z)*mu - colsum(z .* X))", "minimum mu": [[2, 3]]}
    write("cluster_centre", "epfl-2020-kmeans: the mean of the three points", answers, tolerance=1e-12)


def absolute_error():
    y = np.array([1, 2, 4, 5, 100.0])
    rates = [8, 4, 2, 1, 0.5, 0.25]
    c = 0.0
    for step in range(8):
        c -= rates[min(step, 5)] * np.mean(-np.sign(y - c))
    write("absolute_error", "epfl-lab2-mae; " + NUMPY, {"descend c": plain(c)})


def shortest_solution():
    X, t = np.array([[1, 2, 2], [0, 1, -1]], float), np.array([9, 4.0])
    v = np.linalg.pinv(X) @ t
    write(
        "shortest_solution",
        "csc413-hw1-ols-minnorm; " + NUMPY,
        {"v": column(v), "descend w": column(v)},
        tolerance=1e-7,
    )


def best_step():
    answers = {
        "descend x of task 1": 0.125,
        "descend y of task 1": 0.0,
        "descend x of task 2": 0.0,
        "descend y of task 2": -1.0,
        "minimum x": 0.0,
        "minimum y": 0.0,
    }
    write("best_step", "bits-mfml-2023mk-optstep: x halves, y becomes 0; x becomes 0, y changes its sign", answers)


# --- given functions ---------------------------------------------------------------------------


def parabola():
    a, b = 2, -8

    def there(k, rate):
        return 5 * (1 - 2 * a * rate) ** k - b / (2 * a) * (1 - (1 - 2 * a * rate) ** k)

    slope = lambda x: 2 * a * x + b
    steps = next(k for k in range(100) if abs(slope(there(k, 0.1))) < 0.01)
    lost = next(k for k in range(1000) if abs(there(k, 0.6)) > 1e12)
    write(
        "parabola",
        "bits-mfml-2022mk-gdquad: x_n(1 - 2a lam)^k - b/2a (1 - (1 - 2a lam)^k)",
        {
            "descend x of task 1": there(steps, 0.1),
            "descend x of task 2": there(lost, 0.6),
            "minimum x": 2,
        },
    )


def two_starts():
    gradient = lambda x: [12 * x**3 - 60 * x**2 + 72 * x]
    check(lambda x: 3 * x**4 - 20 * x**3 + 36 * x**2 + 10, gradient, [0.5])
    ends = [descend(gradient, [start], 0.01, below=1e-5)[0][0] for start in (0.5, 3.5)]
    assert abs(ends[0]) < 1e-6 and abs(ends[1] - 3) < 1e-6
    answers = {
        "descend x of task 1": plain(ends[0]),
        "descend x of task 2": plain(ends[1]),
        "f at x = 0": 10,
        "f at x = 3": 37,
    }
    write("two_starts", "bits-mfml-2022mk-f4; " + NUMPY, answers)


def constant_gradient():
    c, rate, beta, t = 2.5, 0.1, 0.9, 5
    # The closed form counts m_1 = c as the first step's.
    momentum = -rate * c / (1 - beta) * (t + 1 - (1 - beta ** (t + 1)) / (1 - beta))
    answers = {"descend w of task 1": momentum, "descend w of task 2": -rate * t}
    write("constant_gradient", "epfl-lab8-adam-sgdm", answers)


def momentum_quadratic():
    answers = {"descend x": -7.36, "descend y": 1.12}
    write("momentum_quadratic", "bits-mfml-2023mk-momentum", answers, tolerance=0)


def mazur_descent():
    x, t = np.array([0.05, 0.10]), np.array([0.01, 0.99])

    def forward(W1, W2):
        h = sigmoid(W1 @ x + 0.35)
        return h, sigmoid(W2 @ h + 0.60)

    def loss(W1, W2):
        return 0.5 * np.sum((forward(W1, W2)[1] - t) ** 2)

    def gradient(W1, W2):
        h, o = forward(W1, W2)
        d2 = (o - t) * o * (1 - o)
        d1 = (W2.T @ d2) * h * (1 - h)
        return np.outer(d1, x), np.outer(d2, h)

    start = [np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]])]
    check(loss, gradient, start)
    (W1, W2), _ = descend(gradient, start, 0.5, steps=10000)
    # What is known of the end: the error and the outputs.
    assert abs(loss(W1, W2) - 3.510188e-5) < 1e-11
    assert np.allclose(forward(W1, W2)[1], [0.01591362, 0.98406427], atol=1e-8)
    write("mazur_descent", "mazur-update; " + NUMPY, {"descend W1": plain(W1), "descend W2": plain(W2)})


# --- families ----------------------------------------------------------------------------------


def exact(rows, y):
    """Least squares on fractions: Gaussian elimination on the normal equations."""
    width = len(rows[0])
    system = [
        [sum(r[i] * r[j] for r in rows) for j in range(width)] + [sum(r[i] * v for r, v in zip(rows, y))]
        for i in range(width)
    ]
    for pivot in range(width):
        swap = next(i for i in range(pivot, width) if system[i][pivot] != 0)
        system[pivot], system[swap] = system[swap], system[pivot]
        system[pivot] = [e / system[pivot][pivot] for e in system[pivot]]
        for other in range(width):
            if other != pivot:
                factor = system[other][pivot]
                system[other] = [e - factor * p for e, p in zip(system[other], system[pivot])]
    return [row[-1] for row in system]


def polynomial(name, degree, x, y, held_out):
    """The answers of one polynomial, on fractions; the curve also by numpy."""
    powers = lambda v: [v**p for p in range(degree + 1)]
    training = [i for i in range(len(x)) if i not in held_out]
    theta = exact([powers(x[i]) for i in training], [y[i] for i in training])
    rows = np.array([[float(p) for p in powers(x[i])] for i in training])
    again = np.linalg.lstsq(rows, np.array([float(y[i]) for i in training]), rcond=None)[0]
    assert np.allclose(rows @ again, rows @ np.array([float(c) for c in theta]), atol=1e-8)
    loss = lambda of: float(sum((y[i] - sum(c * p for c, p in zip(theta, powers(x[i])))) ** 2 for i in of) / len(of))
    answers = {f"theta {name}": [[float(c)] for c in theta], f"train {name}": loss(training)}
    if held_out:
        answers[f"heldout {name}"] = loss(held_out)
    return answers


NAMES = {1: "linear", 2: "quadratic", 3: "cubic"}


def families():
    x = [Fraction(i, 2) for i in range(8)]
    y = [Fraction(v) for v in ("3.1", "2.7", "2.1", "1.2", "0.1", "-0.6", "-1.1", "-0.9")]
    answers = polynomial("linear", 1, x, y, []) | polynomial("quadratic", 2, x, y, [])
    rows = np.array([[1, np.cos(float(v))] for v in x])
    target = np.array([float(v) for v in y])
    theta = np.linalg.lstsq(rows, target, rcond=None)[0]
    answers |= {"theta cosine": column(theta), "train cosine": plain(np.mean((target - rows @ theta) ** 2))}
    write("families", "exact fractions and " + NUMPY, answers)


def overfitting():
    x = [Fraction(i, 2) for i in range(-6, 7)]
    texts = "7.9 5.2 4.3 2.4 1.9 0.3 0.3 -0.6 -0.2 -0.6 0.4 0.4 1.7".split()
    y = [Fraction(v) for v in texts]
    answers = {}
    for degree in range(1, 10):
        answers |= polynomial(NAMES.get(degree, f"degree {degree}"), degree, x, y, [2, 6, 10])
    write("overfitting", "exact fractions and " + NUMPY, answers)


if __name__ == "__main__":
    for make in (
        perceptron, svm, softmax_regression, logistic_mean, binary_classifier, one_update, poisson_descent,
        weighted_least_squares, column_data, cluster_centre, absolute_error, shortest_solution, best_step,
        parabola, two_starts, constant_gradient, momentum_quadratic, mazur_descent, families, overfitting,
    ):  # fmt: skip
        make()
