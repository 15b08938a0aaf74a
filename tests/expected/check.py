"""Checks the expected answers of the shipped problems against an autodiff library.

A second reader of the problem language, written apart from the program and sharing nothing with it: a spec is
evaluated with JAX on the given numbers, or on random ones in three assignments of the dimensions, gradients are
taken by JAX, and every answer under `tests/expected/` is compared with them.

    pip install jax
    python tests/expected/check.py [FILE.spec …]

It is stricter than the language where that keeps the answers portable: a 1 x 1 matrix is no scalar in a product,
and `^` on a matrix is entrywise.
"""
import json, math, os, re, sys
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")
import jax, jax.numpy as jnp, numpy as np

jax.config.update("jax_enable_x64", True)
ROOT = Path(__file__).resolve().parents[2]
FOLD = {"−": "-", "–": "-", "×": "*", "·": "*", "⊙": ".*", "²": "^2", "³": "^3", "ᵀ": "^T", "½": "(1/2)"}


def key(name):
    """The form that decides identity of names: no underscores, no index braces."""
    return re.sub(r"[_{}]", "", name)


# --- expressions -----------------------------------------------------------------------------------------------

TOKEN = re.compile(
    r"(?P<space>[ \t]+)|(?P<newline>\n)|(?P<number>(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)"
    r"|(?P<name>[^\W\d](\w|_\{[^}]*\})*)|(?P<op>\.\*|\./|>=|<=|==|!=|[-+*/^'()\[\],;=<>:])"
)


def tokens(text):
    for a, b in FOLD.items():
        text = text.replace(a, b)
    out, at, space = [], 0, False
    while at < len(text):
        m = TOKEN.match(text, at)
        assert m, f"can't read {text[at:at + 20]!r}"
        at = m.end()
        if m.lastgroup == "space" or m["space"]:
            space = True
            continue
        kind = next(k for k in ("newline", "number", "name", "op") if m[k])
        out.append((kind, m[kind], space))
        space = False
    return out + [("end", "", True)]


