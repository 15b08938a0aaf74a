"""Attention, normalisation, recurrent cells."""

from types import SimpleNamespace

import jax.numpy as jnp
import numpy as np
from jax.nn import sigmoid, softmax

from .case import case
from .operators import half, relu, xent


def attention(v):
    S = v.Q @ v.K.T / jnp.sqrt(v.Q.shape[1])
    A = softmax(S, axis=1)
    return dict(S=S, A=A, O=A @ v.V, L=half(A @ v.V - v.T))


def attention_closed(v, m, g):
    dO = m.O - v.T
    dA = dO @ v.V.T
    dS = m.A * (dA - (dA * m.A).sum(1, keepdims=True))
    root = np.sqrt(v.Q.shape[1])
    yield g["V"], m.A.T @ dO
    yield g["Q"], dS @ v.K / root
    yield g["K"], dS.T @ v.Q / root


ATTENTION = """
problem "attention" "Scaled dot-product attention"

given
  dim    N, M, P
  input  Q: N x 4, K: M x 4, V: M x P
  target T: N x P

model
  S = Q*K^T/sqrt(4)
  A = softmax(S, axis = 1)
  O = A*V
  L = mse(O, T)

tasks
  derive dQ, dK, dV
"""
case(
    "attention",
    ATTENTION,
    dict(N=3, M=5, P=2),
    attention,
    corpus="attention-backward",
    check=attention_closed,
)
case(
    "attention_named_width",
    ATTENTION.replace('"attention"', '"attention_named_width"')
    .replace("N, M, P", "N, M, P, d")
    .replace("x 4", "x d")
    .replace("sqrt(4)", "sqrt(d)"),
    dict(N=3, M=5, P=2, d=6),
    attention,
    assumes=["a dimension can be used as a number in the model"],
    check=attention_closed,
)


def transformer(v):
    def normal(A):
        centred = A - jnp.mean(A, axis=1, keepdims=True)
        return centred / jnp.sqrt(jnp.mean(centred**2, axis=1, keepdims=True) + 1e-5)

    Q, K, V = v.X @ v.Wq, v.X @ v.Wk, v.X @ v.Wv
    A = softmax(Q @ K.T / 2, axis=1)
    R = v.X + A @ V @ v.Wo
    U = normal(R)
    F = relu(U @ v.W1 + v.b1) @ v.W2 + v.b2
    return dict(Q=Q, K=K, V=V, A=A, R=R, U=U, Y=U + F, L=half(U + F - v.T))


case(
    "transformer_block",
    """
problem "transformer_block" "Self-attention, a layer norm and a feed-forward net with skips"

given
  dim    N, D, P, H
  input  X: N x D
  target T: N x D
  param  Wq: D x 4, Wk: D x 4, Wv: D x P, Wo: P x D
  param  W1: D x H, b1: 1 x H, W2: H x D, b2: 1 x D
  const  eps = 0.00001

model
  Q = X*Wq
  K = X*Wk
  V = X*Wv
  A = softmax(Q*K^T/2)
  R = X + A*V*Wo
  U = (R - mean(R, axis = 1)) ./ sqrt(mean((R - mean(R, axis = 1))^2, axis = 1) + eps)
  Y = U + relu(U*W1 + b1)*W2 + b2
  L = mse(Y, T)

tasks
  derive dX, dWq, dWk, dWv, dWo, dW1, db1, dW2, db2
""",
    dict(N=3, D=5, P=2, H=6),
    transformer,
)

