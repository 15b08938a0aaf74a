"""Published problems with numbers."""

import jax.numpy as jnp
import numpy as np
from jax.nn import sigmoid, softmax

from .case import case
from .operators import bits, half, relu, xent


def fit_closed(v, m, g):
    yield m.L, 402.57
    yield g["a"], np.sum(-2 * v.x * (v.y - v.a * v.x))


case(
    "fit_through_origin",
    """
problem "fit_through_origin" "Fitting y = ax"

given
  dim   N
  input x: N, y: N
  param a

model
  yhat = a*x
  L = sum((y - yhat)^2)

tasks
  derive da
""",
    dict(N=3),
    lambda v: dict(yhat=v.a * v.x, L=jnp.sum((v.y - v.a * v.x) ** 2)),
    fill={"x": [[2], [4.5], [10]], "y": [[19.6], [44.1], [98]], "a": 8.0},
    check=fit_closed,
)


def mazur(v):
    h = sigmoid(v.W1 @ v.x + v.b1)
    o = sigmoid(v.W2 @ h + v.b2)
    return dict(h=h, o=o, L=half(o - v.t))


def mazur_published(v, m, g):
    yield np.round(m.h, 9), [[0.593269992], [0.596884378]]
    yield np.round(m.o, 8), [[0.75136507], [0.77292847]]
    yield np.round(m.L, 9), 0.298371109
    yield np.round(g["W2"][0][0], 9), 0.082167041
    yield np.round(g["W1"][0][0], 9), 0.000438568
    updated = [0.149780716, 0.199561432, 0.249751144, 0.299502287]
    yield np.round((v.W1 - 0.5 * g["W1"]).ravel(), 9), updated
    updated = [0.358916480, 0.408666186, 0.511301270, 0.561370121]
    yield np.round((v.W2 - 0.5 * g["W2"]).ravel(), 9), updated


case(
    "mazur",
    """
problem "mazur" "A 2-2-2 sigmoid network with shared biases"

given
  input  x: 2
  target t: 2
  param  W1: 2 x 2, b1, W2: 2 x 2, b2

model
  h = sigmoid(W1*x + b1)
  o = sigmoid(W2*h + b2)
  L = mse(o, t)

tasks
  derive dW1, dW2, db1, db2
""",
    {},
    mazur,
    fill={
        "x": [[0.05], [0.10]],
        "t": [[0.01], [0.99]],
        "W1": [[0.15, 0.20], [0.25, 0.30]],
        "b1": 0.35,
        "W2": [[0.40, 0.45], [0.50, 0.55]],
        "b2": 0.60,
    },
    corpus="mazur-forward, mazur-update",
    check=mazur_published,
)


def bits_net(v):
    z1 = v.W1 @ v.x + v.b1
    a1 = relu(z1)
    z2 = v.W2 @ a1 + v.b2
    return dict(z1=z1, a1=a1, z2=z2, a2=sigmoid(z2), L=bits(z2, v.y))


def bits_published(v, m, g):
    """The published gradients are the summed loss's; two are truncated in the third decimal."""
    near = lambda a, b: (np.abs(np.asarray(a) - np.asarray(b)).max() < 6e-4, True)
    yield m.L / 2, 0.5603425651
    yield near(g["W2"], [[-0.248, 0, -0.0709], [0.3465, 0, 0.099]])
    yield near(g["b2"], [[-0.3543], [0.4950]])
    yield near(g["W1"], [[-0.0427, -0.0214], [0, 0], [-0.3611, -0.1806]])
    yield near(g["b1"], [[-0.0427], [0], [-0.3611]])


case(
    "bits_relu_sigmoid_bce",
    """
problem "bits_relu_sigmoid_bce" "Relu, sigmoid and summed binary cross-entropy, with numbers"

given
  input  x: 2
  target y: 2
  param  W1: 3 x 2, b1: 3, W2: 2 x 3, b2: 2

model
  z1 = W1*x + b1
  a1 = relu(z1)
  z2 = W2*a1 + b2
  a2 = sigmoid(z2)
  L = bce(a2, y, reduce = sum)

tasks
  derive dW2, db2, dW1, db1
""",
    {},
    bits_net,
    fill={
        "x": [[1], [0.5]],
        "y": [[1], [0]],
        "W1": [[0.5, 0.2], [-0.3, 0.8], [0.1, -0.4]],
        "b1": [[0.1], [-0.2], [0.3]],
        "W2": [[0.4, -0.1, 0.6], [0.2, 0.7, -0.3]],
        "b2": [[0.2], [-0.1]],
    },
    corpus="bits-dfnn-forward, bits-dfnn-backward",
    check=bits_published,
)