class Reader:
    """Precedence climbing; the tree is nested tuples."""

    def __init__(self, text):
        self.t, self.i, self.in_matrix = tokens(text), 0, False

    def peek(self, n=0):
        return self.t[min(self.i + n, len(self.t) - 1)]

    def take(self, text=None):
        tok = self.peek()
        assert text is None or tok[1] == text, f"expected {text!r}, found {tok[1]!r}"
        self.i += 1
        return tok

    def skip_lines(self):
        while self.peek()[0] == "newline":
            self.i += 1

    def whole(self):
        self.skip_lines()
        e = self.sum()
        self.skip_lines()
        assert self.peek()[0] == "end", f"left over: {self.peek()[1]!r}"
        return e

    def sum(self):
        e = self.elementwise()
        while self.peek()[1] in ("+", "-") and not (
            self.in_matrix and self.peek()[2] and not self.peek(1)[2]
        ):
            op = self.take()[1]
            self.skip_lines()
            e = (op, e, self.elementwise())
        return e

    def elementwise(self):
        e = self.product()
        while self.peek()[1] in (".*", "./"):
            op = self.take()[1]
            self.skip_lines()
            e = (op, e, self.product())
        return e

    def product(self):
        e = self.unary()
        while True:
            kind, text, space = self.peek()
            if text in ("*", "/"):
                self.take()
                self.skip_lines()
                e = (text, e, self.unary())
            elif not self.in_matrix and (kind in ("name", "number") or text in ("(", "[")) and (space or text == "("):
                e = ("*", e, self.unary())
            else:
                return e

    def unary(self):
        if self.peek()[1] in ("-", "+"):
            op = self.take()[1]
            e = self.unary()
            return ("neg", e) if op == "-" else e
        return self.power()

    def power(self):
        e = self.postfix()
        if self.peek()[1] == "^":
            self.take()
            return ("^", e, self.exponent())
        return e

    def exponent(self):
        if self.peek()[1] in ("-", "+"):
            return ("neg", self.exponent()) if self.take()[1] == "-" else self.exponent()
        return self.power()

    def postfix(self):
        e = self.primary()
        while True:
            if self.peek()[1] == "'":
                self.take()
                e = ("T", e)
            elif self.peek()[1] == "^" and self.peek(1)[1] == "T":
                self.take(), self.take()
                e = ("T", e)
            elif self.peek()[1] == "[" and not self.peek()[2]:
                self.take()
                idx = [self.sum()]
                while self.peek()[1] == ",":
                    self.take()
                    idx.append(self.sum())
                self.take("]")
                e = ("entry", e, idx)
            else:
                return e

    def bracketed(self, close):
        was, self.in_matrix = self.in_matrix, False
        self.skip_lines()
        e = self.sum()
        self.skip_lines()
        self.take(close)
        self.in_matrix = was
        return e

    def primary(self):
        kind, text, _ = self.take()
        if kind == "number":
            if text == "1" and self.peek()[1] == "[" and not self.peek()[2]:
                self.take()
                was, self.in_matrix = self.in_matrix, False
                left = self.sum()
                rel = self.take()[1]
                right = self.sum()
                self.take("]")
                self.in_matrix = was
                return ("indicator", rel, left, right)
            return ("number", float(text))
        if kind == "name":
            if self.peek()[1] == "(" and not self.peek()[2]:
                return self.call(text)
            return ("name", text)
        if text == "(":
            return self.bracketed(")")
        if text == "[":
            return self.matrix()
        raise AssertionError(f"unexpected {text!r}")

    def call(self, name):
        self.take("(")
        was, self.in_matrix = self.in_matrix, False
        args, options = [], {}
        self.skip_lines()
        while self.peek()[1] != ")":
            if self.peek()[0] == "name" and self.peek(1)[1] == "=":
                k = self.take()[1]
                self.take()
                sign = -1 if self.peek()[1] == "-" and self.take() else 1
                v = self.take()
                options[k] = sign * float(v[1]) if v[0] == "number" else v[1]
            else:
                args.append(self.sum())
            self.skip_lines()
            if self.peek()[1] == ",":
                self.take()
                self.skip_lines()
        self.take(")")
        self.in_matrix = was
        return ("call", name, args, options)

    def matrix(self):
        was, self.in_matrix = self.in_matrix, True
        rows, row = [], []
        while True:
            text = self.peek()[1]
            if text in ("]", ";", "\n"):
                self.take()
                if row:
                    rows.append(row)
                    row = []
                if text == "]":
                    self.in_matrix = was
                    return ("matrix", rows)
            elif text == ",":
                self.take()
            else:
                row.append(self.sum())


# --- operators -------------------------------------------------------------------------------------------------


def corr(x, w, b=None, stride=1.0, padding=0.0, dilation=1.0, flip="false"):
    rank = x.ndim
    s = int(stride)
    x4 = x.reshape((1,) * (4 - rank) + x.shape)
    w4 = w.reshape((1,) * (4 - w.ndim) + w.shape)
    if flip == "true":
        w4 = w4[:, :, ::-1, ::-1]
    pad = {"same": "SAME", "valid": "VALID"}.get(padding) or [(int(padding),) * 2] * 2
    y = jax.lax.conv_general_dilated(x4, w4, (s, s), pad, rhs_dilation=(int(dilation),) * 2)
    if b is not None:
        y = y + jnp.reshape(b, (1, -1, 1, 1))
    return y.reshape(y.shape[4 - rank:]) if w.ndim < 4 else y.reshape(y.shape[max(0, 4 - max(rank, 3)):])


