"""The cache of canonical meshes and images, by content hash.

    <cache>/meshes/<hash>.npz          canonical meshes
    <cache>/images/<hash>.png          textures
    <cache>/made/<recipe-of-making>.json   which hash a generator gave for given parameters

Losing the cache loses time, never data: everything in it can be made again from its `source`.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from synthgen.assets.mesh import Mesh, content_hash, load_mesh, save_mesh
from synthgen.assets.trim import mark_used
from synthgen.errors import CacheMismatch, InputError
from synthgen.paths import cache_root
from synthgen.procedural.registry import PROCEDURAL, PROCEDURAL_IMAGES
from synthgen.scene.spec import ImageRef, MeshRef
from synthgen.wholefile import write_whole, writing_whole

Maker = Callable[[Mapping[str, Any]], Any]

MESH_MAKERS: dict[str, Maker] = {}
"""By the first key of a `source` ("asset", ...): makes the mesh again. "procedural" is built in."""

IMAGE_MAKERS: dict[str, Maker] = {}


class Store:
    """Reads and makes meshes and images; keeps the last few in memory."""

    def __init__(self, root: Path | None = None, *, keep_meshes: int = 512):
        self.root = root if root is not None else cache_root()
        self._keep = keep_meshes
        self._meshes: OrderedDict[str, Mesh] = OrderedDict()
        self._made: dict[str, dict[str, Any]] = {}
        self._there: set[str] = set()
        self._bounds: dict[str, NDArray[np.float64]] = {}
        self._slots: dict[str, tuple[str, ...]] = {}

    # --- meshes

    def mesh_path(self, hash_: str) -> Path:
        return self.root / "meshes" / f"{hash_}.npz"

    def add_mesh(self, mesh: Mesh, source: dict[str, Any]) -> MeshRef:
        """Keeps a mesh and names it."""
        ref = MeshRef(content_hash(mesh), source)
        if not self.mesh_path(ref.hash).exists():
            save_mesh(self.mesh_path(ref.hash), mesh)
        self._remember(ref.hash, mesh)
        return ref

    def mesh(self, ref: MeshRef) -> Mesh:
        """The mesh of a reference: from memory, from the cache, else made again.

        Raises CacheMismatch where making it again gives another mesh than the one named.
        """
        held = self._meshes.get(ref.hash)
        if held is not None:
            self._meshes.move_to_end(ref.hash)
            return held
        mesh = None
        path = self.mesh_path(ref.hash)
        if path.exists():
            try:
                mesh = load_mesh(path)
                mark_used(path)
            except (OSError, ValueError, KeyError, EOFError, BadZipFile):
                mesh = None  # torn file: make it again
        if mesh is None:
            mesh = make_again(ref.source, PROCEDURAL, MESH_MAKERS)
            if content_hash(mesh) != ref.hash:
                raise CacheMismatch(
                    f"the mesh {json.dumps(ref.source)} is not the one the scene names ({ref.hash}); "
                    "it was made by another version of the asset or of synthgen"
                )
            save_mesh(path, mesh)
        self._remember(ref.hash, mesh)
        return mesh

    def procedural(self, name: str, /, **params: Any) -> MeshRef:
        """A generated mesh: made once for given parameters, then found by them."""
        generator = PROCEDURAL[name]
        source = {"procedural": name, "version": generator.version, "params": params}
        known = self._lookup(source)
        if known is not None and self._is_there(known["hash"], self.mesh_path):
            return MeshRef(known["hash"], source)
        ref = self.add_mesh(generator.make(**params), source)
        mesh = self._meshes[ref.hash]
        self._note(source, {"hash": ref.hash, "bounds": mesh.bounds.tolist(), "slots": list(mesh.slots)})
        return ref

    def bounds(self, ref: MeshRef) -> NDArray[np.float64]:
        """(2, 3) bounds of a mesh in metres, without loading it where that was noted when it was made."""
        if ref.hash not in self._bounds:
            known = self._lookup(ref.source)
            if known is None or known.get("hash") != ref.hash or "bounds" not in known:
                known = self._facts(ref)
            self._bounds[ref.hash] = np.array(known["bounds"], dtype=np.float64)
        return self._bounds[ref.hash].copy()

    def slots(self, ref: MeshRef) -> tuple[str, ...]:
        """Names of a mesh's material slots, without loading it where they were noted when it was made."""
        if ref.hash not in self._slots:
            known = self._lookup(ref.source)
            if known is None or known.get("hash") != ref.hash or "slots" not in known:
                known = self._facts(ref)
            self._slots[ref.hash] = tuple(known["slots"])
        return self._slots[ref.hash]

    def fact(self, ref: MeshRef, name: str, find: Callable[[Mesh], Any]) -> Any:
        """What `find` says of a mesh (JSON data), noted under `name` so that the mesh need not be loaded again."""
        known = self._lookup(ref.source)
        if known is None or known.get("hash") != ref.hash:
            known = self._facts(ref)
        if name not in known:
            known = {**known, name: find(self.mesh(ref))}
            self._note(ref.source, known)
        return known[name]

    def _facts(self, ref: MeshRef) -> dict[str, Any]:
        mesh = self.mesh(ref)
        facts = {"hash": ref.hash, "bounds": mesh.bounds.tolist(), "slots": list(mesh.slots)}
        self._note(ref.source, facts)
        return facts

    # --- images

    def image_path(self, hash_: str) -> Path:
        return self.root / "images" / f"{hash_}.png"

    def add_image(self, pixels: NDArray[np.uint8], source: dict[str, Any], *, color_space: str = "srgb") -> ImageRef:
        """Keeps (H, W), (H, W, 3) or (H, W, 4) uint8 pixels, row 0 at the top, and names them."""
        pixels = np.ascontiguousarray(pixels)
        digest = pixels_hash(pixels)
        path = self.image_path(digest)
        if not path.exists():
            save_image(path, pixels)
        return ImageRef(digest, source, color_space)

    def image_file(self, ref: ImageRef) -> Path:
        """A PNG on disk that holds the image. Raises CacheMismatch like `mesh`."""
        path = self.image_path(ref.hash)
        if not path.exists():
            made = self.add_image(
                make_again(ref.source, PROCEDURAL_IMAGES, IMAGE_MAKERS), ref.source, color_space=ref.color_space
            )
            if made.hash != ref.hash:
                raise CacheMismatch(f"the image {json.dumps(ref.source)} is not the one the scene names ({ref.hash})")
        mark_used(path)
        return path

    def procedural_image(self, name: str, /, *, color_space: str, **params: Any) -> ImageRef:
        """A generated image: made once for given parameters, then found by them."""
        generator = PROCEDURAL_IMAGES[name]
        source = {"procedural": name, "version": generator.version, "params": params}
        known = self._lookup(source)
        if known is not None and self._is_there(known["hash"], self.image_path):
            return ImageRef(known["hash"], source, color_space)
        ref = self.add_image(generator.make(**params), source, color_space=color_space)
        self._note(source, {"hash": ref.hash})
        return ref

    # --- what was made before

    def _is_there(self, hash_: str, path: Callable[[str], Path]) -> bool:
        """Is it in the cache; once seen it is not looked for again, for what is deleted is made again when read."""
        if hash_ not in self._there and path(hash_).exists():
            self._there.add(hash_)
        return hash_ in self._there

    def _note_path(self, key: str) -> Path:
        return self.root / "made" / key[:2] / f"{key}.json"

    def _lookup(self, source: Mapping[str, Any]) -> dict[str, Any] | None:
        key = _key(source)
        known = self._made.get(key)
        if known is None:
            try:
                known = json.loads(self._note_path(key).read_text())
            except (OSError, ValueError):
                return None
            self._made[key] = known
        return known

    def _note(self, source: Mapping[str, Any], facts: dict[str, Any]) -> None:
        key = _key(source)
        write_whole(self._note_path(key), json.dumps(facts).encode())
        self._made[key] = facts

    def _remember(self, hash_: str, mesh: Mesh) -> None:
        self._meshes[hash_] = mesh
        self._meshes.move_to_end(hash_)
        while len(self._meshes) > self._keep:
            self._meshes.popitem(last=False)


