"""The operators that jax has under other names or not at all.

Those with kinks (relu and abs at 0, ties of a maximum) note how near their values come to one.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax.nn import log_softmax

MARGIN = [np.inf]


def note(distances):
    if not isinstance(distances, jax.core.Tracer):
        MARGIN[0] = min(MARGIN[0], float(jnp.min(jnp.abs(distances))))


def relu(a):
    note(a)
    return jax.nn.relu(a)


def leaky_relu(a, slope):
    note(a)
    return jax.nn.leaky_relu(a, slope)


def absolute(a):
    note(a)
    return jnp.abs(a)


def sign(a):
    note(a)
    return jnp.sign(a)


def above(a, b):
    note(a - b)
    return (a > b).astype(float)


def maximum(a, b):
    note(a - b)
    return jnp.maximum(a, b)


def minimum(a, b):
    note(a - b)
    return jnp.minimum(a, b)


def clip(a, low, high):
    note(a - low)
    note(a - high)
    return jnp.clip(a, low, high)


def row_max(a, axis):
    top = jnp.sort(a, axis=axis)
    note(jnp.diff(top, axis=axis).take(-1, axis=axis))
    return jnp.max(a, axis=axis, keepdims=True)


def image4(a):
    return a.reshape((1,) * (4 - a.ndim) + a.shape)


def conv2d(image, kernel, bias=None, stride=1, padding=0, flip=False):
    filters = image4(kernel)[:, :, ::-1, ::-1] if flip else image4(kernel)
    strides = stride if isinstance(stride, tuple) else (stride, stride)
    pads = [(padding, padding)] * 2
    names = ("NCHW", "OIHW", "NCHW")
    out = jax.lax.conv_general_dilated(image4(image), filters, strides, pads, dimension_numbers=names)
    if bias is not None:
        out = out + jnp.reshape(bias, (1, -1, 1, 1))
    return out.reshape(out.shape[4 - image.ndim :])


def pool(image, start, operation, size, stride):
    windows = ((1, 1, size, size), (1, 1, stride, stride), "VALID")
    out = jax.lax.reduce_window(image4(image), start, operation, *windows)
    return out.reshape(out.shape[4 - image.ndim :])


def maxpool(image, size=2, stride=2):
    if not isinstance(image, jax.core.Tracer):
        view = np.lib.stride_tricks.sliding_window_view(np.asarray(image), (size, size), axis=(-2, -1))
        windows = view[..., ::stride, ::stride, :, :].reshape(-1, size * size)
        note(np.diff(np.sort(windows, axis=1), axis=1)[:, -1])
    return pool(image, -jnp.inf, jax.lax.max, size, stride)


def avgpool(image, size=2, stride=2):
    return pool(image, 0.0, jax.lax.add, size, stride) / size**2


def half(a):
    return 0.5 * jnp.vdot(a, a)


def xent(logits, target, axis=1):
    """Cross-entropy from the logits: another road than -sum(t log softmax)."""
    return -jnp.sum(target * log_softmax(logits, axis=axis))


def bits(logits, target):
    """Binary cross-entropy from the logits."""
    return jnp.sum(jax.nn.softplus(logits) - target * logits)
