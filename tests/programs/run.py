"""Runs programs in one process and tells which of them fail: a line `name: why` each.

`run.py FOLDER` runs the programs of a folder; with `wrong` behind it each with a wrong sign in one of its gradients.
"""

import contextlib
import io
import pathlib
import re
import sys
import types


def stand_in():
    """Where there is no torch: what the programs use of it, by JAX."""
    try:
        import torch  # noqa: F401
    except ImportError:
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", True)

        class Torch(types.ModuleType):
            float64, linalg, func = "float64", jnp.linalg, types.SimpleNamespace(grad=jax.grad)
            set_default_dtype = staticmethod(lambda dtype: None)
            tensor = staticmethod(lambda value: jnp.asarray(value, dtype=float))

            def __getattr__(self, name):
                return getattr(jnp, name)

        sys.modules["torch"] = Torch("torch")


def with_wrong_sign(text):
    """The program with the last of its gradients turned round; nothing where it has none."""
    lines = text.split("\n")
    starts = [place for place, line in enumerate(lines) if line.startswith("def backward")]
    if not starts:
        return None
    end = lines.index("    return locals()", starts[0])
    found = re.fullmatch(r"    (\w+) = (.*?)(  # .*)?", lines[end - 1])
    lines[end - 1] = f"    {found[1]} = 1e-3 - ({found[2]})"
    return "\n".join(lines)


def failure(path, wrong):
    text = path.read_text(encoding="utf-8")
    text = with_wrong_sign(text) if wrong else text
    if text is None:
        return None
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, str(path), "exec"), {"__name__": "__main__"})
    except Exception as error:
        return f"{type(error).__name__} {error}"
    return None if not wrong else ""


def main():
    folder, wrong = pathlib.Path(sys.argv[1]), sys.argv[2:] == ["wrong"]
    paths = sorted(folder.glob("*.py"))
    if any("import torch" in path.read_text(encoding="utf-8") for path in paths):
        stand_in()
    for path in paths:
        why = failure(path, wrong)
        if (why is not None) if not wrong else (why == ""):
            print(f"{path.stem}: {why}".replace("\n", " "))


main()
