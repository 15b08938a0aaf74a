"""What a case is, and readings of the language that some depend on."""

from types import SimpleNamespace

FLATTEN_ROW = "flatten of one matrix or image is a 1 x n row, row-major; of a batch N x n"
CONV_BIAS = "the bias of F filters is a 1 x F row"
CASES = []


def case(name, spec, dims, model, fill=None, corpus=None, assumes=(), check=None):
    CASES.append(SimpleNamespace(**{**locals(), "fill": fill or {}}))
