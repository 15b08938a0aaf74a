"""Feed-forward networks and linear layers."""

import jax.numpy as jnp
import numpy as np
from jax.nn import sigmoid, softmax

from .case import case
from .operators import half, leaky_relu, relu, xent


def q1(v):
    A = v.X @ v.W1 + v.b1
    Z = relu(A)
    Y = Z @ v.W2 + v.b2
    logits = Z @ v.W3 + v.b3
    return dict(Z=Z, Y=Y, C=softmax(logits, axis=1), L=half(v.X - Y) + xent(logits, v.Cgt))


def q1_closed(v, m, g):
    dY, dS = m.Y - v.X, m.C - v.Cgt
    G = (m.Z > 0) * (dY @ v.W2.T + dS @ v.W3.T)
    yield g["W1"], v.X.T @ G
    yield g["b1"], G.sum(0, keepdims=True)
    yield g["W2"], m.Z.T @ dY
    yield g["b2"], dY.sum(0, keepdims=True)
    yield g["W3"], m.Z.T @ dS
    yield g["b3"], dS.sum(0, keepdims=True)


Q1 = """
problem "Q1" "Autoencoder with a classifier on the latent code"

given
  dim    N, D, H, K
  input  X: N x D
  target Cgt: N x K one-hot
  param  W1: D x H, b1: 1 x H
  param  W2: H x D, b2: 1 x D
  param  W3: H x K, b3: 1 x K

model
  Z = relu(X*W1 + b1)
  Y = Z*W2 + b2
  C = softmax(Z*W3 + b3)
  L = mse(X, Y) + ce(C, Cgt)

tasks
  derive dW1, db1, dW2, db2, dW3, db3
"""
case(
    "q1_autoencoder_classifier",
    Q1,
    dict(N=5, D=4, H=3, K=2),
    q1,
    corpus="ualberta-q1-autoenc-clf",
    check=q1_closed,
)
case(
    "q1_single_example",
    Q1,
    dict(N=1, D=4, H=3, K=2),
    q1,
    check=q1_closed,
)
case(
    "q1_input_gradient",
    Q1.replace("derive dW1, db1, dW2, db2, dW3, db3", "derive dX"),
    dict(N=3, D=5, H=4, K=2),
    q1,
    check=lambda v, m, g: [
        (
            g["X"],
            v.X - m.Y + ((m.Z > 0) * ((m.Y - v.X) @ v.W2.T + (m.C - v.Cgt) @ v.W3.T)) @ v.W1.T,
        )
    ],
)


def two_layer(v):
    Z1 = v.X @ v.W1
    Z2 = Z1 + v.b1
    Z3 = sigmoid(Z2)
    Z4 = Z3 @ v.W2
    Yp = Z4 + v.b2
    return dict(Z1=Z1, Z2=Z2, Z3=Z3, Z4=Z4, Yp=Yp, L=half(Yp - v.Y))


def two_layer_closed(v, m, g):
    D = m.Yp - v.Y
    d1 = (D @ v.W2.T) * m.Z3 * (1 - m.Z3)
    yield g["W2"], m.Z3.T @ D
    yield g["b2"], D.sum(0, keepdims=True)
    yield g["W1"], v.X.T @ d1
    yield g["b1"], d1.sum(0, keepdims=True)


case(
    "two_layer_sigmoid",
    """
problem "two_layer_sigmoid" "Two layers, sigmoid, half the squared loss"

given
  dim    N, D, H, K
  input  X: N x D
  target Y: N x K
  param  W1: D x H, b1: 1 x H, W2: H x K, b2: 1 x K

model
  Z1 = X*W1
  Z2 = Z1 + b1
  Z3 = sigmoid(Z2)
  Z4 = Z3*W2
  Yp = Z4 + b2
  L = mse(Yp, Y)

tasks
  derive dW1, db1, dW2, db2, dX
""",
    dict(N=4, D=3, H=5, K=2),
    two_layer,
    corpus="cmput328-q5",
    check=two_layer_closed,
)


def relu_softmax(v):
    A = v.X @ v.W1
    H = relu(A)
    return dict(A=A, B=H, P=softmax(H @ v.W2, axis=1), L=xent(H @ v.W2, v.Y))


def relu_softmax_closed(v, m, g):
    D = m.P - v.Y
    yield g["W2"], m.B.T @ D
    yield g["W1"], v.X.T @ ((D @ v.W2.T) * (m.A > 0))


