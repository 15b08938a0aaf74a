"""Holds the verdicts under tests/marking/learning against descents that are made here, one statement after the other.

An answer called right must be where the descent ends, to three decimals; one whose mistake is named must be where the
descent with that mistake ends, and not where the right one does.

    python tests/marking/descents.py
"""
import json, math, re
from pathlib import Path

MASSES, FORCES = [2, 4.5, 10], [19.6, 44.1, 98]
POINTS = [(0, 1), (1, 3), (2, 4), (4, 9.5)]
MEAN = {"mean-for-sum": 1 / 3}


def slope(a):
    return sum(2 * (a * x - y) * x for x, y in zip(MASSES, FORCES))


def plain(rate, steps, factor):
    a = 8.0
    for _ in range(steps):
        a -= rate * factor * slope(a)
    return [a]


def adam(rate, steps, factor):
    a, m, v = 8.0, 0.0, 0.0
    for t in range(1, steps + 1):
        g = factor * slope(a)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        a -= rate * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return [a]


def rmsprop(rate, steps, factor):
    a, v = 8.0, 0.0
    for _ in range(steps):
        g = factor * slope(a)
        v = 0.9 * v + 0.1 * g * g
        a -= rate * g / (math.sqrt(v) + 1e-8)
    return [a]


def momentum(rate, steps, factor, ahead=False):
    a, v = 8.0, 0.0
    for _ in range(steps):
        g = factor * slope(a)
        v = 0.9 * v + g
        a -= rate * (g + 0.9 * v if ahead else v)
    return [a]


def nesterov(rate, steps, factor):
    return momentum(rate, steps, factor, ahead=True)


def line(size):
    def descend(rate, steps, factor):
        w = b = 0.0
        for step in range(steps):
            start = step * size % len(POINTS)
            batch = POINTS[start:start + size]
            errors = [(w * x + b - y, x) for x, y in batch]
            dw, db = sum(2 * e * x for e, x in errors) / size, sum(2 * e for e, _ in errors) / size
            w, b = w - rate * factor * dw, b - rate * factor * db
        return [w, b]
    return descend


def until_small(rate):
    steps = 0
    while abs(slope(plain(rate, steps, 1)[0])) >= 0.001:
        steps += 1
    return steps


# What is asked: names, the descent, its rate and steps, and what a mean or a sum too much makes of the gradient.
ASKED = {
    "gravity": {4: ("a", plain, 0.003, until_small(0.003), MEAN)},
    "adam": {1: ("a", adam, 0.1, 20, MEAN), 2: ("a", rmsprop, 0.1, 20, MEAN), 3: ("a", momentum, 0.001, 20, MEAN),
             4: ("a", nesterov, 0.001, 20, MEAN)},
    "sgd": {1: ("wb", line(4), 0.04, 8, {"sum-for-mean": 4}), 2: ("wb", line(2), 0.04, 8, {"sum-for-mean": 2}),
            3: ("wb", line(1), 0.04, 8, {})},
}
MINIMA = {("gravity", 5): [9.8], ("sgd", 4): [2.1, 0.7]}


def ends(descend, rate, steps, others):
    yield from (("off-by-one-step", descend(rate, near, 1)) for near in (steps - 1, steps + 1))
    yield "uphill-step", descend(-rate, steps, 1)
    yield "factor-left-out", descend(rate, steps, 1 / 2)
    yield from ((mistake, descend(rate, steps, factor)) for mistake, factor in others.items())
    yield from (("wrong-rate", descend(other, steps, 1)) for other in (1, 10 * rate, rate / 10, 2 * rate, rate / 2))


def near(found, value):
    return abs(found - value) <= 5.01e-4 or abs(found - value) <= 1e-6 * abs(value)


def number(text):
    top, _, bottom = text.partition("/")
    return float(top) / float(bottom or 1)


def main():
    compared = 0
    for problem, asked in ASKED.items():
        for case in json.loads((Path(__file__).parent / f"learning/{problem}.json").read_text())["cases"]:
            open_tasks = {}
            for target, written in re.findall(r"^([wab](?:_\d+)?(?: of task \d+)?) = (\S+)$", case["answers"], re.M):
                name, tasks = target[0], [*asked, *(task for own, task in MINIMA if own == problem)]
                stated = re.search(r"task (\d+)", target)
                task = int(stated[1]) if stated else tasks[open_tasks.get(name, 0)]
                open_tasks[name] = open_tasks.get(name, 0) + 1
                expect = case["expect"].get(f"{name} of task {task}")
                if expect is None:
                    continue
                compared += 1
                place = "wb".index(name) if problem == "sgd" else 0
                if (problem, task) in MINIMA:
                    right, wrong = MINIMA[problem, task][place], []
                else:
                    _, descend, rate, steps, others = asked[task]
                    right = descend(rate, steps, 1)[place]
                    wrong = [(mistake, end[place]) for mistake, end in ends(descend, rate, steps, others)]
                is_right = near(number(written), right)
                assert is_right == (expect["verdict"] == "correct"), (problem, case["name"], target, written, right)
                if "mistake" in expect:
                    named = {mistake for mistake, end in wrong if near(number(written), end)}
                    known = expect["mistake"] if isinstance(expect["mistake"], list) else [expect["mistake"]]
                    assert named and named <= set(known), (problem, case["name"], target, written, named)
    print(f"{compared} verdicts on descents agree")


main()
