"""Matrix identities: quadratic forms, traces, inverses, norms."""

import jax.numpy as jnp
import numpy as np

from .case import case
from .operators import half

QUADRATIC = """
problem "quadratic_form" "A quadratic form"

given
  dim   D
  param x: D, W: D x D

model
  L = x^T*W*x

tasks
  derive dx, dW
"""
ONE_BY_ONE = "a 1 x 1 matrix is a scalar loss"
case(
    "quadratic_form",
    QUADRATIC,
    dict(D=4),
    lambda v: dict(L=v.x.T @ v.W @ v.x),
    corpus="epfl-2016-q5, epfl-2016-q6",
    assumes=[ONE_BY_ONE],
    check=lambda v, m, g: [(g["x"], (v.W + v.W.T) @ v.x), (g["W"], v.x @ v.x.T)],
)

case(
    "trace_product",
    """
problem "trace_product" "The trace of a product"

given
  dim   P, Q, R
  const A: P x Q, B: R x P
  param X: Q x R

model
  L = trace(A*X*B)

tasks
  derive dX
""",
    dict(P=3, Q=4, R=2),
    lambda v: dict(L=jnp.sum((v.A @ v.X) * v.B.T)),
    corpus="matrixcookbook-trace",
    check=lambda v, m, g: [(g["X"], v.A.T @ v.B.T)],
)

case(
    "trace_quadratic",
    """
problem "trace_quadratic" "The trace of a quadratic product"

given
  dim   P, Q
  const A: P x P
  param X: P x Q

model
  L = trace(X^T*A*X)

tasks
  derive dX
""",
    dict(P=4, Q=3),
    lambda v: dict(L=jnp.einsum("ji,jk,ki->", v.X, v.A, v.X)),
    check=lambda v, m, g: [(g["X"], (v.A + v.A.T) @ v.X)],
)

case(
    "inverse_form",
    """
problem "inverse_form" "A bilinear form with an inverse"

given
  dim   D
  const a: D, b: D
  param X: D x D

model
  L = a^T*inv(X)*b

tasks
  derive dX
""",
    dict(D=3),
    lambda v: dict(L=v.a.T @ jnp.linalg.solve(v.X, v.b)),
    corpus="matrixcookbook-inverse",
    assumes=[ONE_BY_ONE],
    fill={"X": "invertible"},
    check=lambda v, m, g: [(g["X"], -np.linalg.inv(v.X).T @ v.a @ v.b.T @ np.linalg.inv(v.X).T)],
)

case(
    "ridge_inverse",
    """
problem "ridge_inverse" "The ridge solution's training loss as a function of lambda and the data"

given
  dim   N, D
  input X: N x D, y: N, E: D x D
  param lambda

model
  w = inv(X^T*X + lambda*E)*X^T*y
  L = mse(X*w, y)

tasks
  derive dlambda, dX, dy
""",
    dict(N=5, D=2),
    lambda v: dict(
        w=jnp.linalg.solve(v.X.T @ v.X + v["lambda"] * v.E, v.X.T @ v.y),
        L=half(v.X @ jnp.linalg.solve(v.X.T @ v.X + v["lambda"] * v.E, v.X.T @ v.y) - v.y),
    ),
    fill={"E": [[1, 0], [0, 1]], "lambda": 0.7},
)

