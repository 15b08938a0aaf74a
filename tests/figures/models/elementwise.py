"""Elementwise functions, broadcasts, reductions over axes, changes of shape."""

import jax.numpy as jnp
import numpy as np
from jax.nn import sigmoid, softmax
from jax.scipy.special import logsumexp

from .case import FLATTEN_ROW, case
from .operators import above, absolute, bits, clip, half, maximum, minimum, relu, row_max, sign

case(
    "elementwise_quotient",
    """
problem "elementwise_quotient" "A quotient entry by entry"

given
  dim   N, D
  param A: N x D, B: N x D, C: N x D

model
  Q = A ./ B
  L = sum(Q .* C)

tasks
  derive dA, dB, dC
""",
    dict(N=3, D=4),
    lambda v: dict(Q=v.A / v.B, L=jnp.vdot(v.A / v.B, v.C)),
    fill={"B": "positive"},
)

case(
    "quotient_broadcast",
    """
problem "quotient_broadcast" "Rows divided by their sums, columns by their sums"

given
  dim   N, D
  param A: N x D, B: N x D

model
  P = A ./ rowsum(A)
  Q = A ./ colsum(A)
  L = sum(P .* B + Q .* B^2)

tasks
  derive dA, dB
""",
    dict(N=3, D=4),
    lambda v: dict(
        P=v.A / v.A.sum(1, keepdims=True),
        Q=v.A / v.A.sum(0, keepdims=True),
        L=jnp.sum(v.A / v.A.sum(1, keepdims=True) * v.B + v.A / v.A.sum(0) * v.B**2),
    ),
    fill={"A": "positive"},
)

case(
    "mml_autodiff",
    """
problem "mml_autodiff" "A function of one variable with a shared part"

given
  param x

model
  u = x^2 + exp(x^2)
  L = sqrt(u) + cos(u)

tasks
  derive dx
""",
    {},
    lambda v: dict(
        u=v.x**2 + jnp.exp(v.x**2),
        L=jnp.sqrt(v.x**2 + jnp.exp(v.x**2)) + jnp.cos(v.x**2 + jnp.exp(v.x**2)),
    ),
    fill={"x": 0.7},
    corpus="mml-autodiff",
    check=lambda v, m, g: [(g["x"], 2 * v.x * (1 / (2 * np.sqrt(m.u)) - np.sin(m.u)) * (1 + np.exp(v.x**2)))],
)

case(
    "function_mixture",
    """
problem "function_mixture" "Exponentials, logarithms, roots, sines and powers"

given
  dim   N, D
  param A: N x D, B: N x D

model
  P = exp(-A) .* log(B)
  Q = sqrt(B) .* sin(A) - cos(A .* B)
  R = abs(A)^3 ./ (1 + B^2)
  S = B^(-1) + B^(1/2) + tanh(A)
  L = sum(P + Q + R + S)

tasks
  derive dA, dB
""",
    dict(N=3, D=4),
    lambda v: dict(
        P=jnp.exp(-v.A) * jnp.log(v.B),
        Q=jnp.sqrt(v.B) * jnp.sin(v.A) - jnp.cos(v.A * v.B),
        R=absolute(v.A) ** 3 / (1 + v.B**2),
        S=1 / v.B + jnp.sqrt(v.B) + jnp.tanh(v.A),
        L=jnp.sum(
            jnp.exp(-v.A) * jnp.log(v.B)
            + jnp.sqrt(v.B) * jnp.sin(v.A)
            - jnp.cos(v.A * v.B)
            + absolute(v.A) ** 3 / (1 + v.B**2)
            + 1 / v.B
            + jnp.sqrt(v.B)
            + jnp.tanh(v.A)
        ),
    ),
    fill={"B": "positive"},
)

case(
    "logarithm_base",
    """
problem "logarithm_base" "Entropy in bits"

given
  dim   D
  param p: D

model
  L = -sum(p .* log(p, base = 2)) + sum(log(p, base = 10))

tasks
  derive dp
""",
    dict(D=5),
    lambda v: dict(L=-jnp.sum(v.p * jnp.log2(v.p)) + jnp.sum(jnp.log10(v.p))),
    fill={"p": "positive"},
)

