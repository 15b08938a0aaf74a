"""Reads the part of the problem language that gradients.py writes, and evaluates it with NumPy.

It keeps the spec texts of gradients.json honest: the text of each case, read here, must give the
loss that the case's jax function gives. Strict on purpose: what it does not know is an error.
"""

import re

import numpy as np
from scipy import special

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:e-?\d+)?)|(?P<name>[A-Za-z]\w*)"
    r"|(?P<mark>\^T|\.\*|\./|>=|<=|==|!=|[-+*/^'()\[\],=<>]))"
)


def canonical(name):
    """W_{1}, W_1 and W1 are one name."""
    return re.sub(r"[_{}]", "", name)


def unrolled(lines):
    """The lines with each `repeat i = a to b … end` written out."""
    result, lines = [], list(lines)
    while lines:
        line = lines.pop(0)
        head = re.fullmatch(r"repeat (\w) = (\d+) to (\d+)", line.strip())
        if head is None:
            result.append(line)
            continue
        body = lines[: next(i for i, text in enumerate(lines) if text.strip() == "end")]
        del lines[: len(body) + 1]
        variable, first, last = head[1], int(head[2]), int(head[3])
        for i in range(first, last + 1):
            for text in body:
                at = {variable: i}
                result.append(re.sub(r"_\{([^}]*)\}", lambda m: str(eval(m[1], {}, at)), text))
    return result


def sections(spec):
    """The lines of each section by its name."""
    found, current = {}, None
    for line in spec.splitlines():
        line = line.split("#")[0].rstrip()
        if line in ("given", "model", "tasks"):
            current = found.setdefault(line, [])
        elif current is not None and line.strip():
            current.append(line.strip())
    # An index outside a repeat is only a spelling: H_{4} is H4.
    return {
        name: [re.sub(r"_\{(\w+)\}", r"\1", line) for line in unrolled(lines)]
        for name, lines in found.items()
    }


def leaves(spec, dims):
    """Each leaf's (kind, shape, flags): the shape is () for a scalar. Leaves with a value are left out."""
    found = {}
    for line in sections(spec)["given"]:
        words = line.split(None, 1)
        if words[0] in ("dim", "layout"):
            continue
        kind, rest = words if words[0] in ("input", "target", "param", "const") else ("input", line)
        for part in rest.split(", "):
            if "=" in part:
                continue
            name, _, shape = part.partition(":")
            shape, *flags = (
                [shape.strip()]
                if " one-hot" not in shape
                else [shape.replace(" one-hot", "").strip(), "one-hot"]
            )
            extents = []
            if shape:
                for extent in shape.split(" x "):
                    extents.append(eval(extent.strip(), {}, dict(dims)))
                if len(extents) == 1:
                    extents.append(1)  # x: D is a column
            found[canonical(name.strip())] = (kind, tuple(extents), flags)
    return found


def constants(spec):
    """The leaves that carry their value in the spec."""
    found = {}
    for line in sections(spec)["given"]:
        if line.startswith("const"):
            for part in line.split(None, 1)[1].split(", "):
                if "=" in part:
                    name, value = part.split("=")
                    found[canonical(name.strip())] = np.asarray(float(value))
    return found


def derived(spec):
    """The leaves whose gradients the tasks ask for."""
    names = []
    for line in sections(spec)["tasks"]:
        if line.startswith("derive "):
            names += [part.strip()[1:] for part in line[len("derive ") :].split(",")]
    return [canonical(name) for name in names]


def evaluate(spec, dims, values):
    """Every name of the model, in order, from the leaves' values."""
    env = {name: np.asarray(value, float) for name, value in values.items()}
    env |= constants(spec)
    read = sections(spec)
    columns = any(line == "layout columns" for line in read["given"])
    numbers = {name: np.asarray(float(n)) for name, n in dims.items() if name not in env}
    model = {}
    for line in read["model"]:
        name, _, text = line.partition("=")
        model[canonical(name.strip())] = value = Reader(text, {**numbers, **env}, columns).all()
        env[canonical(name.strip())] = value
    return model


