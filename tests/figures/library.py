"""Values and gradients of the library's functions (src/lower/library.def) from jax, in 64-bit floats.

    python library.py > library.json

A case is a call in the problem language, its operands' numbers, the gradient that arrives at the result, and what jax says
of the value and of the gradient with respect to each operand. The jax functions are jax.nn's and optax-like definitions
written by hand from their published formulas, not from the library's text.
"""

import json

import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import erf as scipy_erf
from scipy.special import rel_entr
from scipy.stats import norm as normal

jax.config.update("jax_enable_x64", True)
RNG = np.random.default_rng(20)


def matrix(rows, columns, low=-2.0, high=2.0):
    return np.round(RNG.uniform(low, high, (rows, columns)), 3)


def onehot(rows, columns):
    return np.eye(columns)[RNG.integers(0, columns, rows)]


def norm_axis(x, axis, eps=1e-5):
    return (x - jnp.mean(x, axis, keepdims=True)) / jnp.sqrt(jnp.var(x, axis, keepdims=True) + eps)


def softmax_masked(s, mask):
    return jax.nn.softmax(jnp.where(mask > 0, s, -jnp.inf), axis=1)


def huber(a, b, delta):
    e = jnp.abs(a - b)
    return jnp.sum(jnp.where(e <= delta, e**2 / 2, delta * (e - delta / 2)))


def focal(p, t, gamma):
    right = jnp.where(t > 0, p, 1 - p)
    return -jnp.sum((1 - right) ** gamma * jnp.log(right))


def hinge(s, t, margin):
    right = jnp.max(jnp.where(t > 0, s, -jnp.inf), axis=1, keepdims=True)
    return jnp.sum(jnp.where(t > 0, 0.0, jnp.maximum(0.0, s - right + margin)))


CASES = []


def case(call, function, layout="rows", constant=(), **operands):
    names = list(operands)
    values = [jnp.asarray(operands[name]) for name in names]
    y = function(*values)
    arriving = np.round(RNG.uniform(-1, 1, np.shape(y)), 3)
    loss = lambda *v: jnp.sum(function(*v) * arriving)
    gradients = {}
    for place, name in enumerate(names):
        if name in constant:
            continue
        g = jax.grad(loss, place)(*values)
        # An outside check of jax itself: central differences along a random direction.
        d = RNG.normal(size=values[place].shape)
        h = 1e-5
        ahead, behind = ([*values], [*values])
        ahead[place], behind[place] = values[place] + h * d, values[place] - h * d
        slope = (loss(*ahead) - loss(*behind)) / (2 * h)
        assert abs(slope - jnp.sum(g * d)) < 1e-6 * max(1, abs(slope)), (call, name)
        gradients[name] = np.asarray(g).tolist()
    CASES.append({
        "call": call, "layout": layout,
        "operands": {name: np.asarray(operands[name]).tolist() for name in names},
        "arriving": arriving.tolist(), "value": np.asarray(y).tolist(), "gradients": gradients,
    })


x, z = matrix(3, 4), matrix(3, 4)
case("square(x)", jnp.square, x=x)
case("log2(x)", jnp.log2, x=matrix(2, 3, 0.2, 3))
case("log10(x)", jnp.log10, x=matrix(2, 3, 0.2, 3))
case("tan(x)", jnp.tan, x=matrix(2, 3, -1, 1))
case("max(0, x)", lambda x: jnp.maximum(0, x), x=x)
case("min(x, z)", jnp.minimum, x=x, z=z)
case("outer(x, z)", lambda a, b: jnp.outer(a, b), x=matrix(3, 1), z=matrix(2, 1))
case("inner(x, z)", jnp.vdot, x=x, z=z)
case("quadratic(x, A)", lambda x, A: (x.T @ A @ x)[0, 0], x=matrix(3, 1), A=matrix(3, 3))
case("var(x)", jnp.var, x=x)
for axis in (0, 1):
    case(f"var(x, axis = {axis})", lambda x, axis=axis: jnp.var(x, axis, keepdims=True), x=x)
    case(f"std(x, axis = {axis})", lambda x, axis=axis: jnp.std(x, axis, keepdims=True), x=x)