case(
    "relu_softmax_ce",
    """
problem "relu_softmax_ce" "Two layers with relu, softmax and cross-entropy"

given
  dim    N, D, H, K
  input  X: N x D
  target Y: N x K one-hot
  param  W1: D x H, W2: H x K

model
  A = X*W1
  B = relu(A)
  P = softmax(B*W2)
  L = ce(P, Y)

tasks
  derive dW1, dW2, dX
""",
    dict(N=4, D=3, H=5, K=2),
    relu_softmax,
    corpus="cmput328-q4",
    check=relu_softmax_closed,
)

for reduce in ["sum", "mean"]:

    def softmax_regression(v, reduce=reduce):
        S = v.X @ v.W + v.b
        return dict(S=S, P=softmax(S, axis=1), L=xent(S, v.T) / (1 if reduce == "sum" else len(v.X)))

    def softmax_regression_closed(v, m, g, reduce=reduce):
        D = (m.P - v.T) / (1 if reduce == "sum" else len(v.X))
        yield g["W"], v.X.T @ D
        yield g["b"], D.sum(0, keepdims=True)

    case(
        f"softmax_ce_{reduce}",
        f"""
problem "softmax_ce_{reduce}" "Softmax regression, cross-entropy by {reduce}"

given
  dim    N, D, K
  input  X: N x D
  target T: N x K one-hot
  param  W: D x K, b: 1 x K

model
  S = X*W + b
  P = softmax(S)
  L = ce(P, T, reduce = {reduce})

tasks
  derive dW, db
""",
        dict(N=5, D=3, K=4),
        softmax_regression,
        check=softmax_regression_closed,
    )

case(
    "relu_softmax_ce_mean",
    """
problem "relu_softmax_ce_mean" "Two layers, cross-entropy averaged over the batch"

given
  dim    M, D, H, K
  input  X: M x D
  target T: M x K one-hot
  param  W1: D x H, W2: H x K

model
  Z1 = relu(X W1)
  P = softmax(Z1 W2)
  L = ce(P, T, reduce = mean)

tasks
  derive dW1, dW2
""",
    dict(M=6, D=4, H=5, K=3),
    lambda v: dict(
        Z1=relu(v.X @ v.W1),
        P=softmax(relu(v.X @ v.W1) @ v.W2, axis=1),
        L=xent(relu(v.X @ v.W1) @ v.W2, v.T) / len(v.X),
    ),
    corpus="cmu-10414-hw0-q5",
    check=lambda v, m, g: [
        (g["W1"], v.X.T @ ((m.Z1 > 0) * ((m.P - v.T) @ v.W2.T)) / len(v.X)),
        (g["W2"], m.Z1.T @ (m.P - v.T) / len(v.X)),
    ],
)

for outputs, dims in [("one", dict(N=5, D=3)), ("two", dict(N=5, D=3)), ("n", dict(N=5, D=3, K=4))]:
    K = {"one": "1", "two": "2", "n": "K"}[outputs]
    case(
        f"linear_{outputs}_outputs",
        f"""
problem "linear_{outputs}_outputs" "A linear layer and the squared loss"

given
  dim    {", ".join(dims)}
  input  X: N x D
  target Y: N x {K}
  param  W: D x {K}, b: 1 x {K}

model
  Yp = X*W + b
  L = mse(Yp, Y, reduce = sum)

tasks
  derive dW, db, dX
""",
        dims,
        lambda v: dict(Yp=v.X @ v.W + v.b, L=jnp.sum((v.X @ v.W + v.b - v.Y) ** 2)),
        check=lambda v, m, g: [
            (g["W"], 2 * v.X.T @ (m.Yp - v.Y)),
            (g["b"], 2 * (m.Yp - v.Y).sum(0, keepdims=True)),
            (g["X"], 2 * (m.Yp - v.Y) @ v.W.T),
        ],
    )

case(
    "linear_mse_mean",
    """
problem "linear_mse_mean" "Mean squared error of one output"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D, b

model
  yhat = X*w + b
  L = mse(yhat, y, reduce = mean)

tasks
  derive dw, db
""",
    dict(N=6, D=3),
    lambda v: dict(yhat=v.X @ v.w + v.b, L=jnp.mean((v.X @ v.w + v.b - v.y) ** 2)),
)


def mlp4(v):
    H = [v.X]
    for W, b in [(v.W1, v.b1), (v.W2, v.b2), (v.W3, v.b3)]:
        H.append(relu(H[-1] @ W + b))
    Y = H[-1] @ v.W4 + v.b4
    return dict(H1=H[1], H2=H[2], H3=H[3], Y=Y, L=half(Y - v.T))