class Reader:
    """A precedence climber over one expression; it computes as it reads."""

    def __init__(self, text, env, columns):
        self.env, self.axis = env, 0 if columns else 1
        self.tokens, position = [], 0
        text = text.rstrip()
        while position < len(text):
            found = TOKEN.match(text, position)
            assert found, text[position:]
            spaced = text[position].isspace()
            self.tokens.append((found.lastgroup, found[found.lastgroup], spaced))
            position = found.end()
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None, False)

    def take(self, mark=None):
        kind, text, _ = self.peek()
        assert mark is None or text == mark, (text, mark)
        self.at += 1
        return kind, text

    def all(self):
        value = self.sum()
        assert self.at == len(self.tokens), self.tokens[self.at :]
        return value

    def sum(self):
        value = self.elementwise()
        while self.peek()[1] in ("+", "-"):
            sign = 1 if self.take()[1] == "+" else -1
            value = broadcast(np.add, value, sign * self.elementwise())
        return value

    def elementwise(self):
        value = self.product()
        while self.peek()[1] in (".*", "./"):
            operation = np.multiply if self.take()[1] == ".*" else np.divide
            value = broadcast(operation, value, self.product())
        return value

    def product(self):
        value = self.signed()
        while True:
            kind, text, spaced = self.peek()
            if text == "*":
                self.take()
                value = matrix_product(value, self.signed())
            elif text == "/":
                self.take()
                divisor = self.signed()
                assert divisor.ndim == 0
                value = value / divisor
            elif kind in ("number", "name") and spaced or text == "(":
                value = matrix_product(value, self.signed())
            else:
                return value

    def signed(self):
        if self.peek()[1] == "-":
            self.take()
            return -self.signed()
        return self.power()

    def power(self):
        value = self.primary()
        while True:
            text = self.peek()[1]
            if text in ("^T", "'"):
                self.take()
                value = value.T
            elif text == "[":
                self.take()
                index = [int(self.take()[1])]
                while self.peek()[1] == ",":
                    self.take()
                    index.append(int(self.take()[1]))
                self.take("]")
                value = value[tuple(i - 1 for i in index)]
            elif text == "^":
                self.take()
                exponent = self.signed()
                assert exponent.ndim == 0 and (value.ndim != 2 or value.shape[0] != value.shape[1])
                value = value**exponent
            else:
                return np.asarray(value)

    def primary(self):
        kind, text = self.take()
        following, spaced = self.peek()[1], self.peek()[2]
        if text == "1" and following == "[" and not spaced:
            self.take()
            left = self.sum()
            relation = self.take()[1]
            right = self.sum()
            self.take("]")
            test = {">": np.greater, "<": np.less, ">=": np.greater_equal, "<=": np.less_equal}[relation]
            return test(left, right).astype(float)
        if kind == "number":
            return np.asarray(float(text))
        if text == "(":
            value = self.sum()
            self.take(")")
            return value
        assert kind == "name", text
        if following == "(" and not spaced and canonical(text) not in self.env:
            return self.call(text)
        return self.env[canonical(text)]

    def call(self, name):
        self.take("(")
        arguments, options = [], {}
        while self.peek()[1] != ")":
            ahead = self.tokens[self.at + 1][1]
            if ahead == "=":
                key = self.take()[1]
                self.take("=")
                options[key] = self.option()
            else:
                arguments.append(self.sum())
            if self.peek()[1] == ",":
                self.take()
        self.take(")")
        return np.asarray(OPERATORS[name](*arguments, **self.defaults(name, options)))

    def option(self):
        kind, text = self.peek()[:2]
        if kind == "name":
            return self.take()[1]
        if text == "(":
            self.take()
            values = [self.option()]
            while self.peek()[1] == ",":
                self.take()
                values.append(self.option())
            self.take(")")
            return tuple(values)
        return float(self.signed())

    def defaults(self, name, options):
        if name in ("softmax", "logsumexp"):
            options.setdefault("axis", self.axis)
        if name in ("ce", "bce", "mse"):
            options["batch"] = 1 - self.axis
        return options


def broadcast(operation, a, b):
    for x, y in zip(a.shape, b.shape):
        assert x == y or 1 in (x, y), (a.shape, b.shape)
    assert a.ndim == b.ndim or 0 in (a.ndim, b.ndim)
    return operation(a, b)


def matrix_product(a, b):
    if 0 in (a.ndim, b.ndim):
        return a * b
    assert a.ndim == b.ndim == 2
    return a @ b


def over(function):
    """A reduction: everything without an axis, and the axis kept as 1 with one."""

    def reduced(a, axis=None):
        return function(a) if axis is None else function(a, axis=int(axis), keepdims=True)

    return reduced


