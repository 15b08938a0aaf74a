"""Whole random models of the problem language, with the figures that autograd gives for them.

    python random_models.py 2400 > random_models.jsonl     # 1 min; more with a greater number

A line is a model: its text with data, and figures of the values of its lines, of the gradients of its loss `L` with respect
to each leaf and each line, and of a Jacobian and a Hessian. A line's gradient is that of a change added to the line's value
where other lines use its *name*; what they write out is not touched by it. The figure of a tensor is its extents and the sum
of its entries times sin(1), sin(2), …, row by row: it moves with every entry, and with their order.

The models use every operator but the gradients of others, and most options; sizes of 1; broadcasting; right sides that are repeated,
as a line of their own and inside others; lines in any order. Those that come near a kink are left out: what a kink's slope is
is said elsewhere. Two roads: each gradient is compared with central differences in plain NumPy before it is written.
"""

import json
import random
import sys

import warnings

import autograd.numpy as np
import numpy
from autograd import grad, jacobian
from autograd.extend import notrace_primitive

warnings.filterwarnings("ignore", message="Output seems independent")

MARGIN = 2e-3
BOUND = 300.0
nearest = [numpy.inf]


@notrace_primitive
def note(distances):
    nearest[0] = min(nearest[0], float(numpy.min(numpy.abs(distances), initial=numpy.inf)))
    return 0.0


def norm(a, axis=None):
    length = np.sqrt(np.sum(a**2, axis=axis, keepdims=axis is not None))
    note(length)
    return length


def lined(function):
    """A fold that keeps the axis with side 1; without an axis the whole is a scalar."""
    return lambda a, axis=None: function(a, axis=axis, keepdims=axis is not None)


@notrace_primitive
def note_ties(a, axis):
    ordered = numpy.sort(a, axis=axis)
    nearest[0] = min(nearest[0], float(numpy.min(numpy.diff(ordered, axis=axis if axis is not None else -1), initial=numpy.inf)))
    return 0.0


def largest(a, axis=None):
    note_ties(a, axis)
    return np.max(a, axis=axis, keepdims=axis is not None)


def kinked(at, function):
    def evaluated(a, *more):
        note(a - at)
        return function(a, *more)

    return evaluated


def maximum(a, b):
    note(a - b)
    return np.where(a > b, a + 0 * b, b + 0 * a)


def lying(axis, shape):
    """The axis of a softmax that states none: the layout's, but along a vector that has one side only."""
    return 1 - axis if shape[axis] == 1 and shape[1 - axis] != 1 else axis


def logsumexp(a, axis):
    top = numpy.max(getattr(a, "_value", a))
    return np.log(np.sum(np.exp(a - top), axis=axis, keepdims=True)) + top


def softmax(a, axis):
    return np.exp(a - logsumexp(a, axis))


def mask_of_largest(a, axis=None):
    largest(a, axis)
    top = np.max(a, axis=axis, keepdims=True)
    return np.where(a >= top, 1.0, 0.0)


def squared(a, b, reduce):
    total = np.sum((a - b) ** 2)
    return {"half": 0.5 * total, "sum": total, "mean": total / (a - b).size}[reduce]


def padded(image, padding, value):
    (top, left) = (padding, padding) if isinstance(padding, int) else padding
    rows, columns = image.shape[-2:]
    lead = image.shape[:-2]
    beside = value * np.ones(lead + (rows, left))
    image = np.concatenate([beside, image, beside], axis=-1)
    above = value * np.ones(lead + (top, columns + 2 * left))
    return np.concatenate([above, image, above], axis=-2)


def windows(image, size, stride, dilation=1):
    """The entries of each window along a new last axis, in a list of lists for its places."""
    rows, columns = image.shape[-2:]
    down, right = size
    reach = lambda side, length: (side - dilation * (length - 1) - 1) // stride + 1
    tall, wide = reach(rows, down), reach(columns, right)
    parts = []
    for i in range(down):
        for j in range(right):
            top, left = i * dilation, j * dilation
            parts.append(
                image[..., top : top + (tall - 1) * stride + 1 : stride, left : left + (wide - 1) * stride + 1 : stride]
            )
    return parts


