"""The models of gradients.json, one file per subject; CASES holds them in order."""

from .case import CASES
from . import networks, losses, sequences, matrices, elementwise, images, numbers
