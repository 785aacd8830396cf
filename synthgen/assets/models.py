"""Normalised models of a pack: made once from the pack's files, then known by their facts.

The facts of a model (mesh hash, bounds, materials, pictures) are kept in <cache>/packs/<pack>/models/, named by
everything that they depend on, so an edited entry is made again and the others are not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from synthgen.assets import detail
from synthgen.assets import normalise as normalisation
from synthgen.assets.entries import Entry
from synthgen.assets.facts import ModelFacts, Picture, SlotFacts, shipped_facts
from synthgen.assets.folders import FolderPack
from synthgen.assets.formats import read_model
from synthgen.assets.formats.pictures import at_half, open_picture, with_alpha
from synthgen.assets.formats.source import Files, SourceMaterial, SourceModel
from synthgen.assets.mesh import Mesh
from synthgen.assets.opening import AnyPack, open_files, pack_entries, pack_of_asset
from synthgen.assets.store import IMAGE_MAKERS, MESH_MAKERS, Store
from synthgen.errors import InputError
from synthgen.paths import cache_root
from synthgen.wholefile import write_whole

VERSION = 1
"""Raised when facts or pictures come out otherwise for the same model."""

MAX_PICTURE = 1024
"""Pixels: larger pictures are reduced, longer side to this."""


class PackModels:
    """The models of one pack; archives are opened once."""

    def __init__(self, pack: AnyPack, store: Store):
        self.pack = pack
        self.store = store
        self._archives: dict[str, Files] = {}
        self._checksums = {f.name: f.sha256 for f in pack.files}
        self._last: tuple[tuple[Any, ...], SourceModel] | None = None

    def facts(self, entry: Entry) -> ModelFacts:
        """The facts of an entry's model: as they come along, else as they were found here, else by making the model."""
        key = self.key(entry)
        shipped = {} if isinstance(self.pack, FolderPack) else shipped_facts(self.pack.name)
        if key in shipped:
            return shipped[key]
        path = self.pack.state(self.store.root) / "models" / f"{key}.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=ModelFacts)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            pass
        facts = self.make(entry)
        write_whole(path, msgspec.json.encode(facts))
        return facts

    def source(self, entry: Entry) -> SourceModel:
        """An entry's model as its file has it, but for what the entry leaves out; the last one is kept.

        Raises InputError where it cannot be read.
        """
        key = (entry.file, entry.model, tuple(sorted(entry.joints.items())), entry.without)
        if self._last is None or self._last[0] != key:
            try:
                model = read_model(self.archive(entry), entry.model, joints=entry.joints or None)
                model = _without(model, entry.without, entry.model)
            except InputError as error:
                raise _within(error, entry) from error
            self._last = (key, model)
        return self._last[1]

    def mesh(self, entry: Entry) -> Mesh:
        """Normalises an entry's model, and reduces it where the entry says so.

        Raises InputError with the model's place where it cannot be used.
        """
        where = f"{entry.file}:{entry.model}"
        mesh = normalisation.normalise(self.source(entry), entry.pose, entry.mends, entry.parts, where=where)
        return mesh if entry.faces is None else detail.reduced(mesh, entry.faces).mesh

    def archive(self, entry: Entry) -> Files:
        """The files among which an entry's model lies. Raises InputError where the pack does not have them."""
        if entry.file not in self._archives:
            if entry.file and entry.file not in self._checksums:
                raise InputError.of(f"{entry.id} lies in {entry.file}, which the pack {self.pack.name!r} does not have")
            self.pack.require(self.store.root)
            self._archives[entry.file] = open_files(self.pack, entry.file, self.store.root)
        return self._archives[entry.file]

    def materials(self, entry: Entry) -> dict[str, SourceMaterial]:
        """What an entry's model says of its materials; none where its material file is missing."""
        return dict(self.source(entry).looks)

    def picture(self, entry: Entry, file: str) -> NDArray[np.uint8]:
        """(H, W, 3 or 4) pixels of a texture, at most MAX_PICTURE on the longer side; 4 where some are see-through.

        file: a key of `ModelFacts.pictures`: the picture's name; two names with `|` between where the opacity lies in
        a picture of its own.
        """
        source = self.source(entry)
        where = f"{entry.id}: {file}"
        color, _, alpha = file.partition("|")
        try:
            with open_picture(source.picture(color), where) as opened:
                picture = with_alpha(opened, source.picture(alpha), where) if alpha else opened
                return at_half(_pixels(picture), _cutoff(source, file))
        except (OSError, ValueError, SyntaxError) as error:
            raise InputError.of(f"the picture cannot be read: {error}", where=where) from error

    def make(self, entry: Entry) -> ModelFacts:
        """Normalises an entry's model into the store, and says what it is."""
        mesh = self.mesh(entry)
        ref = self.store.add_mesh(mesh, {"asset": entry.id})
        materials = self.materials(entry)
        pictures: dict[str, Picture] = {}
        lacks: list[str] = []
        slots = []
        origins = {part.name: part.of for part in entry.parts}
        for name in mesh.slots:
            material = materials.get(origins.get(name, name), SourceMaterial(name))
            file = self._usable_picture(entry, material, lacks)
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
            slots.append(
                SlotFacts(
                    name, material.diffuse, material.opacity, kept, cutout, material.space, material.metallic,
                    material.roughness, material.emissive, material.alpha_mode, material.double_sided,
                )
            )  # fmt: skip
        bounds = mesh.bounds.astype(float).round(6).tolist()
        return ModelFacts(ref.hash, bounds, slots, pictures, lacks, len(mesh.faces))

    def _usable_picture(self, entry: Entry, material: SourceMaterial, lacks: list[str]) -> str | None:
        """The key of a material's picture; without its mask where that cannot be read (it is then in `lacks`)."""
        mask = material.alpha_map
        if material.color_map is None or mask is None or mask == material.color_map:
            return material.color_map
        if mask not in lacks:
            try:
                self.picture(entry, mask)
                return _picture_key(material)
            except InputError:
                lacks.append(mask)
        return material.color_map

    def key(self, entry: Entry) -> str:
        """What names an entry's facts: made of everything that they depend on."""
        depends: list[Any] = [
            VERSION, normalisation.VERSION, self._checksum(entry), entry.id, entry.model,
            asdict(entry.pose), entry.mends, [asdict(p) for p in entry.parts],
        ]  # fmt: skip
        if entry.joints:
            depends.append(dict(sorted(entry.joints.items())))
        if entry.without:
            depends.append(entry.without)
        if entry.faces is not None:
            depends.append([detail.VERSION, entry.faces])
        return hashlib.blake2b(json.dumps(depends).encode(), digest_size=16).hexdigest()

    def _checksum(self, entry: Entry) -> str | None:
        """Of all that the entry's model may consist of: its archive, or the whole folder."""
        return self.pack.digest if isinstance(self.pack, FolderPack) else self._checksums.get(entry.file)