def conv2d(image, kernel, stride, padding, dilation, flip):
    """H x W with kh x kw; C x H x W with F x C x kh x kw."""
    if flip:
        kernel = kernel[..., ::-1, ::-1]
    parts = windows(padded(image, padding, 0.0), kernel.shape[-2:], stride, dilation)
    weights = [kernel[..., i, j] for i in range(kernel.shape[-2]) for j in range(kernel.shape[-1])]
    if image.ndim == 2:
        return sum(weight * part for weight, part in zip(weights, parts))
    return sum(np.einsum("fc,chw->fhw", weight, part) for weight, part in zip(weights, parts))


def maxpool(image, size, stride):
    parts = np.stack(windows(image, (size, size), stride), axis=-1)
    note_ties(parts, -1)
    return np.max(parts, axis=-1)


def avgpool(image, size, stride, padding, count_padding):
    parts = windows(padded(image, padding, 0.0), (size, size), stride)
    inside = windows(padded(np.ones(image.shape), padding, 0.0), (size, size), stride)
    return sum(parts) / (size * size if count_padding else sum(inside))


def stacked(rows, columns, *entries):
    return np.reshape(np.array([np.reshape(entry, ()) for entry in entries]), (rows, columns))


def cross_entropy(p, t, reduce, axis):
    total = -np.sum(t * np.log(p))
    return total / p.shape[1 - axis] if reduce == "mean" else total


def binary_cross_entropy(p, t, reduce):
    total = -np.sum(t * np.log(p) + (1 - t) * np.log(1 - p))
    return total / p.size if reduce == "mean" else total


def hinge(s, y, reduce):
    note(1 - s * y)
    total = np.sum(np.where(1 - s * y > 0, 1 - s * y, 0.0))
    return total / s.size if reduce == "mean" else total


RELATIONS = {">": np.greater, "<=": np.less_equal, "!=": np.not_equal}


def indicator(a, b, relation):
    note(a - b)
    return RELATIONS[relation](a, b) * 1.0


def named(name, shape):
    return Node(name, ATOM, shape, lambda env: env[name])


class Node:
    """Part of an expression: its text, how tightly it binds, its shape, and its value in an environment of names."""

    def __init__(self, text, level, shape, value):
        self.text, self.level, self.shape, self.value = text, level, shape, value

    def at(self, level):
        return self.text if self.level >= level else f"({self.text})"


SUM, ENTRYWISE, PRODUCT, POWER, ATOM = range(5)


def node(text, level, function, *parts):
    shapes = [numpy.random.default_rng(0).uniform(0.2, 0.8, part.shape) for part in parts]
    with numpy.errstate(all="ignore"):
        saved = nearest[0]
        shape = numpy.shape(function(*shapes))
        nearest[0] = saved
    return Node(text, level, shape, lambda env: function(*(part.value(env) for part in parts)))


def called(name, function, *parts, **options):
    told = [part.text for part in parts] + [f"{key} = {spoken(value)}" for key, value in options.items()]
    return node(f"{name}({', '.join(told)})", ATOM, function, *parts)


def spoken(value):
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def number(text):
    return Node(text, ATOM, (), lambda env: float(text))


def product(a, b):
    if a.shape and b.shape:
        return node(f"{a.at(PRODUCT)}*{b.at(POWER)}", PRODUCT, np.matmul, a, b)
    return node(f"{a.at(PRODUCT)}*{b.at(POWER)}", PRODUCT, lambda x, y: x * y, a, b)


def hadamard(a, b):
    return node(f"{a.at(POWER)} .* {b.at(POWER)}", ENTRYWISE, lambda x, y: x * y, a, b)


def plus(a, b):
    return node(f"{a.at(SUM)} + {b.at(ENTRYWISE)}", SUM, lambda x, y: x + y, a, b)