_canonical = json.JSONEncoder(sort_keys=True).encode


def _key(source: Mapping[str, Any]) -> str:
    """32 hex digits that name how something is made."""
    return hashlib.blake2b(_canonical(source).encode(), digest_size=16).hexdigest()


def save_image(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Writes a PNG, whole or not at all."""
    with writing_whole(path) as file:
        Image.fromarray(pixels).save(file, format="PNG", compress_level=1)


def pixels_hash(pixels: NDArray[np.uint8]) -> str:
    """32 hex digits (BLAKE2b-128) over shape and pixels: the name by which a SceneSpec knows an image."""
    return hashlib.blake2b(str(pixels.shape).encode() + pixels.tobytes(), digest_size=16).hexdigest()


def make_again(source: Mapping[str, Any], generators: Mapping[str, Any], makers: Mapping[str, Maker]) -> Any:
    """Makes what a `source` describes. Raises InputError where nothing here knows how."""
    if "procedural" in source:
        generator = generators.get(source["procedural"])
        if generator is None:
            raise InputError.of(f"no generator is named {source['procedural']!r}")
        return generator.make(**source["params"])
    for kind, maker in makers.items():
        if kind in source:
            return maker(source)
    raise InputError.of(f"nothing here can make {json.dumps(dict(source))}")