def windows(x, reduce, start, size, stride=None, padding=0.0):
    k, s, p = int(size), int(stride or size), int(padding)
    lead = (1,) * (x.ndim - 2)
    return jax.lax.reduce_window(x, start, reduce, lead + (k, k), lead + (s, s), [(0, 0)] * len(lead) + [(p, p)] * 2)


def losses(env):
    axis = 0 if env.get("layout") == "columns" else 1
    reduce = {"half": lambda v: jnp.sum(v) / 2, "sum": jnp.sum, "mean": jnp.mean}
    examples = lambda v: v.shape[1 - axis] if v.ndim else 1
    batch = lambda how, v, p: jnp.sum(v) / (examples(p) if how == "mean" else 1)
    softmax = lambda x, axis=axis: jax.nn.softmax(x, axis=int(axis))
    along = lambda f: lambda a, axis=None: f(a) if axis is None else f(a, axis=int(axis), keepdims=True)
    return {
        "sum": along(jnp.sum), "mean": along(jnp.mean), "max": along(jnp.max), "norm": lambda a: jnp.sqrt(jnp.sum(a * a)),
        "colsum": lambda a: jnp.sum(a, 0, keepdims=True), "rowsum": lambda a: jnp.sum(a, 1, keepdims=True),
        "trace": jnp.trace, "inv": jnp.linalg.inv, "abs": jnp.abs, "exp": jnp.exp, "sqrt": jnp.sqrt, "sin": jnp.sin,
        "cos": jnp.cos, "tanh": jnp.tanh, "sign": jnp.sign, "sigmoid": jax.nn.sigmoid, "softplus": jax.nn.softplus,
        "diag": lambda a: jnp.diag(a.reshape(-1)) if 1 in a.shape else jnp.diag(a).reshape(-1, 1),
        "log": lambda x, base=math.e: jnp.log(x) / math.log(base),
        "relu": lambda x: jnp.where(x > 0, x, 0.0),
        "leaky_relu": lambda x, slope=0.01: jnp.where(x > 0, x, slope * x),
        "softmax": softmax,
        "logsumexp": lambda x, axis=axis: jax.nn.logsumexp(x, axis=int(axis), keepdims=True),
        "mse": lambda x, y, reduce="half": {"half": 0.5, "sum": 1.0, "mean": 1 / jnp.size(x - y)}[reduce] * jnp.sum((x - y) ** 2),
        "l2": lambda w: jnp.sum(w * w) / 2,
        "ce": lambda p, t, reduce="sum": batch(reduce, -t * jnp.log(p), p),
        "bce": lambda p, t, reduce="sum": {"sum": 1.0, "mean": 1 / jnp.size(p)}[reduce]
        * jnp.sum(-t * jnp.log(p) - (1 - t) * jnp.log(1 - p)),
        "hinge": lambda s, y: jnp.sum(jnp.maximum(0.0, 1 - y * s)),
        "conv2d": corr,
        "maxpool": lambda x, **o: windows(x, jax.lax.max, -jnp.inf, **o),
        "flatten": lambda x: x.reshape(1, -1) if x.ndim < 4 else x.reshape(x.shape[0], -1),
        "concat": lambda *parts, axis=0.0: jnp.concatenate(parts, int(axis)),
        "maximum": jnp.maximum, "minimum": jnp.minimum, "clip": lambda x, low, high: jnp.clip(x, low, high),
    }


RELATION = {">": jnp.greater, ">=": jnp.greater_equal, "<": jnp.less, "<=": jnp.less_equal, "==": jnp.equal, "!=": jnp.not_equal}


def broadcastable(a, b):
    assert a.ndim == 0 or b.ndim == 0 or (a.ndim == b.ndim and all(x == y or 1 in (x, y) for x, y in zip(a.shape, b.shape))), (
        f"shapes {a.shape} and {b.shape}")


