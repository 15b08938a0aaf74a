"""Losses: absolute, logistic, hinge, likelihoods, contrastive."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.nn import log_softmax, sigmoid, softmax
from jax.scipy.special import logsumexp

from .case import case
from .operators import absolute, bits, half, relu, xent

case(
    "mean_absolute_error",
    """
problem "mean_absolute_error" "Mean absolute error of a linear model"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D

model
  e = y - X*w
  L = mean(abs(e))

tasks
  derive dw
""",
    dict(N=6, D=3),
    lambda v: dict(e=v.y - v.X @ v.w, L=jnp.mean(absolute(v.y - v.X @ v.w))),
    corpus="epfl-lab2-mae",
    check=lambda v, m, g: [(g["w"], -v.X.T @ np.sign(m.e) / 6)],
)

for reduce, scale in [("sum", 1), ("mean", 7)]:
    case(
        f"logistic_bce_{reduce}",
        f"""
problem "logistic_bce_{reduce}" "Logistic regression, binary cross-entropy by {reduce}"

given
  dim    N, D
  input  X: N x D
  target t: N
  param  w: D, b

model
  p = sigmoid(X*w + b)
  L = bce(p, t, reduce = {reduce})

tasks
  derive dw, db
""",
        dict(N=7, D=3),
        lambda v, scale=scale: dict(p=sigmoid(v.X @ v.w + v.b), L=bits(v.X @ v.w + v.b, v.t) / scale),
        fill={"t": "binary"},
        check=lambda v, m, g, scale=scale: [
            (g["w"], v.X.T @ (m.p - v.t) / scale),
            (g["b"], (m.p - v.t).sum() / scale),
        ],
    )

case(
    "logistic_log1p",
    """
problem "logistic_log1p" "The logistic loss written with log and exp"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D

model
  s = X*w
  L = mean(log(1 + exp(s)) - y .* s)

tasks
  derive dw
""",
    dict(N=5, D=3),
    lambda v: dict(s=v.X @ v.w, L=bits(v.X @ v.w, v.y) / 5),
    fill={"y": "binary"},
    corpus="epfl-2022-q3",
    check=lambda v, m, g: [(g["w"], v.X.T @ (1 / (1 + np.exp(-m.s)) - v.y) / 5)],
)

case(
    "logistic_bce_written_out",
    """
problem "logistic_bce_written_out" "A two-parameter logistic model, the loss written out"

given
  dim    I
  input  x: I
  target y: I
  param  phi0, phi1

model
  f = phi0 + phi1*x
  s = 1 ./ (1 + exp(-f))
  L = -sum(y .* log(s) + (1 - y) .* log(1 - s))

tasks
  derive dphi0, dphi1
""",
    dict(I=6),
    lambda v: dict(
        f=v.phi0 + v.phi1 * v.x,
        s=sigmoid(v.phi0 + v.phi1 * v.x),
        L=bits(v.phi0 + v.phi1 * v.x, v.y),
    ),
    fill={"y": "binary"},
    corpus="udl-6.4",
    check=lambda v, m, g: [(g["phi0"], np.sum(m.s - v.y)), (g["phi1"], np.sum((m.s - v.y) * v.x))],
)

case(
    "softplus_margin",
    """
problem "softplus_margin" "The logistic loss with labels of plus and minus one"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D

model
  z = y .* X*w
  L = sum(softplus(-z))

tasks
  derive dw
""",
    dict(N=5, D=3),
    lambda v: dict(z=v.y * (v.X @ v.w), L=-jnp.sum(jax.nn.log_sigmoid(v.y * (v.X @ v.w)))),
    fill={"y": "signs"},
)

case(
    "hinge_written_out",
    """
problem "hinge_written_out" "A linear support vector machine"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D, b
  const  lambda = 0.2

model
  s = X*w + b
  L = mean(relu(1 - y .* s)) + lambda/2*norm(w)^2

tasks
  derive dw, db
