"""Holds the verdicts under tests/marking against numbers, by a road apart from the program.

Each spec is evaluated on random data in several sizes with tests/expected/check.py, and so is each student's sheet. An
answer called right must then be equal, one called wrong must differ, one in scalar form must be equal where every side
is 1, and one that follows through must be equal once the student's own earlier values replace ours.

    pip install jax
    python tests/marking/check.py [FILE.json …]
"""
import importlib.util, itertools, json, re, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
loaded = importlib.util.spec_from_file_location("expected", ROOT / "tests/expected/check.py")
expected = importlib.util.module_from_spec(loaded)
loaded.loader.exec_module(expected)
jax, jnp, np = expected.jax, expected.jnp, expected.np
key, Reader, Spec = expected.key, expected.Reader, expected.Spec

SIZES = [[5, 3, 4, 6, 2, 7, 8], [3, 6, 2, 4, 5, 8, 7], [4, 2, 7, 3, 6, 5, 9], [23, 4, 5, 3, 8, 7, 6]]
GREEK = dict(zip("αβγδεζηθικλμνξπρστυφχψωΩΦ", (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega"
    " Omega Phi").split()))
FOLD = {"⊤": "^T ", "ᵀ": "^T ", "√": "sqrt", "∘": ".*", "⋅": "*", "∑": "sum", "≥": ">=", "≤": "<=", "≠": "!=", "𝟙[": "1[", "σ(": "sigmoid("}
FOLD |= {"²": "^2", "³": "^3", "⁴": "^4"}
FOLD |= {chr(0x2080 + n): str(n) for n in range(10)}


class Unreadable(Exception):
    pass


# --- reading a sheet -------------------------------------------------------------------------------------------


def fold(text):
    text = re.sub(r"∂(\w+)/∂(\w+)", lambda m: f"d{m[2]}", text)
    for old, new in FOLD.items():
        text = text.replace(old, new)
    for old, new in GREEK.items():
        text = text.replace(old, new)
    return text


def lines(text):
    """Lines without comments, joined while a bracket is open."""
    joined, depth = [], 0
    for line in (line.split("#")[0] for line in text.splitlines()):
        joined[-1:] = [joined[-1] + "\n" + line] if depth > 0 and joined and not re.match(r"\s*\w+\s*=", line) else joined[-1:] + [line]
        depth = sum(joined[-1].count(c) for c in "([") - sum(joined[-1].count(c) for c in ")]")
    return [line for line in joined if line.strip()]


def assignments(spec, text):
    """(name, right side) of each line; the name is a task's answer where one fits."""
    targets = sorted(expected.asked(spec), key=len, reverse=True)
    for line in lines(fold(text)):
        line = line.strip()
        if line.startswith("student "):
            continue
        plain = re.sub(r"\s*([=,\[\]])\s*", r"\1", line)
        for target in targets:
            short = re.sub(r"\s*([=,\[\]])\s*", r"\1", target)
            function = re.fullmatch(r"(\w+) at (\w+)=([-\w./]+)", short)
            calls = [f"{function[1]}({function[3]})", f"{function[1]}({function[2]}={function[3]})"] if function else []
            loss = [f"{short} of {spec.loss_name()}"] if re.fullmatch(r"d\w+", short) else []
            spellings = [short, key(short), *calls, *loss]
            head = next((s for s in spellings if plain.startswith(s + "=")), None)
            if head:
                yield target, plain[len(head) + 1:]
                break
        else:
            name, _, value = line.partition("=")
            yield key(name.strip()), value


