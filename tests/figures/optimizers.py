"""Twenty steps of the usual optimizers on three small problems, and exact least squares.

    python optimizers.py > optimizers.json

Iterates are optax's, on jax's gradients, in 64-bit floats. Each run is made again by the update
rules written out below (RULES), with gradients derived by hand; the two must agree to 1e-12. Plain
gradient descent and momentum on the two linear problems are rational: their first iterates are
given as exact fractions too. Least-squares and ridge solutions are exact (Gaussian elimination on
fractions) and compared with numpy.linalg.lstsq.
"""

import json
import sys
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import optax

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

STEPS = 20
CONVENTIONS = {
    "gradient": "g is the gradient of L at the iterate; with weight decay d it is g + d*w for every"
    " parameter, biases too (L2 decay: it enters the momentum and the averages)",
    "gd": "w -= rate*g",
    "momentum": "v = beta*v + g; w -= rate*v; v begins at 0",
    "nesterov": "v = beta*v + g; w -= rate*(g + beta*v)",
    "rmsprop": "s = decay*s + (1 - decay)*g^2; w -= rate*g/(sqrt(s) + eps); s begins at 0",
    "adam": "m = beta1*m + (1 - beta1)*g; s = beta2*s + (1 - beta2)*g^2;"
    " w -= rate*(m/(1 - beta1^t))/(sqrt(s/(1 - beta2^t)) + eps), t = 1, 2, ...",
    "iterates": "21 of them, the start first; losses and gradients are those of L itself, without"
    " the decay; states are the ones after the step that leads to the iterate of the same place"
    " (so the first is the start's zeros)",
    "exact_iterates": "the first iterates as fractions, where the numbers of the spec are taken as"
    " exact decimals",
    "numbers": "as Python prints them: they read back to the same 64-bit float; another order of"
    " operations differs in the last digits",
    "least squares": "minimises ||X w - y||^2; of many solutions (more columns than rows) the shortest",
    "ridge": "minimises ||X w - y||^2 + lambda*||w||^2 over all of w, the intercept too (as does"
    " half of both)",
}


# --- problems ----------------------------------------------------------------------------------


def through_origin(p, d):
    return jnp.sum((d["y"] - p["a"] * d["x"]) ** 2)


def through_origin_gradient(p, d):
    return {"a": sum(-2 * x * (y - p["a"] * x) for x, y in zip(d["x"], d["y"]))}


def line(p, d):
    return 0.5 * jnp.sum((p["w"] * d["x"] + p["b"] - d["y"]) ** 2)


def line_gradient(p, d):
    errors = [p["w"] * x + p["b"] - y for x, y in zip(d["x"], d["y"])]
    return {"w": sum(e * x for e, x in zip(errors, d["x"])), "b": sum(errors)}


def logistic(p, d):
    s = d["X"] @ p["w"] + p["b"]
    return jnp.mean(jax.nn.softplus(s) - d["t"] * s)


def logistic_gradient(p, d):
    X, t = np.asarray(d["X"]), np.asarray(d["t"])
    e = (1 / (1 + np.exp(-(X @ p["w"] + p["b"]))) - t) / len(X)
    return {"w": X.T @ e, "b": np.sum(e)}