def pairs(option):
    return [int(v) for v in (option if isinstance(option, tuple) else (option, option))]


def conv2d(image, kernel, bias=None, stride=1.0, padding=0.0, dilation=1.0, flip="false"):
    """Four loops over the definition."""
    assert dilation == 1 and not isinstance(padding, str)
    (sh, sw), (ph, pw) = pairs(stride), pairs(padding)
    batch = image.reshape((1,) * (4 - image.ndim) + image.shape)
    filters = kernel.reshape((1,) * (4 - kernel.ndim) + kernel.shape)
    if flip == "true":
        filters = filters[:, :, ::-1, ::-1]
    batch = np.pad(batch, [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    kh, kw = filters.shape[2:]
    rows, cols = (batch.shape[2] - kh) // sh + 1, (batch.shape[3] - kw) // sw + 1
    out = np.zeros((len(batch), len(filters), rows, cols))
    for (n, f, i, j), _ in np.ndenumerate(out):
        window = batch[n, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
        out[n, f, i, j] = np.sum(window * filters[f])
        if bias is not None:
            out[n, f, i, j] += bias.reshape(-1)[f]
    return out.reshape(out.shape[4 - image.ndim :])


def pool(reduce):
    def pooled(image, size, stride=None, padding=0.0):
        assert padding == 0
        (kh, kw), (sh, sw) = pairs(size), pairs(size if stride is None else stride)
        rows, cols = (image.shape[-2] - kh) // sh + 1, (image.shape[-1] - kw) // sw + 1
        out = np.zeros((*image.shape[:-2], rows, cols))
        for i in range(rows):
            for j in range(cols):
                out[..., i, j] = reduce(image[..., i * sh : i * sh + kh, j * sw : j * sw + kw], axis=(-2, -1))
        return out

    return pooled


def flatten(a):
    return a.reshape(len(a) if a.ndim == 4 else 1, -1)


def mse(x, y, reduce="half", batch=0):
    assert x.shape == y.shape
    return {"half": np.sum((x - y) ** 2) / 2, "sum": np.sum((x - y) ** 2), "mean": np.mean((x - y) ** 2)}[
        reduce
    ]


def ce(p, t, reduce="sum", batch=0):
    assert p.shape == t.shape
    return -np.sum(t * np.log(p)) / {"sum": 1, "mean": p.shape[batch]}[reduce]


def bce(p, t, reduce="sum", batch=0):
    assert p.shape == t.shape
    return -np.sum(t * np.log(p) + (1 - t) * np.log(1 - p)) / {"sum": 1, "mean": p.size}[reduce]


def log(x, base=None):
    return np.log(x) if base is None else np.log(x) / np.log(base)


OPERATORS = {
    "sum": over(np.sum),
    "mean": over(np.mean),
    "max": over(np.max),
    "colsum": lambda a: np.sum(a, axis=0, keepdims=True),
    "rowsum": lambda a: np.sum(a, axis=1, keepdims=True),
    "norm": lambda a: np.sqrt(np.sum(a**2)),
    "trace": np.trace,
    "inv": np.linalg.inv,
    "diag": lambda a: np.diag(a.reshape(-1)),
    "abs": np.abs,
    "exp": np.exp,
    "log": log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "sign": np.sign,
    "relu": lambda a: np.maximum(a, 0),
    "leaky_relu": lambda a, slope=0.01: np.where(a > 0, a, slope * a),
    "sigmoid": special.expit,
    "softplus": lambda a: np.logaddexp(0, a),
    "softmax": lambda a, axis: special.softmax(a, axis=int(axis)),
    "logsumexp": lambda a, axis: special.logsumexp(a, axis=int(axis), keepdims=True),
    "mse": mse,
    "ce": ce,
    "bce": bce,
    "hinge": lambda s, y: np.sum(np.maximum(0, 1 - y * s)),
    "l2": lambda a: np.sum(a**2) / 2,
    "conv2d": conv2d,
    "maxpool": pool(np.max),
    "avgpool": pool(np.mean),
    "flatten": flatten,
    "reshape": lambda a, rows, cols: a.reshape(int(rows), int(cols)),
    "concat": lambda a, b, axis: np.concatenate([a, b], axis=int(axis)),
    "maximum": np.maximum,
    "minimum": np.minimum,
    "clip": lambda a, low, high: np.clip(a, low, high),
}
