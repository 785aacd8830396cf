"""SceneSpecs that a dataset holds already."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from synthgen.dataset.folders import scene_path
from synthgen.engine.destination import difference_from, listed, plain
from synthgen.errors import InputError


class _Head(msgspec.Struct):
    """As much of a SceneSpec as says whose it is."""

    scene_index: int
    identity: dict[str, Any]


def scene_on_disk(dataset: Path, scene: int, identity: Mapping[str, Any]) -> str | None:
    """The hash of a scene's SceneSpec file (as `scene.spec.spec_hash`), or None where there is none, or a torn one.

    Raises InputError where the file is another run's.
    """
    path = dataset / scene_path(scene)
    try:
        data = path.read_bytes()
        head = msgspec.json.decode(data, type=_Head)
    except (OSError, msgspec.MsgspecError):
        return None
    if head.scene_index != scene:
        return None
    found = difference_from(head.identity, plain(identity))
    if found:
        raise InputError.of(
            f"is another run's scene ({listed(found)})", where=str(path), hint="choose another folder for this run"
        )
    return hashlib.blake2b(data, digest_size=16).hexdigest()
