"""Looks into every asset of a pack: does it load, is it as large as the catalogue says, is its licence known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path, PurePath

from synthgen.assets import slots
from synthgen.assets.catalogue import Asset, load_catalogue
from synthgen.assets.convex import farthest, tolerance
from synthgen.assets.entries import Entry
from synthgen.assets.folders import FolderPack, own_folder
from synthgen.assets.formats.source import SourceMaterial
from synthgen.assets.mesh import Mesh, content_hash
from synthgen.assets.models import PackModels
from synthgen.assets.opening import AnyPack, open_pack, pack_entries
from synthgen.assets.packs import load_packs
from synthgen.assets.sizes import largest_side
from synthgen.assets.store import Store
from synthgen.errors import Diagnostic, InputError
from synthgen.paths import OWN_PACK
from synthgen.taxonomy import domain_names, load_taxonomy

LICENCES = (
    "CC0-1.0", "CC-BY-3.0", "CC-BY-3.0-US", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0",
    "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "OFL-1.1",
)  # fmt: skip
"""SPDX names of the licences that allow pictures of an asset to be given away."""

_WORTH_PROCESSES = 40
"""Entries from which on several processes are quicker than one."""

_TOLERANCE_METRES = 0.02
_TOLERANCE_SHARE = 0.02


def check_assets(
    packs: Sequence[str], store: Store | None = None, *, progress: Callable[[str], None] = lambda _: None
) -> list[Diagnostic]:
    """Every problem of these packs, in catalogue order. Opens and normalises every model, on all cores."""
    store = Store() if store is None else store
    found: list[Diagnostic] = []
    for name in packs:
        try:
            pack = open_pack(name, store.root)
            entries = pack_entries(pack, store.root)
        except InputError as error:
            found += error.diagnostics
            continue
        found += _files(pack, store)
        for number, findings in enumerate(_checked(pack, entries, store), 1):
            progress(f"checked {number}/{len(entries)} {entries[number - 1].id}")
            found += findings
    return found


def here(store: Store | None = None) -> list[str]:
    """The packs of models that are fetched, and the user's own where there is one."""
    root = Store().root if store is None else store.root
    fetched = [name for name, pack in load_packs().items() if pack.modelled and not pack.missing(root)]
    return [*fetched, *([OWN_PACK] if own_folder().is_dir() else [])]


def _checked(pack: AnyPack, entries: Sequence[Entry], store: Store) -> Iterator[list[Diagnostic]]:
    """The problems of each entry, in order."""
    if len(entries) < _WORTH_PROCESSES:
        models = PackModels(pack, store)
        yield from (check_entry(entry, models, _categories()) for entry in entries)
        return
    with ProcessPoolExecutor(initializer=_open, initargs=(pack, store.root)) as pool:
        yield from pool.map(_check_there, entries, chunksize=4)


_there: list[PackModels] = []
"""In a process of `_checked`: the models that it looks into."""


def _open(pack: AnyPack, cache: Path) -> None:
    _there[:] = [PackModels(pack, Store(cache, keep_meshes=1))]


def _check_there(entry: Entry) -> list[Diagnostic]:
    return check_entry(entry, _there[0], _categories())


@lru_cache(maxsize=1)
def _categories() -> frozenset[str]:
    """Every category of the taxonomies that come with the program."""
    return frozenset(c.name for name in domain_names() for c in load_taxonomy(name).categories)


def check_entry(entry: Entry, models: PackModels, categories: Set[str]) -> list[Diagnostic]:
    """Every problem of one asset. `categories`: the names that taxonomies know."""
    where = entry.id
    found = [Diagnostic(where, what) for what in _said(entry, categories)]
    try:
        mesh = models.mesh(entry)
        materials = models.materials(entry)
        found += [Diagnostic(where, what) for what in _size(entry, mesh)]
        found += [Diagnostic(where, what) for what in _slots(entry, mesh)]
        facts = models.facts(entry)
        if facts.mesh != content_hash(mesh):
            found.append(Diagnostic(where, "its facts are of another mesh", "run: make facts"))
        elif facts.convex and (out := farthest(facts.convex, mesh.vertices.astype(float))) > tolerance(mesh):
            found.append(Diagnostic(where, f"a vertex lies {out:.4f} m outside its convex parts", "run: make facts"))
        found += [Diagnostic(where, what) for what in _pictures(entry, mesh, materials, models)]
    except InputError as error:
        found += error.diagnostics
    return found


def _files(pack: AnyPack, store: Store) -> Iterator[Diagnostic]:
    for file in pack.files:
        path = pack.folder(store.root) / file.name
        with path.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != file.sha256:
                hint = f"remove it and run: synthgen assets fetch {pack.name}"
                yield Diagnostic(str(path), "not the file that was pinned (its SHA-256 differs)", hint)


def _said(entry: Entry, categories: Set[str]) -> Iterator[str]:
    for category in sorted(set(entry.categories) - categories):
        yield f"the category {category!r} is in no taxonomy"
    if not entry.licence:
        yield "no licence is given"
    elif entry.licence not in LICENCES and not entry.licence.startswith("LicenseRef-"):
        yield f"the licence {entry.licence!r} is not one that is known to allow this use"
    if entry.licence.startswith("CC-BY") and not entry.author:
        yield f"{entry.licence} asks for the author's name, and none is given"


def _size(entry: Entry, mesh: Mesh) -> Iterator[str]:
    low, high = mesh.bounds.astype(float)
    for axis, is_, should in zip(("length", "width", "height"), high - low, entry.size, strict=True):
        if abs(is_ - should) > max(_TOLERANCE_METRES, _TOLERANCE_SHARE * should):
            yield f"its {axis} is {is_:.3f} m, the catalogue says {should:.3f} m"
    largest = float((high - low).max())
    for category in entry.categories:
        bounds = largest_side(category)
        if bounds is not None and not bounds[0] <= largest <= bounds[1]:
            limits = f"{bounds[0]:g} to {bounds[1]:g} m"
            yield f"its largest side is {largest:.3f} m, a {category} has {limits} (configs/sizes.yaml)"


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


def _pictures(entry: Entry, mesh: Mesh, materials: dict[str, SourceMaterial], models: PackModels) -> Iterator[str]:
    """What the file says of its materials, where it matters: a rule that the entry names for a slot makes good a
    material that is lost, and one that drops the picture a lost picture. What `lacks` names is known to be lost."""
    origins = {part.name: part.of for part in entry.parts}
    wanted = {origins.get(slot, slot) for slot in mesh.slots if slot not in entry.slots}
    lost = sorted(wanted - set(materials) - set(entry.lacks))
    if lost and not isinstance(models.pack, FolderPack):  # what users bring may be plain
        yield f"its file lacks the materials {', '.join(lost)}; name rules for them under `slots`, or `lacks`"
    rules = slots.load_rules(entry.materials)
    known = [
        slot for slot in models.facts(entry).slots if entry.slots.get(slot.name) in (None, *(r.name for r in rules))
    ]
    kept = [s for s in known if slots.choose_rule(s, rules, entry.slots.get(s.name)).picture != "drop"]
    pictured = {origins.get(slot.name, slot.name) for slot in kept}
    for file in sorted({m.color_map for n, m in materials.items() if n in pictured and m.color_map}):
        if PurePath(file).name in entry.lacks:
            continue
        try:
            models.picture(entry, file)
        except InputError as error:
            reason = "; ".join(d.what for d in error.diagnostics)
            yield f"the picture {file!r} cannot be had ({reason}); `lacks` may name it"


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