def _without(model: SourceModel, names: tuple[str, ...], where: str) -> SourceModel:
    """A model but for the faces of some of its materials. Raises InputError for a name that it does not have."""
    if not names:
        return model
    strange = sorted(set(names) - set(model.materials))
    if strange:
        what = f"`without` names {', '.join(strange)}; the model has {', '.join(model.materials)}"
        raise InputError.of(what, where=where)
    keep = ~np.isin(model.polygon_material, [model.materials.index(name) for name in names])
    if not keep.any():
        raise InputError.of("`without` leaves nothing of the model", where=where)
    return replace(
        model, polygon_size=model.polygon_size[keep], polygon_material=model.polygon_material[keep],
        corners=model.corners[np.repeat(keep, model.polygon_size)],
    )  # fmt: skip


def _within(error: InputError, entry: Entry) -> InputError:
    """The findings with the pack's file before the place within it."""
    return InputError(
        replace(d, where=f"{entry.file}:{d.where}") if not d.where.startswith(entry.file) else d
        for d in error.diagnostics
    )


def _picture_key(material: SourceMaterial) -> str | None:
    color, alpha = material.color_map, material.alpha_map
    return color if color is None or alpha is None or alpha == color else f"{color}|{alpha}"


def _cutoff(source: SourceModel, file: str) -> float:
    """The opacity at which the materials of a picture are cut."""
    looks = (look for look in source.looks.values() if look.alpha_mode == "mask" and _picture_key(look) == file)
    return next((look.alpha_cutoff for look in looks), 0.5)


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
    store = Store(cache_root())
    pack = pack_of_asset(asset, store.root)
    for entry in pack_entries(pack, store.root):
        if entry.id == asset:
            return PackModels(pack, store), entry
    raise InputError.of(f"the pack {pack.name!r} has no asset {asset!r}")


def _make_mesh(source: Mapping[str, Any]) -> Mesh:
    models, entry = _find(source["asset"])
    return models.mesh(entry)


def _make_picture(source: Mapping[str, Any]) -> NDArray[np.uint8]:
    models, entry = _find(source["asset_image"])
    return models.picture(entry, source["file"])


MESH_MAKERS["asset"] = _make_mesh
IMAGE_MAKERS["asset_image"] = _make_picture