def evaluate(e, env):
    kind = e[0]
    ev = lambda x: evaluate(x, env)
    if kind == "number":
        return jnp.asarray(e[1])
    if kind == "name":
        k = key(e[1])
        assert k in env, f"undefined {e[1]}"
        return jnp.asarray(env[k])
    if kind == "neg":
        return -ev(e[1])
    if kind == "T":
        return ev(e[1]).T
    if kind in ("+", "-", ".*", "./"):
        a, b = ev(e[1]), ev(e[2])
        broadcastable(a, b)
        return {"+": jnp.add, "-": jnp.subtract, ".*": jnp.multiply, "./": jnp.divide}[kind](a, b)
    if kind == "*":
        a, b = ev(e[1]), ev(e[2])
        if a.ndim == 0 or b.ndim == 0:
            return a * b
        assert a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0], f"product of {a.shape} and {b.shape}"
        return a @ b
    if kind == "/":
        a, b = ev(e[1]), ev(e[2])
        assert b.ndim == 0, f"division by a matrix {b.shape}"
        return a / b
    if kind == "^":
        return ev(e[1]) ** ev(e[2]) if e[2] != ("number", 2.0) else ev(e[1]) * ev(e[1])
    if kind == "entry":
        return ev(e[1])[tuple(int(ev(i)) - 1 for i in e[2])]
    if kind == "indicator":
        return jnp.where(RELATION[e[1]](ev(e[2]), ev(e[3])), 1.0, 0.0)
    if kind == "matrix":
        rows = [[ev(x) for x in row] for row in e[1]]
        assert len({len(r) for r in rows}) == 1, "ragged matrix"
        m = jnp.stack([jnp.stack(r) for r in rows])
        return m[0] if m.ndim > 2 and len(rows) == 1 else m
    if kind == "call":
        ops = losses(env)
        if e[1] not in ops:  # `W2(Y - X)` is a product
            return evaluate(("*", ("name", e[1]), e[2][0]), env)
        return ops[e[1]](*[ev(x) for x in e[2]], **e[3])
    raise AssertionError(kind)


# --- specs -----------------------------------------------------------------------------------------------------


def strip(text):
    text = re.sub(r'"""(.|\n)*?"""', "", text)
    return "\n".join(re.sub(r"#.*", "", line) for line in text.lstrip("﻿").splitlines())


def logical_lines(text):
    """Lines, joined while a square bracket is open."""
    out, depth = [], 0
    for line in text.splitlines():
        if depth > 0:
            out[-1] += "\n" + line
        else:
            out.append(line)
        depth += line.count("[") - line.count("]")
    return [l for l in out if l.strip()]


def unroll(lines):
    out, i = [], 0
    while i < len(lines):
        m = re.match(r"\s*repeat\s+(\w+)\s*=\s*(\d+)\s+to\s+(\d+)\s*$", lines[i])
        if m:
            body = []
            i += 1
            while lines[i].strip() != "end":
                body.append(lines[i])
                i += 1
            for n in range(int(m[2]), int(m[3]) + 1):
                for line in body:
                    out.append(re.sub(r"\{([^}]*)\}", lambda b: str(eval(b[1], {m[1]: n})) if m[1] in b[1] else b[0], line))
        else:
            out.append(lines[i])
        i += 1
    return out


def split_commas(text):
    parts, depth, cur, quote = [], 0, "", False
    for c in text:
        quote ^= c == '"'
        depth += (c in "([") - (c in ")]")
        if c == "," and depth == 0 and not quote:
            parts.append(cur)
            cur = ""
        else:
            cur += c
    return parts + [cur]