FUNCTIONS = {
    "ones": lambda r, c: jnp.ones((int(r), int(c))), "zeros": lambda r, c: jnp.zeros((int(r), int(c))),
    "eye": lambda n: jnp.eye(int(n)), "transpose": lambda a: a.T, "step": lambda a: jnp.where(a > 0, 1.0, 0.0),
    "leaky_relu": lambda a, slope=0.01: jnp.where(a > 0, a, slope * a), "avgpool": expected.windows,
    "slice": lambda a, axis, **at: a[int(at["from"]) - 1:int(at["to"])] if axis == 0 else a[:, int(at["from"]) - 1:int(at["to"])],
    "log_softmax": lambda a: jax.nn.log_softmax(a, axis=1),
}
of_the_spec = expected.losses
expected.losses = lambda env: {**of_the_spec(env), **FUNCTIONS, **({"softmax": jax.nn.sigmoid} if env.get("scalar") else {})}


strictly = expected.evaluate


def evaluate(e, env):
    """As in tests/expected, but a 1 x 1 matrix is a scalar in a product, and `/` divides entry by entry."""
    if e[0] in ("*", "/") and isinstance(e, tuple):
        a, b = (evaluate(x, env) for x in e[1:])
        if e[0] == "/":
            expected.broadcastable(a, b)
            return a / b
        if (a.ndim == b.ndim == 2 and a.shape[1] != b.shape[0]) and 1 in (a.size, b.size):
            return a.reshape(()) * b if a.size == 1 else a * b.reshape(())
        return strictly(("*", ("value", a), ("value", b)), env)
    if e[0] == "entry":
        a, at = evaluate(e[1], env), [int(evaluate(i, env)) for i in e[2]]
        assert len(at) == a.ndim and all(1 <= i <= n for i, n in zip(at, a.shape)), f"undefined entry {at}"
    return e[1] if e[0] == "value" else strictly(e, env)


expected.evaluate = evaluate


def names_of(text, env):
    """`ZW2` is `Z W2` where it has no meaning of its own and one split into known names."""
    def splits(word):
        if word == "":
            return [[]]
        return [[word[:n], *rest] for n in range(len(word), 0, -1) if known(word[:n]) for rest in splits(word[n:])]

    def known(word):
        return key(word) in env

    def replace(m):
        word = m[0]
        if known(word) or word in expected.losses(env) or word in ("axis", "from", "to", "flip", "true", "padding", "T") or not word[0].isalpha():
            return word
        found = splits(word)
        if len(found) != 1:
            raise Unreadable(f"unknown name {word}")
        return " ".join(found[0])

    text = re.sub(r"\)(?=[A-Za-z])", ") ", text)
    text = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)(?=[A-Za-df-z])", r"\1 ", text)
    return re.sub(r"(?<!\^)\b[A-Za-z]\w*(?!\w)", replace, text)


def unbroken(text):
    """A line's end in round brackets is a space."""
    out, opened = "", []
    for c in text:
        opened += [c] if c in "([" else []
        opened = opened[:-1] if c in ")]" else opened
        out += " " if c == "\n" and opened[-1:] == ["("] else c
    nested = re.fullmatch(r"\s*\[\s*(\[.*\])\s*\]\s*", out, re.S)
    return "[" + re.sub(r"\]\s*,\s*\[", ";", nested[1][1:-1]) + "]" if nested else out


def value_of(text, env):
    try:
        if re.search(r"\d\s+\d", text) and "[" not in text:
            raise Unreadable("two numbers in a row")
        tree = Reader(names_of(unbroken(text), env)).whole()
    except (AssertionError, IndexError) as error:
        raise Unreadable(str(error)) from error
    value = np.asarray(expected.evaluate(tree, env), float)
    if not np.all(np.isfinite(value)):
        raise Unreadable("no finite value")
    return value


def shape_of(text, sizes):
    parts = [p for p in re.split(r"[\s,()\[\]×]+|\bx\b", text) if p and p != "x"]
    return np.asarray([float(sizes[key(p)]) if key(p) in sizes else float(p) for p in parts])


# --- ours ------------------------------------------------------------------------------------------------------