case(
    "relu_mlp_4_layers",
    """
problem "relu_mlp_4_layers" "Four layers with relu"

given
  dim    N, D, P, Q, R, K
  input  X: N x D
  target T: N x K
  param  W1: D x P, b1: 1 x P
  param  W2: P x Q, b2: 1 x Q
  param  W3: Q x R, b3: 1 x R
  param  W4: R x K, b4: 1 x K

model
  H1 = relu(X*W1 + b1)
  H2 = relu(H1*W2 + b2)
  H3 = relu(H2*W3 + b3)
  Y = H3*W4 + b4
  L = mse(Y, T)

tasks
  derive dW1, db1, dW2, db2, dW3, db3, dW4, db4
""",
    dict(N=4, D=3, P=6, Q=5, R=7, K=2),
    mlp4,
)


def mlp_repeat(v):
    H1 = jnp.tanh(v.X @ v.W1 + v.b1)
    H2 = jnp.tanh(H1 @ v.W2 + v.b2)
    H3 = jnp.tanh(H2 @ v.W3 + v.b3)
    H4 = jnp.tanh(H3 @ v.W4 + v.b4)
    return dict(H0=v.X, H1=H1, H2=H2, H3=H3, H4=H4, Y=H4 @ v.V, L=half(H4 @ v.V - v.T))


case(
    "tanh_mlp_repeat",
    """
problem "tanh_mlp_repeat" "Layers of one width, by repeat"

given
  dim    N, H, K
  input  X: N x H
  target T: N x K
  repeat l = 1 to 4
    param W_{l}: H x H, b_{l}: 1 x H
  end
  param V: H x K

model
  H_{0} = X
  repeat l = 1 to 4
    H_{l} = tanh(H_{l-1}*W_{l} + b_{l})
  end
  Y = H_{4}*V
  L = mse(Y, T)

tasks
  derive dW_{1}, db_{1}, dW_{2}, db_{2}, dW_{3}, db_{3}, dW_{4}, db_{4}, dV
""",
    dict(N=4, H=3, K=2),
    mlp_repeat,
    assumes=["repeat", "keys are canonical names: W_{1} is W1"],
)

case(
    "residual_block",
    """
problem "residual_block" "A block with a skip connection"

given
  dim    N, D, H
  input  X: N x D
  target T: N x D
  param  W1: D x H, b1: 1 x H, W2: H x D, b2: 1 x D

model
  A = relu(X*W1 + b1)
  Y = X + A*W2 + b2
  L = mse(Y, T)

tasks
  derive dX, dW1, db1, dW2, db2
""",
    dict(N=3, D=4, H=5),
    lambda v: dict(
        A=relu(v.X @ v.W1 + v.b1),
        Y=v.X + relu(v.X @ v.W1 + v.b1) @ v.W2 + v.b2,
        L=half(v.X + relu(v.X @ v.W1 + v.b1) @ v.W2 + v.b2 - v.T),
    ),
)

case(
    "tied_autoencoder",
    """
problem "tied_autoencoder" "An autoencoder with tied weights"

given
  dim    D, M
  input  x: D
  param  W: M x D

model
  h = W*x
  r = W^T*h
  L = mse(r, x)

tasks
  derive dW
""",
    dict(D=4, M=3),
    lambda v: dict(h=v.W @ v.x, r=v.W.T @ v.W @ v.x, L=half(v.W.T @ v.W @ v.x - v.x)),
    corpus="ucla-c147-autoenc",
    check=lambda v, m, g: [(g["W"], v.W @ ((m.r - v.x) @ v.x.T + v.x @ (m.r - v.x).T))],
)


def weight_decay(v):
    h = jnp.tanh(v.W1 @ v.x)
    o = v.W2 @ h
    J, s = half(o - v.y), 0.1 * (half(v.W1) + half(v.W2))
    return dict(z=v.W1 @ v.x, h=h, o=o, J=J, s=s, L=J + s)


case(
    "weight_decay",
    """
problem "weight_decay" "A two-layer network with weight decay, column form"

given
  dim    D, H, K
  input  x: D
  target y: K
  param  W1: H x D, W2: K x H
  const  lambda = 0.1

model
  z = W1*x
  h = tanh(z)
  o = W2*h
  J = mse(o, y)
  s = lambda/2*(sum(W1^2) + sum(W2^2))
  L = J + s

tasks
  derive dW1, dW2
""",
    dict(D=4, H=3, K=2),
    weight_decay,
    corpus="d2l-backprop-l2",
    check=lambda v, m, g: [
        (g["W2"], (m.o - v.y) @ m.h.T + 0.1 * v.W2),
        (g["W1"], ((v.W2.T @ (m.o - v.y)) * (1 - m.h**2)) @ v.x.T + 0.1 * v.W1),
    ],
)