case(
    "csc413_norms",
    """
problem "csc413_norms" "A two-layer network with integers"

given
  input x: 3
  param W1: 3 x 3, W2: 3 x 3

model
  z = W1*x
  h = relu(z)
  y = W2*h
  L = sum(y)

tasks
  derive dW1, dW2
""",
    {},
    lambda v: dict(
        z=v.W1 @ v.x, h=relu(v.W1 @ v.x), y=v.W2 @ relu(v.W1 @ v.x), L=jnp.sum(v.W2 @ relu(v.W1 @ v.x))
    ),
    fill={
        "x": [[1], [3], [1]],
        "W1": [[1, 2, 1], [-2, 1, 0], [1, -2, -1]],
        "W2": [[-2, 4, 1], [1, -2, -3], [-3, 4, 6]],
    },
    corpus="csc413-hw1-2.2",
    check=lambda v, m, g: [
        (g["W1"], [[-4, -12, -4], [6, 18, 6], [0, 0, 0]]),
        (g["W2"], [[8, 1, 0]] * 3),
    ],
)


def geoj(v):
    h = relu(v.X @ v.W1 + v.b1)
    s = h @ v.W2 + v.b2
    return dict(h=h, s=s, p=softmax(s, axis=1), L=xent(s, v.T))


case(
    "geoj_two_layer",
    """
problem "geoj_two_layer" "Relu, softmax and cross-entropy of one example, with numbers"

given
  input  X: 1 x 2
  target T: 1 x 3 one-hot
  param  W1: 2 x 2, b1: 1 x 2, W2: 2 x 3, b2: 1 x 3

model
  h = relu(X*W1 + b1)
  s = h*W2 + b2
  p = softmax(s)
  L = ce(p, T)

tasks
  derive dW1, db1, dW2, db2
""",
    {},
    geoj,
    fill={
        "X": [[16, -6]],
        "T": [[0, 0, 1]],
        "W1": [[0.18, 0.04], [0.1, 0.22]],
        "b1": [[0, 0]],
        "W2": [[0.19, -0.1, 0.1], [-0.02, -0.01, 0.04]],
        "b2": [[0, 0, 0]],
    },
    corpus="geoj-cs231n-twolayer",
    check=lambda v, m, g: [
        (np.round(m.L, 10), 1.0513754685),
        (np.round(g["W1"], 8), [[-0.09093376, 0], [0.03410016, 0]]),
    ],
)


def self_attention(v):
    Q, K, V = v.X @ v.WQ, v.X @ v.WK, v.X @ v.WV
    O = softmax(Q @ K.T, axis=1) @ V
    return dict(Q=Q, K=K, V=V, S=Q @ K.T, O=O, L=jnp.sum(v.G * O))


case(
    "karim_self_attention",
    """
problem "karim_self_attention" "Unscaled self-attention with small integers"

given
  input X: 3 x 4
  param WQ: 4 x 3, WK: 4 x 3, WV: 4 x 3
  const G: 3 x 3

model
  Q = X*WQ
  K = X*WK
  V = X*WV
  S = Q*K^T
  O = softmax(S)*V
  L = sum(G .* O)

tasks
  derive dWQ, dWK, dWV
""",
    {},
    self_attention,
    fill={
        "X": [[1, 0, 1, 0], [0, 2, 0, 2], [1, 1, 1, 1]],
        "WQ": [[1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 1]],
        "WK": [[0, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 0]],
        "WV": [[0, 2, 0], [0, 3, 0], [1, 0, 3], [1, 1, 0]],
    },
    corpus="karim-selfattention",
    check=lambda v, m, g: [
        (m.S, [[2, 4, 4], [4, 16, 12], [4, 12, 10]]),
        (
            np.round(m.O, 4),
            [[1.9366, 6.6831, 1.5951], [2.0, 7.9640, 0.0540], [1.9997, 7.7599, 0.3584]],
        ),
    ],
)