case(
    "swish",
    """
problem "swish" "The swish activation"

given
  dim   D
  param z: D
  const c = 1.702

model
  f = z .* sigmoid(c*z)
  L = sum(f)

tasks
  derive dz
""",
    dict(D=5),
    lambda v: dict(f=v.z * sigmoid(1.702 * v.z), L=jnp.sum(v.z * sigmoid(1.702 * v.z))),
    corpus="epfl-2023-q34",
    check=lambda v, m, g: [(g["z"], (s := 1 / (1 + np.exp(-1.702 * v.z))) * (1 + 1.702 * v.z * (1 - s)))],
)

case(
    "gelu_tanh",
    """
problem "gelu_tanh" "The tanh form of the GELU activation"

given
  dim   N, D
  param X: N x D

model
  Y = X/2 .* (1 + tanh(0.7978845608*(X + 0.044715*X^3)))
  L = sum(Y)

tasks
  derive dX
""",
    dict(N=3, D=4),
    lambda v: dict(
        Y=0.5 * v.X * (1 + jnp.tanh(0.7978845608 * (v.X + 0.044715 * v.X**3))),
        L=jnp.sum(0.5 * v.X * (1 + jnp.tanh(0.7978845608 * (v.X + 0.044715 * v.X**3)))),
    ),
)

case(
    "micrograd_readme",
    """
problem "micrograd_readme" "The expression of micrograd's README"

given
  param a, b

model
  c1 = a + b
  p1 = a*b + b^3
  c2 = 2*c1 + 1
  c3 = 1 + 2*c2 - a
  p2 = 3*p1 + relu(b + a)
  p3 = 4*p2 + relu(b - a)
  e = c3 - p3
  f = e^2
  L = f/2 + 10/f

tasks
  derive da, db
""",
    {},
    lambda v: micrograd(v.a, v.b),
    fill={"a": -4.0, "b": 2.0},
    corpus="micrograd-readme",
    check=lambda v, m, g: [
        (m.L, 24.70408163265306),
        (g["a"], 138.83381924198252),
        (g["b"], 645.5772594752186),
    ],
)


def micrograd(a, b):
    """Line by line as in the README, which reassigns c and d."""
    named = {}
    c = named["c1"] = a + b
    d = named["p1"] = a * b + b**3
    c += c + 1
    named["c2"] = c
    c += 1 + c + (-a)
    named["c3"] = c
    d += d * 2 + relu(b + a)
    named["p2"] = d
    d += 3 * d + relu(b - a)
    named["p3"] = d
    e = named["e"] = c - d
    f = named["f"] = e**2
    g = f / 2.0
    g += 10.0 / f
    return named | {"L": g}


case(
    "cs231n_xyz",
    """
problem "cs231n_xyz" "A sum times a number"

given
  param x, y, z

model
  q = x + y
  L = q*z

tasks
  derive dx, dy, dz
""",
    {},
    lambda v: dict(q=v.x + v.y, L=(v.x + v.y) * v.z),
    fill={"x": -2.0, "y": 5.0, "z": -4.0},
    corpus="cs231n-xyz",
    check=lambda v, m, g: [(m.L, -12), (g["x"], -4), (g["y"], -4), (g["z"], 3)],
)

case(
    "cs231n_patterns",
    """
problem "cs231n_patterns" "Sum, product and maximum"

given
  param x, y, z, w

model
  L = 2*(x*y + maximum(z, w))

tasks
  derive dx, dy, dz, dw
""",
    {},
    lambda v: dict(L=2 * (v.x * v.y + maximum(v.z, v.w))),
    fill={"x": 3.0, "y": -4.0, "z": 2.0, "w": -1.0},
    corpus="cs231n-patterns",
    check=lambda v, m, g: [(m.L, -20), (g["x"], -8), (g["y"], 6), (g["z"], 2), (g["w"], 0)],
)

