"""Losses, intermediate values and gradients of small models from jax, in 64-bit floats.

    python gradients.py > gradients.json

A case is a spec text in the problem language (shapes only, no values), numbers for its dimensions
and leaves, and what jax's reverse mode says of them. The jax function of each case is written by
hand beside its spec, in models/. Before a case is printed:

- every gradient entry is compared with fourth-order central differences;
- spec_reader.py evaluates the spec text with NumPy, and every line must equal jax's;
- where a case is a problem with a published answer, or one with a known closed form, these must
  hold as well (`check`; the corpus's identifiers are in `corpus`);
- no value stands nearer than 0.005 to a kink (relu and abs at 0, ties of a maximum).
"""

import json
import sys
import zlib
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import scipy

import spec_reader
from models import CASES
from models.operators import MARGIN

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

CONVENTIONS = {
    "shapes": "x: D is a column (D x 1); a leaf without a shape is a scalar (a plain number in"
    " `values`); everything else is a matrix of rows or, for images, nested deeper",
    "spec": "the spec's named dimensions have the values in `dims`; a constant with a value in the"
    " spec is not repeated in `values`",
    "loss": "the model's last line, L; it may be a 1 x 1 matrix where it is a product of vectors",
    "gradients": "of L, in the leaf's shape, for every leaf in the spec's `derive` line",
    "assumes": "readings of the language that the case depends on beyond the common ones",
    "mse": "half: 1/2 of the sum of squares; sum: the sum; mean: the mean over all entries",
    "ce, bce": "sum: over everything; mean: divided by the number of examples (rows, or columns"
    " under `layout columns`); the bce cases with a mean have one output",
    "power": "elementwise on a matrix",
    "numbers": "as Python prints them: they read back to the same 64-bit float",
}


class Leaves(SimpleNamespace):
    """Leaves by attribute, or by key where a name is a word of Python's (lambda)."""

    def __getitem__(self, name):
        return getattr(self, name)


def filled(how, shape, rng):
    """Numbers for a leaf: given ones, or decimals of the kind that `how` names."""
    if not isinstance(how, str):
        assert np.shape(how) == shape, (how, shape)
        return np.asarray(how, float)
    if how in ("one-hot", "one-hot column"):
        axis = 1 if how == "one-hot" else 0
        winners = rng.integers(0, shape[axis], shape[1 - axis])
        rows = np.eye(shape[axis])[winners]
        return rows if axis == 1 else rows.T
    if how == "distributions":
        counts = rng.multinomial(20 - shape[1], np.full(shape[1], 1 / shape[1]), shape[0])
        return (counts + 1) / 20
    if how == "invertible":
        return np.round(rng.normal(size=shape) / 2 + 2 * np.eye(shape[0]), 2)
    kinds = {
        "normal": lambda: np.round(rng.normal(size=shape), 2),
        "small": lambda: np.round(rng.normal(size=shape) / 4, 2),
        "positive": lambda: np.round(rng.uniform(0.4, 2, shape), 2),
        "unit": lambda: np.round(rng.uniform(0.1, 0.9, shape), 2),
        "binary": lambda: rng.integers(0, 2, shape).astype(float),
        "signs": lambda: 2.0 * rng.integers(0, 2, shape) - 1,
        "counts": lambda: rng.integers(0, 6, shape).astype(float),
    }
    return kinds[how]()


def chosen(case):
    """Values for the leaves: the first seed that keeps clear of kinks and leaves no gradient zero."""
    leaves = spec_reader.leaves(case.spec, case.dims)
    assert set(case.fill) <= set(leaves), case.name
    wanted = spec_reader.derived(case.spec)
    assert wanted and set(wanted) <= set(leaves), (case.name, wanted)
    for seed in range(2000):
        rng = np.random.default_rng([zlib.crc32(case.name.encode()), seed])
        values = {}
        for name, (_, shape, flags) in leaves.items():
            how = case.fill.get(name, "one-hot" if "one-hot" in flags else "normal")
            values[name] = np.asarray(filled(how, shape, rng))
        MARGIN[0] = np.inf
        case.model(Leaves(**{name: jnp.asarray(value) for name, value in values.items()}))
        if MARGIN[0] < 0.005:
            continue
        gradients = gradient(case, values, wanted)
        if all(np.any(np.abs(g) > 1e-6) for g in gradients.values()) or set(case.fill) == set(leaves):
            return values, gradients
    raise AssertionError(f"no values for {case.name}")