# Decimals are kept as text, so that the exact runs take them for what they say.
PROBLEMS = {
    "through_origin": {
        "spec": """problem "through_origin" "Fitting y = ax"

given
  dim   N
  input x: N, y: N
  param a

model
  yhat = a*x
  L = sum((y - yhat)^2)

tasks
  derive da
""",
        "dims": {"N": 3},
        "data": {"x": ["2", "4.5", "10"], "y": ["19.6", "44.1", "98"]},
        "start": {"a": "8"},
        "rates": {"gd": "0.003", "momentum": "0.001", "nesterov": "0.001", "rmsprop": "0.1", "adam": "0.1"},
        "functions": (through_origin, through_origin_gradient),
    },
    "line": {
        "spec": """problem "line" "Fitting a line"

given
  dim   N
  input x: N, y: N
  param w, b

model
  yhat = w*x + b
  L = mse(yhat, y)

tasks
  derive dw, db
""",
        "dims": {"N": 4},
        "data": {"x": ["0", "1", "2", "4"], "y": ["1", "3", "4", "9.5"]},
        "start": {"w": "0", "b": "0"},
        "rates": {"gd": "0.04", "momentum": "0.02", "nesterov": "0.02", "rmsprop": "0.1", "adam": "0.2"},
        "functions": (line, line_gradient),
    },
    "logistic": {
        "spec": """problem "logistic" "Logistic regression"

given
  dim    N, D
  input  X: N x D
  target t: N
  param  w: D, b

model
  p = sigmoid(X*w + b)
  L = bce(p, t, reduce = mean)

tasks
  derive dw, db
""",
        "dims": {"N": 6, "D": 2},
        "data": {
            "X": [["0.5", "1.5"], ["1", "-1"], ["-1.5", "0.5"], ["2", "1"], ["-0.5", "-2"], ["1.5", "0.25"]],
            "t": [["1"], ["0"], ["0"], ["1"], ["0"], ["1"]],
        },
        "start": {"w": [["0.1"], ["-0.2"]], "b": "0"},
        "rates": {"gd": "0.5", "momentum": "0.3", "nesterov": "0.3", "rmsprop": "0.05", "adam": "0.1"},
        "functions": (logistic, logistic_gradient),
    },
}
HYPER = {
    "gd": {},
    "momentum": {"beta": "0.9"},
    "nesterov": {"beta": "0.9"},
    "rmsprop": {"decay": "0.9", "eps": "1e-8"},
    "adam": {"beta1": "0.9", "beta2": "0.999", "eps": "1e-8"},
}


def numbers(tree, kind):
    """The texts of a tree as numbers: kind is float or Fraction."""
    if isinstance(tree, dict):
        return {name: numbers(part, kind) for name, part in tree.items()}
    if isinstance(tree, list):
        return [numbers(part, kind) for part in tree]
    return kind(tree)


# --- optax -------------------------------------------------------------------------------------


def optimizer(method, rate, h, decay):
    chosen = {
        "gd": lambda: optax.sgd(rate),
        "momentum": lambda: optax.sgd(rate, momentum=h["beta"]),
        "nesterov": lambda: optax.sgd(rate, momentum=h["beta"], nesterov=True),
        "rmsprop": lambda: optax.rmsprop(rate, decay=h["decay"], eps=h["eps"], eps_in_sqrt=False),
        "adam": lambda: optax.adam(rate, b1=h["beta1"], b2=h["beta2"], eps=h["eps"]),
    }[method]()
    return optax.chain(optax.add_decayed_weights(decay), chosen) if decay else chosen


def optax_run(problem, method, decay):
    loss, _ = problem["functions"]
    data = {name: jnp.asarray(value) for name, value in numbers(problem["data"], float).items()}
    p = {name: jnp.asarray(value) for name, value in numbers(problem["start"], float).items()}
    rule = optimizer(method, float(problem["rates"][method]), numbers(HYPER[method], float), decay)
    state = rule.init(p)
    both = jax.value_and_grad(lambda p: loss(p, data))
    iterates, losses, gradients = [], [], []
    for step in range(STEPS + 1):
        value, g = both(p)
        iterates.append(p)
        losses.append(float(value))
        gradients.append(g)
        if step < STEPS:
            updates, state = rule.update(g, state, p)
            p = optax.apply_updates(p, updates)
    return iterates, losses, gradients


# --- the rules written out ---------------------------------------------------------------------

RULES = {
    "gd": lambda g, s, t, rate, h: (rate * g, {}),
    "momentum": lambda g, s, t, rate, h: (rate * (v := h["beta"] * s["v"] + g), {"v": v}),
    "nesterov": lambda g, s, t, rate, h: (
        rate * (g + h["beta"] * (v := h["beta"] * s["v"] + g)),
        {"v": v},
    ),
    "rmsprop": lambda g, s, t, rate, h: (
        rate * g / (np.sqrt(a := h["decay"] * s["s"] + (1 - h["decay"]) * g * g) + h["eps"]),
        {"s": a},
    ),
    "adam": lambda g, s, t, rate, h: (
        rate
        * ((m := h["beta1"] * s["m"] + (1 - h["beta1"]) * g) / (1 - h["beta1"] ** t))
        / (np.sqrt((a := h["beta2"] * s["s"] + (1 - h["beta2"]) * g * g) / (1 - h["beta2"] ** t)) + h["eps"]),
        {"m": m, "s": a},
    ),
}
STATES = {"gd": "", "momentum": "v", "nesterov": "v", "rmsprop": "s", "adam": "ms"}


