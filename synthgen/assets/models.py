"""Normalised models of a pack: made once from the pack's files, then known by their facts.

The facts of a model (mesh hash, bounds, materials, pictures) are kept in <cache>/packs/<pack>/models/, named by
everything that they depend on, so an edited entry is made again and the others are not.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from synthgen.assets import normalise as normalisation
from synthgen.assets.archive import ModelArchive, beside
from synthgen.assets.entries import Entry, load_entries
from synthgen.assets.mesh import Mesh
from synthgen.assets.obj import MtlMaterial, read_mtl, read_obj
from synthgen.assets.packs import Pack, find_pack
from synthgen.assets.store import IMAGE_MAKERS, MESH_MAKERS, Store
from synthgen.errors import InputError
from synthgen.paths import cache_root
from synthgen.wholefile import write_whole

VERSION = 1
"""Raised when facts or pictures come out otherwise for the same model."""

MAX_PICTURE = 1024
"""Pixels: larger pictures are reduced, longer side to this."""


class Picture(msgspec.Struct, frozen=True):
    """A texture in the store. alpha: it has texels that are see-through."""

    hash: str
    alpha: bool


class SlotFacts(msgspec.Struct, frozen=True):
    """What the model's MTL file says of one slot. picture: a key of `ModelFacts.pictures`, or None."""

    name: str
    diffuse: tuple[float, float, float]
    opacity: float
    picture: str | None
    cutout: bool


class ModelFacts(msgspec.Struct, frozen=True):
    """What planning must know of a model without opening it. bounds: (2, 3) metres. lacks: pictures not found."""

    mesh: str
    bounds: list[list[float]]
    slots: list[SlotFacts]
    pictures: dict[str, Picture]
    lacks: list[str]


class PackModels:
    """The models of one fetched pack; archives are opened once."""

    def __init__(self, pack: Pack, store: Store):
        self.pack = pack
        self.store = store
        self._archives: dict[str, ModelArchive] = {}
        self._checksums = {f.name: f.sha256 for f in pack.files}

    def facts(self, entry: Entry) -> ModelFacts:
        """The facts of an entry's model: read where they are known, else by making the model."""
        path = self._facts_path(entry)
        try:
            return msgspec.json.decode(path.read_bytes(), type=ModelFacts)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            pass
        facts = self._make(entry)
        write_whole(path, msgspec.json.encode(facts))
        return facts

    def mesh(self, entry: Entry) -> Mesh:
        """Normalises an entry's model. Raises InputError with the model's place where it cannot be used."""
        data = self.archive(entry).read(entry.model)
        where = f"{entry.file}:{entry.model}"
        return normalisation.normalise(read_obj(data, where=where), entry.pose, entry.mends, entry.parts, where=where)

    def archive(self, entry: Entry) -> ModelArchive:
        if entry.file not in self._archives:
            if entry.file not in self._checksums:
                raise InputError.of(f"{entry.id} lies in {entry.file}, which the pack {self.pack.name!r} does not have")
            self.pack.require(self.store.root)
            self._archives[entry.file] = ModelArchive(self.pack.folder(self.store.root) / entry.file)
        return self._archives[entry.file]

    def materials(self, entry: Entry) -> dict[str, MtlMaterial]:
        """The materials of an entry's MTL file; none where it is missing."""
        archive = self.archive(entry)
        model = read_obj_libraries(archive.read(entry.model))
        found: dict[str, MtlMaterial] = {}
        for library in model:
            member = beside(entry.model, library)
            if member is not None and archive.has(member):
                found.update(read_mtl(archive.read(member)))
        return found

    def picture(self, entry: Entry, file: str) -> NDArray[np.uint8]:
        """(H, W, 3 or 4) pixels of a texture, at most MAX_PICTURE on the longer side; 4 where some are see-through."""
        member = beside(entry.model, file)
        if member is None:
            raise InputError.of(f"the picture {file!r} lies outside the model's archive", where=entry.id)
        try:
            with Image.open(io.BytesIO(self.archive(entry).read(member))) as opened:
                return _pixels(opened)
        except (OSError, Image.DecompressionBombError) as error:
            raise InputError.of(f"the picture {file!r} cannot be read: {error}", where=entry.id) from error

    def _make(self, entry: Entry) -> ModelFacts:
        mesh = self.mesh(entry)
        ref = self.store.add_mesh(mesh, {"asset": entry.id})
        materials = self.materials(entry)
        pictures: dict[str, Picture] = {}
        lacks: list[str] = []
        slots = []
        origins = {part.name: part.of for part in entry.parts}
        for name in mesh.slots:
            material = materials.get(origins.get(name, name), MtlMaterial(name))
            file = material.color_map
            if file is not None and file not in pictures and file not in lacks:
                try:
                    pixels = self.picture(entry, file)
                except InputError:
                    lacks.append(file)
                else:
                    image = self.store.add_image(pixels, picture_source(entry.id, file))
                    pictures[file] = Picture(image.hash, pixels.shape[2] == 4)
            kept = file if file in pictures else None
            cutout = kept is not None and material.alpha_map is not None and pictures[kept].alpha
            slots.append(SlotFacts(name, material.diffuse, material.opacity, kept, cutout))
        return ModelFacts(ref.hash, mesh.bounds.astype(float).round(6).tolist(), slots, pictures, lacks)

    def _facts_path(self, entry: Entry) -> Path:
        depends = [
            VERSION, normalisation.VERSION, self._checksums.get(entry.file), entry.id, entry.model,
            asdict(entry.pose), entry.mends, [asdict(p) for p in entry.parts],
        ]  # fmt: skip
        key = hashlib.blake2b(json.dumps(depends).encode(), digest_size=16).hexdigest()
        return self.pack.folder(self.store.root) / "models" / f"{key}.json"


def read_obj_libraries(data: bytes) -> list[str]:
    """The MTL files that an OBJ names, without reading its geometry."""
    lines = (line.strip() for line in data.splitlines() if line.lstrip().startswith(b"mtllib"))
    return [line[6:].strip().decode("utf-8", "replace") for line in lines]


def picture_source(asset: str, file: str) -> dict[str, Any]:
    return {"asset_image": asset, "file": file}


def _pixels(picture: Image.Image) -> NDArray[np.uint8]:
    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    picture = picture.convert("RGBA" if transparent else "RGB")
    longest = max(picture.size)
    if longest > MAX_PICTURE:
        width, height = (max(1, round(s * MAX_PICTURE / longest)) for s in picture.size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    pixels = np.asarray(picture, dtype=np.uint8)
    if transparent and pixels[..., 3].min() > 127:
        pixels = pixels[..., :3]
    return np.ascontiguousarray(pixels)


def _find(asset: str) -> tuple[PackModels, Entry]:
    name = asset.split("/", 1)[0]
    pack = find_pack(name)
    for entry in load_entries(name):
        if entry.id == asset:
            return PackModels(pack, Store(cache_root())), entry
    raise InputError.of(f"the pack {name!r} has no asset {asset!r}")


def _make_mesh(source: Mapping[str, Any]) -> Mesh:
    models, entry = _find(source["asset"])
    return models.mesh(entry)


def _make_picture(source: Mapping[str, Any]) -> NDArray[np.uint8]:
    models, entry = _find(source["asset_image"])
    return models.picture(entry, source["file"])


MESH_MAKERS["asset"] = _make_mesh
IMAGE_MAKERS["asset_image"] = _make_picture