def right(spec, env, sizes, target, exact):
    if target in exact:
        return np.asarray(exact[target], float)
    if target.startswith("shape of "):
        return np.asarray(expected.shapes(spec, env)[key(target[9:])], float)
    if target.startswith("params"):
        names = [key(n.strip()) for n in target[9:].split(",")] if " of " in target else spec.params
        return np.asarray(float(sum(np.size(env[n]) for n in names)))
    return np.asarray(expected.witness(spec, env, re.sub(r"\[i, ?j\]", "[1,2]", target)), float)


def carried(spec, env, target, values, gradients):
    """The answer that follows from the student's own values and gradients."""
    def run(e, stop=True):
        e, tied = dict(e), 0.0
        for k, formula in spec.model:
            raw = expected.evaluate(formula, e)
            if k in values:
                raw = jnp.reshape(values[k], jnp.shape(raw)) + raw - jax.lax.stop_gradient(raw)
            if k in gradients:
                tied = tied + jnp.sum(jnp.reshape(gradients[k], jnp.shape(raw)) * raw)
                raw = jax.lax.stop_gradient(raw)
            e[k] = raw
        return e, tied

    plain = run(env)[0]
    if key(target) in dict(spec.model):
        return np.asarray(plain[key(target)], float)
    if target.startswith("update "):
        name = key(target[7:])
        rate = float(next(re.search(r"rate (\S+)", t)[1] for t in spec.tasks if t.startswith("update ")))
        return np.asarray(env[name] - rate * gradients[name]) if name in gradients else None
    if not re.fullmatch(r"d\w+", target):
        return None
    name, loss = key(target[1:]), spec.loss_name()
    if name in spec.leaves:
        def total(v):
            e, tied = run({**env, name: v})
            return jnp.sum(e[loss]) + tied
        return np.asarray(jax.grad(total)(env[name]), float)

    def total(bump):
        e, tied = dict(env), 0.0
        for k, formula in spec.model:
            raw = expected.evaluate(formula, e)
            if k in values:
                raw = jnp.reshape(values[k], jnp.shape(raw)) + raw - jax.lax.stop_gradient(raw)
            if k == name:
                raw = raw + bump
            elif k in gradients:
                tied = tied + jnp.sum(jnp.reshape(gradients[k], jnp.shape(raw)) * raw)
                raw = jax.lax.stop_gradient(raw)
            e[k] = raw
        return jnp.sum(e[loss]) + tied
    return np.asarray(jax.grad(total)(jnp.zeros_like(plain[name])), float)


def single(a):
    return a.reshape(()) if a.size == 1 else a


def same(student, ours, literal):
    """Equal by shape and value; a number written out may be rounded where ours is no whole number."""
    a, b = single(student), single(ours)
    if a.shape != b.shape:
        return False
    gap, scale = np.abs(a - b), np.max(np.abs(b), initial=0.0)
    if not literal or np.all(b == np.round(b)):
        return bool(np.all(gap <= 1e-9 * max(scale, 1e-3)))
    third_decimal = 5.01e-4 if scale >= 0.05 else 0.01 * scale
    third_digit = 0.501 * 10.0 ** (np.floor(np.log10(np.abs(b) + 1e-300)) - 2)
    return bool(np.all((gap <= third_decimal) | (gap <= third_digit)))


# --- judging ---------------------------------------------------------------------------------------------------


