"""The rate of marking beside another program's: answers to question 1, no two texts alike.

    python3 benches/peers.py target/release/solve [students]

prints the processor time of one core an answer, and the ratio to math-verify where that is installed
(`pip install math-verify`). What is wrong is marked too: here it is five answers of six forms.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FORMS = {
    "dW1": ["X^T (((Y - X) W2^T + (C - Cgt) W3^T) .* 1[Z > 0])", "X^T ((Y - X) W2^T + (C - Cgt) W3^T)"],
    "dW2": ["Z^T (Y - X)", "-Z^T (X - Y)", "((Y - X)^T Z)^T", "Z^T (X - Y)", "Z (Y - X)", "2 Z^T (Y - X)"],
    "db2": ["colsum(Y - X)", "1^T (Y - X)", "colsum(Z*W2 + b2 - X)", "Y - X", "colsum(X - Y)"],
    "dW3": ["Z^T (C - Cgt)", "Z^T C - Z^T Cgt", "Z^T (Cgt - C)"],
    "db3": ["colsum(C - Cgt)", "colsum(C) - colsum(Cgt)", "C - Cgt", "rowsum(C - Cgt)"],
}


def sheet(student):
    lines = [f'student "{student}"']
    for place, (name, forms) in enumerate(FORMS.items()):
        form = forms[(student * 2654435761 >> (7 + 3 * place)) % len(forms)]
        lines.append(f"{name} = {student + 2}/{student + 2} ({form})")
    return "\n".join(lines) + "\n"


def ours(program, students):
    with tempfile.TemporaryDirectory() as folder:
        sheets = Path(folder, "class")
        sheets.mkdir()
        for student in range(students):
            (sheets / f"{student:06}.ans").write_text(sheet(student))
        command = [program, "check", "problems/q1.spec", str(sheets), "-o", f"{folder}/marks.csv", "--jobs", "1"]
        subprocess.run(command, check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{students} students, {used.ru_maxrss / 1024:.0f} MB at most")
    return (used.ru_utime + used.ru_stime) / (students * len(FORMS))


def math_verify(times=100):
    try:
        from math_verify import parse, verify
    except ImportError:
        return None
    began = time.process_time()
    for number in range(times):
        verify(parse(f"${number + 2}/{number + 2} Z^T (Y - X)$"), parse(f"$((Y - X)^T Z)^T$"))
    return (time.process_time() - began) / times


if __name__ == "__main__":
    own = ours(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
    print(f"solve: {own * 1e6:.1f} µs an answer")
    other = math_verify()
    if other is None:
        print("math-verify is not installed")
    else:
        print(f"math-verify: {other * 1e6:.0f} µs an answer, {other / own:.0f} times as long")
