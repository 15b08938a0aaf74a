"""NumPy's side of `benches/table.rs`: a line a row, its name and the least seconds of some runs."""

import time

import numpy as np


def least(work, patience=0.5):
    began, best = time.perf_counter(), float("inf")
    while time.perf_counter() - began < patience:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def entries(*extents):
    return (np.arange(np.prod(extents)) * 7919 % 1999 - 999).reshape(extents)


def convolved(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape[2:], axis=(1, 2))
    return np.tensordot(kernel, windows, axes=([1, 2, 3], [0, 3, 4]))


def rows(count):
    x = (np.arange(count) * 7919 % 10007) / 10007 * 2 - 1
    return x, np.sin(3 * x)


class Descent:
    def __init__(self):
        self.x, self.y = rows(10_000)
        self.a = self.b = 0.0

    def step(self):
        residual = self.a * self.x + self.b - self.y
        self.loss = (residual @ residual) / len(residual)
        self.a -= 0.01 * 2 * (residual @ self.x) / len(residual)
        self.b -= 0.01 * 2 * residual.mean()


def main():
    whole = entries(256, 256).astype(np.int64)
    image, kernel = entries(8, 128, 128).astype(np.int64), entries(16, 8, 3, 3).astype(np.int64)
    x, y = rows(10_000)
    powers = np.vander(x, 10)
    descent = Descent()
    named = {
        "whole product": lambda: whole @ whole,
        "whole convolution": lambda: convolved(image, kernel),
        "rounded convolution": lambda: convolved(image / 7, kernel / 7),
        "fit": lambda: np.linalg.lstsq(powers, y, rcond=None),
        "descent step": descent.step,
    }
    for name, work in named.items():
        print(name, least(work))


main()
