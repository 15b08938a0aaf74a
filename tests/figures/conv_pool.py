"""Figures for conv2d, maxpool and avgpool from jax.lax, on a grid of small integer tensors.

    python conv_pool.py > conv_pool.json

Every output is computed twice before it is printed: by jax.lax (conv_general_dilated,
reduce_window) and by scipy.signal (convolutions) or NumPy window views (pooling). Gradients of
sum(output * upstream) are jax.vjp's, compared with exact integer differences: the operators are
linear (max-pooling piecewise so), so half a unit up and down in one entry must change the sum by exactly
the gradient. All numbers are integers, or fractions as strings ("7/4") where an average is not one.
"""

import json
import sys
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import scipy
from scipy import signal

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

CONVENTIONS = {
    "conv2d": "cross-correlation; flip = true turns the kernel by 180 degrees (both spatial axes)"
    " and thereby gives the mathematical convolution; the padding does not depend on flip",
    "ranks": "image (H, W) with kernel (kh, kw) and a scalar bias; image (C, H, W) or batch"
    " (N, C, H, W) with kernel (F, C, kh, kw) and a bias of F numbers; the output has the rank of"
    " the image",
    "pairs": "a stride, padding, dilation or size is one number for both axes or [rows, columns]",
    "padding": "a number adds so many zeros on each of the four sides; valid is 0; same gives"
    " ceil(extent / stride) outputs, total padding max((out - 1) * stride + effective - extent, 0)"
    " with effective = (k - 1) * dilation + 1, of which floor(half) comes before and the rest after",
    "extent": "out = floor((extent + padding before + after - effective) / stride) + 1: what does"
    " not fill a window is left out",
    "maxpool": "padding never wins (it counts as minus infinity)",
    "avgpool": "output: padded zeros count, the divisor is always kh * kw (count_include_pad ="
    " true); output_exclude_padding: the divisor is the number of cells inside the image",
    "gradients": "of sum(output * upstream); maxima are without ties there",
}


def pair(option):
    return tuple(option) if isinstance(option, (list, tuple)) else (option, option)