def written_run(problem, method, decay, kind=float, steps=STEPS):
    """The iterates and states by RULES, in floats or in fractions."""
    _, gradient = problem["functions"]
    data = numbers(problem["data"], kind)
    p = numbers(problem["start"], kind)
    if kind is float:
        p = {name: np.asarray(value) for name, value in p.items()}
    h = numbers(HYPER[method], kind)
    rate, decay = kind(problem["rates"][method]), kind(decay)
    states = {name: {letter: 0 * value for letter in STATES[method]} for name, value in p.items()}
    iterates, history = [p], [states]
    for t in range(1, steps + 1):
        g = gradient(p, data)
        moved, after = {}, {}
        for name, value in p.items():
            change, after[name] = RULES[method](g[name] + decay * value, states[name], t, rate, h)
            moved[name] = value - change
        p, states = moved, after
        iterates.append(p)
        history.append(states)
    return iterates, history


def plain(value):
    """A number or nested lists; whole numbers as such."""
    if np.ndim(value):
        return [plain(part) for part in value]
    number = float(value)
    return int(number) if number.is_integer() else number


def turned(rows, names):
    """From a list of dictionaries to a dictionary of lists."""
    return {name: [plain(row[name]) for row in rows] for name in names}


def exact(value):
    return value.numerator if value.denominator == 1 else str(value)


def run(label, problem, method, decay):
    iterates, losses, gradients = optax_run(problem, method, float(decay))
    written, states = written_run(problem, method, decay)
    names = list(problem["start"])
    for step, (ours, theirs) in enumerate(zip(written, iterates, strict=True)):
        for name in names:
            assert np.allclose(ours[name], theirs[name], rtol=1e-12, atol=1e-12), (label, method, step, name)
    found = {
        "problem": label,
        "method": method,
        "rate": float(problem["rates"][method]),
        "hyperparameters": numbers(HYPER[method], float),
        "weight_decay": float(decay),
        "iterates": turned(iterates, names),
        "losses": losses,
        "gradients": turned(gradients, names),
    }
    if STATES[method]:
        found["states"] = {
            letter: {name: [plain(step[name][letter]) for step in states] for name in names}
            for letter in STATES[method]
        }
    if method in ("gd", "momentum", "nesterov") and label != "logistic":
        rational, _ = written_run(problem, method, decay, Fraction, steps=4)
        for step, row in enumerate(rational):
            for name in names:
                assert abs(float(row[name]) - float(iterates[step][name])) < 1e-12
        found["exact_iterates"] = {name: [exact(row[name]) for row in rational] for name in names}
    return found


def until():
    """`descend a from 8 rate 0.003 until |da| < 0.001`, in fractions, as far as it takes."""
    problem = PROBLEMS["through_origin"]
    data, p = numbers(problem["data"], Fraction), numbers(problem["start"], Fraction)
    steps = 0
    while abs(through_origin_gradient(p, data)["a"]) >= Fraction("0.001"):
        p = {"a": p["a"] - Fraction("0.003") * through_origin_gradient(p, data)["a"]}
        steps += 1
    # The error shrinks by one factor a step, which gives the iterate in closed form.
    factor = 1 - Fraction("0.003") * 2 * sum(x * x for x in data["x"])
    assert p["a"] == Fraction("9.8") + (8 - Fraction("9.8")) * factor**steps
    gradient = through_origin_gradient(p, data)["a"]
    return {
        "text": "descend a from 8 rate 0.003 until |da| < 0.001",
        "steps": steps,
        "a": float(p["a"]),
        "da": float(gradient),
    }


# --- least squares -----------------------------------------------------------------------------

