#!/usr/bin/env python3
"""Takes our notebooks through other people's tools, as far as they are installed here: nbformat and nbconvert, nbgrader's
road (release, hand in, autograde, feedback) and otter's (assign, run). The key has to earn every point, wrong answers none.

    .ci/notebooks.py target/debug/solve [problems/q3.spec …]

All problems together are one notebook more, as `solve q1.spec q3.spec -o paper.ipynb` makes it; without names it is the
only one, of three problems.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

solve = pathlib.Path(sys.argv[1]).resolve()
named = [pathlib.Path(name).resolve() for name in sys.argv[2:]]
paper = named or [pathlib.Path(f"problems/{name}.spec").resolve() for name in ["q1", "q3", "fit_line"]]
# The notebooks: the name of each, and its problems.
books = {spec.stem: [spec] for spec in named} | ({"paper": paper} if len(paper) > 1 else {})
# The tests in a notebook look for `solve` in PATH, and some tools for their own programs.
os.environ["PATH"] = f"{solve.parent}:{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"


def has(*modules):
    missing = subprocess.run([sys.executable, "-c", "import " + ", ".join(modules)], capture_output=True).returncode
    if missing:
        print(f"not tried: {' and '.join(modules)} is not installed")
    return not missing


def run(*command, cwd):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def sheet(book, kind, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    specs = books[book]
    run(solve, "-q", *specs, "--sheet", kind, "--format", "ipynb", "-o", path, "--force", cwd=specs[0].parent)
    return json.loads(path.read_text(encoding="utf-8"))


def is_tested(cell):
    return cell["cell_type"] == "code" and "solve" in cell["metadata"]


def hand_in(book, path, right):
    """A student's copy of the exam sheet, with the key's answers or with wrong ones."""
    blank, key = sheet(book, "exam", path), sheet(book, "key", path.with_suffix(".key"))
    path.with_suffix(".key").unlink()
    answers = {cell["id"]: cell["source"] for cell in key["cells"] if is_tested(cell)}
    for place, cell in enumerate(filter(is_tested, blank["cells"])):
        name, value = re.search(r"^(\w+) = (?!\.\.\.)(.*?)\n# END", answers[cell["id"]], re.M | re.S).groups()
        # Not the same mistake twice: what follows from an own earlier value would be right.
        wrong = f'"{place} + 4711"'
        if value in ["True", "False"]:
            wrong = str(value == "False")
        elif not value.startswith(("r", '"')):
            wrong = re.sub(r"-?\d+\.?\d*", lambda number: f"{float(number[0]) * (7 + 3 * place) + 4711}", value)
        cell["source"] = f"{name} = {value if right else wrong}"
    path.write_text(json.dumps(blank), encoding="utf-8")


def validated(folder):
    import nbformat

    for book in books:
        for kind in ["exam", "key", "hints"]:
            path = folder / f"{book}-{kind}.ipynb"
            sheet(book, kind, path)
            nbformat.validate(nbformat.read(path, 4))
    print(f"nbformat: {3 * len(books)} notebooks are valid")


def executed(folder):
    for book in books:
        sheet(book, "key", folder / f"{book}.ipynb")
        run(sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", f"{book}.ipynb", "--output", "done.ipynb", cwd=folder)
        run(sys.executable, "-m", "nbconvert", "--to", "html", f"{book}.ipynb", cwd=folder)
    print(f"nbconvert: {len(books)} keys run, and pass their own tests")


def nbgraded(folder):
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'c'\n")
    for book in books:
        sheet(book, "key", folder / "source" / "hw" / f"{book}.ipynb")
        for student, right in [("ada", True), ("bob", False)]:
            hand_in(book, folder / "submitted" / student / "hw" / f"{book}.ipynb", right)
        for table in {table for spec in books[book] for table in spec.parent.glob("*.csv")}:
            shutil.copy(table, folder / "source" / "hw")
    run(sys.executable, "-m", "nbgrader", "generate_assignment", "hw", cwd=folder)
    for path in (folder / "release" / "hw").glob("*.ipynb"):
        assert "BEGIN HIDDEN" not in (text := path.read_text()) and "answers.json" not in text, path
    # The released notebook is the one that was made from the key, and a student's is filled into it as into the exam sheet.
    run(sys.executable, "-m", "nbgrader", "autograde", "hw", cwd=folder)
    run(sys.executable, "-m", "nbgrader", "generate_feedback", "hw", cwd=folder)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
        for student, expected in [("ada", lambda own, most: abs(own - most) < 1e-6), ("bob", lambda own, most: own == 0)]:
            for notebook in book.find_submission("hw", student).notebooks:
                own = [grade for grade in notebook.grades if grade.cell.cell_type == "code"]
                faults = [(grade.name, grade.auto_score) for grade in own if not expected(grade.auto_score, grade.max_score)]
                assert not faults, (student, notebook.name, faults)
                assert (folder / "feedback" / student / "hw" / f"{notebook.name}.html").is_file()
            print(f"nbgrader: {student} earns {book.find_submission('hw', student).score:g}")


def ottered(folder):
    for book in books:
        sheet(book, "key", folder / f"{book}.ipynb")
        run(sys.executable, "-m", "otter", "assign", f"{book}.ipynb", f"{book}-dist", cwd=folder)
        made = folder / f"{book}-dist"
        student = (made / "student" / f"{book}.ipynb").read_text(encoding="utf-8")
        assert "answers.json" not in student, "a hidden test is handed out"
        (package,) = (made / "autograder").glob("*.zip")
        for right in [True, False]:
            hand_in(book, folder / "handed" / f"{book}.ipynb", right)
            results = folder / f"{book}-{right}"
            results.mkdir()
            run(sys.executable, "-m", "otter", "run", "-a", package, "-o", results, folder / "handed" / f"{book}.ipynb", cwd=folder)
            tests = json.loads((results / "results.json").read_text())["tests"]
            scores = [(test["score"], test["max_score"]) for test in tests if "score" in test and test["max_score"]]
            own, most = map(sum, zip(*scores))
            assert abs(own - (most if right else 0)) < 1e-6, (book, right, tests)
            print(f"otter: {book}, {'right' if right else 'wrong'} answers earn {own:g} of {most:g}")


for road, modules in [
    (validated, ["nbformat"]),
    (executed, ["nbconvert", "ipykernel", "numpy"]),
    (nbgraded, ["nbgrader", "numpy"]),
    (ottered, ["otter", "ipykernel", "numpy"]),
]:
    if has(*modules):
        with tempfile.TemporaryDirectory() as name:
            road(pathlib.Path(name))