""",
    dict(N=6, D=3),
    lambda v: dict(s=v.X @ v.w + v.b, L=jnp.mean(relu(1 - v.y * (v.X @ v.w + v.b))) + 0.2 * half(v.w)),
    fill={"y": "signs"},
    check=lambda v, m, g: [
        (g["w"], -v.X.T @ (v.y * (1 - v.y * m.s > 0)) / 6 + 0.2 * v.w),
        (g["b"], -np.mean(v.y * (1 - v.y * m.s > 0))),
    ],
)

case(
    "hinge_operator",
    """
problem "hinge_operator" "The hinge loss as an operator"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D

model
  s = X*w
  L = hinge(s, y)

tasks
  derive dw
""",
    dict(N=6, D=3),
    lambda v: dict(s=v.X @ v.w, L=jnp.sum(relu(1 - v.y * (v.X @ v.w)))),
    fill={"y": "signs"},
    assumes=["hinge(s, y) is the sum of max(0, 1 - s y)"],
)

case(
    "logsumexp_rows",
    """
problem "logsumexp_rows" "Softmax regression by log-sum-exp"

given
  dim    N, D, K
  input  X: N x D
  target T: N x K one-hot
  param  W: D x K

model
  S = X*W
  r = logsumexp(S, axis = 1)
  L = sum(r) - sum(T .* S)

tasks
  derive dW, dX
""",
    dict(N=5, D=3, K=4),
    lambda v: dict(S=v.X @ v.W, r=logsumexp(v.X @ v.W, axis=1, keepdims=True), L=xent(v.X @ v.W, v.T)),
)

case(
    "logsumexp_written_out",
    """
problem "logsumexp_written_out" "The log of a sum of exponentials"

given
  dim   D
  param x: D

model
  L = log(sum(exp(x)))

tasks
  derive dx
""",
    dict(D=5),
    lambda v: dict(L=logsumexp(v.x)),
    check=lambda v, m, g: [(g["x"], np.exp(v.x) / np.exp(v.x).sum())],
)

case(
    "poisson_nll",
    """
problem "poisson_nll" "Poisson regression"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  theta: D

model
  eta = X*theta
  L = sum(exp(eta) - y .* eta)

tasks
  derive dtheta
""",
    dict(N=6, D=3),
    lambda v: dict(eta=v.X @ v.theta, L=jnp.sum(jnp.exp(v.X @ v.theta)) - jnp.vdot(v.y, v.X @ v.theta)),
    fill={"y": "counts"},
    corpus="cs229-ps1-q3-poisson",
    check=lambda v, m, g: [(g["theta"], -v.X.T @ (v.y - np.exp(m.eta)))],
)

case(
    "von_mises_nll",
    """
problem "von_mises_nll" "A direction, with the von Mises loss"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D

model
  f = X*w
  L = -sum(cos(y - f))

tasks
  derive dw, dX
""",
    dict(N=5, D=3),
    lambda v: dict(f=v.X @ v.w, L=-jnp.sum(jnp.cos(v.y - v.X @ v.w))),
    corpus="udl-5.3",
    check=lambda v, m, g: [(g["w"], -v.X.T @ np.sin(v.y - m.f))],
)

case(
    "gaussian_nll",
    """
problem "gaussian_nll" "A Gaussian with a predicted mean and log variance"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D, v: D

model
  mu = X*w
  s = X*v
  L = 1/2*sum(s + (y - mu)^2 ./ exp(s))

tasks
  derive dw, dv
""",
    dict(N=5, D=3),
    lambda v: dict(
        mu=v.X @ v.w,
        s=v.X @ v.v,
        L=-jnp.sum(
            jax.scipy.stats.norm.logpdf(v.y, v.X @ v.w, jnp.exp(v.X @ v.v / 2)) + 0.5 * jnp.log(2 * jnp.pi)
        ),
    ),
)

case(
    "kl_divergence",
    """
problem "kl_divergence" "Kullback-Leibler divergence of a softmax from a target"

given
  dim    N, D, K
  input  X: N x D
  target P: N x K
  param  W: D x K

model
  Q = softmax(X*W)
  L = sum(P .* log(P ./ Q))

tasks
  derive dW
""",
    dict(N=4, D=3, K=5),
    lambda v: dict(
        Q=softmax(v.X @ v.W, axis=1), L=jnp.sum(jax.scipy.special.kl_div(v.P, softmax(v.X @ v.W, axis=1)))
    ),
    fill={"P": "distributions"},
)

case(
    "pseudo_huber",
    """
