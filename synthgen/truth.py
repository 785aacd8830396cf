"""What a recipe may ask for beyond pictures and panoptic labels: the words of its `truth`, and where they are kept.

A SceneSpec, a record and dataset.json say it under `identity["truth"]`, and only where something was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEPTH, NORMALS, FLOW, AMODAL, BOXES, OCCLUSION = "depth", "normals", "flow", "amodal", "boxes", "occlusion"

TRUTHS = (DEPTH, NORMALS, FLOW, AMODAL, BOXES, OCCLUSION)
"""In the order in which they are listed everywhere."""

KEY = "truth"


def asked(identity: Mapping[str, Any]) -> tuple[str, ...]:
    """What the identity of a scene, record or dataset asks for, in the order of TRUTHS."""
    named = identity.get(KEY) or ()
    return tuple(word for word in TRUTHS if word in named)
