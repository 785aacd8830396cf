"""The catalogue of fetched packs: assets with their meshes, sizes and slot materials, ready to be placed.

An index per pack is kept in the cache and read in milliseconds. It is named by everything it depends on; after an
edit of the catalogue or of the slot rules it is made again, which opens only the models whose entries changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec

from synthgen.assets import models as models_module
from synthgen.assets import normalise, slots
from synthgen.assets.convex import VERSION as CONVEX_VERSION
from synthgen.assets.convex import Parts, convex_parts
from synthgen.assets.entries import Entry, catalogue_files
from synthgen.assets.facts import ModelFacts, SlotFacts, facts_file
from synthgen.assets.folders import FolderPack
from synthgen.assets.models import PackModels, picture_source
from synthgen.assets.opening import AnyPack, open_pack, pack_entries
from synthgen.assets.store import Store
from synthgen.errors import Diagnostic, InputError
from synthgen.paths import data_dir
from synthgen.scene.builder import Surface
from synthgen.scene.spec import ImageRef, MeshRef
from synthgen.taxonomy import Taxonomy
from synthgen.wholefile import write_whole

VERSION = 3

OneOrMore = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class AssetSlot:
    """The material of one slot, ready to become a scene material.

    role: what the slot is (paint, glass, tyre, cloth, skin, leaf, ...). recolour: `params["color"]` may be replaced
    (paint by the palette car_paint, cloth by the palette cloth). images: references by parameter name.
    """

    name: str
    role: str
    model: str
    params: dict[str, Any] = field(default_factory=dict)
    images: dict[str, ImageRef] = field(default_factory=dict)
    transparency: str = "opaque"
    recolour: bool = False

    def surface(self, over: Mapping[str, Any] | None = None) -> Surface:
        """The material of the slot; `over` replaces parameters of it, such as the colour."""
        return Surface(self.model, {**self.params, **(over or {})}, self.images, self.transparency)


@dataclass(frozen=True, slots=True)
class Asset:
    """A model that scenes may hold. Faces +X, stands on z = 0, origin in the middle of its footprint.

    size: length (x), width (y), height (z) in metres. weight: how often it is drawn, relative to others.
    source: {"file", "model"} within the pack. slots: in the order of the mesh's slots.
    """

    id: str
    category: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    domains: tuple[str, ...]
    licence: str
    author: str
    title: str
    source: dict[str, str]
    trademark: bool
    size: tuple[float, float, float]
    stands: str
    weight: float
    mesh: MeshRef
    slots: tuple[AssetSlot, ...]
    faces: int = 0
    convex: tuple[tuple[tuple[float, float, float], ...], ...] = ()

    def attribution(self) -> dict[str, Any]:
        """What ATTRIBUTION.md says of it: title, author, licence, source (file and model path), trademark."""
        file, model = self.source["file"], self.source["model"]
        source = f"{file}: {model}" if file else model
        row = {"title": self.title, "author": self.author, "licence": self.licence, "source": source}
        return {**row, "trademark": self.trademark}


class _Index(msgspec.Struct, frozen=True):
    key: str
    assets: tuple[Asset, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The assets of some packs, in catalogue order. checksums: SHA-256 of each file of the packs.

    withheld: assets that a recipe's demand on licences and trademarks leaves out (see `suited`).
    """

    assets: tuple[Asset, ...]
    checksums: Mapping[str, str]
    withheld: tuple[Asset, ...] = ()

    def query(
        self,
        category: OneOrMore = None,
        tag: OneOrMore = None,
        id: OneOrMore = None,
        licence: OneOrMore = None,
        trademark: bool | None = None,
    ) -> list[Asset]:
        """Assets that satisfy every filter given, in catalogue order; a filter with several values needs one of them.

        `id` may hold wildcards (`base/*_sedan`), and leave out the pack.
        """
        wanted = {"category": category, "tag": tag, "id": id, "licence": licence, "trademark": trademark}
        return _satisfying(self.assets, wanted)

    def would_suit(self, **wanted: Any) -> bool:
        """Is there an asset for this query (see `query`) that only the recipe's demand leaves out?"""
        return bool(_satisfying(self.withheld, wanted))

    def suited(self, taxonomy: Taxonomy, *, licences: Sequence[str] | None = None, trademark: bool = True) -> Catalogue:
        """What a recipe may use: its taxonomy has a category for it (the first that it has is the asset's), its
        domains hold the taxonomy's where the taxonomy is a domain of any asset, and licence and trademark are as
        demanded. The rest is in `withheld`, if it was the demand that left it out."""
        fit: list[Asset] = []
        withheld: list[Asset] = []
        domain = any(taxonomy.name in asset.domains for asset in self.assets)
        for asset in self.assets:
            category = next((c for c in asset.categories if c in taxonomy.by_name), None)
            if category is None or (domain and taxonomy.name not in asset.domains):
                continue
            allowed = (licences is None or asset.licence in licences) and (trademark or not asset.trademark)
            (fit if allowed else withheld).append(replace(asset, category=category, categories=(category,)))
        return Catalogue(tuple(fit), self.checksums, tuple(withheld))

    def __getitem__(self, id: str) -> Asset:
        """The asset of this full id. Raises KeyError."""
        for asset in self.assets:
            if asset.id == id:
                return asset
        raise KeyError(id)


