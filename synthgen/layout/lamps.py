"""Lamps of the dark hours: configs/light/lamps.yaml."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from synthgen.paths import data_dir


@cache
def lamps() -> dict[str, Any]:
    """The file, read once."""
    table: dict[str, Any] = yaml.safe_load((data_dir("configs") / "light" / "lamps.yaml").read_text("utf-8"))
    return table