class Spec:
    def __init__(self, text):
        self.dims, self.leaves, self.model, self.tasks, self.layout = {}, {}, [], [], "rows"
        section = None
        for line in unroll(logical_lines(strip(text))):
            word = line.split()[0]
            if word in ("given", "model", "tasks"):
                section = word
            elif section == "given":
                self.given(line.strip())
            elif section == "model":
                name, _, value = line.partition("=")
                assert key(name.strip()) not in {k for k, _ in self.model} | set(self.leaves), f"twice: {name}"
                self.model.append((key(name.strip()), Reader(value).whole()))
            elif section == "tasks":
                self.tasks.append(re.sub(r"\[\s*[\d.]+ points?\s*\]", "", line).strip())
        self.params = [k for k, l in self.leaves.items() if l["kind"] == "param"]
        used = set()
        for _, e in self.model:
            collect(e, used)
        unused = [k for k in self.leaves if k not in used]
        assert not unused, f"unused: {unused}"

    def given(self, line):
        kind, rest = line.split(None, 1)[0], line
        if kind == "dim":
            for part in line[3:].split(","):
                name, _, value = part.partition("=")
                self.dims[key(name.strip())] = int(value) if value.strip() else None
            return
        if kind == "layout":
            self.layout = line.split()[1]
            return
        if kind == "data":
            names, _, table = line[4:].partition("=")
            m = evaluate(Reader(table).whole(), {})
            for j, n in enumerate(names.split(",")):
                self.leaves[key(n.strip())] = dict(kind="input", shape=None, value=("const", m[:, [j]]))
            return
        if kind in ("input", "target", "param", "const"):
            rest = line[len(kind):]
        else:
            kind = "input"
        for part in split_commas(rest):
            part = re.sub(r'"[^"]*"', "", part)
            head, _, value = part.partition("=")
            name, _, shape = head.partition(":")
            onehot = "one-hot" in shape
            shape = re.sub(r"one-hot", "", shape).strip()
            dims = [d for d in re.split(r"\s+[x×]\s+|(?<=\d)x(?=\d)", shape)] if shape else None
            k = key(name.strip())
            assert k and k not in self.leaves, f"twice: {name}"
            self.leaves[k] = dict(kind=kind, shape=dims, onehot=onehot, value=Reader(value).whole() if value.strip() else None)

    def sizes(self, which):
        free = iter([5, 3, 4, 6, 2, 7, 8] if which == 0 else [3, 6, 2, 4, 5, 8, 7] if which == 1 else [1] * 9)
        return {k: v if v is not None else next(free) for k, v in self.dims.items()}

    def values(self, sizes, rng):
        env = {"layout": self.layout, **{k: float(v) for k, v in sizes.items()}}
        for k, l in self.leaves.items():
            shape = None
            if l["shape"]:
                shape = [int(eval(d, {}, {n: v for n, v in sizes.items()} | {d: sizes[key(d)] for d in [d] if key(d) in sizes})) for d in l["shape"]]
                shape = shape + [1] if len(shape) == 1 else shape
            if l["value"] is not None:
                v = l["value"][1] if l["value"][0] == "const" else evaluate(l["value"], env)
                assert shape is None or list(v.shape) == shape, f"{k} is {v.shape}, declared {shape}"
            elif l.get("onehot"):
                r, c = shape
                v = np.eye(r)[:, rng.integers(0, r, c)] if self.layout == "columns" else np.eye(c)[rng.integers(0, c, r)]
            else:
                v = rng.normal(size=shape or ())
                if l["kind"] == "const":
                    v = np.abs(v) + 0.1
            env[k] = jnp.asarray(v, dtype=float)
        return env

    def run(self, env, bump=None, stop=None):
        """Evaluates the model; `bump` adds a matrix to one node, for the gradient at it."""
        env = dict(env)
        for k, e in self.model:
            env[k] = evaluate(e, env)
            if bump and k == bump[0]:
                env[k] = env[k] + bump[1]
        return env

    def loss_name(self):
        used = set()
        for _, e in self.model:
            collect(e, used)
        sinks = [k for k, _ in self.model if k not in used]
        for name in ("L", "loss", "J", "E"):
            if name in {k for k, _ in self.model}:
                return name
        return sinks[-1]

    def gradient(self, env, name, loss):
        if name in self.leaves:
            f = lambda v: jnp.sum(self.run({**env, name: v})[loss])
            return jax.grad(f)(env[name])
        assert name in {k for k, _ in self.model}, f"d{name}: no {name}"
        at = jnp.zeros_like(self.run(env)[name])
        return jax.grad(lambda v: jnp.sum(self.run(env, (name, v))[loss]))(at)