case("std(x)", jnp.std, x=x)
case("cosine_similarity(x, z)", lambda a, b: jnp.vdot(a, b) / (jnp.linalg.norm(a) * jnp.linalg.norm(b)), x=x, z=z)
case("silu(x)", jax.nn.silu, x=x)
case("swish(x)", jax.nn.silu, x=x)
# The library's constant has ten digits.
case("gelu(x)", lambda x: jax.nn.gelu(x, approximate=True), x=x)
case("elu(x)", jax.nn.elu, x=x)
case("elu(x, alpha = 0.5)", lambda x: jax.nn.elu(x, 0.5), x=x)
case("selu(x)", lambda x: 1.0507 * jnp.where(x > 0, x, 1.67326 * (jnp.exp(x) - 1)), x=x)
case("mish(x)", jax.nn.mish, x=x)
case("hardtanh(x)", jax.nn.hard_tanh, x=x)
case("relu6(x)", jax.nn.relu6, x=5 * x)
case("hard_sigmoid(x)", jax.nn.hard_sigmoid, x=2 * x)
case("l1(x)", lambda x: jnp.sum(jnp.abs(x)), x=x)
case("mae(x, z)", lambda a, b: jnp.mean(jnp.abs(a - b)), x=x, z=z)
case("huber(x, z)", lambda a, b: huber(a, b, 1.0), x=x, z=z)
case("huber(x, z, delta = 0.5)", lambda a, b: huber(a, b, 0.5), x=x, z=z)
p, q = matrix(2, 3, 0.1, 0.9), matrix(2, 3, 0.1, 0.9)
case("kl(p, q)", lambda p, q: jnp.sum(p * jnp.log(p / q)), p=p, q=q)
assert abs(CASES[-1]["value"] - rel_entr(p, q).sum()) < 1e-12
case("entropy(p)", lambda p: -jnp.sum(p * jnp.log(p)), p=p)
t = onehot(3, 4)
case("ce_logits(x, t)", lambda x: -jnp.sum(t * jax.nn.log_softmax(x, 1)), x=x, )
CASES[-1]["operands"]["t"] = t.tolist()
case("bce_logits(x, t)", lambda x: -jnp.sum(t * jax.nn.log_sigmoid(x) + (1 - t) * jax.nn.log_sigmoid(-x)), x=x)
CASES[-1]["operands"]["t"] = t.tolist()
for call, gamma in (("focal(p, t)", 2.0), ("focal(p, t, gamma = 3)", 3.0)):
    labels = np.array([[1.0, 0, 1], [0, 0, 1]])
    case(call, lambda p, gamma=gamma: focal(p, labels, gamma), p=p)
    CASES[-1]["operands"]["t"] = labels.tolist()
for call, margin in (("multiclass_hinge(x, t)", 1.0), ("multiclass_hinge(x, t, margin = 0.5)", 0.5)):
    case(call, lambda x, margin=margin: hinge(x, t, margin), x=x)
    CASES[-1]["operands"]["t"] = t.tolist()
a, b, c = matrix(1, 3, -1, 1), matrix(1, 3, -1, 1), matrix(1, 3, -1, 1)
triple = lambda a, p, n, m: jax.nn.relu(jnp.sum((a - p) ** 2) - jnp.sum((a - n) ** 2) + m)
case("triplet(a, p, n)", lambda a, p, n: triple(a, p, n, 1.0), a=a, p=b, n=c)
case("triplet(a, p, n, margin = 3)", lambda a, p, n: triple(a, p, n, 3.0), a=a, p=b, n=c)
for y in (0, 1):
    pair = lambda a, b, y=y: y * jnp.sum((a - b) ** 2) / 2 + (1 - y) * jax.nn.relu(4 - jnp.linalg.norm(a - b)) ** 2 / 2
    case(f"contrastive(a, p, {y}, margin = 4)", pair, a=a, p=b)