case(
    "ridge_l2",
    """
problem "ridge_l2" "Least squares with an l2 penalty"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D
  const  lambda = 0.3

model
  e = X*w - y
  L = 1/2*sum(e^2) + lambda*l2(w)

tasks
  derive dw
""",
    dict(N=5, D=3),
    lambda v: dict(e=v.X @ v.w - v.y, L=half(v.X @ v.w - v.y) + 0.3 * half(v.w)),
    check=lambda v, m, g: [(g["w"], v.X.T @ m.e + 0.3 * v.w)],
)


def gated(v):
    z1, z2 = v.W1 @ v.x + v.b1, v.W2 @ v.x + v.b2
    h1, h2 = relu(z1), sigmoid(z2)
    g = h1 * h2
    s = v.W3 @ g + v.W4 @ v.x
    return dict(z1=z1, z2=z2, h1=h1, h2=h2, g=g, y=softmax(s, axis=0), L=xent(s, v.t, axis=0))


def gated_closed(v, m, g):
    ybar = m.y - v.t
    gbar = v.W3.T @ ybar
    z1bar, z2bar = gbar * m.h2 * (m.z1 > 0), gbar * m.h1 * m.h2 * (1 - m.h2)
    yield g["x"], v.W4.T @ ybar + v.W1.T @ z1bar + v.W2.T @ z2bar
    yield g["W1"], z1bar @ v.x.T
    yield g["W3"], ybar @ m.g.T


case(
    "gated_softmax_columns",
    """
problem "gated_softmax_columns" "A gated unit with a skip to the logits, column form"

given
  dim    D, H, K
  layout columns
  input  x: D
  target t: K one-hot
  param  W1: H x D, b1: H, W2: H x D, b2: H
  param  W3: K x H, W4: K x D

model
  z1 = W1*x + b1
  z2 = W2*x + b2
  h1 = relu(z1)
  h2 = sigmoid(z2)
  g = h1 .* h2
  y = softmax(W3*g + W4*x)
  L = ce(y, t)

tasks
  derive dx, dW1, db1, dW2, db2, dW3, dW4
""",
    dict(D=4, H=5, K=3),
    gated,
    fill={"t": "one-hot column"},
    corpus="csc413-hw1-2.1",
    check=gated_closed,
    assumes=["layout columns: softmax acts along axis 0"],
)


def leaky_columns(v):
    u1 = v.W1 @ v.X + v.b1
    X1 = leaky_relu(u1, 0.2)
    u2 = v.W2 @ X1 + v.b2
    return dict(U1=u1, X1=X1, P=softmax(u2, axis=0), L=xent(u2, v.T, axis=0) / v.X.shape[1])


case(
    "leaky_mlp_columns",
    """
problem "leaky_mlp_columns" "Leaky relu, data as columns, mean cross-entropy"

given
  dim    N, D, H, K
  layout columns
  input  X: D x N
  target T: K x N one-hot
  param  W1: H x D, b1: H, W2: K x H, b2: K

model
  U1 = W1*X + b1
  X1 = leaky_relu(U1, slope = 0.2)
  P = softmax(W2*X1 + b2)
  L = ce(P, T, reduce = mean)

tasks
  derive dW1, db1, dW2, db2
""",
    dict(N=4, D=3, H=5, K=2),
    leaky_columns,
    fill={"T": "one-hot column"},
    corpus="uva-dl-a1-1.1b-leaky-mlp",
    assumes=["layout columns: softmax acts along axis 0, the mean is over the columns"],
    check=lambda v, m, g: [
        (g["W2"], (m.P - v.T) @ m.X1.T / 4),
        (g["b2"], (m.P - v.T).sum(1, keepdims=True) / 4),
        (g["W1"], (np.where(m.U1 > 0, 1, 0.2) * (v.W2.T @ (m.P - v.T))) @ v.X.T / 4),
    ],
)

case(
    "leaky_default_slope",
    """
problem "leaky_default_slope" "Leaky relu with its default slope"

given
  dim   N, D, H
  input X: N x D
  param W: D x H, c: H

model
  A = leaky_relu(X*W)
  L = sum(A*c)

tasks
  derive dW, dc, dX
""",
    dict(N=4, D=3, H=5),
    lambda v: dict(A=leaky_relu(v.X @ v.W, 0.01), L=jnp.sum(leaky_relu(v.X @ v.W, 0.01) @ v.c)),
)