def judged(spec, text, env, sizes, exact):
    """For each answer of the sheet what numbers say: a set of words."""
    said, own, wrong_values, wrong_gradients, formulas = {}, expected.deltas(spec, env), {}, {}, {}
    for target, written in assignments(spec, text):
        own["layout"] = env["layout"]
        try:
            if target.startswith("shape of "):
                value, literal = shape_of(written, sizes), False
            else:
                written = re.sub(r"\[([^\]]*)\bi\b([^\]]*)\]", r"[\g<1>1\2]", re.sub(r"\[([^\]]*)\bj\b([^\]]*)\]", r"[\g<1>2\2]", written))
                words = re.findall(r"[A-Za-z]\w*", re.sub(r"[\d.][eE][-+]?\d", "", written))
                literal = set(words) <= expected.losses(env).keys()
                if target not in said and re.search(rf"(?<!\w){re.escape(key(target))}(?!\w)", key(written)):
                    raise Unreadable("in terms of itself")
                value = value_of(written, own)
        except Unreadable as error:
            said[target] = {"unreadable"}
            continue
        except (AssertionError, TypeError, ValueError, IndexError) as error:
            said[target] = {"unreadable"} if "undefined" in str(error) else {"ill-typed"}
            continue
        if target not in expected.asked(spec):
            own[target] = jnp.asarray(value)
            if target.startswith("d") and target[1:] in dict(spec.model):
                ours = np.asarray(spec.gradient(env, target[1:], spec.loss_name()))
                if not same(value, ours, False) and value.size == ours.size:
                    wrong_gradients[target[1:]] = value
            elif target in dict(spec.model) and not same(value, np.asarray(spec.run(env)[target]), literal):
                wrong_values[target] = value
            continue
        ours = right(spec, env, sizes, target, exact)
        formulas[target] = written
        words = {"equal"} if same(value, ours, literal) else {"different"}
        if "different" in words and value.ndim == 2 and same(value.T, ours, literal):
            words.add("transposed")
        if "different" in words and " at " in target and target.split(" at ")[0] in formulas:
            at = dict(own) | {"layout": env["layout"]}
            for binding in target.split(" at ")[1].split(" and "):
                name, _, v = binding.partition("=")
                at[key(name.strip())] = evaluate(Reader(v).whole(), at)
            if same(value, value_of(formulas[target.split(" at ")[0]], spec.run(at) if dict(spec.model).keys() & at.keys() else at), literal):
                words.add("follows")
        if "different" in words and "follows" not in words:
            for kept in subsets(wrong_values, wrong_gradients):
                chained = carried(spec, env, target, *kept)
                if chained is not None and same(value, chained, literal):
                    words.add("follows")
                    break
        k = key(target)
        if k in dict(spec.model):
            own[k] = jnp.asarray(value.reshape(np.shape(ours)) if value.size == ours.size and value.ndim < 2 else value)
            if "different" in words and value.size == ours.size:
                wrong_values[k] = value
        elif re.fullmatch(r"d\w+", k):
            own[k] = jnp.asarray(value)
            if "different" in words and value.size == ours.size:
                wrong_gradients[k[1:]] = value
        said[target] = words
    return said


def subsets(values, gradients):
    both = [("v", k) for k in values] + [("g", k) for k in gradients]
    for n in range(len(both), 0, -1):
        for chosen in itertools.combinations(both, n):
            yield {k: values[k] for kind, k in chosen if kind == "v"}, {k: gradients[k] for kind, k in chosen if kind == "g"}


def in_scalars(spec, text, answers, rng):
    """Which answers are equal where every side is 1 and all factors commute."""
    sizes = {k: 1 for k in spec.dims}
    env = {**spec.values(sizes, rng), "scalar": True}
    for k in spec.leaves:
        env[k] = jnp.asarray(rng.normal(size=(1, 1) if np.ndim(env[k]) else ()))
    env = {**spec.run(env)}
    for target, formula in answers.items():
        if re.fullmatch(r"d\w+", target):
            try:
                env[key(target)] = evaluate(Reader(formula).whole(), env)
            except AssertionError:  # a delta of a value that is no answer
                continue
    own, found = dict(env), {}
    for target, written in assignments(spec, text):
        try:
            value = value_of(written, own)
        except (Unreadable, AssertionError, TypeError, ValueError):
            continue
        if value.size > 1:
            continue
        own[key(target)] = jnp.asarray(value).reshape(1, 1)
        if target in answers:
            found[target] = same(value, np.asarray(expected.evaluate(Reader(answers[target]).whole(), env)), False)
    return found