def minus(a, b):
    return node(f"{a.at(SUM)} - {b.at(ENTRYWISE)}", SUM, lambda x, y: x - y, a, b)


def over(a, b):
    if b.shape:
        return node(f"{a.at(POWER)} ./ {b.at(POWER)}", ENTRYWISE, lambda x, y: x / y, a, b)
    return node(f"{a.at(POWER)}/{b.at(POWER)}", PRODUCT, lambda x, y: x / y, a, b)


def power(a, exponent):
    text = exponent if exponent.lstrip("-").isalnum() and exponent[0] != "-" else f"({exponent})"
    # Of a square matrix `^` could be meant of the matrix.
    sign = ".^" if len(a.shape) == 2 and a.shape[0] == a.shape[1] > 1 else "^"
    return node(f"{a.at(ATOM)}{sign}{text}", POWER, lambda x: x ** float(exponent), a)


def transposed(a):
    return node(f"{a.at(ATOM)}^T", POWER, np.transpose, a)


def total(a):
    return called("sum", lambda x: np.sum(x), a)


SMOOTH = [
    ("tanh", np.tanh),
    ("sigmoid", lambda a: 1 / (1 + np.exp(-a))),
    ("sin", np.sin),
    ("cos", np.cos),
    ("softplus", lambda a: np.log(1 + np.exp(a))),
]
KINKED = [
    ("relu", {}, kinked(0, lambda a: np.where(a > 0, a, 0.0))),
    ("relu", {"at0": 1}, kinked(0, lambda a: np.where(a > 0, a, 0.0))),
    ("abs", {}, kinked(0, np.abs)),
    ("leaky_relu", {}, kinked(0, lambda a: np.where(a > 0, a, 0.01 * a))),
    ("leaky_relu", {"slope": 0.2}, kinked(0, lambda a: np.where(a > 0, a, 0.2 * a))),
    ("sign", {}, kinked(0, lambda a: np.where(a > 0, 1.0, -1.0))),
    ("step", {"at0": 1}, kinked(0, lambda a: np.where(a > 0, 1.0, 0.0))),
]