def load_catalogue(packs: Sequence[str], store: Store, *, base: Path | None = None) -> Catalogue:
    """The assets of these packs. A pack that is a path is looked for from `base`, then from where one stands.

    Raises InputError where a pack is unknown or not fetched, or two have one name.
    """
    found: list[Diagnostic] = []
    known: list[AnyPack] = []
    for name in packs:
        try:
            pack = open_pack(name, store.root, base=base)
            if any(pack.name == other.name for other in known):
                raise InputError.of(f"two packs are named {pack.name!r}", where=name)
            known.append(pack)
        except InputError as error:
            found += error.diagnostics
    if found:
        raise InputError(found)
    assets = tuple(asset for pack in known for asset in _indexed(pack, store))
    return Catalogue(assets, {name: sha for pack in known for name, sha in _checksums(pack).items()})


def _checksums(pack: AnyPack) -> dict[str, str]:
    """SHA-256 of a pack's files; of a folder as a whole, for its files may have the names of others'."""
    if isinstance(pack, FolderPack):
        return {f"{pack.name}/": pack.digest}
    return {file.name: file.sha256 for file in pack.files}


def build_index(pack: AnyPack, store: Store, progress: Callable[[str], None] = lambda _: None) -> tuple[Asset, ...]:
    """Normalises what is new or changed, and writes the pack's index. Raises InputError with all models that fail."""
    entries = pack_entries(pack, store.root)
    models = PackModels(pack, store)
    found: list[Diagnostic] = []
    assets = []
    for number, entry in enumerate(entries, 1):
        progress(f"preparing {number}/{len(entries)} {entry.id}")
        try:
            assets.append(_asset(entry, models.facts(entry)))
        except InputError as error:
            found += error.diagnostics
    if found:
        raise InputError(found)
    index = _Index(_index_key(pack), tuple(assets))
    write_whole(_index_path(pack, store), msgspec.json.encode(index))
    return index.assets


def convex_parts_of(asset: Asset, store: Store) -> Parts:
    """Corners of an asset's convex parts, metres in the frame of its mesh: as they come along, else made once."""
    if asset.convex:
        return asset.convex
    made = store.fact(asset.mesh, f"convex {CONVEX_VERSION}", lambda mesh: convex_parts(mesh))
    return tuple(tuple((float(x), float(y), float(z)) for x, y, z in part) for part in made)


def _indexed(pack: AnyPack, store: Store) -> tuple[Asset, ...]:
    try:
        index = msgspec.json.decode(_index_path(pack, store).read_bytes(), type=_Index)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return build_index(pack, store)
    return index.assets if index.key == _index_key(pack) else build_index(pack, store)


def _asset(entry: Entry, facts: ModelFacts) -> Asset:
    low, high = facts.bounds
    size = tuple(round(b - a, 4) for a, b in zip(low, high, strict=True))
    rules = slots.load_rules(entry.materials)
    return Asset(
        id=entry.id,
        category=entry.categories[0],
        categories=entry.categories,
        tags=entry.tags,
        domains=entry.domains,
        licence=entry.licence,
        author=entry.author,
        title=entry.title,
        source={"file": entry.file, "model": entry.model},
        trademark=entry.trademark,
        size=(size[0], size[1], size[2]),
        stands=entry.stands,
        weight=entry.weight,
        mesh=MeshRef(facts.mesh, {"asset": entry.id}),
        slots=tuple(_slot(entry, facts, slot, rules) for slot in facts.slots),
        faces=facts.faces,
        convex=tuple(tuple(part) for part in facts.convex),
    )


def _slot(entry: Entry, facts: ModelFacts, slot: SlotFacts, rules: tuple[slots.SlotRule, ...]) -> AssetSlot:
    look = slots.style(slot, rules, entry.slots.get(slot.name))
    images: dict[str, ImageRef] = {}
    if look.picture and slot.picture is not None:
        picture = ImageRef(facts.pictures[slot.picture].hash, picture_source(entry.id, slot.picture), "srgb")
        images["color"] = picture
        if look.transparency == "cutout":
            images["alpha"] = picture
    return AssetSlot(slot.name, look.role, look.model, look.params, images, look.transparency, look.recolour)


def _index_path(pack: AnyPack, store: Store) -> Path:
    return pack.state(store.root) / "index.json"


def _index_key(pack: AnyPack) -> str:
    """Changes with the catalogue, the slot rules, the pack's files and the versions of the code."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(repr((VERSION, slots.VERSION, models_module.VERSION, normalise.VERSION, pack)).encode())
    listed: list[Path] = []
    if not isinstance(pack, FolderPack):
        listed = [*catalogue_files(pack.name), *(f for f in (facts_file(pack.name),) if f.exists())]
    for path in (*listed, *sorted((data_dir("configs") / "materials").glob("*.yaml"))):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _satisfying(assets: Sequence[Asset], wanted: Mapping[str, Any]) -> list[Asset]:
    trademark = wanted.get("trademark")
    return [
        asset
        for asset in assets
        if _any_of(wanted.get("category"), asset.categories)
        and _any_of(wanted.get("tag"), asset.tags)
        and _any_of(wanted.get("licence"), (asset.licence,))
        and _any_of(wanted.get("id"), (asset.id, asset.id.split("/", 1)[1]), wildcards=True)
        and (trademark is None or asset.trademark == trademark)
    ]


def _any_of(wanted: OneOrMore, has: Sequence[str], *, wildcards: bool = False) -> bool:
    if wanted is None:
        return True
    options = [wanted] if isinstance(wanted, str) else list(wanted)
    if wildcards:
        return any(fnmatchcase(value, option) for option in options for value in has)
    return any(option in has for option in options)