case(
    "logistic_pair",
    """
problem "logistic_pair" "A logistic loss of two variables"

given
  param x, y
  const alpha, beta

model
  s = sigmoid(x + beta*y)
  L = alpha*log(1/s) + (1 - alpha)*log(1/(1 - s))

tasks
  derive dx, dy
""",
    {},
    lambda v: dict(s=sigmoid(v.x + v.beta * v.y), L=bits(v.x + v.beta * v.y, v.alpha)),
    fill={"x": 0.4, "y": -0.9, "alpha": 0.3, "beta": 1.7},
    corpus="bits-mfml-2023mk-q3B",
    check=lambda v, m, g: [
        (m.L, (1 - v.alpha) * (v.x + v.beta * v.y) - np.log(m.s)),
        (g["x"], m.s - v.alpha),
        (g["y"], v.beta * (m.s - v.alpha)),
    ],
)

case(
    "six_variables",
    """
problem "six_variables" "A polynomial of six variables at all ones"

given
  param x, y, z, u, v, w

model
  L = 3*x*y*z*u*v*w + x^2*y^2*w^2 - 7*x*z^5 + 3*y*v*w^4

tasks
  derive dx, dy, dz, du, dv, dw
""",
    {},
    lambda v: dict(
        L=3 * v.x * v.y * v.z * v.u * v.v * v.w
        + (v.x * v.y * v.w) ** 2
        - 7 * v.x * v.z**5
        + 3 * v.y * v.v * v.w**4
    ),
    fill={name: 1.0 for name in "xyzuvw"},
    corpus="epfl-2016-q23",
    check=lambda v, m, g: [(sum(g.values()), 0)],
)

case(
    "broadcasts",
    """
problem "broadcasts" "A row, a column and a scalar beside a matrix"

given
  dim   N, D
  param A: N x D, r: 1 x D, c: N x 1, s

model
  P = A + r
  Q = P .* c
  R = r - Q
  S = s*R + s
  T = S ./ (1 + c^2) - r .* c
  L = sum(T^2)/2

tasks
  derive dA, dr, dc, ds
""",
    dict(N=3, D=4),
    lambda v: broadcasts(v),
)


def broadcasts(v):
    P = v.A + v.r
    Q = P * v.c
    R = v.r - Q
    S = v.s * R + v.s
    T = S / (1 + v.c**2) - v.r * v.c
    return dict(P=P, Q=Q, R=R, S=S, T=T, L=half(T))


case(
    "broadcast_column_plus_row",
    """
problem "broadcast_column_plus_row" "Squared distances of all pairs"

given
  dim   N, M, D
  input X: N x D, Y: M x D

model
  S = rowsum(X^2) - 2*X*Y^T + rowsum(Y^2)^T
  L = sum(exp(-S/2))

tasks
  derive dX, dY
""",
    dict(N=4, M=3, D=2),
    lambda v: dict(
        S=jnp.sum((v.X[:, None] - v.Y[None]) ** 2, axis=2),
        L=jnp.sum(jnp.exp(-jnp.sum((v.X[:, None] - v.Y[None]) ** 2, axis=2) / 2)),
    ),
    assumes=["a column plus a row broadcasts to a matrix"],
)

case(
    "elementwise_looser_than_product",
    """
problem "elementwise_looser_than_product" "X .* A*B is X .* (A*B)"

given
  dim   N, M, K
  param X: N x M, A: N x K, B: K x M

model
  P = X .* A*B
  L = sum(P)

tasks
  derive dX, dA, dB
""",
    dict(N=3, M=4, K=2),
    lambda v: dict(P=v.X * (v.A @ v.B), L=jnp.sum(v.X * (v.A @ v.B))),
)

case(
    "fan_out",
    """
problem "fan_out" "A value that is used four times"

given
  dim   N, D, H
  input X: N x D
  param W: D x H

model
  U = tanh(X W)
  V = U .* U
  Y = U ./ (1 + V)
  L = sum(Y) + sum(U)*sum(V)

tasks
  derive dW, dX
""",
    dict(N=3, D=4, H=2),
    lambda v: fan_out(jnp.tanh(v.X @ v.W)),
)


def fan_out(U):
    return dict(U=U, V=U**2, Y=U / (1 + U**2), L=jnp.sum(U / (1 + U**2)) + jnp.sum(U) * jnp.sum(U**2))