class Writer:
    """Writes one model. Parts of an expression get names of their own, or are written out, as chance has it."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.columns = self.random.random() < 0.2
        self.axis = 0 if self.columns else 1
        self.leaves, self.lines, self.names = [], [], []
        free = "a b c e g h k m n p q r s t u v w x y z A B C E F G H K M P Q R S T U V W X Y Z".split()
        free += ["z1", "a_2", "W3", "theta", "alpha", "yhat", "h_1", "beta", "Phi"]
        self.random.shuffle(free)
        self.free = [name for name in free if name not in ("e", "E")]

    def chance(self, share):
        return self.random.random() < share

    def pick(self, *choices):
        return self.random.choice(choices)

    def name(self):
        return self.free.pop()

    def leaf(self, shape, kind=None, data=None):
        known = [leaf for leaf in self.leaves if leaf[2].shape == shape and leaf[1] in ("param", "input")]
        if data is None and known and self.chance(0.6):
            return self.random.choice(known)[2]
        name, kind = self.name(), kind or self.pick("param", "param", "param", "input", "const")
        if data is None:
            data = numpy.array([self.random.randint(-19, 19) or 7 for _ in range(int(numpy.prod(shape)))]).reshape(shape) / 10
        own = named(name, shape)
        self.leaves.append((name, kind, own, data))
        return own

    def define(self, part):
        name = self.name()
        self.lines.append((name, part))
        return named(name, part.shape)

    def expression(self, shape, depth):
        """Some expression of a shape: a name, a leaf, or an operator on others."""
        if self.lines and self.chance(0.18):
            fitting = [(name, part) for name, part in self.lines if part.shape == shape]
            if fitting:
                name, part = self.random.choice(fitting)
                # The name, or what it stands for once more.
                return part if self.chance(0.4) else named(name, shape)
        part = self.leaf(shape) if depth == 0 or len(shape) > 2 else self.operator(shape, depth)
        assert part.shape == shape, (part.text, part.shape, shape)
        if depth > 0 and len(self.lines) < 6 and self.chance(0.3):
            return self.define(part)
        return part

    def operator(self, shape, depth):
        make = lambda own: self.expression(own, depth - 1)
        roads = [self.sum, self.sum, self.entrywise, self.entrywise, self.kinked, self.quotient, self.two]
        if shape:
            roads += [self.matrix_product, self.matrix_product, self.transpose, self.normalised, self.reshaped, self.joined]
            roads += [self.taken, self.reduced]
            if 1 in shape:
                roads += [self.reduced, self.reduced]
            if min(shape) >= 2:
                roads += [self.image]
            if shape[0] == shape[1]:
                roads += [self.square]
        else:
            roads += [self.whole, self.whole, self.whole, self.loss, self.loss, self.inner, self.corner]
        return self.random.choice(roads)(shape, make)

    def alike(self, shape):
        """A shape that is repeated to this one."""
        if not shape or self.chance(0.5):
            return shape
        return self.pick((), (1, shape[1]), (shape[0], 1), shape)

    def sum(self, shape, make):
        whole, part = make(shape), make(self.alike(shape))
        pair = self.pick([whole, part], [part, whole])
        kind = self.pick(plus, plus, minus, "scaled", "hadamard")
        if kind == "scaled":
            factor = self.pick(number("2"), number("0.5"), number("-1.5"), make(()))
            if factor.text.startswith("-"):
                factor = Node(f"({factor.text})", ATOM, (), factor.value)
            return product(factor, whole) if self.chance(0.8) else product(whole, factor)
        if kind == "hadamard":
            return hadamard(*pair) if pair[0].shape and pair[1].shape else product(*pair)
        return kind(*pair)

    def entrywise(self, shape, make):
        a = make(shape)
        kind = self.pick("call", "call", "call", "negate", "power", "root", "log", "exp")
        if kind == "negate":
            return node(f"-{a.at(POWER)}", SUM, lambda x: -x, a)
        if kind == "power":
            return power(a, self.pick("2", "3", "2")) if self.chance(0.8) else power(self.positive(a), self.pick("0.5", "-1", "1.5"))
        if kind == "root":
            return called("sqrt", np.sqrt, self.positive(a))
        if kind == "log":
            base = self.pick(None, 2, 10)
            options = {} if base is None else {"base": base}
            return called("log", lambda x: np.log(x) / (1 if base is None else numpy.log(base)), self.positive(a), **options)
        if kind == "exp":
            return called("exp", np.exp, product(number("0.3"), a))
        name, function = self.random.choice(SMOOTH)
        return called(name, function, a)

    def positive(self, a):
        return plus(power(a, "2"), number(self.pick("1", "0.5", "2")))

    def kinked(self, shape, make):
        a = make(shape)
        if self.chance(0.2):
            return called("clip", lambda x: kinked(-0.5, kinked(0.8, lambda y: np.clip(y, -0.5, 0.8)))(x), a, low=-0.5, high=0.8)
        if self.chance(0.2):
            relation = self.pick(*RELATIONS)
            b = make(self.alike(shape))
            mask = node(f"1[{a.text} {relation} {b.text}]", ATOM, lambda x, y: indicator(x, y, relation), a, b)
            c = make(shape)
            return hadamard(c, mask) if shape else product(c, mask)
        name, options, function = self.random.choice(KINKED)
        return called(name, function, a, **options)

    def quotient(self, shape, make):
        below = self.positive(make(self.alike(shape)))
        return over(make(shape), below)

    def two(self, shape, make):
        a, b = make(shape), make(self.alike(shape))
        if self.chance(0.5):
            return called("maximum", maximum, a, b)
        return called("minimum", lambda x, y: -maximum(-x, -y), a, b)

    def matrix_product(self, shape, make):
        inner = self.pick(1, 2, 3)
        left, right = make((shape[0], inner)), make((inner, shape[1]))
        return product(left, right)

    def transpose(self, shape, make):
        return transposed(make(shape[::-1]))

    def normalised(self, shape, make):
        a = make(shape)
        axis = self.pick(0, 1, None)
        options, along = ({} if axis is None else {"axis": axis}), self.axis if axis is None else axis
        lone = lying(self.axis, shape) if axis is None else axis
        if self.chance(0.25):
            mask = called("argmax_mask", lambda x: mask_of_largest(x, along), a, axis=along)
            return hadamard(make(shape), mask)
        name, function = self.pick(
            ("softmax", softmax), ("softmax", softmax), ("log_softmax", lambda x, on: x - logsumexp(x, on))
        )
        return called(name, lambda x: function(x, lone), a, **options)

    def reduced(self, shape, make):
        if 1 not in shape:
            return self.sum(shape, make)
        axis = self.pick(*[axis for axis in (0, 1) if shape[axis] == 1])
        side = self.pick(1, 2, 3)
        a = make((side, shape[1]) if axis == 0 else (shape[0], side))
        kind = self.pick("sum", "mean", "max", "min", "norm", "logsumexp", "named")
        if kind == "named":
            return called(("colsum", "rowsum")[axis], lambda x: np.sum(x, axis=axis, keepdims=True), a)
        function = {
            "sum": lined(np.sum),
            "mean": lined(np.mean),
            "max": largest,
            "min": lambda x, axis: -largest(-x, axis),
            "norm": norm,
            "logsumexp": logsumexp,
        }[kind]
        return called(kind, lambda x: function(x, axis=axis), a, axis=axis)

    def reshaped(self, shape, make):
        if shape[0] == 1 and self.chance(0.5):
            own = self.pick(*[(r, shape[1] // r) for r in (1, 2, 3) if shape[1] % r == 0])
            return called("flatten", lambda x: np.reshape(x, (1, -1)), make(own))
        own = self.pick(shape[::-1], (1, shape[0] * shape[1]), shape)
        told = {"shape": f"({shape[0]}, {shape[1]})"} if self.chance(0.5) else {"rows": shape[0], "cols": shape[1]}
        return called("reshape", lambda x: np.reshape(x, shape), make(own), **told)

    def joined(self, shape, make):
        axis = self.pick(0, 1)
        if shape[axis] < 2:
            if shape == (1, 1) or shape[0] * shape[1] > 4:
                return self.sum(shape, make)
            parts = [make(()) for _ in range(shape[0] * shape[1])]
            rows = [parts[i * shape[1] : (i + 1) * shape[1]] for i in range(shape[0])]
            text = "; ".join(", ".join(part.text for part in row) for row in rows)
            return node(f"[{text}]", ATOM, lambda *entries: stacked(*shape, *entries), *parts)
        first = self.random.randint(1, shape[axis] - 1)
        sides = [first, shape[axis] - first]
        parts = [make((side, shape[1]) if axis == 0 else (shape[0], side)) for side in sides]
        options = {"axis": axis} if axis == 0 or self.chance(0.5) else {}
        return called("concat", lambda x, y: np.concatenate([x, y], axis=axis), *parts, **options)

    def taken(self, shape, make):
        axis = self.pick(0, 1)
        more = self.pick(1, 2)
        whole = tuple(side + more if place == axis else side for place, side in enumerate(shape))
        first = self.random.randint(0, more)
        cut = (slice(None),) * axis + (slice(first, first + shape[axis]),)
        return called("slice", lambda x: x[cut], make(whole), axis=axis, **{"from": first + 1, "to": first + shape[axis]})

    def square(self, shape, make):
        side = shape[0]
        kind = self.pick("inv", "diag", "eye")
        if kind == "diag":
            return called("diag", lambda x: np.diag(np.reshape(x, (-1,))), make(self.pick((1, side), (side, 1))))
        identity = Node(f"eye({side})", ATOM, shape, lambda env: numpy.eye(side))
        if kind == "eye":
            return plus(make(shape), product(make(()), identity))
        return called("inv", np.linalg.inv, plus(make(shape), product(number("4"), identity)))

    def image(self, shape, make):
        if self.chance(0.4):
            size, stride = self.pick(1, 2), self.pick(1, 2)
            own = tuple((side - 1) * stride + size for side in shape)
            if self.chance(0.5):
                return called("maxpool", lambda x: maxpool(x, size, stride), self.leaf(own), size=size, stride=stride)
            padding = 1 if size == 2 and min(own) > 2 and self.chance(0.4) else 0
            inside = tuple(side - 2 * padding for side in own)
            counted = self.chance(0.5)
            options = {"size": size, "stride": stride, "padding": padding, "count_padding": counted}
            pooled = lambda x: avgpool(x, size, stride, padding, counted)
            return called("avgpool", pooled, self.leaf(inside), **options)
        size, stride, dilation, flip = (self.pick(1, 2), self.pick(1, 2, 3)), self.pick(1, 2), self.pick(1, 1, 2), self.chance(0.3)
        padding = self.pick(0, 0, 1)
        own = tuple((side - 1) * stride + dilation * (k - 1) + 1 - 2 * padding for side, k in zip(shape, size))
        if min(own) < 1:
            return self.sum(shape, make)
        options = {"stride": stride, "padding": padding, "dilation": dilation, "flip": flip}
        options = {key: value for key, value in options.items() if value != {"stride": 1, "padding": 0, "dilation": 1, "flip": False}[key]}
        if self.chance(0.3):
            channels, filters = self.pick(1, 2), self.pick(1, 2)
            image, kernel = self.leaf((channels, *own)), self.leaf((filters, channels, *size))
            whole = called("conv2d", lambda x, k: conv2d(x, k, stride, padding, dilation, flip), image, kernel, **options)
            flat = called("reshape", lambda x: np.reshape(x, (filters * shape[0], shape[1])), whole, rows=filters * shape[0], cols=shape[1])
            return called("slice", lambda x: x[: shape[0]], flat, axis=0, **{"to": shape[0]})
        image, kernel = self.expression(own, 0), self.leaf(size)
        return called("conv2d", lambda x, k: conv2d(x, k, stride, padding, dilation, flip), image, kernel, **options)

    def whole(self, shape, make):
        own = (self.pick(1, 2, 3), self.pick(1, 2, 3))
        a = make(own)
        kind = self.pick("sum", "mean", "max", "min", "norm", "l2", "trace")
        if kind == "trace":
            return called("trace", np.trace, make((own[0], own[0])))
        function = {
            "sum": np.sum,
            "mean": np.mean,
            "max": largest,
            "min": lambda x: -largest(-x),
            "norm": norm,
            "l2": lambda x: 0.5 * np.sum(x**2),
        }[kind]
        return called(kind, function, a)

    def loss(self, shape, make):
        own = (self.pick(1, 2, 3), self.pick(1, 2, 3))
        kind = self.pick("mse", "ce", "ce", "bce", "hinge")
        reduce = self.pick("half", "sum", "mean") if kind == "mse" else self.pick("sum", "mean")
        options = {"reduce": reduce} if reduce not in ("half", "sum") or self.chance(0.3) or (kind, reduce) == ("mse", "sum") else {}
        if kind == "mse":
            return called("mse", lambda x, y: squared(x, y, reduce), make(own), make(own), **options)
        if kind == "hinge":
            labels = numpy.array([self.random.choice([-1, 1]) for _ in range(own[0] * own[1])]).reshape(own)
            return called("hinge", lambda s, y: hinge(s, y, reduce), make(own), self.leaf(own, "target", labels), **options)
        if kind == "bce":
            t = numpy.array([self.random.choice([0, 1]) for _ in range(own[0] * own[1])]).reshape(own)
            p = called("sigmoid", SMOOTH[1][1], make(own))
            p = self.define(p) if self.chance(0.5) else p
            return called("bce", lambda x, y: binary_cross_entropy(x, y, reduce), p, self.leaf(own, "target", t), **options)
        axis = self.pick(self.axis, self.axis, 1 - self.axis)
        told = {} if axis == self.axis else {"axis": axis}
        axis = axis if told else lying(axis, own)
        t = numpy.zeros(own)
        for line in range(own[1 - axis]):
            hot = self.random.randrange(own[axis])
            t[(line, hot) if axis == 1 else (hot, line)] = 1
        p = called("softmax", lambda x: softmax(x, axis), make(own), **told)
        p = self.define(p) if self.chance(0.6) else p
        target = self.leaf(own, "target one-hot" if not told and own[axis] > 1 else "target", t.astype(int))
        return called("ce", lambda x, y: cross_entropy(x, y, reduce, axis), p, target, **options, **told)

    def inner(self, shape, make):
        side = self.pick(1, 2, 3)
        a, b = make((side, 1)), make((side, 1))
        return total(hadamard(a, b)) if self.chance(0.5) else total(product(transposed(a), b))

    def corner(self, shape, make):
        own = (self.pick(1, 2, 3), self.pick(1, 2, 3))
        at = (self.random.randrange(own[0]), self.random.randrange(own[1]))
        a = make(own)
        return node(f"{a.at(ATOM)}[{at[0] + 1}, {at[1] + 1}]", ATOM, lambda x: x[at], a)

    def model(self):
        for _ in range(self.pick(1, 2, 2, 3)):
            shape = self.pick((), (2, 2), (1, 3), (3, 1), (2, 3), (1, 1), (3, 2), (1, 2), (2, 1))
            self.define(self.expression(shape, self.pick(1, 2, 2, 3)))
        # The same right side under another name.
        if self.chance(0.5):
            name, part = self.random.choice(self.lines)
            self.define(named(name, part.shape) if self.chance(0.2) else part)
        terms = []
        for name, part in self.lines:
            own = named(name, part.shape)
            if self.chance(0.15):
                own = part
            factor = number(self.pick("1", "2", "0.5", "3"))
            term = own if not own.shape else self.pick(total(power(own, "2")), total(own), total(called("tanh", np.tanh, own)))
            terms.append(term if factor.text == "1" else product(factor, term))
        whole = terms[0]
        for term in terms[1:]:
            whole = plus(whole, term)
        self.lines.append(("L", whole))


def run(writer, leaves, moved):
    """Each line's value where `moved` is added to what has a name."""
    env = {}
    for name, *_ in writer.leaves:
        env[name] = leaves[name] + moved[name] if name in moved else leaves[name]
    for name, part in writer.lines:
        value = part.value(env)
        env[name] = value + moved[name] if name in moved else value
    return env


