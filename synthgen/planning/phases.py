"""Traffic signals agree with each other: one phase a scene."""

from __future__ import annotations

import numpy as np

from synthgen.placement.site import pick

PHASES: tuple[tuple[dict[str, str], float], ...] = (
    ({"main": "green", "cross": "red"}, 0.50),
    ({"main": "red", "cross": "green"}, 0.36),
    ({"main": "yellow", "cross": "red"}, 0.08),
    ({"main": "red", "cross": "yellow"}, 0.06),
)
"""(what each signal shows, how often)."""


def draw_phase(rng: np.random.Generator) -> dict[str, str]:
    """Signal name -> red, yellow or green. Never green for two streets that cross."""
    phase: dict[str, str] = pick(rng, [p for p, _ in PHASES], [w for _, w in PHASES])
    return dict(phase)