case(
    "max_over_axis",
    """
problem "max_over_axis" "Maxima of rows, of columns and of all"

given
  dim   N, D
  param A: N x D, c: N, r: 1 x D

model
  p = max(A, axis = 1)
  q = max(A, axis = 0)
  L = sum(c .* p) + sum(r .* q^2) + max(A)^2

tasks
  derive dA, dc, dr
""",
    dict(N=3, D=4),
    lambda v: dict(
        p=row_max(v.A, 1),
        q=row_max(v.A, 0),
        L=jnp.vdot(v.c, row_max(v.A, 1)) + jnp.sum(v.r * row_max(v.A, 0) ** 2) + jnp.max(v.A) ** 2,
    ),
)

case(
    "sums_over_axes",
    """
problem "sums_over_axes" "Sums and means of rows and columns"

given
  dim   N, D
  param A: N x D, B: N x D

model
  r = colsum(A) .* sum(B, axis = 0)
  c = rowsum(A) - sum(B^2, axis = 1)
  m = mean(A, axis = 0)
  n = mean(A .* B, axis = 1)
  L = sum(r) + norm(c)^2 + sum(m^3) + sum(n^2) + mean(B)^2

tasks
  derive dA, dB
""",
    dict(N=3, D=4),
    lambda v: sums_over_axes(v.A, v.B),
)


def sums_over_axes(A, B):
    r = jnp.einsum("nd,md->d", A, B)[None]
    c = (A - B**2).sum(1, keepdims=True)
    m = A.mean(0, keepdims=True)
    n = (A * B).mean(1, keepdims=True)
    return dict(
        r=r, c=c, m=m, n=n, L=jnp.sum(r) + jnp.sum(c**2) + jnp.sum(m**3) + jnp.sum(n**2) + B.mean() ** 2
    )


case(
    "softmax_both_axes",
    """
problem "softmax_both_axes" "Softmax along the rows and along the columns"

given
  dim   N, D
  param A: N x D
  const G: N x D

model
  P = softmax(A, axis = 1)
  Q = softmax(A, axis = 0)
  L = sum(G .* P .* Q) + sum(logsumexp(A, axis = 0))

tasks
  derive dA
""",
    dict(N=3, D=4),
    lambda v: dict(
        P=softmax(v.A, axis=1),
        Q=softmax(v.A, axis=0),
        L=jnp.sum(v.G * softmax(v.A, axis=1) * softmax(v.A, axis=0)) + jnp.sum(logsumexp(v.A, axis=0)),
    ),
)

case(
    "maximum_minimum_clip",
    """
problem "maximum_minimum_clip" "Elementwise maxima, minima, clipping, sign and indicator"

given
  dim   N, D
  param A: N x D, B: N x D

model
  P = maximum(A, B) .* B
  Q = minimum(A, 0.5)
  R = clip(B, low = -0.75, high = 0.75)
  S = sign(A) .* B^2
  T = 1[A > 0.25] .* A^3
  L = sum(P) + sum(Q^2) + sum(R .* A) + sum(S) + sum(T)

tasks
  derive dA, dB
""",
    dict(N=3, D=4),
    lambda v: dict(
        P=maximum(v.A, v.B) * v.B,
        Q=minimum(v.A, 0.5),
        R=clip(v.B, -0.75, 0.75),
        S=sign(v.A) * v.B**2,
        T=above(v.A, 0.25) * v.A**3,
        L=jnp.sum(maximum(v.A, v.B) * v.B)
        + jnp.sum(minimum(v.A, 0.5) ** 2)
        + jnp.sum(clip(v.B, -0.75, 0.75) * v.A)
        + jnp.sum(sign(v.A) * v.B**2)
        + jnp.sum(above(v.A, 0.25) * v.A**3),
    ),
)

case(
    "concat_columns",
    """
problem "concat_columns" "Two branches side by side"

given
  dim    N, D, P, Q, K
  input  X: N x D
  target T: N x K
  param  U: D x P, V: D x Q, W: (P+Q) x K

model
  Z = concat(tanh(X*U), sigmoid(X*V), axis = 1)
  L = mse(Z*W, T)

tasks
  derive dU, dV, dW, dX
""",
    dict(N=3, D=4, P=2, Q=5, K=6),
    lambda v: concat_columns(v, jnp.hstack([jnp.tanh(v.X @ v.U), sigmoid(v.X @ v.V)])),
)


