"""Looks into every asset of a pack: does it load, is it as large as the catalogue says, is its licence known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from synthgen.assets import slots
from synthgen.assets.archive import beside
from synthgen.assets.catalogue import Asset, load_catalogue
from synthgen.assets.entries import Entry, load_entries
from synthgen.assets.mesh import Mesh
from synthgen.assets.models import PackModels
from synthgen.assets.obj import MtlMaterial
from synthgen.assets.packs import Pack, find_pack
from synthgen.assets.store import Store
from synthgen.errors import Diagnostic, InputError
from synthgen.taxonomy import load_taxonomy, taxonomy_names

LICENCES = ("CC0-1.0", "CC-BY-3.0", "CC-BY-3.0-US", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "MIT", "Apache-2.0")
"""SPDX names of the licences that allow pictures of an asset to be given away."""

_TOLERANCE_METRES = 0.02
_TOLERANCE_SHARE = 0.02


def check_assets(
    packs: Sequence[str], store: Store | None = None, *, progress: Callable[[str], None] = lambda _: None
) -> list[Diagnostic]:
    """Every problem of these packs, in catalogue order. Opens and normalises every model: about half a minute."""
    store = Store() if store is None else store
    found: list[Diagnostic] = []
    categories = {c.name for name in taxonomy_names() for c in load_taxonomy(name).categories}
    for name in packs:
        try:
            pack = find_pack(name)
            pack.require(store.root)
            entries = load_entries(name)
        except InputError as error:
            found += error.diagnostics
            continue
        found += _files(pack, store)
        models = PackModels(pack, store)
        for number, entry in enumerate(entries, 1):
            progress(f"checking {number}/{len(entries)} {entry.id}")
            found += check_entry(entry, models, categories)
    return found


def check_entry(entry: Entry, models: PackModels, categories: set[str]) -> list[Diagnostic]:
    """Every problem of one asset. `categories`: the names that taxonomies know."""
    where = entry.id
    found = [Diagnostic(where, what) for what in _said(entry, categories)]
    try:
        mesh = models.mesh(entry)
        materials = models.materials(entry)
        found += [Diagnostic(where, what) for what in _size(entry, mesh)]
        found += [Diagnostic(where, what) for what in _slots(entry, mesh)]
        found += [Diagnostic(where, what) for what in _pictures(entry, mesh, materials, models)]
    except InputError as error:
        found += error.diagnostics
    return found


def _files(pack: Pack, store: Store) -> Iterator[Diagnostic]:
    for file in pack.files:
        path = pack.folder(store.root) / file.name
        with path.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != file.sha256:
                hint = f"remove it and run: synthgen assets fetch {pack.name}"
                yield Diagnostic(str(path), "not the file that was pinned (its SHA-256 differs)", hint)


def _said(entry: Entry, categories: set[str]) -> Iterator[str]:
    for category in sorted(set(entry.categories) - categories):
        yield f"the category {category!r} is in no taxonomy"
    if not entry.licence:
        yield "no licence is given"
    elif entry.licence not in LICENCES:
        yield f"the licence {entry.licence!r} is not one that is known to allow this use"
    if entry.licence != "CC0-1.0" and not entry.author:
        yield f"{entry.licence} asks for the author's name, and none is given"


def _size(entry: Entry, mesh: Mesh) -> Iterator[str]:
    low, high = mesh.bounds.astype(float)
    for axis, is_, should in zip(("length", "width", "height"), high - low, entry.size, strict=True):
        if abs(is_ - should) > max(_TOLERANCE_METRES, _TOLERANCE_SHARE * should):
            yield f"its {axis} is {is_:.3f} m, the catalogue says {should:.3f} m"


def _slots(entry: Entry, mesh: Mesh) -> Iterator[str]:
    names = {rule.name for rule in slots.load_rules(entry.materials)}
    for slot, rule in entry.slots.items():
        if slot not in mesh.slots:
            yield f"`slots` names {slot!r}; the model has {', '.join(mesh.slots)}"
        if rule not in names:
            yield f"`slots` names the rule {rule!r}, which {entry.materials}.yaml lacks"
    for part in entry.parts:
        if part.name not in mesh.slots:
            yield f"the part {part.name!r} has no faces"


def _pictures(entry: Entry, mesh: Mesh, materials: dict[str, MtlMaterial], models: PackModels) -> Iterator[str]:
    origins = {part.name: part.of for part in entry.parts}
    used = {origins.get(slot, slot) for slot in mesh.slots}
    lost = sorted(used - set(materials)) if materials else sorted(used)
    if lost:
        yield f"its MTL file lacks the materials {', '.join(lost)}"
    for file in sorted({m.color_map for n, m in materials.items() if n in used and m.color_map}):
        member = beside(entry.model, file)
        if member is None or not models.archive(entry).has(member):
            yield f"the picture {file!r} is missing"
            continue
        models.picture(entry, file)


def list_assets(
    packs: Sequence[str],
    store: Store | None = None,
    *,
    category: str | Sequence[str] | None = None,
    tag: str | Sequence[str] | None = None,
    id: str | Sequence[str] | None = None,
    domain: str | None = None,
    licence: str | Sequence[str] | None = None,
    trademark: bool | None = None,
) -> list[Asset]:
    """The assets of fetched packs that satisfy the filters (see Catalogue.query), of one domain where it is named."""
    catalogue = load_catalogue(packs, Store() if store is None else store)
    found = catalogue.query(category, tag, id, licence, trademark)
    return [asset for asset in found if domain is None or domain in asset.domains]