def literal(value, inside=False):
    value = numpy.asarray(value)
    if value.ndim == 0:
        return f"{value.item():g}"
    if value.ndim <= 2:
        rows = "; ".join(" ".join(f"{entry:g}" for entry in row) for row in value)
        # A single row inside of brackets has brackets of its own, or its side of 1 is not seen.
        return f"[[{rows}]]" if inside and len(value) == 1 else f"[{rows}]"
    return "[" + ", ".join(literal(part, True) for part in value) + "]"


def figure(value):
    value = numpy.asarray(value, dtype=float)
    weights = numpy.sin(numpy.arange(1, value.size + 1))
    return [list(value.shape), float(f"{float(numpy.sum(value.reshape(-1) * weights)):.12g}")]


def text(writer):
    given = [f"  {'layout columns'}"] if writer.columns else []
    for name, kind, own, data in writer.leaves:
        declared = f"{kind.split()[0]} {name}"
        if kind.endswith("one-hot") or len(own.shape) > 2 or writer.chance(0.3):
            sides = " x ".join(str(side) for side in own.shape)
            declared += f": {sides}" if own.shape else ""
            declared += " one-hot" if kind.endswith("one-hot") else ""
        given.append(f"  {declared} = {literal(data)}")
    lines = [f"  {name} = {part.text}" for name, part in writer.lines]
    if writer.chance(0.3):
        writer.random.shuffle(lines)
    return "\n".join(["given", *given, "model", *lines])