def loss_of(case, values, wanted):
    def loss(moving):
        model = case.model(Leaves(**values | moving))
        return jnp.reshape(model["L"], ())

    return loss, {name: jnp.asarray(values[name]) for name in wanted}


def gradient(case, values, wanted):
    loss, moving = loss_of(case, values, wanted)
    return {name: np.asarray(g) for name, g in jax.grad(loss)(moving).items()}


def differences(case, values, wanted):
    """The largest relative distance of jax's gradients to fourth-order central differences."""
    loss, moving = loss_of(case, values, wanted)
    loss = jax.jit(loss)
    h, worst = 2e-4, 0.0
    found = gradient(case, values, wanted)
    for name in wanted:
        for index in np.ndindex(values[name].shape):
            step = np.zeros(values[name].shape)
            step[index] = h
            at = lambda times: float(loss(moving | {name: values[name] + times * step}))
            slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)
            exact = float(found[name][index])
            worst = max(worst, abs(slope - exact) / max(1.0, abs(exact)))
    return worst


def close(a, b, tolerance, label):
    a, b = np.asarray(a, float), np.asarray(b, float)
    assert a.shape == b.shape, (label, a.shape, b.shape)
    assert np.allclose(a, b, rtol=tolerance, atol=tolerance), (label, a, b)


def checked(case):
    """The finished case."""
    values, gradients = chosen(case)
    wanted = spec_reader.derived(case.spec)
    model = case.model(Leaves(**{name: jnp.asarray(value) for name, value in values.items()}))
    model = {name: np.asarray(value) for name, value in model.items()}
    assert list(model)[-1] == "L" and model["L"].size == 1, case.name

    read = spec_reader.evaluate(case.spec, case.dims, values)
    assert list(read) == list(model), (case.name, list(read), list(model))
    for name in model:
        close(read[name], model[name], 1e-12, f"{case.name}: {name} of the spec text")

    worst = differences(case, values, wanted)
    assert worst < 1e-7, (case.name, worst)

    if case.check is not None:
        spaces = Leaves(**values), Leaves(**model)
        for i, (ours, theirs) in enumerate(case.check(*spaces, gradients)):
            close(ours, theirs, 1e-10, f"{case.name}: check {i}")

    result = {"name": case.name}
    if case.corpus:
        result["corpus"] = case.corpus.split(", ")
    if case.assumes:
        result["assumes"] = list(case.assumes)
    result |= {
        "spec": case.spec.lstrip("\n"),
        "dims": case.dims,
        "values": {name: tidy(value) for name, value in values.items()},
        "loss": tidy(model["L"].reshape(())),
        "gradients": {name: tidy(gradients[name]) for name in wanted},
        "intermediates": {name: tidy(value) for name, value in model.items() if name != "L"},
    }
    return result, worst


def tidy(array):
    """Nested lists in which a whole number is written as one, and -0.0 as 0."""
    if np.ndim(array):
        return [tidy(part) for part in array]
    number = float(array)
    return int(number) if number.is_integer() else number


def main():
    found, worst = [], 0.0
    assert len({case.name for case in CASES}) == len(CASES)
    for case in CASES:
        result, distance = checked(case)
        found.append(result)
        worst = max(worst, distance)
    made_by = f"gradients.py, jax {jax.__version__}, scipy {scipy.__version__}, numpy {np.__version__}"
    head = json.dumps({"made_by": made_by, "conventions": CONVENTIONS}, indent=1)
    body = ",\n".join(json.dumps(case, separators=(",", ":")) for case in found)
    print(f'{head[:-2]},\n "cases": [\n{body}\n]}}')
    entries = sum(np.size(g) for case in found for g in case["gradients"].values())
    print(
        f"{len(found)} cases, {entries} gradient entries, within {worst:.1e} of differences", file=sys.stderr
    )


main()