def collect(e, into):
    if isinstance(e, tuple) and e and e[0] == "name":
        into.add(key(e[1]))
    elif isinstance(e, (tuple, list)):
        for x in e:
            collect(x, into)
        if isinstance(e, tuple) and e and e[0] == "call":
            into.add(key(e[1]))


# --- answers ---------------------------------------------------------------------------------------------------


def asked(spec):
    """The keys of the answers that the tasks ask for."""
    out = []
    for t in spec.tasks:
        if m := re.match(r"compute (.*?)(?: at (.*))?$", t):
            for n in m[1].split(","):
                out += [f"{n.strip()} at {b.strip()}" for b in split_commas(m[2])] if m[2] else [n.strip()]
        elif t.startswith("draw "):
            pass
        elif t.startswith("shapes of "):
            out += [f"shape of {n.strip()}" for n in t[10:].split(",")]
        elif t.startswith("count params"):
            out.append(t[6:].strip())
        elif m := re.match(r"update (.*) with rate (.*)", t):
            out += [f"update {n.strip()}" for n in m[1].split(",")]
        elif m := re.match(r"derive ((?:jacobian|hessian) of .*)", t):
            out.append(m[1])
        elif m := re.match(r"derive (.*?)(?: of (\w+))?$", t):
            out += [n.strip() + (f" of {m[2]}" if m[2] else "") for n in split_commas(m[1])]
        else:
            raise AssertionError(f"task {t!r}")
    return out


def witness(spec, env, k):
    """What JAX says about the answer `k`."""
    loss = spec.loss_name()
    if m := re.match(r"update (.*)", k):
        rate = float(next(re.search(r"rate (\S+)", t)[1] for t in spec.tasks if t.startswith("update ") and re.search(rf"\b{re.escape(m[1])}\b", t)))
        n = key(m[1])
        return env[n] - rate * spec.gradient(env, n, loss)
    if m := re.match(r"jacobian of (\w+) wrt (\w+)( layout denominator)?", k):
        of, wrt = key(m[1]), key(m[2])
        j = jax.jacobian(lambda v: spec.run({**env, wrt: v})[of])(env[wrt])
        j = j.reshape(int(np.prod(spec.run(env)[of].shape)), -1)
        return j.T if m[3] else j
    if m := re.match(r"hessian of (\w+) wrt (\w+)", k):
        of, wrt = key(m[1]), key(m[2])
        n = int(np.prod(env[wrt].shape))
        h = jax.hessian(lambda v: jnp.sum(spec.run({**env, wrt: v})[of]))(env[wrt])
        return h.reshape(n, n) if env[wrt].ndim else h
    if m := re.match(r"(.*?) at (.*)", k):
        env = dict(env)
        for b in m[2].split(" and "):
            n, _, v = b.partition("=")
            env[key(n.strip())] = evaluate(Reader(v).whole(), env)
        return witness(spec, env, m[1])
    names = set(spec.leaves) | {n for n, _ in spec.model}
    if m := re.match(r"d(.*?)(\[.*\])?(?: of (\w+))?$", k):
        n = key(m[1])
        if n in names and key(k) not in names:
            g = spec.gradient(env, n, key(m[3]) if m[3] else loss)
            return g[tuple(int(i) - 1 if i.strip().isdigit() else 0 for i in m[2][1:-1].split(","))] if m[2] else g
    return spec.run(env)[key(k)]


