"""The greppable registries of procedural meshes and images.

A generator is a pure function of JSON-able keyword parameters: the same parameters give the same arrays on every
machine. Randomness enters as an integer parameter `seed`. `version` is raised when the output changes, so that
caches and SceneSpecs notice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from synthgen.assets.mesh import Mesh


@dataclass(frozen=True, slots=True)
class MeshGenerator:
    """A named function that returns a canonical mesh."""

    name: str
    version: int
    make: Callable[..., Mesh]


@dataclass(frozen=True, slots=True)
class ImageGenerator:
    """A named function that returns (H, W, 1|3|4) uint8, row 0 at the top."""

    name: str
    version: int
    make: Callable[..., NDArray[np.uint8]]


PROCEDURAL: dict[str, MeshGenerator] = {}
PROCEDURAL_IMAGES: dict[str, ImageGenerator] = {}


def mesh_generator(name: str, *, version: int = 1) -> Callable[[Callable[..., Mesh]], Callable[..., Mesh]]:
    """Registers a mesh generator; a duplicate name is an error."""

    def register(make: Callable[..., Mesh]) -> Callable[..., Mesh]:
        if name in PROCEDURAL:
            raise ValueError(f"two mesh generators are named {name!r}")
        PROCEDURAL[name] = MeshGenerator(name, version, make)
        return make

    return register


def image_generator(name: str, *, version: int = 1) -> Callable[[Any], Any]:
    """Registers an image generator; a duplicate name is an error."""

    def register(make: Any) -> Any:
        if name in PROCEDURAL_IMAGES:
            raise ValueError(f"two image generators are named {name!r}")
        PROCEDURAL_IMAGES[name] = ImageGenerator(name, version, make)
        return make

    return register
