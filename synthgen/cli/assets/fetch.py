"""`synthgen assets fetch`: gets packs."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from synthgen.cli.assets.common import DEFAULT_PACKS, PacksArgument, in_words, tell
from synthgen.errors import Diagnostic, InputError

NAME = "fetch"

_TELL_SECONDS = 1.0


def command(
    packs: PacksArgument = None,
    every: Annotated[bool, typer.Option("--all", help="All packs that there are.")] = False,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="PLACE", help="A file, folder or address that has the packs' files."),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Lists the packs instead.")] = False,
) -> None:
    """Gets asset packs.

    They come from their distributions' packages, or from a place that you name.
    """
    from synthgen.assets.fetch import fetch
    from synthgen.assets.packs import load_packs

    if every and packs:
        raise InputError.of("packs are named beside --all", where="--all", hint="give one or the other")
    if show:
        for name in packs or load_packs():
            print(_line(name))
        return
    wanted = list(load_packs()) if every else list(dict.fromkeys(packs or DEFAULT_PACKS))
    found: list[Diagnostic] = []
    for name in wanted:
        try:
            report = fetch(name, source=source, progress=_NowAndThen(name))
        except InputError as error:  # one pack that cannot be had is no reason to do without the others
            found += error.diagnostics
            continue
        count = len(report.taken)
        done = f"{count} file{'s' * (count != 1)} fetched" if count else "was here already"
        tell(f"{name}: {done}, {report.assets} assets ready" if report.assets else f"{name}: {done}")
        print(report.folder)
    if found:
        raise InputError(found)


class _NowAndThen:
    """Tells of the progress of a pack, not more often than one reads it."""

    def __init__(self, pack: str):
        self._pack = pack
        self._told = 0.0

    def __call__(self, text: str) -> None:
        if time.monotonic() - self._told >= _TELL_SECONDS:
            self._told = time.monotonic()
            tell(f"{self._pack}: {text}")


def _line(name: str) -> str:
    """A pack's line: name, kind, licence, bytes to download, bytes on the disk, whether it is here, title."""
    from synthgen.assets.packs import find_pack
    from synthgen.paths import cache_root

    pack = find_pack(name)
    missing = len(pack.missing(cache_root()))
    state = "here" if not missing else "not here" if missing == len(pack.files) else "partly here"
    sizes = (in_words(pack.download), in_words(pack.size))
    return "\t".join((pack.name, pack.kind, pack.credit.licence, *sizes, state, pack.title))