def paddings(padding, extents, kernel, stride, dilation):
    """The (before, after) padding of both axes, by the formulas in CONVENTIONS."""
    if padding == "valid":
        return [(0, 0), (0, 0)]
    if padding != "same":
        return [(p, p) for p in pair(padding)]
    result = []
    for extent, k, s, d in zip(extents, kernel, stride, dilation):
        total = max((-(-extent // s) - 1) * s + (k - 1) * d + 1 - extent, 0)
        result.append((total // 2, total - total // 2))
    return result


def lifted(image):
    """The image as a batch (N, C, H, W), and the way back to its own rank."""
    rank = image.ndim
    return image.reshape((1,) * (4 - rank) + image.shape), lambda out: out.reshape(out.shape[4 - rank :])


def exact(tree):
    """Nested lists of integers; a number that is not an integer is an error."""
    array = np.asarray(tree)
    rounded = np.rint(array).astype(np.int64)
    assert np.array_equal(array, rounded), "not an integer"
    return rounded.tolist()


# --- convolution -------------------------------------------------------------------------------


def conv_jax(image, kernel, bias, stride, padding, dilation, flip):
    kernel4 = kernel.reshape((1,) * (4 - kernel.ndim) + kernel.shape)
    if flip:
        kernel4 = kernel4[:, :, ::-1, ::-1]
    batch, back = lifted(image)
    spec = padding if isinstance(padding, str) else [(p, p) for p in pair(padding)]
    out = jax.lax.conv_general_dilated(
        batch,
        kernel4,
        window_strides=pair(stride),
        padding=spec.upper() if isinstance(spec, str) else spec,
        rhs_dilation=pair(dilation),
        dimension_numbers=("NCHW", "OIHW", "NCHW"),
        precision=jax.lax.Precision.HIGHEST,
    )
    if bias is not None:
        out = out + jnp.reshape(bias, (1, -1, 1, 1))
    return back(out)


def conv_scipy(image, kernel, bias, stride, padding, dilation, flip):
    kernel4 = kernel.reshape((1,) * (4 - kernel.ndim) + kernel.shape)
    batch, back = lifted(image)
    stride, dilation = pair(stride), pair(dilation)
    pads = paddings(padding, batch.shape[2:], kernel4.shape[2:], stride, dilation)
    operation = signal.convolve2d if flip else signal.correlate2d
    planes = []
    for picture in batch:
        padded = [np.pad(channel, pads) for channel in picture]
        row = []
        for k, one_filter in enumerate(kernel4):
            total = 0
            for channel, plane in zip(padded, one_filter):
                spread = np.zeros([(n - 1) * d + 1 for n, d in zip(plane.shape, dilation)], np.int64)
                spread[:: dilation[0], :: dilation[1]] = plane
                # SciPy swaps the operands where the second is the larger one: not met here.
                assert all(a >= b for a, b in zip(channel.shape, spread.shape))
                total = total + operation(channel, spread, mode="valid")[:: stride[0], :: stride[1]]
            row.append(total + (0 if bias is None else np.reshape(bias, -1)[k]))
        planes.append(row)
    return back(np.array(planes))


def conv_case(rng, image, kernel, stride=1, padding=0, dilation=1, flip=False, bias=False, gradients=False):
    options = {"stride": stride, "padding": padding, "dilation": dilation, "flip": flip}
    x = rng.integers(-5, 10, image)
    w = rng.integers(-3, 4, kernel)
    b = None
    if bias:
        b = rng.integers(-4, 5, () if len(kernel) == 2 else kernel[:1])
    floats = [None if a is None else jnp.asarray(a, float) for a in (x, w, b)]
    out = conv_jax(*floats, **options)
    assert np.array_equal(out, conv_scipy(x, w, b, **options)), options
    inputs = {"image": x.tolist(), "kernel": w.tolist()}
    if bias:
        inputs["bias"] = b.tolist()
    case = {"op": "conv2d", "options": options, "inputs": inputs, "output": exact(out)}
    if gradients:
        g = rng.integers(-4, 5, out.shape)
        leaves = {"image": 0, "kernel": 1} | ({"bias": 2} if bias else {})
        keep = [a for a in floats if a is not None]

        def function(*args):
            return conv_jax(*(list(args) + [None] * (3 - len(args))), **options)

        case |= with_gradients(function, keep, leaves, g)
    return case


# --- pooling -----------------------------------------------------------------------------------


def pool_windows(image, size, stride, pads, fill):
    batch, back = lifted(image)
    padded = np.pad(batch, [(0, 0), (0, 0), *pads], constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(padded, size, axis=(2, 3))
    return view[:, :, :: stride[0], :: stride[1]], back


def pool_jax(image, start, operation, size, stride, padding):
    batch, back = lifted(image)
    spec = padding.upper() if isinstance(padding, str) else [(0, 0), (0, 0), *((p, p) for p in pair(padding))]
    window, strides = (1, 1, *pair(size)), (1, 1, *pair(stride))
    return back(jax.lax.reduce_window(batch, start, operation, window, strides, spec))


def max_jax(image, size, stride, padding):
    return pool_jax(image, -jnp.inf, jax.lax.max, size, stride, padding)


def sum_jax(image, size, stride, padding):
    return pool_jax(image, 0.0, jax.lax.add, size, stride, padding)


def fractions(sums, counts):
    """Entrywise sums / counts, as integers where they are and as "p/q" where not."""
    if isinstance(sums, list):
        return [fractions(s, c) for s, c in zip(sums, counts)]
    ratio = Fraction(sums, counts)
    return ratio.numerator if ratio.denominator == 1 else str(ratio)


def pool_case(rng, op, image, size, stride, padding=0, gradients=False, low=-9):
    options = {"size": size, "stride": stride, "padding": padding}
    cells = int(np.prod(pair(size)))
    if gradients and op == "maxpool":
        x = rng.permutation(int(np.prod(image))).reshape(image) * 2 - int(np.prod(image))  # no ties
    else:
        x = rng.integers(low, 10 if low < 0 else low + 10, image)
    pads = paddings(padding, image[-2:], pair(size), pair(stride), (1, 1))
    xf = jnp.asarray(x, float)
    case = {"op": op, "options": options, "inputs": {"image": x.tolist()}}
    if op == "maxpool":
        out = max_jax(xf, **options)
        view, back = pool_windows(x, pair(size), pair(stride), pads, -(10**6))
        assert np.array_equal(out, back(view.max(axis=(4, 5))))
        case["output"] = exact(out)
        if gradients:
            g = rng.integers(-4, 5, out.shape)
            case |= with_gradients(lambda a: max_jax(a, **options), [xf], {"image": 0}, g)
        return case
    sums = sum_jax(xf, **options)
    counts = sum_jax(jnp.ones(image), **options)
    view, back = pool_windows(x, pair(size), pair(stride), pads, 0)
    assert np.array_equal(sums, back(view.sum(axis=(4, 5))))
    case["output"] = fractions(exact(sums), exact(jnp.full(sums.shape, float(cells))))
    case["output_exclude_padding"] = fractions(exact(sums), exact(counts))
    if gradients:
        # An upstream that the window's cells divide keeps the gradient whole.
        g = rng.integers(-4, 5, sums.shape) * cells
        case |= with_gradients(lambda a: sum_jax(a, **options) / cells, [xf], {"image": 0}, g)
    return case


# --- gradients ---------------------------------------------------------------------------------


def with_gradients(function, arguments, leaves, upstream):
    """The gradients of sum(function * upstream), each entry also taken as an exact difference."""
    _, back = jax.vjp(function, *arguments)
    found = back(jnp.asarray(upstream, float))
    inside = jax.jit(lambda *a: jnp.sum(function(*a) * upstream))
    result = {}
    for name, position in leaves.items():
        gradient = np.rint(np.asarray(found[position])).astype(np.int64)
        assert np.allclose(gradient, found[position], rtol=0, atol=1e-9), name
        for index in np.ndindex(gradient.shape):
            step = np.zeros(gradient.shape)
            step[index] = 0.5  # half a unit each way: no maximum changes hands
            moved = [
                float(inside(*[a + sign * step if i == position else a for i, a in enumerate(arguments)]))
                for sign in (1, -1)
            ]
            assert abs(moved[0] - moved[1] - gradient[index]) < 1e-9, (name, index)
        result[name] = gradient.tolist()
    return {"upstream": upstream.tolist(), "gradients": result}


# --- the grid ----------------------------------------------------------------------------------


def conv_grid():
    """(image shape, kernel shape, options) rows."""
    one = (5, 6)
    for kernel in [(1, 1), (2, 2), (3, 3), (2, 3), (3, 1), (1, 4), (5, 6)]:
        yield one, kernel, {}
    for padding in [1, 2, 3, (1, 0), (0, 2), "same", "valid"]:
        yield one, (3, 3), {"padding": padding}
        yield one, (2, 4), {"padding": padding, "flip": True}
    for stride in [2, 3, (2, 1), (1, 2), (1, 3), (3, 2)]:
        yield (6, 7), (3, 3), {"stride": stride}
        yield (6, 7), (2, 3), {"stride": stride, "padding": 1}
        yield (5, 8), (3, 2), {"stride": stride, "padding": "same", "bias": True}
    for dilation in [2, 3, (2, 1), (1, 3)]:
        yield (7, 8), (2, 3), {"dilation": dilation}
        yield (7, 8), (3, 2), {"dilation": dilation, "padding": "same", "stride": 2, "flip": True}
    for flip in [False, True]:
        yield (4, 5), (2, 2), {"flip": flip, "bias": True}
        yield (4, 5), (3, 3), {"flip": flip, "padding": "same"}
        yield (3, 4, 4), (2, 3, 2, 2), {"flip": flip}
        yield (3, 4, 4), (2, 3, 3, 3), {"flip": flip, "padding": 1, "stride": 2, "bias": True}
    yield (1, 4, 5), (3, 1, 2, 3), {"bias": True}
    yield (2, 5, 5), (1, 2, 3, 3), {"stride": (2, 1), "padding": (1, 2)}
    yield (4, 3, 3), (2, 4, 1, 1), {"bias": True}
    yield (2, 5, 6), (2, 2, 2, 2), {"dilation": (2, 3), "padding": 1}
    yield (2, 4, 4), (3, 2, 4, 4), {"padding": "same"}
    yield (2, 1, 4, 4), (1, 1, 3, 3), {}
    yield (2, 3, 4, 5), (2, 3, 2, 3), {"bias": True}
    yield (3, 2, 5, 4), (2, 2, 3, 2), {"stride": 2, "padding": 1}
    yield (2, 2, 5, 5), (3, 2, 2, 2), {"stride": (1, 2), "padding": "same", "flip": True}
    yield (2, 2, 5, 5), (2, 2, 2, 2), {"dilation": 2, "bias": True, "flip": True}


def conv_gradient_grid():
    yield (3, 3), (2, 2), {}
    yield (4, 6), (3, 3), {}
    yield (4, 6), (3, 3), {"flip": True}
    yield (4, 5), (3, 3), {"padding": 1, "bias": True}
    yield (4, 5), (2, 3), {"padding": "same"}
    yield (5, 6), (2, 2), {"stride": 2}  # the last row is never read
    yield (6, 6), (3, 3), {"stride": 2}  # the last row and column are never read
    yield (7, 5), (2, 3), {"stride": 3}
    yield (5, 6), (3, 2), {"stride": (2, 3), "padding": 1}
    yield (5, 6), (3, 2), {"stride": (1, 2), "padding": (0, 1), "flip": True}
    yield (6, 7), (2, 3), {"dilation": 2}
    yield (6, 7), (2, 2), {"dilation": (3, 2), "stride": 2, "padding": 1}
    yield (5, 5), (3, 3), {"stride": 2, "padding": "same"}
    yield (6, 5), (2, 4), {"stride": 2, "padding": "same", "flip": True}
    yield (2, 4, 4), (3, 2, 2, 2), {"bias": True}
    yield (3, 4, 5), (2, 3, 3, 2), {"stride": 2, "padding": 1, "bias": True}
    yield (2, 5, 4), (2, 2, 2, 2), {"dilation": 2, "flip": True, "padding": 1}
    yield (2, 1, 4, 4), (2, 1, 3, 3), {"bias": True}
    yield (2, 2, 5, 4), (2, 2, 2, 2), {"stride": 2, "bias": True}
    yield (2, 3, 4, 3), (2, 3, 3, 3), {"padding": "same"}


def max_grid():
    """(image shape, size, stride, padding, lowest entry) rows; all-negative images meet padding."""
    yield (4, 4), 2, 2, 0, -9
    yield (4, 4), 2, 1, 0, -9
    yield (5, 6), 2, 2, 0, -9
    yield (5, 6), 3, 2, 0, -9
    yield (5, 6), 3, 3, 1, -30
    yield (5, 6), 2, 2, 1, -30
    yield (5, 7), (2, 3), (2, 3), 0, -9
    yield (5, 7), (2, 3), (1, 2), (1, 1), -30
    yield (5, 7), (3, 2), (2, 1), (1, 0), -30
    yield (6, 6), 4, 2, 2, -30
    yield (6, 6), 1, 2, 0, -9
    yield (5, 5), 5, 1, 0, -9
    yield (5, 6), 3, 2, "same", -30
    yield (5, 6), 2, 2, "same", -30
    yield (6, 5), (3, 2), (1, 3), "same", -30
    yield (5, 6), 2, 3, "valid", -9
    yield (3, 4, 4), 2, 2, 0, -9
    yield (2, 5, 5), 3, 2, 1, -30
    yield (2, 3, 4, 4), 2, 2, 0, -9
    yield (2, 2, 5, 4), (3, 2), (2, 2), 1, -30


def pool_gradient_grid():
    yield (4, 4), 2, 2, 0
    yield (5, 6), 2, 2, 0  # the last row is never read
    yield (5, 6), 3, 1, 0  # windows overlap: one cell may win several times
    yield (5, 6), 3, 2, 1
    yield (5, 7), (2, 3), (2, 2), (1, 0)
    yield (5, 6), 2, 3, "same"
    yield (6, 5), 3, 3, 0
    yield (2, 4, 5), 2, 2, 1
    yield (2, 2, 4, 4), 2, 2, 0
    yield (2, 2, 5, 4), (3, 2), (2, 1), 1


def cases():
    rng = np.random.default_rng(20240)
    for image, kernel, options in conv_grid():
        yield conv_case(rng, image, kernel, **options)
    for image, kernel, options in conv_gradient_grid():
        yield conv_case(rng, image, kernel, **options, gradients=True)
    for image, size, stride, padding, low in max_grid():
        yield pool_case(rng, "maxpool", image, size, stride, padding, low=low)
        yield pool_case(rng, "avgpool", image, size, stride, padding)
    for image, size, stride, padding in pool_gradient_grid():
        for op in ["maxpool", "avgpool"]:
            yield pool_case(rng, op, image, size, stride, padding, gradients=True)


def corpus_case():
    """Q3 of the tutorial, with the answers its author gives."""
    image = np.array([[1, 3, 2, 4, 6, 4], [4, 8, 3, 1, 0, 2], [2, 1, 4, 3, 9, 1], [4, 7, 2, 3, 9, 2]])
    kernel = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
    options = {"stride": 1, "padding": 0, "dilation": 1, "flip": False}
    out = exact(conv_jax(jnp.asarray(image, float), jnp.asarray(kernel, float), None, **options))
    assert out == [[1, -1, -3, -2], [3, 1, -12, -20]], out
    assert exact(max_jax(jnp.asarray(out, float), 2, 2, 0)) == [[3, -2]]
    inputs = {"image": image.tolist(), "kernel": kernel.tolist()}
    return {"op": "conv2d", "options": options, "inputs": inputs, "output": out}


def name(index, case):
    shapes = [f"{label} {'x'.join(map(str, np.shape(value)))}" for label, value in case["inputs"].items()]
    options = [f"{k} {v}" for k, v in case["options"].items() if v is not False]
    return f"{index:03} {case['op']}: {', '.join(shapes + options)}"


def main():
    found = [corpus_case(), *cases()]
    named = [{"name": name(i, case), **case} for i, case in enumerate(found, start=1)]
    made_by = f"conv_pool.py, jax {jax.__version__}, scipy {scipy.__version__}, numpy {np.__version__}"
    head = json.dumps({"made_by": made_by, "conventions": CONVENTIONS}, indent=1)
    # One case a line: small, and a change shows which case it is.
    body = ",\n".join(json.dumps(case, separators=(",", ":")) for case in named)
    print(f'{head[:-2]},\n "cases": [\n{body}\n]}}')
    counted = sum("gradients" in case for case in named)
    print(f"{len(named)} cases, {counted} with gradients", file=sys.stderr)


main()
