"""Convolution and pooling nets."""

import jax.numpy as jnp
import numpy as np
from jax.nn import softmax

from .case import CONV_BIAS, FLATTEN_ROW, case
from .operators import avgpool, conv2d, half, maxpool, relu, xent

Q3_IMAGE = [[1, 3, 2, 4, 6, 4], [4, 8, 3, 1, 0, 2], [2, 1, 4, 3, 9, 1], [4, 7, 2, 3, 9, 2]]


def conv_pool_relu(v):
    J = conv2d(v.I, v.W)
    K = maxpool(J)
    return dict(J=J, K=K, O=relu(K), L=half(relu(K) - v.T))


CONV_POOL = """
problem "conv_pool_relu" "Convolution, max-pooling and relu, squared loss"

given
  input  I: 4 x 6
  target T: 1 x 2
  param  W: 3 x 3

model
  J = conv2d(I, W, stride = 1, padding = 0)
  K = maxpool(J, size = 2, stride = 2)
  O = relu(K)
  L = mse(O, T)

tasks
  derive dW, dI
"""
case(
    "conv_pool_relu",
    CONV_POOL,
    {},
    conv_pool_relu,
    fill={"I": Q3_IMAGE, "W": [[-1, 0, 1]] * 3, "T": [[7, 10]]},
    corpus="cmput328-q1, cmput328-q2",
    check=lambda v, m, g: [
        (m.J, [[2, -4, 6, -1], [-1, -9, 9, -2]]),
        (m.K, [[2, 9]]),
        (m.L, 13),
        (g["W"], [[-8, -16, -10], [-24, -43, -24], [-12, -8, -29]]),
        (
            g["I"],
            [[5, 0, -5, 0, 0, 0], [5, 0, -4, 0, -1, 0], [5, 0, -4, 0, -1, 0], [0, 0, 1, 0, -1, 0]],
        ),
    ],
)
case(
    "q3_backward",
    CONV_POOL.replace('"conv_pool_relu"', '"q3_backward"'),
    {},
    conv_pool_relu,
    fill={"I": Q3_IMAGE, "W": [[1, 2, 1], [0, 0, 0], [-1, -2, -1]], "T": [[1, 2]]},
    check=lambda v, m, g: [
        (m.J, [[1, -1, -3, -2], [3, 1, -12, -20]]),
        (m.K, [[3, -2]]),
        (m.O, [[3, 0]]),
        # The maximum 3 is J[2,1], whose window is rows 2 to 4 and columns 1 to 3 of I; upstream 2.
        (g["W"], 2 * np.array(Q3_IMAGE)[1:4, 0:3]),
    ],
)

case(
    "conv_named_extents",
    """
problem "conv_named_extents" "A convolution over an image of any size"

given
  dim    P, Q
  input  I: P x Q
  target T: (P-2) x (Q-1)
  param  W: 3 x 2, b

model
  J = conv2d(I, W, b)
  L = mse(tanh(J), T)

tasks
  derive dW, db, dI
""",
    dict(P=5, Q=4),
    lambda v: dict(J=conv2d(v.I, v.W, v.b), L=half(jnp.tanh(conv2d(v.I, v.W, v.b)) - v.T)),
    assumes=["a convolution's extents over named dimensions: P x Q by 3 x 2 is (P-2) x (Q-1)"],
)

case(
    "conv_flip_stride_padding",
    """
problem "conv_flip_stride_padding" "A mathematical convolution with a stride and padding"

given
  input  I: 5 x 6
  target T: 3 x 2
  param  W: 3 x 3

model
  J = conv2d(I, W, stride = (2, 3), padding = 1, flip = true)
  L = mse(J, T)

tasks
  derive dW, dI
""",
    {},
    lambda v: dict(
        J=conv2d(v.I, v.W, stride=(2, 3), padding=1, flip=True),
        L=half(conv2d(v.I, v.W, stride=(2, 3), padding=1, flip=True) - v.T),
    ),
)


def avgpool_net(v):
    J = conv2d(v.I, v.W, v.b)
    A = relu(J)
    P = avgpool(A)
    y = P.reshape(1, -1) @ v.V + v.c
    return dict(J=J, A=A, P=P, y=y, L=half(y - v.t))


case(
    "avgpool_net",
    """
problem "avgpool_net" "Two filters, average pooling and a dense layer"

given
  dim    K
  input  I: 2 x 5 x 6
  target t: 1 x K
  param  W: 2 x 2 x 2 x 3, b: 1 x 2
  param  V: 8 x K, c: 1 x K

model
  J = conv2d(I, W, b)
  A = relu(J)
  P = avgpool(A, size = 2, stride = 2)
  y = flatten(P)*V + c
  L = mse(y, t)

tasks
  derive dW, db, dV, dc, dI
""",
    dict(K=3),
    avgpool_net,
    assumes=[CONV_BIAS, FLATTEN_ROW],
)


def batch_net(v):
    A = relu(conv2d(v.X, v.W, v.b))
    P = maxpool(A)
    F = P.reshape(len(P), -1)
    logits = F @ v.V + v.c
    return dict(A=A, P=P, F=F, C=softmax(logits, axis=1), L=xent(logits, v.T))


case(
    "conv_batch_classifier",
    """
problem "conv_batch_classifier" "A batch of images through convolution, pooling and softmax"

given
  dim    K
  input  X: 3 x 2 x 6 x 5
  target T: 3 x K one-hot
  param  W: 4 x 2 x 3 x 2, b: 1 x 4
  param  V: 16 x K, c: 1 x K

model
  A = relu(conv2d(X, W, b))
  P = maxpool(A, size = 2, stride = 2)
  F = flatten(P)
  C = softmax(F*V + c)
  L = ce(C, T)

tasks
  derive dW, db, dV, dc
""",
    dict(K=3),
    batch_net,
    # Most of the pooled cells must be positive: a window of zeros is a tie.
    fill={"b": [[4.5, 5.2, 4.8, 5.6]], "V": "small"},
    assumes=[CONV_BIAS, FLATTEN_ROW],
)

case(
    "two_convolutions",
    """
problem "two_convolutions" "Two convolutions with tanh and a global average"

given
  input  I: 2 x 6 x 6
  param  U: 3 x 2 x 3 x 3, V: 2 x 3 x 2 x 2

model
  A = tanh(conv2d(I, U, padding = 1))
  B = conv2d(A, V, stride = 2)
  L = mean(B^2)

tasks
  derive dU, dV, dI
""",
    {},
    lambda v: dict(
        A=jnp.tanh(conv2d(v.I, v.U, padding=1)),
        B=conv2d(jnp.tanh(conv2d(v.I, v.U, padding=1)), v.V, stride=2),
        L=jnp.mean(conv2d(jnp.tanh(conv2d(v.I, v.U, padding=1)), v.V, stride=2) ** 2),
    ),
    fill={"U": "small"},
)