problem "pseudo_huber" "A smooth absolute loss"

given
  dim    N, D
  input  X: N x D
  target y: N
  param  w: D, b

model
  e = X*w + b - y
  L = sum(sqrt(1 + e^2) - 1)

tasks
  derive dw, db
""",
    dict(N=5, D=3),
    lambda v: dict(e=v.X @ v.w + v.b - v.y, L=jnp.sum(jnp.hypot(1.0, v.X @ v.w + v.b - v.y) - 1)),
)

case(
    "infonce",
    """
problem "infonce" "A contrastive loss over pairs"

given
  dim   N, D
  input A: N x D, B: N x D
  const tau = 0.5

model
  S = A*B^T/tau
  L = mean(logsumexp(S, axis = 1)) - trace(S)/4

tasks
  derive dA, dB
""",
    dict(N=4, D=3),
    lambda v: dict(S=v.A @ v.B.T / 0.5, L=-jnp.mean(jnp.diag(log_softmax(v.A @ v.B.T / 0.5, axis=1)))),
)

case(
    "cosine_similarity",
    """
problem "cosine_similarity" "One minus the cosine of two vectors"

given
  dim   D
  param a: D, b: D

model
  c = sum(a .* b)/(norm(a)*norm(b))
  L = 1 - c

tasks
  derive da, db
""",
    dict(D=4),
    lambda v: dict(
        c=jnp.vdot(v.a, v.b) / jnp.sqrt(jnp.vdot(v.a, v.a) * jnp.vdot(v.b, v.b)),
        L=1 - jnp.vdot(v.a, v.b) / jnp.sqrt(jnp.vdot(v.a, v.a) * jnp.vdot(v.b, v.b)),
    ),
)


def negative_sampling(v):
    so, sk = sigmoid(v.uo.T @ v.v), sigmoid(-v.Un @ v.v)
    return dict(so=so, sk=sk, L=-jnp.sum(jnp.log(so)) - jnp.sum(jnp.log(sk)))


case(
    "negative_sampling",
    """
problem "negative_sampling" "Skip-gram with negative samples"

given
  dim   D, M
  param v: D, uo: D, Un: M x D

model
  so = sigmoid(uo^T*v)
  sk = sigmoid(-Un*v)
  L = -sum(log(so)) - sum(log(sk))

tasks
  derive dv, duo, dUn
""",
    dict(D=4, M=3),
    negative_sampling,
    corpus="cs224n-a2-negsample",
    check=lambda v, m, g: [
        (g["v"], (m.so - 1) * v.uo + v.Un.T @ (1 - m.sk)),
        (g["uo"], (m.so - 1) * v.v),
        (g["Un"], (1 - m.sk) @ v.v.T),
    ],
)


def vae(v):
    mu, s = v.X @ v.Wm + v.bm, v.X @ v.Ws + v.bs
    Z = mu + jnp.exp(s / 2) * v.E
    logits = Z @ v.Wo + v.bo
    J = bits(logits, v.X)
    R = 0.5 * jnp.sum(mu**2 + jnp.exp(s) - s - 1)
    return dict(mu=mu, s=s, Z=Z, Y=sigmoid(logits), J=J, R=R, L=J + R)


case(
    "variational_autoencoder",
    """
problem "variational_autoencoder" "The loss of a variational autoencoder"

given
  dim   N, D, H
  input X: N x D, E: N x H
  param Wm: D x H, bm: 1 x H, Ws: D x H, bs: 1 x H
  param Wo: H x D, bo: 1 x D

model
  mu = X*Wm + bm
  s = X*Ws + bs
  Z = mu + exp(s/2) .* E
  Y = sigmoid(Z*Wo + bo)
  J = bce(Y, X)
  R = 1/2*sum(mu^2 + exp(s) - s - 1)
  L = J + R

tasks
  derive dWm, dbm, dWs, dbs, dWo, dbo
""",
    dict(N=3, D=4, H=2),
    vae,
    fill={"X": "unit"},
)
