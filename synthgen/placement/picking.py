"""Drawing by weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def pick(rng: np.random.Generator, options: Sequence[Any], weights: Sequence[float]) -> Any:
    """One of `options` by weight."""
    total = np.cumsum(np.asarray(weights, dtype=np.float64))
    return options[min(int(np.searchsorted(total, rng.random() * total[-1], side="right")), len(options) - 1)]