def close(a, b, tol):
    a, b = np.asarray(a, float), np.asarray(b, float)
    a, b = (x.reshape(()) if x.size == 1 else x for x in (a, b))
    assert a.shape == b.shape, f"shape {a.shape}, expected {b.shape}"
    assert np.all(np.isfinite(a)), "not finite"
    worst, scale = np.max(np.abs(a - b), initial=0), np.max(np.abs(b), initial=0)
    assert worst <= (1e-12 * max(1, scale) if tol is None else tol * scale), f"{np.array2string(a, precision=12)} differs by {worst:.3g}, expected {np.array2string(b, precision=12)}"


def deltas(spec, env):
    """`dY` for every leaf and every value of the model, as far as an expression asks for one."""
    class Env(dict):
        def __contains__(self, k):
            return dict.__contains__(self, k) or (k.startswith("d") and self.known(k[1:]))
        def known(self, n):
            return n in spec.leaves or n in {x for x, _ in spec.model}
        def __missing__(self, k):
            return spec.gradient(env, k[1:], spec.loss_name())
    return Env(spec.run(env))


def check(path):
    spec = Spec(path.read_text(encoding="utf-8"))
    expected = json.loads((ROOT / "tests/expected" / path.relative_to(ROOT / "problems")).with_suffix(".json").read_text(encoding="utf-8"))
    answers, tol = expected["answers"], expected.get("tolerance")
    wanted = asked(spec)
    missing = [k for k in wanted if k not in answers]
    extra = [k for k in answers if k not in wanted]
    assert not missing and not extra, f"missing {missing}, extra {extra}"
    extra = [k for k in expected.get("values", {}) if k not in wanted]
    assert not extra, f"values for {extra}"
    rng = np.random.default_rng(7)
    for which in range(3):
        sizes = spec.sizes(which)
        env = spec.values(sizes, rng)
        for k, want in answers.items():
            try:
                if k.startswith("shape of "):
                    got = list(shapes(spec, env)[key(k[9:])])
                    assert got == [sizes[key(d)] if isinstance(d, str) else d for d in want], f"{got}"
                elif k.startswith("params"):
                    names = [key(n.strip()) for n in k[9:].split(",")] if " of " in k else spec.params
                    got = sum(math.prod(env[n].shape) for n in names)
                    want = evaluate(Reader(want).whole(), env) if isinstance(want, str) else want
                    assert got == float(want), f"{got}, expected {want}"
                elif isinstance(want, str):
                    kk = re.sub(r"\[(\w+), ?(\w+)\]$", r"[1,1]", k) if re.search(r"\[[a-z]", k) else k
                    text = re.sub(r"\[i, ?j\]", "[1,1]", want)
                    close(evaluate(Reader(text).whole(), deltas(spec, env)), witness(spec, env, kk), 1e-9)
                else:
                    close(witness(spec, env, k), want, tol)
            except Exception as error:
                raise AssertionError(f"{k}: {error}") from error
        for k, want in expected.get("values", {}).items():
            try:
                close(witness(spec, env, k), want, tol)
            except Exception as error:
                raise AssertionError(f"value of {k}: {error}") from error
    return len(answers) + len(expected.get("values", {}))


def shapes(spec, env):
    """Shapes alone, without the arithmetic."""
    layout = {"layout": env["layout"]}
    arrays = {k: v for k, v in env.items() if k != "layout"}
    out = jax.eval_shape(lambda e: {k: v for k, v in spec.run({**e, **layout}).items() if k != "layout"}, arrays)
    return {k: v.shape for k, v in out.items()}


def main(arguments):
    problems = ROOT / "problems"
    specs = [Path(a).resolve() for a in arguments] or sorted(p for p in problems.rglob("*.spec") if "errors" not in p.relative_to(problems).parts)
    bad, count = 0, 0
    for path in specs:
        try:
            count += check(path)
        except Exception as error:
            bad += 1
            print(f"{path.relative_to(problems)}: {error}")
    print(f"{len(specs)} problems, {count} answers right, {bad} problems with a fault")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