def faults(path):
    table = json.loads(path.read_text(encoding="utf-8"))
    problem = ROOT / table["problem"]
    assert problem.relative_to(ROOT / "problems").with_suffix("") == path.relative_to(ROOT / "tests/marking").with_suffix(""), "named after another problem"
    spec = Spec(problem.read_text(encoding="utf-8"))
    key_file = ROOT / "tests/expected" / path.relative_to(ROOT / "tests/marking")
    known = json.loads(key_file.read_text(encoding="utf-8"))
    answers = {k: v for k, v in known["answers"].items() if isinstance(v, str)}
    exact = {} if "tolerance" in known else {k: v for k, v in known["answers"].items() if not isinstance(v, str) and not re.match("shape|params", k)}
    asked = expected.asked(spec)
    draws = []
    for number, sides in enumerate(SIZES if any(v is None for v in spec.dims.values()) else SIZES[:1]):
        free = iter(sides)
        sizes = {k: v if v is not None else next(free) for k, v in spec.dims.items()}
        draws.append((sizes, spec.values(sizes, np.random.default_rng(number + 1))))
    names = set()
    for case in table["cases"]:
        assert case["name"] not in names, f"{case['name']}: twice"
        names.add(case["name"])
        text = case.get("answers", case.get("reads"))
        assert ("answers" in case) != ("latex" in case), f"{case['name']}: answers or latex"
        assert set(case["expect"]) <= set(asked), f"{case['name']}: not asked: {set(case['expect']) - set(asked)}"
        said = [judged(spec, text, env, sizes, exact) for sizes, env in draws] if text is not None else []
        scalars = None
        for target, want in case["expect"].items():
            verdicts = want["verdict"] if isinstance(want["verdict"], list) else [want["verdict"]]
            assert set(verdicts) <= VERDICTS, f"{case['name']}: {verdicts}"
            mistakes = want.get("mistake", [])
            if text is None:
                if not set(verdicts) <= {"unreadable", "missing"}:
                    yield f"{case['name']}: nothing says how it reads"
                continue
            each = [words.get(target, {"missing"}) for words in said]
            equal, present = all("equal" in w for w in each), all("missing" not in w for w in each)
            readable = present and ("unreadable" in verdicts or all("unreadable" not in w for w in each))
            holds = {
                "correct": equal,
                "follow-through": readable and not equal and all(w & {"follows", "equal"} for w in each),
                "partial": readable and not equal,
                "wrong": readable and not equal,
                "unreadable": present and not equal and all(w & {"unreadable", "ill-typed"} for w in each),
                "missing": not present,
            }
            if "notation" in verdicts:
                scalars = scalars or in_scalars(spec, text, answers, np.random.default_rng(5))
                holds["notation"] = not equal and (scalars.get(target, False) or all("transposed" in w for w in each))
            if not any(holds[v] for v in verdicts):
                yield f"{case['name']}: {target} is expected {verdicts}, numbers say {each[0]}"
            if verdicts == ["wrong"] or set(verdicts) == {"partial", "wrong"}:
                if readable and all("follows" in w for w in each):
                    yield f"{case['name']}: {target} follows through"
            if "transposed-layout" in ([mistakes] if isinstance(mistakes, str) else mistakes) and not all("transposed" in w for w in each):
                yield f"{case['name']}: {target} is no transpose"


VERDICTS = {"correct", "follow-through", "notation", "partial", "wrong", "unreadable", "missing"}


def main(arguments):
    paths = [Path(a).resolve() for a in arguments] or sorted(path for path in (ROOT / "tests/marking").rglob("*.json") if path.parent.name != "learning")
    bad = pairs = 0
    for path in paths:
        pairs += sum(len(case["expect"]) for case in json.loads(path.read_text(encoding="utf-8"))["cases"])
        for fault in faults(path):
            bad += 1
            print(f"{path.relative_to(ROOT / 'tests/marking')}: {fault}")
    print(f"{len(paths)} problems, {pairs} pairs, {bad} at odds with the numbers")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