case("gaussian_nll(x, m, s)", lambda x, m, s: -jnp.sum(jax.scipy.stats.norm.logpdf(x, m, s)) - x.size * jnp.log(2 * jnp.pi) / 2,
     x=x, m=matrix(1, 4), s=np.float64(0.7))
g, h = matrix(1, 4), matrix(1, 4)
case("batch_norm(x)", lambda x: norm_axis(x, 0), x=x)
case("batch_norm(x, g, h)", lambda x, g, h: g * norm_axis(x, 0) + h, x=x, g=g, h=h)
case("batch_norm(x, g, h, epsilon = 0.1)", lambda x, g, h: g * norm_axis(x, 0, 0.1) + h, x=x, g=g, h=h)
case("batch_norm(x)", lambda x: norm_axis(x, 1), layout="columns", x=x)
case("layer_norm(x)", lambda x: norm_axis(x, 1), x=x)
case("layer_norm(x, g, h)", lambda x, g, h: g * norm_axis(x, 1) + h, x=x, g=g, h=h)
case("layer_norm(x)", lambda x: norm_axis(x, 0), layout="columns", x=x)
case("rms_norm(x)", lambda x: x / jnp.sqrt(jnp.mean(x**2, 1, keepdims=True) + 1e-5), x=x)
mask = np.array([[1.0, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 1]])
case("dropout(x, mask)", lambda x: x * mask, x=x)
CASES[-1]["operands"]["mask"] = mask.tolist()
case("dropout(x, mask, 0.75)", lambda x: x * mask / 0.75, x=x)
CASES[-1]["operands"]["mask"] = mask.tolist()
tokens = np.array([2, 0, 2, 1])
case("embedding(t, E)", lambda E: jnp.take(E, tokens, axis=0), E=matrix(3, 2))
CASES[-1]["operands"]["t"] = np.eye(3)[tokens].tolist()
case("masked_softmax(x, mask)", lambda x: softmax_masked(x, mask), x=x)
CASES[-1]["operands"]["mask"] = mask.tolist()
Q, K, V = matrix(3, 2), matrix(4, 2), matrix(4, 2)
case("attention(Q, K, V, 2)", lambda Q, K, V: jax.nn.softmax(Q @ K.T / jnp.sqrt(2.0), 1) @ V, Q=Q, K=K, V=V)
case("attention(Q, K, V, 2, mask)", lambda Q, K, V: softmax_masked(Q @ K.T / jnp.sqrt(2.0), mask) @ V, Q=Q, K=K, V=V)
CASES[-1]["operands"]["mask"] = mask.tolist()
square = matrix(3, 3)
case("det(A)", lambda A: jnp.linalg.det(A), A=square)
case("det(A)", lambda A: jnp.linalg.det(A), A=matrix(4, 4))
case("logdet(A)", lambda A: jnp.linalg.slogdet(A)[1], A=square @ square.T + np.eye(3))

