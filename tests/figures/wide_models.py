"""Whole random models over the operators and options that random_models.py does not write, on the same road.

    python wide_models.py 240 >> random_models.jsonl     # 10 s

Functions of the library, the parts of attention, norms, order statistics, convolutions of every kind: each as the mathematics
has it, not as the library's line does.
"""

import sys

import autograd.numpy as np
import numpy
import random_models as base
from autograd.scipy.special import erf
from random_models import (ATOM, Node, Writer, called, hadamard, kinked, named, node, note, number, over, plus, product, softmax)


def cumulated(a, axis, reverse):
    turned = a[::-1] if axis == 0 else a[:, ::-1]
    found = np.cumsum(turned if reverse else a, axis=axis)
    return (found[::-1] if axis == 0 else found[:, ::-1]) if reverse else found


def median(a, axis=None):
    base.note_ties(a if axis is not None else np.reshape(a, (-1,)), axis if axis is not None else -1)
    if axis is None:
        ordered = np.sort(np.reshape(a, (-1,)))
        n = ordered.shape[0]
        return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    n = a.shape[axis]
    places = np.argsort(getattr(a, "_value", a), axis=axis)
    value = lambda k: np.sum(a * (np.arange(n).reshape((-1, 1) if axis == 0 else (1, -1)) == np.take(places, [k], axis=axis)), axis=axis, keepdims=True)
    return (value((n - 1) // 2) + value(n // 2)) / 2


def cdf(a):
    return 0.5 * (1 + erf(a / np.sqrt(2.0)))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def tail(a):
    return np.log(1 + np.exp(a))


def elu(a, alpha=1.0):
    note(a)
    return np.where(a > 0, a, alpha * (np.exp(a) - 1))


def clipped(low, high):
    return kinked(low, kinked(high, lambda a: np.clip(a, low, high)))


UNARY = [
    ("arctan", np.arctan),
    ("erf", erf),
    ("normal_cdf", cdf),
    ("normal_pdf", lambda a: np.exp(-(a**2) / 2) / np.sqrt(2 * np.pi)),
    ("silu", lambda a: a * sigmoid(a)),
    ("swish", lambda a: a * sigmoid(a)),
    ("gelu", lambda a: 0.5 * a * (1 + np.tanh(0.7978845608 * (a + 0.044715 * a**3)))),
    ("gelu_exact", lambda a: a * cdf(a)),
    ("hard_swish", lambda a: a * clipped(0, 1)(a / 6 + 0.5)),
    ("hard_sigmoid", lambda a: clipped(0, 1)(a / 6 + 0.5)),
    ("hardtanh", clipped(-1, 1)),
    ("relu6", clipped(0, 6)),
    ("softsign", kinked(0, lambda a: a / (1 + np.abs(a)))),
    ("elu", elu),
    ("selu", lambda a: 1.0507 * elu(a, 1.67326)),
    ("mish", lambda a: a * np.tanh(tail(a))),
    ("square", np.square),
]


def deviation(a, axis=None, ddof=0):
    middle = np.mean(a, axis=axis, keepdims=True)
    count = a.size if axis is None else a.shape[axis]
    found = np.sum((a - middle) ** 2, axis=axis, keepdims=axis is not None)
    return found / (count - ddof)


def normalised(a, axis, epsilon):
    return (a - np.mean(a, axis=axis, keepdims=True)) / np.sqrt(deviation(a, axis) + epsilon)


def grouped(a, groups, epsilon):
    return np.reshape(normalised(np.reshape(a, (a.shape[0] * groups, -1)), 1, epsilon), a.shape)


def attention(q, k, v, d, mask=None):
    scores = np.dot(q, k.T) / np.sqrt(d)
    weights = softmax(scores, 1) if mask is None else np.exp(scores) * mask / np.sum(np.exp(scores) * mask, axis=1, keepdims=True)
    return np.dot(weights, v)


def heads(q, k, v, count):
    part = lambda a, h: a[:, h * (a.shape[1] // count) : (h + 1) * (a.shape[1] // count)]
    each = [attention(part(q, h), part(k, h), part(v, h), q.shape[1] // count) for h in range(count)]
    return np.concatenate(each, axis=1)


def same(side, size, stride):
    """Zeros before and after, as TensorFlow has it."""
    full = max((-(-side // stride) - 1) * stride + size - side, 0)
    return full // 2, full - full // 2


def framed(a, above, beside, value=0.0):
    lead = a.shape[:-2]
    rows = lambda n: value * np.ones(lead + (n, a.shape[-1]))
    a = np.concatenate([rows(above[0]), a, rows(above[1])], axis=-2)
    columns = lambda n: value * np.ones(lead + (a.shape[-2], n))
    return np.concatenate([columns(beside[0]), a, columns(beside[1])], axis=-1)


def correlated(image, kernel, stride, dilation, groups=1):
    """N x C x H x W with F x C/g x kh x kw."""
    each, filters = image.shape[1] // groups, kernel.shape[0] // groups
    found = []
    for g in range(groups):
        parts = base.windows(image[:, g * each : (g + 1) * each], kernel.shape[-2:], stride, dilation)
        own = kernel[g * filters : (g + 1) * filters]
        weights = [own[..., i, j] for i in range(kernel.shape[-2]) for j in range(kernel.shape[-1])]
        found.append(sum(np.einsum("fc,nchw->nfhw", w, p) for w, p in zip(weights, parts)))
    return np.concatenate(found, axis=1)


def spread(image, kernel, stride, padding, extra):
    """C x H x W with C x F x kh x kw: each entry spreads the kernel."""
    _, h, w = image.shape
    kh, kw = kernel.shape[-2:]
    total = 0.0
    tall, wide = (h - 1) * stride + kh, (w - 1) * stride + kw
    for i in range(h):
        for j in range(w):
            patch = np.einsum("c,cfab->fab", image[:, i, j], kernel)
            total = total + framed(patch, (i * stride, tall - i * stride - kh), (j * stride, wide - j * stride - kw))
    total = framed(total, (0, extra), (0, extra))
    return total[:, padding : tall + extra - padding, padding : wide + extra - padding]


def pooled(a, size, stride, padding, ceil, largest):
    """The largest or the mean (of what lies inside) of each window."""
    side = lambda n: ((n + 2 * padding - size + (stride - 1 if ceil else 0)) // stride) + 1
    rows = []
    sides = [side(n) for n in a.shape[-2:]]
    if ceil:  # no window begins in the zeros behind
        sides = [n - 1 if (n - 1) * stride >= own + padding else n for n, own in zip(sides, a.shape[-2:])]
    for i in range(sides[0]):
        line = []
        for j in range(sides[1]):
            top, left = i * stride - padding, j * stride - padding
            window = a[..., max(top, 0) : top + size, max(left, 0) : left + size]
            flat = np.reshape(window, a.shape[:-2] + (-1,))
            if largest:
                base.note_ties(flat, -1)
                line.append(np.max(flat, axis=-1))
            else:
                line.append(np.mean(flat, axis=-1))
        rows.append(np.stack(line, axis=-1))
    return np.stack(rows, axis=-2)


class Wide(Writer):
    def operator(self, shape, make_depth):
        if self.chance(0.55):
            make = lambda own: self.expression(own, make_depth - 1)
            roads = [self.unary, self.unary, self.binary]
            if shape:
                roads += [self.ordered, self.running, self.standard, self.attended, self.blocks, self.images, self.images, self.powers, self.pointed]
            else:
                roads += [self.number, self.number, self.losses, self.losses]
            found = self.random.choice(roads)(shape, make)
            if found is not None:
                return found
        return super().operator(shape, make_depth)

    def unary(self, shape, make):
        a = make(shape)
        kind = self.pick("call", "call", "call", "elu", "logit", "log", "tan", "clip")
        if kind == "elu":
            return called("elu", lambda x: elu(x, 0.7), a, alpha=0.7)
        if kind == "logit":
            return called("logit", lambda p: np.log(p / (1 - p)), called("sigmoid", sigmoid, a))
        if kind == "log":
            name, by = self.pick(("log2", 2), ("log10", 10))
            return called(name, lambda x: np.log(x) / numpy.log(by), self.positive(a))
        if kind == "tan":
            return called("tan", np.tan, product(number("0.5"), called("tanh", np.tanh, a)))
        if kind == "clip":
            side = self.pick("low", "high")
            function = kinked(0.3, (lambda x: np.where(x > 0.3, x, 0.3)) if side == "low" else (lambda x: np.where(x < 0.3, x, 0.3)))
            return called("clip", function, a, **{side: 0.3})
        name, function = self.random.choice(UNARY)
        return called(name, function, a)

    def binary(self, shape, make):
        a, b = make(shape), make(self.alike(shape))
        kind = self.pick("glu", "max", "min", "dropout")
        if kind == "glu":
            return called("glu", lambda x, y: x * sigmoid(y), a, b)
        if kind == "dropout" and shape:
            mask = numpy.array([self.random.randint(0, 1) for _ in range(shape[0] * shape[1])]).reshape(shape)
            return called("dropout", lambda x, m: x * m / 0.8, a, self.leaf(shape, "input", mask), keep=0.8)
        sign = -1 if kind == "min" else 1
        return called("min" if sign < 0 else "max", lambda x, y: sign * base.maximum(sign * x, sign * y), a, b)

    def powers(self, shape, make):
        exponent = numpy.array([self.pick(1, 2, 3) for _ in range(shape[0] * shape[1])]).reshape(shape)
        a = self.positive(make(shape))
        b = self.leaf(shape, "input", exponent) if self.chance(0.6) else called("tanh", np.tanh, make(shape))
        return node(f"{a.at(ATOM)}.^{b.at(ATOM)}", base.POWER, lambda x, y: x**y, a, b)

    def ordered(self, shape, make):
        axis = self.pick(0, 1)
        if 1 in shape and self.chance(0.7):
            axis = self.pick(*[own for own in (0, 1) if shape[own] == 1])
            side = self.pick(1, 2, 3, 4)
            a = make((side, shape[1]) if axis == 0 else (shape[0], side))
            kind = self.pick("median", "prod", "var", "std")
            if kind == "median":
                return called("median", lambda x: median(x, axis), a, axis=axis)
            if kind == "prod":
                return called("prod", lambda x: np.prod(x, axis=axis, keepdims=True), a, axis=axis)
            ddof = self.pick(0, 1) if side > 1 else 0
            told = {"ddof": 1} if ddof else {}
            if kind == "var":
                return called("var", lambda x: deviation(x, axis, ddof), a, axis=axis, **told)
            # kept away from 0
            return over(number("1"), called("sqrt", np.sqrt, plus(called("var", lambda x: deviation(x, axis, ddof), a, axis=axis, **told), number("1"))))
        a = make(shape)
        if self.chance(0.5):
            mask = called("argmin_mask", lambda x: base.mask_of_largest(-x, axis), a, axis=axis)
        else:
            def middle(x):
                base.note_ties(x, axis)
                n = x.shape[axis]
                rank = np.argsort(np.argsort(getattr(x, "_value", x), axis=axis), axis=axis)
                return (1.0 * (rank == (n - 1) // 2) + 1.0 * (rank == n // 2)) / 2
            mask = called("median_mask", middle, a, axis=axis)
        return hadamard(make(shape), mask)

    def running(self, shape, make):
        if sorted(shape) == [1, 3] and self.chance(0.6):
            return called("cross", lambda a, b: np.reshape(np.stack([f(np.reshape(a, (-1,)), np.reshape(b, (-1,))) for f in (
                lambda x, y: x[1] * y[2] - x[2] * y[1], lambda x, y: x[2] * y[0] - x[0] * y[2], lambda x, y: x[0] * y[1] - x[1] * y[0])]), shape), make(shape), make(shape))
        a = make(shape)
        axis, reverse = self.pick(0, 1, None), self.chance(0.4)
        told = {} if axis is None else {"axis": axis}
        axis = axis if axis is not None else (0 if shape[1] == 1 else 1)
        if reverse:
            told["reverse"] = True
        return called("cumsum", lambda x: cumulated(x, axis, reverse), a, **told)

    def standard(self, shape, make):
        a = make(shape)
        axis = self.pick(0, 1)
        kind = self.pick("batch", "layer", "rms", "group", "affine")
        epsilon = 0.1
        name = {"rms": "rms_norm", "batch": "batch_norm"}.get(kind, "layer_norm")
        if kind == "group":
            if self.columns or shape[1] % 2:
                return None
            return called("group_norm", lambda x: grouped(x, 2, epsilon), a, groups=2, epsilon=epsilon)
        if kind == "rms":
            return called(name, lambda x: x / np.sqrt(np.mean(x**2, axis=axis, keepdims=True) + epsilon), a, axis=axis, epsilon=epsilon)
        if kind == "affine":
            side = (1, shape[1]) if axis == 0 else (shape[0], 1)
            return called(name, lambda x, g, b: g * normalised(x, axis, epsilon) + b, a, make(self.pick(side, shape)), make(self.pick(side, ())), axis=axis, epsilon=epsilon)
        return called(name, lambda x: normalised(x, axis, epsilon), a, axis=axis, epsilon=epsilon)

    def mask(self, shape, zero, one):
        found = [[zero if self.chance(0.4) else one for _ in range(shape[1])] for _ in range(shape[0])]
        for row in found:
            row[self.random.randrange(shape[1])] = one
        return found

    def attended(self, shape, make):
        if self.columns:
            return None
        rows, columns = shape
        inner, length = self.pick(1, 2, 4), self.pick(2, 3)
        kind = self.pick("attention", "masked", "heads", "softmax", "infinite", "told")
        if kind == "softmax" and columns > 1:
            mask = numpy.array(self.mask(shape, 0, 1))
            return called("masked_softmax", lambda s, m: np.exp(s) * m / np.sum(np.exp(s) * m, axis=1, keepdims=True), make(shape), self.leaf(shape, "input", mask))
        if kind == "infinite" and columns > 1:
            mask = numpy.array(self.mask(shape, -numpy.inf, 0))
            finite = numpy.where(mask == 0, 1.0, 0.0)
            text = "[" + "; ".join(" ".join("-inf" if entry < 0 else "0" for entry in row) for row in mask) + "]"
            a = make(shape)
            return node(f"softmax({a.at(base.SUM)} + {text})", ATOM, lambda s: np.exp(s) * finite / np.sum(np.exp(s) * finite, axis=1, keepdims=True), a)
        if rows == 1 or length == 1:
            return None
        q, k, v = make((rows, inner)), make((length, inner)), make((length, columns))
        if kind == "heads" and columns % 2 == 0 and inner % 2 == 0:
            return called("multi_head_attention", lambda x, y, z: heads(x, y, z, 2), q, k, v, heads=2)
        if kind == "masked":
            mask = numpy.array(self.mask((rows, length), 0, 1))
            own = self.leaf((rows, length), "input", mask)
            text = f"attention({q.text}, {k.text}, {v.text}, {inner}, {own.text})"
            return node(text, ATOM, lambda x, y, z, m: attention(x, y, z, inner, m), q, k, v, own)
        if kind == "told":
            return node(f"attention({q.text}, {k.text}, {v.text}, 2)", ATOM, lambda x, y, z: attention(x, y, z, 2), q, k, v)
        return called("attention", lambda x, y, z: attention(x, y, z, inner), q, k, v)

    def blocks(self, shape, make):
        rows, columns = shape
        if rows < 2 or columns < 2:
            return None
        r, c = self.random.randint(1, rows - 1), self.random.randint(1, columns - 1)
        parts = [make(own) for own in ((r, c), (r, columns - c), (rows - r, c), (rows - r, columns - c))]
        a, b, c_, d = (part.text if part.level == ATOM else f"({part.text})" for part in parts)
        return node(f"[{a}, {b}; {c_}, {d}]", ATOM, lambda p, q, s, t: np.concatenate([np.concatenate([p, q], axis=1), np.concatenate([s, t], axis=1)], axis=0), *parts)

    def pointed(self, shape, make):
        rows, columns = shape
        if self.chance(0.5):
            x, y = make((rows, 1)), make((columns, 1))
            return called("outer", lambda a, b: np.dot(a, b.T), x, y)
        classes = self.pick(2, 3)
        hot = numpy.zeros((rows, classes), dtype=int)
        for row in hot:
            row[self.random.randrange(classes)] = 1
        return called("embedding", np.matmul, self.leaf((rows, classes), "input", hot), make((classes, columns)))

    def images(self, shape, make):
        kind = self.pick("same", "groups", "depthwise", "transpose", "maxpool", "avgpool", "conv1d", "global", "batch")
        if kind == "same":
            size, stride = (self.pick(1, 2, 3), self.pick(1, 2, 3)), self.pick(1, 2)
            own = tuple(side * stride - self.random.randint(0, stride - 1) for side in shape)
            pads = [same(n, k, stride) for n, k in zip(own, size)]
            return called("conv2d", lambda x, k: correlated(framed(x, *pads)[None, None], k[None, None], stride, 1)[0, 0], self.expression(own, 0), self.leaf(size), stride=stride, padding="same")
        if kind in ("groups", "depthwise"):
            groups = 2
            each, filters = (self.pick(1, 2), self.pick(1, 2)) if kind == "groups" else (1, 1)
            image = self.leaf((groups * each, shape[0] + 1, shape[1] + 1))
            kernel = self.leaf((groups * filters, each, 2, 2))
            name, told = ("conv2d", {"groups": 2}) if kind == "groups" else ("depthwise_conv2d", {})
            bias = self.leaf(self.pick((1, groups * filters), (groups * filters, 1))) if self.chance(0.4) else None
            parts = [image, kernel] + ([bias] if bias else [])
            def function(x, k, *more):
                found = correlated(x[None], k, 1, 1, groups)[0]
                return found + np.reshape(more[0], (-1, 1, 1)) if more else found
            whole = called(name, function, *parts, **told)
            return self.front(whole, shape)
        if kind == "transpose":
            stride, padding = self.pick(1, 2), self.pick(0, 0, 1)
            extra = self.pick(0, 1) if stride == 2 else 0
            size = []
            own = []
            for side in shape:
                found = [(n, k) for n in (1, 2, 3) for k in (1, 2, 3) if (n - 1) * stride + k - 2 * padding + extra == side]
                if not found:
                    return None
                n, k = self.random.choice(found)
                own.append(n), size.append(k)
            options = {"stride": stride, "padding": padding, "output_padding": extra}
            if self.chance(0.5):
                return called("conv_transpose2d", lambda x, k: spread(x[None], k[None, None], stride, padding, extra)[0], self.expression(tuple(own), 0), self.leaf(tuple(size)), **options)
            c, f = self.pick(1, 2), self.pick(1, 2)
            return self.front(called("conv_transpose2d", lambda x, k: spread(x, k, stride, padding, extra), self.leaf((c, *own)), self.leaf((c, f, *size)), **options), shape)
        if kind in ("maxpool", "avgpool"):
            size, stride = self.pick(2, 3), self.pick(1, 2)
            ceil, padding = self.chance(0.5), self.pick(0, 1)
            own = []
            for side in shape:
                found = []
                for n in range(1, 8):
                    try:
                        z = numpy.zeros((n, n))
                        if n + 2 * padding >= size and pooled(z, size, stride, padding, ceil, False).shape[0] == side:
                            found.append(n)
                    except Exception:
                        pass
                if not found:
                    return None
                own.append(self.random.choice(found))
            own = tuple(own)
            told = {"size": size, "stride": stride, "padding": padding} | ({"ceil": True} if ceil else {})
            if kind == "avgpool":
                told["count_padding"] = False
            # random numbers: no two alike in a window
            data = numpy.array(self.random.sample(range(-19, 20), own[0] * own[1])).reshape(own) / 10 if own[0] * own[1] < 36 else None
            if data is None:
                return None
            image = self.leaf(own, "param", data) if self.chance(0.6) else called("tanh", np.tanh, self.leaf(own, "param", data))
            return called(kind, lambda x: pooled(x, size, stride, padding, ceil, kind == "maxpool"), image, **told)
        if kind == "conv1d":
            size, stride, channels = self.pick(1, 2, 3), self.pick(1, 2), self.pick(1, 2)
            own = (shape[1] - 1) * stride + size
            if shape[0] == 1 and self.chance(0.5):
                return called("conv1d", lambda x, k: correlated(x[None, None], k[None, None], stride, 1)[0, 0], self.expression((1, own), 0), self.leaf((1, size)), **({"stride": stride} if stride > 1 else {}))
            if channels == 1 or shape[0] == 1:
                return None
            kernel = self.leaf((shape[0], channels, size))
            return called("conv1d", lambda x, k: correlated(x[None, :, None], k[:, :, None], stride, 1)[0, :, 0], make((channels, own)), kernel, **({"stride": stride} if stride > 1 else {}))
        if kind == "global" and shape[0] == 1:
            image = self.leaf((shape[1], 2, 3), "param", numpy.array(self.random.sample(range(-29, 29), shape[1] * 6)).reshape(shape[1], 2, 3) / 10)
            if self.chance(0.5):
                return called("global_avgpool", lambda x: np.reshape(np.mean(x, axis=(1, 2)), (1, -1)), image)
            return called("global_maxpool", lambda x: np.reshape(np.max(np.reshape(x, (x.shape[0], -1)), axis=1), (1, -1)), image)
        if kind == "batch":
            n, c, f = shape[0], self.pick(1, 2), self.pick(1, 2)
            if shape[1] % f:
                return None
            image, kernel = self.leaf((n, c, 2, shape[1] // f + 1)), self.leaf((f, c, 2, 2))
            whole = called("conv2d", lambda x, k: correlated(x, k, 1, 1), image, kernel)
            if self.chance(0.3):
                whole = called("batch_norm2d", lambda x: (x - np.mean(x, axis=(0, 2, 3), keepdims=True)) / np.sqrt(np.mean((x - np.mean(x, axis=(0, 2, 3), keepdims=True)) ** 2, axis=(0, 2, 3), keepdims=True) + 0.1), whole, epsilon=0.1)
            return called("flatten", lambda x: np.reshape(x, (x.shape[0], -1)), whole)
        return None

    def front(self, whole, shape):
        count = whole.shape[0]
        flat = called("reshape", lambda x: np.reshape(x, (count * shape[0], shape[1])), whole, rows=count * shape[0], cols=shape[1])
        return called("slice", lambda x: x[: shape[0]], flat, axis=0, **{"to": shape[0]})

    def number(self, shape, make):
        n = self.pick(1, 2, 3)
        own = (n, self.pick(1, 2, 3))
        kind = self.pick("det", "logdet", "prod", "median", "var", "std", "cosine", "quadratic", "inner", "norm")
        if kind in ("det", "logdet"):
            a = plus(make((n, n)), product(number("4"), Node(f"eye({n})", ATOM, (n, n), lambda env: numpy.eye(n))))
            if kind == "det":
                return called("det", np.linalg.det, a)
            root = make((n, n))
            a = plus(product(base.transposed(root), root), product(number("2"), Node(f"eye({n})", ATOM, (n, n), lambda env: numpy.eye(n))))
            return called("logdet", lambda x: np.log(np.linalg.det(x)), a)
        if kind == "prod":
            return called("prod", np.prod, make(own))
        if kind == "median":
            return called("median", median, make(own))
        if kind == "var":
            told = {"ddof": 1} if own != (1, 1) and self.chance(0.4) else {}
            return called("var", lambda x: deviation(x, None, len(told)), make(own), **told)
        if kind == "std":
            if own == (1, 1):
                return None
            return called("std", lambda x: (note(deviation(x)), np.sqrt(deviation(x)))[1], make(own))
        if kind == "cosine":
            length = lambda x: base.norm(x)
            return called("cosine_similarity", lambda x, y: np.sum(x * y) / (length(x) * length(y)), make(own), make(own))
        if kind == "quadratic":
            return base.total(called("quadratic", lambda x, a: np.dot(np.dot(x.T, a), x), make((n, 1)), make((n, n))))
        if kind == "inner":
            return called("inner", lambda x, y: np.sum(x * y), make(own), make(own))
        p = called("softmax", lambda x: softmax(x, 1), make(own), axis=1)
        return called("norm", base.norm, p)

    def losses(self, shape, make):
        own = (self.pick(1, 2, 3), self.pick(2, 3))
        kind = self.pick("huber", "hubers", "rmse", "mae", "l1", "kl", "entropy", "ce_logits", "bce_logits", "focal", "perceptron", "multi", "triplet", "contrastive", "nll", "classes")
        a = make(own)
        def bend(r, d):
            note(np.abs(r) - d), note(r)
            return np.sum(np.where(np.abs(r) < d, 0.5 * r**2, d * (np.abs(r) - 0.5 * d)))
        if kind == "huber":
            return called("huber", lambda x, y: bend(x - y, 1.0), a, make(own))
        if kind == "hubers":
            return called("huber", lambda x, y: bend(x - y, 0.5), a, make(own), delta=0.5)
        if kind == "rmse":
            return called("rmse", lambda x, y: (note(np.mean((x - y) ** 2)), np.sqrt(np.mean((x - y) ** 2)))[1], a, make(own))
        if kind == "mae":
            return called("mae", lambda x, y: (note(x - y), np.mean(np.abs(x - y)))[1], a, make(own))
        if kind == "l1":
            return called("l1", kinked(0, lambda x: np.sum(np.abs(x))), a)
        simplex = lambda part: called("softmax", lambda x: softmax(x, 1), part, axis=1)
        if kind == "kl":
            return called("kl", lambda p, q: np.sum(p * (np.log(p) - np.log(q))), simplex(a), simplex(make(own)))
        if kind == "entropy":
            return called("entropy", lambda p: -np.sum(p * np.log(p)), simplex(a))
        hot = numpy.zeros(own, dtype=int)
        for row in hot:
            row[self.random.randrange(own[1])] = 1
        if self.columns and kind in ("ce_logits", "multi", "classes"):
            return None
        if kind == "ce_logits":
            return called("ce_logits", lambda z, t: -np.sum(t * (z - base.logsumexp(z, 1))), a, self.leaf(own, "target one-hot", hot))
        if kind == "multi":
            def margins(s, t):
                right = np.sum(s * t, axis=1, keepdims=True)
                note((s - right + 1) + 10 * t)
                return np.sum((1 - t) * np.maximum(s - right + 1, 0))
            return called("multiclass_hinge", margins, a, self.leaf(own, "target one-hot", hot))
        if kind == "classes":
            t = self.leaf(own, "target one-hot", hot)
            text = f"{a.text}[{t.text}]" if a.text.isidentifier() else f"rowsum({a.text} .* {t.text})"
            return base.total(node(text, ATOM, lambda s, y: np.sum(s * y, axis=1, keepdims=True), a, t))
        bits = numpy.array([self.random.randint(0, 1) for _ in range(own[0] * own[1])]).reshape(own)
        if kind == "bce_logits":
            return called("bce_logits", lambda z, t: np.sum(tail(z) - t * z), a, self.leaf(own, "target", bits))
        if kind == "focal":
            gamma = self.pick(2, 1, 3)
            told = {} if gamma == 2 else {"gamma": gamma}
            return called("focal", lambda p, t: -np.sum(t * (1 - p) ** gamma * np.log(p) + (1 - t) * p**gamma * np.log(1 - p)), called("sigmoid", sigmoid, a), self.leaf(own, "target", bits), **told)
        if kind == "perceptron":
            return called("perceptron", lambda s, y: (note(s), np.sum(np.maximum(-(y * s), 0)))[1], a, self.leaf(own, "target", 2 * bits - 1))
        vector = (own[1], 1)
        x, y = make(vector), make(vector)
        if kind == "triplet":
            return called("triplet", lambda p, q, r: kinked(0, lambda m: np.where(m > 0, m, 0.0))(np.sum((p - q) ** 2) - np.sum((p - r) ** 2) + 0.5), x, y, make(vector), margin=0.5)
        if kind == "contrastive":
            label = self.pick(0, 1)
            def pair(p, q):
                d = np.sqrt(np.sum((p - q) ** 2))
                note(d), note(2 - d)
                return label * d**2 / 2 + (1 - label) * np.maximum(2 - d, 0) ** 2 / 2
            return node(f"contrastive({x.text}, {y.text}, {label}, margin = 2)", ATOM, pair, x, y)
        return called("gaussian_nll", lambda p, m, s: np.sum((p - m) ** 2 / (2 * s**2) + np.log(s)), a, make(own), self.positive(make(())))


base.Writer = Wide

if __name__ == "__main__":
    base.main()
