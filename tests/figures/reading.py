"""Texts of the problem language with their values, by a reader of its own and numpy.

    python reading.py [how many, 5000] > reading.txt

A line is a text, a tab, and its entries in row-major order; `!` for a text that has two readings. The reader below was
written from the language's description: sums, then products entry by entry, then products and quotients from left to
right, then signs, transposes, powers (from right to left), indices. Each tree is printed with all its brackets too, and
must have the same value then.
"""
import random
import re
import sys

import numpy as np

VALUES = {
    "a": 2.0, "b": 3.0, "c": 0.5, "n": 2.0,
    "u": np.array([[1.0], [2.0], [-1.0]]), "v": np.array([[0.5], [-2.0], [3.0]]),
    "M": np.array([[1.0, -2.0, 0.5], [3.0, 1.0, 2.0]]), "N": np.array([[2.0, 1.0], [0.0, -1.0], [1.5, 1.0]]),
    "S": np.array([[2.0, 1.0, 0.0], [0.0, 1.0, -1.0], [1.0, 0.5, 1.0]]),
}
FUNCTIONS = {"exp": np.exp, "sin": np.sin, "tanh": np.tanh, "abs": np.abs, "sum": np.sum}
TOKEN = re.compile(r"( *)(\d+(?:\.\d+)?|[A-Za-z]+|\.\*|\./|\.\^|\^T\b|[-+*/^'()\[\],])")


class Two(Exception):
    """Two readings."""


class No(Exception):
    """No value, or none that is compared."""


def scalar(x):
    return np.ndim(x) == 0


def checked(x):
    if not np.all(np.isfinite(x)) or np.any(np.abs(x) > 1e6):
        raise No
    return x


def inner(x):
    if not scalar(x) and x.size == 1:
        raise No
    return x


def add(x, y, sign):
    x, y = inner(x), inner(y)
    if not scalar(x) and not scalar(y) and x.shape != y.shape:
        raise No
    return checked(x + sign * y)


def mul(x, y):
    x, y = inner(x), inner(y)
    if scalar(x) or scalar(y):
        return checked(x * y)
    if x.shape[1] != y.shape[0]:
        raise No
    return checked(x @ y)


def div(x, y):
    x, y = inner(x), inner(y)
    if not scalar(y) or abs(y) < 1e-3:
        raise No
    return checked(x / y)


def each(x, y, sign):
    x, y = inner(x), inner(y)
    if not scalar(x) and not scalar(y) and x.shape != y.shape:
        raise No
    if sign == "./" and np.any(np.abs(y) < 1e-3):
        raise No
    return checked(x * y if sign == ".*" else x / y)


def power(x, y, sign):
    x, y = inner(x), inner(y)
    if not scalar(y) or abs(y) > 4:
        raise No
    if not scalar(x) and x.shape[0] == x.shape[1] and sign == "^":
        raise No if y == -1 else Two
    whole = float(y) == int(y)
    if np.any(np.asarray(x) <= 1e-3) and not (whole and y >= 0):
        raise No
    return checked(np.asarray(x, dtype=float) ** y if not scalar(x) else float(x) ** float(y))


def turned(x):
    return x if scalar(x) else x.T


class Reader:
    def __init__(self, text):
        self.tokens, at = [], 0
        while at < len(text):
            found = TOKEN.match(text, at)
            self.tokens.append((found.group(2), bool(found.group(1))))
            at = found.end()
        self.at = 0

    def peek(self, ahead=0):
        place = self.at + ahead
        return self.tokens[place][0] if place < len(self.tokens) else ""

    def spaced(self):
        return self.tokens[self.at][1]

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1][0]

    def expect(self, sign):
        if self.take() != sign:
            raise No

    def whole(self):
        value = self.sum()
        if self.at != len(self.tokens):
            raise No
        return value

    def sum(self):
        value = self.entrywise()
        while self.peek() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value = add(value, self.entrywise(), sign)
        return value

    def entrywise(self):
        value, _ = self.product()
        while self.peek() in (".*", "./"):
            sign = self.take()
            right, factors = self.product()
            if factors > 1:
                raise Two if sign == "./" else No
            value = each(value, right, sign)
        return value

    def product(self):
        """The value, and of how many factors it is."""
        self.divided = self.bare = False
        value, factors = self.signed(), 1
        while True:
            sign = self.peek()
            if sign in ("*", "/"):
                if sign == "/" and self.bare:
                    raise Two
                self.take()
                self.bare = False
                right = self.signed()
                bare = self.bare
                value = mul(value, right) if sign == "*" else div(value, right)
                self.divided, self.bare = sign == "/", bare
            elif sign == "(" or sign.isalpha():
                tight = not self.spaced()
                if sign != "(" and tight:
                    raise No
                if (self.divided and tight) or (self.bare and sign not in FUNCTIONS):
                    raise Two
                self.bare = self.divided = False
                value = mul(value, self.factor())
            else:
                return value, factors
            factors += 1

    def signed(self):
        if self.peek() == "-":
            self.take()
            return -inner(self.signed())
        return self.factor()

    def factor(self):
        """With its powers, transposes and indices."""
        sign = self.peek()
        if sign in FUNCTIONS and not (self.peek(1) == "(" and not self.tokens[self.at + 1][1]):
            self.take()
            raised = None
            if self.peek() == "^":
                self.take()
                raised = self.exponent()
            if self.peek() == "-" or self.peek() in FUNCTIONS:
                raise No
            bracket = self.peek() == "("
            divided = self.divided
            value = checked(FUNCTIONS[sign](inner(self.factor())))
            self.divided = divided
            self.bare = not bracket
            return value if raised is None else power(value, raised, "^")
        value = self.primary()
        return self.after(value)

    def after(self, value):
        while self.peek() in ("'", "^T", "^", ".^"):
            sign = self.take()
            value = turned(inner(value)) if sign in ("'", "^T") else power(value, self.exponent(), sign)
        return value

    def exponent(self):
        sign = 1
        while self.peek() == "-":
            self.take()
            sign = -sign
        value = self.primary()
        if self.peek() in ("^", ".^"):
            which = self.take()
            value = power(value, self.exponent(), which)
        return sign * value

    def primary(self):
        token = self.take()
        if token == "(":
            value = self.inside(self.sum)
            self.expect(")")
        elif token in FUNCTIONS:
            self.expect("(")
            value = checked(FUNCTIONS[token](inner(self.inside(self.sum))))
            self.expect(")")
        elif token in VALUES:
            value = VALUES[token]
        elif token[:1].isdigit():
            return float(token)
        else:
            raise No
        if self.peek() == "[" and not self.spaced():
            value = self.entry(value)
        return value

    def inside(self, read):
        state = self.divided, self.bare
        value = read()
        self.divided, self.bare = state
        return value

    def entry(self, value):
        self.take()
        index = [int(self.take())]
        if self.peek() == ",":
            self.take()
            index.append(int(self.take()))
        self.expect("]")
        if scalar(value) or value.size == 1:
            raise No
        if len(index) == 1 and 1 in value.shape:
            return float(value.flatten()[index[0] - 1])
        if len(index) == 2 and index[0] <= value.shape[0] and index[1] <= value.shape[1]:
            return float(value[index[0] - 1, index[1] - 1])
        raise No