# What came later draws behind the rest, so that the cases above stay as they are.
x, z = matrix(3, 4), matrix(3, 4)
case("arctan(x)", jnp.arctan, x=3 * x)
case("erf(x)", jax.scipy.special.erf, x=x)
assert np.allclose(CASES[-1]["value"], scipy_erf(x), rtol=1e-12)
case("normal_cdf(x)", jax.scipy.stats.norm.cdf, x=x)
assert np.allclose(CASES[-1]["value"], normal.cdf(x), rtol=1e-12)
case("normal_pdf(x)", jax.scipy.stats.norm.pdf, x=x)
case("gelu_exact(x)", lambda x: jax.nn.gelu(x, approximate=False), x=x)
case("hard_swish(x)", jax.nn.hard_swish, x=2 * x)
case("softsign(x)", jax.nn.soft_sign, x=x)
case("glu(x, z)", lambda a, b: jax.nn.glu(jnp.concatenate([a, b], 1), 1), x=x, z=z)
case("logit(p)", jax.scipy.special.logit, p=matrix(2, 3, 0.1, 0.9))
case("rmse(x, z)", lambda a, b: jnp.sqrt(jnp.mean((a - b) ** 2)), x=x, z=z)
case("var(x, ddof = 1)", lambda x: jnp.var(x, ddof=1), x=x)
for axis in (0, 1):
    case(f"var(x, ddof = 1, axis = {axis})", lambda x, axis=axis: jnp.var(x, axis, ddof=1, keepdims=True), x=x)
    case(f"std(x, ddof = 1, axis = {axis})", lambda x, axis=axis: jnp.std(x, axis, ddof=1, keepdims=True), x=x)
    case(f"prod(x, axis = {axis})", lambda x, axis=axis: jnp.prod(x, axis, keepdims=True), x=x)
    case(f"median(x, axis = {axis})", lambda x, axis=axis: jnp.median(x, axis, keepdims=True), x=x)
    case(f"cumsum(x, axis = {axis})", lambda x, axis=axis: jnp.cumsum(x, axis), x=x)
case("cumsum(x, reverse = true)", lambda x: jnp.cumsum(x[:, ::-1], 1)[:, ::-1], x=x)
case("prod(x)", jnp.prod, x=x)
case("median(x)", jnp.median, x=matrix(3, 3))
case("median(x)", jnp.median, x=matrix(3, 4))
case("cross(a, b)", lambda a, b: jnp.cross(a, b, axis=0), a=matrix(3, 1), b=matrix(3, 1))
case("cross(a, b)", lambda a, b: jnp.cross(a, b), a=matrix(1, 3), b=matrix(1, 3))
case("attention(Q, K, V)", lambda Q, K, V: jax.nn.softmax(Q @ K.T / jnp.sqrt(3.0), 1) @ V, Q=matrix(2, 3), K=matrix(4, 3), V=matrix(4, 2))
case("rows(x)*x", lambda x: 3 * x, x=x)
case("columns(x)*x", lambda x: 4 * x, x=x)
case("count(x)*x", lambda x: 12 * x, x=x)
case("x/count(x, axis = 1)", lambda x: x / 4, x=x)


def tensor(*shape):
    return np.round(RNG.uniform(-2, 2, shape), 3)


def normal_over(x, axes, eps=1e-5):
    return (x - jnp.mean(x, axes, keepdims=True)) / jnp.sqrt(jnp.var(x, axes, keepdims=True) + eps)


def grouped(x, groups):
    parts = x.reshape(x.shape[0], groups, -1)
    return normal_over(parts, 2).reshape(x.shape)


images = tensor(2, 4, 2, 3)
case("batch_norm2d(x)", lambda x: normal_over(x, (0, 2, 3)), x=images)
case("batch_norm2d(x, reshape(g, shape = (1, 4, 1, 1)), reshape(h, shape = (1, 4, 1, 1)))",
     lambda x, g, h: g.reshape(1, 4, 1, 1) * normal_over(x, (0, 2, 3)) + h.reshape(1, 4, 1, 1), x=images, g=matrix(1, 4), h=matrix(1, 4))
case("group_norm(x)", lambda x: grouped(x, 2), x=images)
case("group_norm(x, groups = 4)", lambda x: grouped(x, 4), x=images)
case("group_norm(x, g, h, groups = 2)", lambda x, g, h: g * grouped(x, 2) + h, x=matrix(2, 8), g=matrix(1, 8), h=matrix(1, 8))
case("global_avgpool(x)", lambda x: jnp.mean(x, (2, 3)), x=images)
case("global_maxpool(x)", lambda x: jnp.max(x, (1, 2))[None], x=tensor(3, 2, 4))
case("global_avgpool(x)", jnp.mean, x=matrix(3, 4))


