"""Opens packs of models by name, whether they are fetched (assets/packs.yaml) or folders of the user's."""

from __future__ import annotations

from pathlib import Path

from synthgen.assets.archive import ModelArchive, ModelFolder
from synthgen.assets.entries import Entry, load_entries
from synthgen.assets.folders import FolderPack, folder_by_name, folder_entries, open_folder
from synthgen.assets.formats.source import Files
from synthgen.assets.packs import Pack, find_pack, load_packs
from synthgen.errors import InputError
from synthgen.paths import is_folder_pack

AnyPack = Pack | FolderPack


def open_pack(name: str, cache: Path, *, base: Path | None = None) -> AnyPack:
    """The pack of a name or of a path (looked for from `base`, then from where one stands).

    Raises InputError where there is none, or it is not here.
    """
    pack = open_folder(name, base=base, cache=cache) if is_folder_pack(name) else find_pack(name)
    if isinstance(pack, FolderPack) and pack.name in load_packs():
        raise InputError.of(
            f"the folder is named like the pack {pack.name!r}",
            where=str(pack.root),
            hint="give the folder another name",
        )
    pack.require(cache)
    return pack


def pack_of_asset(asset: str, cache: Path) -> AnyPack:
    """The pack of an asset's id: one that is fetched, else the folder of that name that was last opened."""
    name = asset.split("/", 1)[0]
    return find_pack(name) if name in load_packs() else folder_by_name(name, cache)


def pack_entries(pack: AnyPack, cache: Path) -> tuple[Entry, ...]:
    """The entries of a pack, in order; none of a pack of fonts, say. Raises InputError with all that is wrong."""
    if isinstance(pack, FolderPack):
        return folder_entries(pack, cache)
    return load_entries(pack.name) if pack.modelled else ()


def open_files(pack: AnyPack, file: str, cache: Path) -> Files:
    """What the models of a pack's file lie among: the archive of that name, or the folder itself."""
    return ModelFolder(pack.root) if isinstance(pack, FolderPack) else ModelArchive(pack.folder(cache) / file)