DATA_SETS = {
    "tutorial_through_origin": ([["2"], ["4.5"], ["10"]], ["19.6", "44.1", "98"]),
    "tutorial_line": ([["1", "2"], ["1", "4.5"], ["1", "10"]], ["19.6", "44.1", "98"]),
    "four_points": ([["1", "0"], ["1", "1"], ["1", "2"], ["1", "4"]], ["1", "3", "4", "9.5"]),
    "three_columns": (
        [
            ["1", "2", "-1"],
            ["0", "1", "3"],
            ["2", "-1", "1"],
            ["1", "0", "0.5"],
            ["-1", "3", "2"],
            ["4", "1", "0"],
        ],
        ["1", "-2", "0.5", "3", "2.25", "-1"],
    ),
    "cubic": (
        [["1", x, str(Fraction(x) ** 2), str(Fraction(x) ** 3)] for x in ["-2", "-1", "0", "1", "2", "3"]],
        ["-5", "1", "2", "1", "4", "20"],
    ),
    "more_columns_than_rows": ([["1", "2", "0", "-1"], ["3", "-1", "1", "2"]], ["4", "5"]),
}
LAMBDAS = ["0.1", "1", "10"]


def times(A, B):
    return [[sum(a * b for a, b in zip(row, column)) for column in zip(*B)] for row in A]


def solved(A, B):
    """The solution of A x = B by elimination on fractions."""
    rows = [list(a) + list(b) for a, b in zip(A, B)]
    n = len(rows)
    for i in range(n):
        pivot = next(r for r in range(i, n) if rows[r][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(n):
            if r != i:
                rows[r] = [v - rows[r][i] * w for v, w in zip(rows[r], rows[i])]
    return [row[n:] for row in rows]


def normal_solution(X, y, penalty):
    """(X^T X + penalty I)^-1 X^T y, or X^T (X X^T)^-1 y where X is wide and there is no penalty."""
    Xt = [list(column) for column in zip(*X)]
    if penalty == 0 and len(X[0]) > len(X):
        return times(Xt, solved(times(X, Xt), y))
    G = times(Xt, X)
    for i in range(len(G)):
        G[i][i] += penalty
    return solved(G, times(Xt, y))


def solution(X, y, penalty):
    w = normal_solution(X, y, penalty)
    Xf, yf = np.array(X, float), np.array(y, float)
    d = Xf.shape[1]
    stacked = np.vstack([Xf, np.sqrt(float(penalty)) * np.eye(d)]) if penalty else Xf
    target = np.vstack([yf, np.zeros((d, 1))]) if penalty else yf
    other = np.linalg.lstsq(stacked, target, rcond=None)[0]
    assert np.allclose(other, np.array(w, float), rtol=1e-10, atol=1e-10)
    residual = sum((a[0] - b[0]) ** 2 for a, b in zip(times(X, w), y))
    objective = residual + penalty * sum(v[0] ** 2 for v in w)
    return {
        "w": [[exact(v[0])] for v in w],
        "w_float": [[float(v[0])] for v in w],
        "residual_sum_of_squares": exact(residual),
        "objective": exact(objective),
    }


def least_squares():
    for name, (X, y) in DATA_SETS.items():
        X, y = numbers(X, Fraction), [[v] for v in numbers(y, Fraction)]
        yield {
            "name": name,
            "X": plain([[float(v) for v in row] for row in X]),
            "y": plain([[float(v[0])] for v in y]),
            "least_squares": solution(X, y, Fraction(0)),
            "ridge": [{"lambda": float(text), **solution(X, y, Fraction(text))} for text in LAMBDAS],
        }


def listed(name, rows):
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    return f' "{name}": [\n{lines}\n]'


def main():
    made_by = f"optimizers.py, optax {optax.__version__}, jax {jax.__version__}, numpy {np.__version__}"
    problems = []
    for label, problem in PROBLEMS.items():
        values = {
            # A list of numbers in the data is a column.
            name: plain([[v] if np.ndim(v) == 0 else v for v in part])
            for name, part in numbers(problem["data"], float).items()
        }
        start = {name: plain(value) for name, value in numbers(problem["start"], float).items()}
        problems.append(
            {
                "name": label,
                "spec": problem["spec"],
                "dims": problem["dims"],
                "values": values,
                "start": start,
            }
        )
    runs = [
        run(label, problem, method, decay)
        for label, problem in PROBLEMS.items()
        for method in RULES
        for decay in ["0", "0.1"]
    ]
    sets = list(least_squares())
    head = json.dumps({"made_by": made_by, "conventions": CONVENTIONS}, indent=1)
    tables = [listed("problems", problems), listed("runs", runs), listed("until", [until()])]
    tables.append(listed("least_squares", sets))
    print(head[:-2] + ",\n" + ",\n".join(tables) + "\n}")
    print(f"{len(runs)} runs, {len(sets)} data sets", file=sys.stderr)


main()