case(
    "norm_of_product",
    """
problem "norm_of_product" "The squared length of a product, with numbers"

given
  param W: 2 x 2, x: 2

model
  q = W*x
  L = norm(q)^2

tasks
  derive dW, dx
""",
    {},
    lambda v: dict(q=v.W @ v.x, L=jnp.sum((v.W @ v.x) ** 2)),
    fill={"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [[0.2], [0.4]]},
    corpus="cs231n-lec4-Wx2",
    check=lambda v, m, g: [
        (m.L, 0.116),
        (g["W"], [[0.088, 0.176], [0.104, 0.208]]),
        (g["x"], [[-0.112], [0.636]]),
    ],
)

case(
    "least_squares",
    """
problem "least_squares" "Least squares"

given
  dim   N, D
  const Phi: N x D, y: N
  param theta: D

model
  e = y - Phi*theta
  L = e^T*e

tasks
  derive dtheta
""",
    dict(N=5, D=3),
    lambda v: dict(e=v.y - v.Phi @ v.theta, L=(v.y - v.Phi @ v.theta).T @ (v.y - v.Phi @ v.theta)),
    corpus="mml-lsq-row-gradient",
    assumes=[ONE_BY_ONE],
    check=lambda v, m, g: [(g["theta"].T, -2 * (v.y.T - v.theta.T @ v.Phi.T) @ v.Phi)],
)

case(
    "weighted_least_squares",
    """
problem "weighted_least_squares" "Locally weighted regression"

given
  dim   N, D
  input X: N x D, y: N
  const a: N
  param theta: D

model
  e = X*theta - y
  L = 1/2*sum(e^T*diag(a)*e)

tasks
  derive dtheta
""",
    dict(N=5, D=3),
    lambda v: dict(e=v.X @ v.theta - v.y, L=0.5 * jnp.sum(v.a * (v.X @ v.theta - v.y) ** 2)),
    fill={"a": "positive"},
    corpus="cs229-ps1-q5-lwr",
    check=lambda v, m, g: [(g["theta"], v.X.T @ np.diag(v.a[:, 0]) @ m.e)],
)

case(
    "diag_parameter",
    """
problem "diag_parameter" "A diagonal matrix of parameters"

given
  dim   N, D
  input X: N x D
  param a: D, B: D x N

model
  L = trace(X*diag(a)*B)

tasks
  derive da, dB, dX
""",
    dict(N=3, D=4),
    lambda v: dict(L=jnp.einsum("nd,d,dn->", v.X, v.a[:, 0], v.B)),
)

case(
    "matrix_factorisation",
    """
problem "matrix_factorisation" "Ratings by two thin factors, observed entries only"

given
  dim   N, M, K
  input R: N x M
  const O: N x M
  param U: N x K, V: M x K
  const lambda = 0.1

model
  E = O .* (R - U*V^T)
  L = mse(E, 0*R) + lambda*(l2(U) + l2(V))

tasks
  derive dU, dV
""",
    dict(N=4, M=5, K=2),
    lambda v: dict(
        E=v.O * (v.R - v.U @ v.V.T),
        L=half(v.O * (v.R - v.U @ v.V.T)) + 0.1 * (half(v.U) + half(v.V)),
    ),
    fill={"O": "binary"},
)

case(
    "pca_reconstruction",
    """
problem "pca_reconstruction" "The reconstruction error of a projection"

given
  dim   N, D, M
  input X: N x D
  param W: D x M

model
  L = 1/2*norm(X - X*W*W^T)^2

tasks
  derive dW, dX
""",
    dict(N=5, D=4, M=2),
    lambda v: dict(L=half(v.X - v.X @ v.W @ v.W.T)),
)

case(
    "upstream_product",
    """
problem "upstream_product" "A product with a given upstream gradient"

given
  input W: 5 x 10, X: 10 x 3
  const G: 5 x 3

model
  P = W*X
  L = sum(G .* P)

tasks
  derive dW, dX
""",
    {},
    lambda v: dict(P=v.W @ v.X, L=jnp.vdot(v.G, v.W @ v.X)),
    corpus="cs231n-matmul-grad",
    check=lambda v, m, g: [(g["W"], v.G @ v.X.T), (g["X"], v.W.T @ v.G)],
)

case(
    "normalised_vector",
    """
problem "normalised_vector" "A vector divided by its length"

given
  dim   D
  const g: D
  param x: D

model
  r = norm(x)
  u = x/r
  L = sum(g .* u)

tasks
  derive dx
""",
    dict(D=4),
    lambda v: dict(
        r=jnp.linalg.norm(v.x), u=v.x / jnp.linalg.norm(v.x), L=jnp.vdot(v.g, v.x) / jnp.linalg.norm(v.x)
    ),
    corpus="l2-normalise-jac",
    check=lambda v, m, g: [(g["x"], (np.eye(4) - m.u @ m.u.T) @ v.g / m.r)],
)

case(
    "norm_unsquared",
    """
problem "norm_unsquared" "Norms that are not squared"

given
  dim   N, D
  input X: N x D, y: N
  param w: D
  const lambda = 0.25

model
  L = norm(X*w - y) + lambda*norm(w)

tasks
  derive dw, dX
""",
    dict(N=5, D=3),
    lambda v: dict(L=jnp.linalg.norm(v.X @ v.w - v.y) + 0.25 * jnp.linalg.norm(v.w)),
)