def model(seed):
    writer = Writer(seed)
    writer.model()
    if len(writer.leaves) + len(writer.lines) > 22 or max(len(part.text) for _, part in writer.lines) > 300:
        return None
    leaves = {name: numpy.asarray(data, dtype=float) for name, _, _, data in writer.leaves}
    if not any(kind == "param" for _, kind, *_ in writer.leaves):
        return None
    nearest[0] = numpy.inf
    with numpy.errstate(all="ignore"):
        values = run(writer, leaves, {})
    for name, value in values.items():
        if not numpy.all(numpy.isfinite(value)) or numpy.max(numpy.abs(value)) > BOUND:
            return None
    if nearest[0] < MARGIN:
        return None
    names = [name for name, *_ in writer.leaves] + [name for name, _ in writer.lines[:-1]]
    zero = {name: numpy.zeros(numpy.shape(values[name])) for name in names}
    gradients = grad(lambda moved: run(writer, leaves, moved)["L"])(zero)
    if any(numpy.max(numpy.abs(g), initial=0) > 1e4 or not numpy.all(numpy.isfinite(g)) for g in gradients.values()):
        return None
    agree(writer, leaves, zero, gradients)
    found = {
        "seed": seed,
        "text": text(writer),
        "values": {name: figure(values[name]) for name, _ in writer.lines},
        "gradients": {name: figure(gradients[name]) for name in names},
    }
    found.update(second(writer, leaves, values))
    return found