for name, axis, dims in [("layer_norm", 1, dict(N=4, D=5)), ("batch_norm", 0, dict(N=6, D=3))]:

    def norm_model(v, axis=axis):
        mu = jnp.mean(v.X, axis=axis, keepdims=True)
        s = jnp.var(v.X, axis=axis, keepdims=True)
        U = (v.X - mu) / jnp.sqrt(s + 1e-5)
        Y = v.gamma * U + v.beta
        return dict(mu=mu, Xc=v.X - mu, s=s, U=U, Y=Y, L=jnp.sum(v.G * Y))

    def norm_closed(v, m, g, axis=axis):
        n = v.G * v.gamma
        mean = lambda a: a.mean(axis, keepdims=True)
        yield g["X"], (n - mean(n) - m.U * mean(n * m.U)) / np.sqrt(m.s + 1e-5)
        yield g["gamma"], (v.G * m.U).sum(0, keepdims=True)
        yield g["beta"], v.G.sum(0, keepdims=True)

    case(
        name,
        f"""
problem "{name}" "{name.replace("_", " ").capitalize()} written out"

given
  dim   N, D
  input X: N x D
  const G: N x D
  param gamma: 1 x D, beta: 1 x D
  const eps = 0.00001

model
  mu = mean(X, axis = {axis})
  Xc = X - mu
  s = mean(Xc^2, axis = {axis})
  U = Xc ./ sqrt(s + eps)
  Y = gamma .* U + beta
  L = sum(G .* Y)

tasks
  derive dX, dgamma, dbeta
""",
        dims,
        norm_model,
        corpus="llmc-layernorm-backward" if axis == 1 else "udl-11.5",
        check=norm_closed,
    )


def rnn(v):
    H1 = jnp.tanh(v.X1 @ v.Wx + v.H0 @ v.Wh + v.b)
    H2 = jnp.tanh(v.X2 @ v.Wx + H1 @ v.Wh + v.b)
    H3 = jnp.tanh(v.X3 @ v.Wx + H2 @ v.Wh + v.b)
    loss = sum(xent(H @ v.Wy + v.c, T) for H, T in [(H1, v.T1), (H2, v.T2), (H3, v.T3)])
    return dict(H1=H1, H2=H2, H3=H3, L=loss)


case(
    "tanh_rnn_3_steps",
    """
problem "tanh_rnn_3_steps" "A recurrent network over three steps"

given
  dim    N, D, H, K
  input  X1: N x D, X2: N x D, X3: N x D, H0: N x H
  target T1: N x K one-hot, T2: N x K one-hot, T3: N x K one-hot
  param  Wx: D x H, Wh: H x H, b: 1 x H, Wy: H x K, c: 1 x K

model
  H1 = tanh(X1*Wx + H0*Wh + b)
  H2 = tanh(X2*Wx + H1*Wh + b)
  H3 = tanh(X3*Wx + H2*Wh + b)
  L = ce(softmax(H1*Wy + c), T1) + ce(softmax(H2*Wy + c), T2) + ce(softmax(H3*Wy + c), T3)

tasks
  derive dWx, dWh, db, dWy, dc, dH0
""",
    dict(N=2, D=3, H=4, K=5),
    rnn,
    corpus="karpathy-minchar-rnn",
)


def linear_rnn(v):
    h1 = v.Whx @ v.x1
    h2 = v.Whx @ v.x2 + v.Whh @ h1
    h3 = v.Whx @ v.x3 + v.Whh @ h2
    loss = (half(v.Wqh @ h1 - v.y1) + half(v.Wqh @ h2 - v.y2) + half(v.Wqh @ h3 - v.y3)) / 3
    return dict(h1=h1, h2=h2, h3=h3, o1=v.Wqh @ h1, o2=v.Wqh @ h2, o3=v.Wqh @ h3, L=loss)


def linear_rnn_closed(v, m, g):
    e = [(o - y) / 3 for o, y in [(m.o1, v.y1), (m.o2, v.y2), (m.o3, v.y3)]]
    q3 = v.Wqh.T @ e[2]
    q2 = v.Wqh.T @ e[1] + v.Whh.T @ q3
    q1 = v.Wqh.T @ e[0] + v.Whh.T @ q2
    yield g["Wqh"], e[0] @ m.h1.T + e[1] @ m.h2.T + e[2] @ m.h3.T
    yield g["Whx"], q1 @ v.x1.T + q2 @ v.x2.T + q3 @ v.x3.T
    yield g["Whh"], q2 @ m.h1.T + q3 @ m.h2.T


case(
    "linear_rnn_columns",
    """
problem "linear_rnn_columns" "Backpropagation through time without activations"

given
  dim    D, H, K
  input  x1: D, x2: D, x3: D
  target y1: K, y2: K, y3: K
  param  Whx: H x D, Whh: H x H, Wqh: K x H

model
  h1 = Whx*x1
  h2 = Whx*x2 + Whh*h1
  h3 = Whx*x3 + Whh*h2
  o1 = Wqh*h1
  o2 = Wqh*h2
  o3 = Wqh*h3
  L = (mse(o1, y1) + mse(o2, y2) + mse(o3, y3))/3

tasks
  derive dWhx, dWhh, dWqh
""",
    dict(D=3, H=4, K=2),
    linear_rnn,
    corpus="d2l-bptt-linear",
    check=linear_rnn_closed,
)


