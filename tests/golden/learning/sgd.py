"""SGD: Full, mini-batch and stochastic descent side by side

The key as a program: what is given, the model, and the gradients from the loss back, each line with its shape. When it is
run it checks every answer of the key, its gradients by finite differences.
"""

import inspect

import numpy as np


def given(rng):
    """What is given; what has no numbers is drawn."""
    return arrays(
        x=[[0], [1], [2], [4]],  # 4 x 1
        y=[[1], [3], [4], [9.5]],  # 4 x 1
        w=rng.uniform(-1, 1, ()),
        b=rng.uniform(-1, 1, ()),
    )


def forward(x, y, w, b):
    """The model, line by line."""
    L = np.mean((w * x + b - y) ** 2)
    return locals()


def backward(x, y, w, b):
    """The gradients of L, from there back."""
    dw = 0.5 * np.sum((w * x + b - y) * x)
    db = 0.5 * np.sum(w * x + b - y)
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


def norm(*gradients):
    return np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))


def plain(w, g, rate, first, second, step):
    return w - rate * g, first, second


def task_1(values):
    # descend w, b from zero rate 0.04 for 8 steps
    place, memory, made = values | arrays(w=0, b=0), {}, 0
    rates = [0.04]
    while made < 8:
        here = run(place)
        rate, made = rates[min(made, len(rates) - 1)], made + 1
        for name, slope in [("w", "dw"), ("b", "db")]:
            gradient = here[slope]
            first, second = memory.get(name, (0.0, 0.0))
            place[name], *memory[name] = plain(place[name], gradient, rate, first, second, made)
    agree("steps", made, 8)
    agree("w", place["w"], 2.0737460066064)
    agree("b", place["b"], 0.7325170997088)


def gradients_2_of_2(x, y, w, b):
    """The model and its gradients for 2 of the examples."""
    dw = np.sum((w * x + b - y) * x)
    db = np.sum(w * x + b - y)
    return locals()


def task_2(values):
    # descend w, b from zero rate 0.04 batch 2 for 8 steps
    place, memory, made = values | arrays(w=0, b=0), {}, 0
    rates = [0.04]
    batches = [list(range(first, min(first + 2, 4))) for first in range(0, 4, 2)]
    while made < 8:
        rows = batches[made % len(batches)]
        here = values | place | {"x": place["x"][rows], "y": place["y"][rows]}
        if len(rows) == 2:
            found = call(gradients_2_of_2, here)
            slopes = {"dw": found["dw"], "db": found["db"]}
        rate, made = rates[min(made, len(rates) - 1)], made + 1
        for name, slope in [("w", "dw"), ("b", "db")]:
            gradient = slopes[slope]
            first, second = memory.get(name, (0.0, 0.0))
            place[name], *memory[name] = plain(place[name], gradient, rate, first, second, made)
    agree("steps", made, 8)
    agree("w", place["w"], 2.0732727395876864)
    agree("b", place["b"], 0.7397099876352)


def gradients_3_of_1(x, y, w, b):
    """The model and its gradients for 1 of the examples."""
    dw = 2 * np.sum((w * x + b - y) * x)
    db = 2 * np.sum(w * x + b - y)
    return locals()


def task_3(values):
    # descend w, b from zero rate 0.04 stochastic for 8 steps
    place, memory, made = values | arrays(w=0, b=0), {}, 0
    rates = [0.04]
    batches = [list(range(first, min(first + 1, 4))) for first in range(0, 4, 1)]
    while made < 8:
        rows = batches[made % len(batches)]
        here = values | place | {"x": place["x"][rows], "y": place["y"][rows]}
        if len(rows) == 1:
            found = call(gradients_3_of_1, here)
            slopes = {"dw": found["dw"], "db": found["db"]}
        rate, made = rates[min(made, len(rates) - 1)], made + 1
        for name, slope in [("w", "dw"), ("b", "db")]:
            gradient = slopes[slope]
            first, second = memory.get(name, (0.0, 0.0))
            place[name], *memory[name] = plain(place[name], gradient, rate, first, second, made)
    agree("steps", made, 8)
    agree("w", place["w"], 2.1511754963615743)
    agree("b", place["b"], 0.7898292199489536)


def task_4(values):
    # minimize L over w, b
    at = run(values, w=2.1, b=0.7)
    w, b, L = pick(at, "w b L")
    agree_slope("dw", 0 * w, lambda w: call(forward, at | {"w": w})["L"], w)
    agree_slope("db", 0 * b, lambda b: call(forward, at | {"b": b})["L"], b)
    agree("least", L, 0.275)


# plot L per step
#     a picture: see the key


def task_6(values):
    # the other gradients of the program
    dw, w, db, b = pick(values, "dw w db b")
    agree_slope("dw", dw, lambda w: call(forward, values | {"w": w})["L"], w)
    agree_slope("db", db, lambda b: call(forward, values | {"b": b})["L"], b)


def check(values):
    """Every answer of the key."""
    task_1(values)
    task_2(values)
    task_3(values)
    task_4(values)
    task_6(values)


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
    print("SGD", checks, "checks agree")


if __name__ == "__main__":
    main()