def agree(writer, leaves, zero, gradients):
    """All gradients together against central differences."""
    chance = numpy.random.default_rng(1)
    step = {name: chance.uniform(-1, 1, numpy.shape(value)) for name, value in zero.items()}
    at = lambda t: float(run(writer, leaves, {name: t * own for name, own in step.items()})["L"])
    h = 1e-5
    slope = (at(h) - at(-h)) / (2 * h)
    expected = sum(float(numpy.sum(gradients[name] * step[name])) for name in zero)
    size = sum(float(numpy.sum(numpy.abs(gradients[name] * step[name]))) for name in zero) + abs(at(0))
    assert abs(slope - expected) < 2e-5 * max(size, 1.0), (writer.lines[-1][1].text, slope, expected)


def second(writer, leaves, values):
    """A Jacobian of a line that is a vector, and a Hessian of the loss, with respect to parameters that are vectors."""
    vector = lambda shape: len(shape) == 0 or (len(shape) == 2 and 1 in shape)
    params = [name for name, kind, own, _ in writer.leaves if kind == "param" and vector(own.shape)]
    lines = [name for name, part in writer.lines if vector(part.shape)]
    found = {}
    if not params:
        return found
    wrt = writer.random.choice(params)
    flat = lambda of: lambda x: np.reshape(run(writer, {**leaves, wrt: np.reshape(x, numpy.shape(leaves[wrt]))}, {})[of], (-1,))
    start = numpy.reshape(leaves[wrt], (-1,))
    of = writer.random.choice(lines)
    found["jacobian"] = [of, wrt, figure(jacobian(flat(of))(start))]
    hessian = jacobian(grad(lambda x: flat("L")(x)[0]))(start)
    if numpy.all(numpy.isfinite(hessian)):
        found["hessian"] = [wrt, figure(hessian)]
    return found


def main():
    wanted = int(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    made, seed = 0, first
    while made < wanted:
        seed += 1
        try:
            one = model(seed)
        except IndexError:
            # Out of names.
            continue
        if one is not None:
            print(json.dumps(one, separators=(",", ":"), ensure_ascii=False))
            made += 1


if __name__ == "__main__":
    main()
