"""Keeps a scene from repeating itself: no model beside itself, no (model, look) again within sight."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Repeats:
    """Remembers which looks stand where. A look is a model with its paint or clothes.

    apart: metres between two of one look. beside: metres between two of one model. most: of one look in the scene.
    """

    apart: float
    beside: float
    most: int = 2
    _looks: dict[Hashable, list[tuple[float, float]]] = field(default_factory=dict)
    _models: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def allows(self, model: str, look: Hashable, x: float, y: float) -> bool:
        """May this model with this look stand at (x, y)?"""
        others = self._looks.get((model, look), [])
        if len(others) >= self.most or any(math.dist((x, y), other) < self.apart for other in others):
            return False
        return all(math.dist((x, y), other) >= self.beside for other in self._models.get(model, []))

    def add(self, model: str, look: Hashable, x: float, y: float) -> None:
        self._looks.setdefault((model, look), []).append((x, y))
        self._models.setdefault(model, []).append((x, y))