def convolved(x, w, stride=1, padding=0, dilation=1, groups=1):
    """Over all axes of the kernel behind its filters and channels; `x` has an axis for the batch."""
    axes = w.ndim - 2
    return jax.lax.conv_general_dilated(
        x, w, (stride,) * axes, [(padding, padding)] * axes, rhs_dilation=(dilation,) * axes, feature_group_count=groups)


case("conv2d(x, reshape(w, shape = (3, 4, 1, 1)))", lambda x, w: convolved(x, w.reshape(3, 4, 1, 1)), x=images, w=matrix(3, 4))
case("conv2d(x, w, dilation = 2)", lambda x, w: convolved(x[None], w[None], dilation=2)[0, 0], x=tensor(2, 4, 5), w=tensor(2, 2, 3))
case("conv2d(x, w, groups = 2, padding = 1)", lambda x, w: convolved(x, w, padding=1, groups=2), x=images, w=tensor(6, 2, 2, 3))
case("depthwise_conv2d(x, w)", lambda x, w: convolved(x, w[:, None], groups=4), x=tensor(2, 4, 3, 4), w=tensor(4, 2, 2))
case("depthwise_conv2d(x, w, stride = 2)", lambda x, w: convolved(x, w, 2, groups=4), x=tensor(2, 4, 4, 5), w=tensor(8, 1, 2, 2))
case("conv1d(x, w)", lambda x, w: convolved(x[None], w[None])[0], x=matrix(1, 6), w=matrix(1, 3))
case("conv1d(x, w, padding = 1)", lambda x, w: convolved(x.T[None], w.T[None], padding=1)[0].T, x=matrix(6, 1), w=matrix(3, 1))
case("conv1d(x, w, stride = 2)", lambda x, w: convolved(x[None], w, 2)[0], x=matrix(3, 7), w=tensor(2, 3, 3))
case("conv1d(x, w, b, dilation = 2)", lambda x, w, b: convolved(x, w, dilation=2) + b.T[None], x=tensor(2, 3, 6), w=tensor(4, 3, 2), b=matrix(1, 4))


def spread(x, w, stride=1, padding=0, more=0):
    """A transposed convolution: the gradient of a convolution with respect to its image."""
    side = lambda n, k: (n - 1) * stride - 2 * padding + k + more
    result = (x.shape[0], w.shape[1], side(x.shape[2], w.shape[2]), side(x.shape[3], w.shape[3]))
    _, back = jax.vjp(lambda image: convolved(image, w, stride, padding), jnp.zeros(result))
    return back(x)[0]


direct = jax.lax.conv_transpose(images, np.ones((2, 2, 4, 3)), (2, 2), "VALID", dimension_numbers=("NCHW", "HWOI", "NCHW"), transpose_kernel=True)     if False else None
case("conv_transpose2d(x, w)", lambda x, w: spread(x[None, None], w[None, None])[0, 0], x=matrix(2, 3), w=matrix(2, 2))
case("conv_transpose2d(x, w, stride = 2, padding = 1)", lambda x, w: spread(x, w, 2, 1), x=images, w=tensor(4, 3, 3, 3))
case("conv_transpose2d(x, w, b, stride = 2, output_padding = 1)", lambda x, w, b: spread(x[None], w, 2, 0, 1)[0] + b.T[:, :, None],
     x=tensor(2, 2, 2), w=tensor(2, 3, 2, 2), b=matrix(1, 3))
# By hand: one entry spreads the kernel, the next one a step on.
assert np.allclose(spread(jnp.asarray([[[[2.0, 3.0]]]]), jnp.asarray([[[[1.0, 10.0]]]])), [[[[2, 23, 30]]]])