def concat_columns(v, Z):
    return dict(Z=Z, L=half(Z @ v.W - v.T))


case(
    "concat_rows",
    """
problem "concat_rows" "Two batches one above the other"

given
  dim   N, M, D
  param A: N x D, B: M x D, w: D

model
  Z = concat(A, B, axis = 0)
  L = sum((Z*w)^3)

tasks
  derive dA, dB, dw
""",
    dict(N=3, M=4, D=2),
    lambda v: dict(Z=jnp.vstack([v.A, v.B]), L=jnp.sum((v.A @ v.w) ** 3) + jnp.sum((v.B @ v.w) ** 3)),
)

case(
    "reshape",
    """
problem "reshape" "Row-major reshaping before a product"

given
  dim   N
  param A: 6 x 2, B: 4 x N

model
  R = reshape(A, rows = 3, cols = 4)
  L = sum((R*B)^2)

tasks
  derive dA, dB
""",
    dict(N=5),
    lambda v: dict(R=v.A.reshape(3, 4), L=jnp.sum((v.A.reshape(3, 4) @ v.B) ** 2)),
)

case(
    "flatten_matrix",
    """
problem "flatten_matrix" "A matrix as one row before a dense layer"

given
  dim   K
  param A: 3 x 4, V: 12 x K

model
  y = flatten(A)*V
  L = sum(y^2)

tasks
  derive dA, dV
""",
    dict(K=2),
    lambda v: dict(y=v.A.reshape(1, 12) @ v.V, L=jnp.sum((v.A.reshape(1, 12) @ v.V) ** 2)),
    assumes=[FLATTEN_ROW],
)

case(
    "entries",
    """
problem "entries" "Single entries of matrices, counted from one"

given
  dim   D
  param A: 3 x 4, B: 4 x D

model
  P = A*B
  L = A[1,2]*B[2,1] + P[3,2]^2 - exp(A[2,4])

tasks
  derive dA, dB
""",
    dict(D=2),
    lambda v: dict(P=v.A @ v.B, L=v.A[0, 1] * v.B[1, 0] + (v.A[2] @ v.B[:, 1]) ** 2 - jnp.exp(v.A[1, 3])),
    assumes=["A[i,j] is an entry, counted from one"],
)

case(
    "transposes",
    """
problem "transposes" "Transposes in many places"

given
  dim   N, D, K
  param A: N x D, B: K x D, c: K

model
  P = (A*B')^T
  Q = B^T*P*A
  L = trace(Q) + sum(c' .* (P^T)) + sum((c*c^T)*P)

tasks
  derive dA, dB, dc
""",
    dict(N=3, D=4, K=2),
    lambda v: transposes(v.A, v.B, v.c, v.B @ v.A.T),
)


def transposes(A, B, c, P):
    return dict(P=P, Q=B.T @ P @ A, L=jnp.sum(P**2) + jnp.sum(c * P) + jnp.sum(c) * jnp.sum(c * P))


case(
    "udl_shallow_relu",
    """
problem "udl_shallow_relu" "A shallow network with three relu units, ten parameters"

given
  dim    I
  input  x: I
  target y: I
  param  theta0: 1 x 3, theta1: 1 x 3, phi: 3, phi0

model
  z = theta0 + x*theta1
  h = relu(z)
  f = phi0 + h*phi
  L = mse(f, y, reduce = sum)

tasks
  derive dphi0, dphi, dtheta0, dtheta1
""",
    dict(I=5),
    lambda v: udl_shallow(v, v.theta0 + v.x * v.theta1),
    corpus="udl-6.5",
    check=lambda v, m, g: [
        (g["phi0"], -2 * np.sum(v.y - m.f)),
        (g["phi"], -2 * m.h.T @ (v.y - m.f)),
        (g["theta0"], -2 * ((v.y - m.f) * v.phi.T * (m.z > 0)).sum(0, keepdims=True)),
        (g["theta1"], -2 * ((v.y - m.f) * v.x * v.phi.T * (m.z > 0)).sum(0, keepdims=True)),
    ],
)


def udl_shallow(v, z):
    f = v.phi0 + relu(z) @ v.phi
    return dict(z=z, h=relu(z), f=f, L=jnp.sum((f - v.y) ** 2))