def indexed_bracket(text):
    """`a(b)[1]`: of the bracket, or of the product."""
    for found in re.finditer(r"\b([A-Za-z]+)\(", text):
        if found.group(1) in FUNCTIONS:
            continue
        depth, at = 1, found.end()
        while at < len(text) and depth:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        if text[at:at + 1] == "[":
            return True
    return False


def text_of(rng, depth):
    """A random text, with brackets where they please."""
    if depth == 0 or rng.random() < 0.12:
        name = rng.choice(list("aabbcnnuvMNS") + ["2", "3", "0.5"])
        if name in "uv" and rng.random() < 0.3:
            return f"{name}[{rng.randint(1, 3)}]"
        if name in "MNS" and rng.random() < 0.2:
            return f"{name}[{rng.randint(1, 2)}, {rng.randint(1, 2)}]"
        return name
    part = lambda: text_of(rng, depth - 1)
    bracket = lambda text: f"({text})" if rng.random() < 0.5 else text
    kind = rng.random()
    if kind < 0.16:
        return f"{bracket(part())} {rng.choice('+-')} {bracket(part())}"
    if kind < 0.30:
        return f"{bracket(part())}{rng.choice(['*', ' * '])}{bracket(part())}"
    if kind < 0.44:
        return f"{bracket(part())}{rng.choice(['', ' '])}({part()})"
    if kind < 0.52:
        return f"{bracket(part())} {bracket(part())}"
    if kind < 0.62:
        return f"{bracket(part())}/{bracket(part())}"
    if kind < 0.72:
        exponent = rng.choice(["2", "3", "n", "-1", "-2", "2^n"])
        return f"{bracket(part())}{rng.choice(['^', '^', '.^'])}{exponent}"
    if kind < 0.80:
        return f"{bracket(part())}{rng.choice([chr(39), '^T'])}"
    if kind < 0.85:
        return f"-{bracket(part())}"
    if kind < 0.91:
        return f"{bracket(part())} {rng.choice(['.*', './'])} {bracket(part())}"
    if kind < 0.96:
        return f"{rng.choice(['exp', 'sin', 'tanh', 'abs', 'sum'])}({part()})"
    return f"{rng.choice(['sin', 'exp', 'sin^2', 'tanh'])} {rng.choice(['a', 'b', 'c', 'u', '2', '(' + part() + ')'])}"


def main():
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    rng = random.Random(20)
    seen, read, refused = set(), 0, 0
    while read < wanted:
        text = text_of(rng, rng.randint(2, 4))
        if text in seen or len(text) > 60 or re.fullmatch(r"[\w.]+", text) or re.search(r"[\w)\]'] \d", re.sub(r"\b(sin|exp|tanh) \d", "", text)):
            continue
        seen.add(text)
        try:
            value = Reader(text).whole()
            if indexed_bracket(text):
                raise Two
            entries = ",".join(f"{x:.10g}" for x in np.asarray(value, dtype=float).flatten())
            read += 1
        except Two:
            # A sum squares the entries of a square matrix.
            if 'sum(' in text:
                continue
            if refused * 10 > wanted:
                continue
            entries, refused = "!", refused + 1
        except (No, IndexError):
            continue
        print(f"{text}\t{entries}")


if __name__ == "__main__":
    np.seterr(all="ignore")
    main()