def gru(v):
    z = sigmoid(v.X @ v.Wz + v.Hp @ v.Uz + v.bz)
    r = sigmoid(v.X @ v.Wr + v.Hp @ v.Ur + v.br)
    n = jnp.tanh(v.X @ v.Wn + r * (v.Hp @ v.Un) + v.bn)
    Y = (1 - z) * n + z * v.Hp
    return dict(z=z, r=r, n=n, Y=Y, L=half(Y - v.T))


def gru_closed(v, m, g):
    dY = m.Y - v.T
    dn = dY * (1 - m.z) * (1 - m.n**2)
    dz = dY * (v.Hp - m.n) * m.z * (1 - m.z)
    dr = dn * (v.Hp @ v.Un) * m.r * (1 - m.r)
    yield g["Hp"], dY * m.z + dz @ v.Uz.T + dr @ v.Ur.T + (dn * m.r) @ v.Un.T


case(
    "gru_cell",
    """
problem "gru_cell" "One step of a gated recurrent unit"

given
  dim    N, D, H
  input  X: N x D, Hp: N x H
  target T: N x H
  param  Wz: D x H, Uz: H x H, bz: 1 x H
  param  Wr: D x H, Ur: H x H, br: 1 x H
  param  Wn: D x H, Un: H x H, bn: 1 x H

model
  z = sigmoid(X*Wz + Hp*Uz + bz)
  r = sigmoid(X*Wr + Hp*Ur + br)
  n = tanh(X*Wn + r .* Hp*Un + bn)
  Y = (1 - z) .* n + z .* Hp
  L = mse(Y, T)

tasks
  derive dX, dHp, dWz, dUz, dbz, dWr, dUr, dbr, dWn, dUn, dbn
""",
    dict(N=3, D=4, H=2),
    gru,
    corpus="gru-cell-backward",
    check=gru_closed,
)


def lstm(v):
    A = v.X @ v.W + v.Hp @ v.U + v.b
    I, F, O = sigmoid(A[:, :2]), sigmoid(A[:, 2:4]), sigmoid(A[:, 4:6])
    G = jnp.tanh(A[:, 6:])
    C = F * v.Cp + I * G
    return dict(I=I, F=F, O=O, G=G, C=C, Y=O * jnp.tanh(C), L=half(O * jnp.tanh(C) - v.T))


def lstm_blocks(v):
    """The same cell with a matrix for each gate: the spec's form, in terms of lstm's blocks."""
    W = jnp.concatenate([v.Wi, v.Wf, v.Wo, v.Wg], axis=1)
    U = jnp.concatenate([v.Ui, v.Uf, v.Uo, v.Ug], axis=1)
    b = jnp.concatenate([v.bi, v.bf, v.bo, v.bg], axis=1)
    return lstm(SimpleNamespace(W=W, U=U, b=b, X=v.X, Hp=v.Hp, Cp=v.Cp, T=v.T))


case(
    "lstm_cell",
    """
problem "lstm_cell" "One step of a long short-term memory cell"

given
  dim    N, D
  input  X: N x D, Hp: N x 2, Cp: N x 2
  target T: N x 2
  param  Wi: D x 2, Ui: 2 x 2, bi: 1 x 2
  param  Wf: D x 2, Uf: 2 x 2, bf: 1 x 2
  param  Wo: D x 2, Uo: 2 x 2, bo: 1 x 2
  param  Wg: D x 2, Ug: 2 x 2, bg: 1 x 2

model
  I = sigmoid(X*Wi + Hp*Ui + bi)
  F = sigmoid(X*Wf + Hp*Uf + bf)
  O = sigmoid(X*Wo + Hp*Uo + bo)
  G = tanh(X*Wg + Hp*Ug + bg)
  C = F .* Cp + I .* G
  Y = O .* tanh(C)
  L = mse(Y, T)

tasks
  derive dHp, dCp, dWi, dUi, dbi, dWf, dUf, dbf, dWo, dUo, dbo, dWg, dUg, dbg
""",
    dict(N=3, D=4),
    lstm_blocks,
)