def pooled(x, size, stride, kind):
    """Rounded up: what does not fill a window is a smaller one."""
    room = lambda n: -(-(n - size) // stride)
    more = [max(0, room(n) * stride + size - n) for n in x.shape]
    padding = [(0, extra) for extra in more]
    if kind == "max":
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (size, size), (stride, stride), padding)
    add = lambda v: jax.lax.reduce_window(v, 0.0, jax.lax.add, (size, size), (stride, stride), padding)
    return add(x) / add(jnp.ones_like(x))


case("maxpool(x, size = 2, ceil = true)", lambda x: pooled(x, 2, 2, "max"), x=matrix(5, 3))
case("maxpool(x, size = 3, stride = 2, ceil_mode = true)", lambda x: pooled(x, 3, 2, "max"), x=matrix(6, 4))
case("avgpool(x, size = 2, ceil = true)", lambda x: pooled(x, 2, 2, "mean"), x=matrix(5, 3))
# A class by its index.
case("-log(p[o])", lambda p: -jnp.log(p[0, 2]), p=matrix(1, 4, 0.1, 0.9))
CASES[-1]["operands"]["o"] = [[0, 0, 1, 0]]
case("p[o]", lambda p: p[jnp.arange(3), jnp.array([1, 0, 3])][:, None], p=matrix(3, 4))
CASES[-1]["operands"]["o"] = [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]

# A vector's softmax, norms and sums act along it.
v = matrix(4, 1)
case("softmax(v)", lambda v: jax.nn.softmax(v, 0), v=v)
case("logsumexp(v)", lambda v: jax.scipy.special.logsumexp(v, 0, keepdims=True), v=v)
case("layer_norm(v)", lambda v: (v - jnp.mean(v)) / jnp.sqrt(jnp.var(v) + 1e-5), v=v)
case("softmax(r)", lambda r: jax.nn.softmax(r, 1), layout="columns", r=matrix(1, 3))
# Powers with an exponent for each entry, blocks, and a mask of minus infinity.
case("p.^z", lambda p, z: p ** z, p=matrix(2, 3, 0.2, 0.9), z=matrix(2, 3))
case("[x z; z x]", lambda x, z: jnp.block([[x, z], [z, x]]), x=matrix(2, 2), z=matrix(2, 2))
case("softmax(x + [0 -inf; 0 0])", lambda x: jax.nn.softmax(x + jnp.array([[0, -jnp.inf], [0, 0]]), 1), x=matrix(2, 2))


def heads(q, k, v, count, mask=0.0):
    split = lambda a: a.reshape(a.shape[0], count, -1).transpose(1, 0, 2)
    q, k, v = split(q), split(k), split(v)
    weights = jax.nn.softmax(jnp.einsum("hnd,hmd->hnm", q, k) / np.sqrt(q.shape[-1]) + mask, -1)
    return jnp.einsum("hnm,hmd->hnd", weights, v).transpose(1, 0, 2).reshape(q.shape[1], -1)


q, k, v = matrix(3, 4), matrix(2, 4), matrix(2, 6)
for count in (1, 2):
    case(f"multi_head_attention(q, k, v, heads = {count})", lambda q, k, v, count=count: heads(q, k, v, count), q=q, k=k, v=v)
case("multi_head_attention(q, k, v, [0 -inf; 0 0; 0 0], heads = 2)",
     lambda q, k, v: heads(q, k, v, 2, jnp.array([[0, -jnp.inf], [0, 0], [0, 0]])), q=q, k=k, v=v)
# The perceptron's loss, away from the boundary.
y = np.array([[1.0], [-1.0], [1.0]])
case("perceptron(s, y)", lambda s: jnp.sum(jnp.maximum(-y * s, 0)), s=matrix(3, 1))
CASES[-1]["operands"]["y"] = y.tolist()
# Hyperbolic functions.
case("sinh(x)", jnp.sinh, x=matrix(2, 3))
case("cosh(x)", jnp.cosh, x=matrix(2, 3))
case("sech(x)", lambda x: 1 / jnp.cosh(x), x=matrix(2, 3))

print(json.dumps(CASES, indent=None).replace('{"call"', '\n{"call"'))
