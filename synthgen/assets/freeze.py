"""Writes the facts that come along with a pack's catalogue: `python -m synthgen.assets.freeze base` (`make facts`).

Every model is opened and normalised anew, one process a core; what the file says already is not believed.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache

import msgspec

from synthgen.assets.convex import convex_parts
from synthgen.assets.entries import Entry, load_entries
from synthgen.assets.facts import Line, facts_file, written
from synthgen.assets.models import PackModels
from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from synthgen.errors import EXIT_INPUT, Diagnostic, InputError
from synthgen.scene.spec import MeshRef
from synthgen.wholefile import write_whole


def freeze(pack: str) -> int:
    """Writes the facts file of a fetched pack; returns how many assets it has. Raises InputError with all that fail."""
    entries = load_entries(pack)
    find_pack(pack).require(Store().root)
    lines: list[Line] = []
    found: list[Diagnostic] = []
    with ProcessPoolExecutor() as pool:
        for number, result in enumerate(pool.map(_line, entries, chunksize=4), 1):
            if isinstance(result, Line):
                lines.append(result)
            else:
                found += result
            if number % 50 == 0:
                print(f"{number} of {len(entries)} models", file=sys.stderr)
    if found:
        raise InputError(found)
    write_whole(facts_file(pack), written(lines))
    facts_file(pack).chmod(0o644)
    return len(lines)


def _line(entry: Entry) -> Line | list[Diagnostic]:
    """The line of one entry, or why there is none: an error does not cross between processes as it is."""
    models = _models(entry.id.split("/", 1)[0])
    try:
        facts = models.make(entry)
        parts = convex_parts(models.store.mesh(MeshRef(facts.mesh, {"asset": entry.id})))
        return Line(entry.id, models.key(entry), msgspec.structs.replace(facts, convex=[list(p) for p in parts]))
    except InputError as error:
        return list(error.diagnostics)


@lru_cache(maxsize=2)
def _models(pack: str) -> PackModels:
    return PackModels(find_pack(pack), Store(keep_meshes=1))


if __name__ == "__main__":
    try:
        for name in sys.argv[1:] or ["base"]:
            print(f"{name}: facts of {freeze(name)} assets in {facts_file(name)}")
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(EXIT_INPUT)
