"""`synthgen assets cache`: what the cache holds, and emptying it."""

from __future__ import annotations

from typing import Annotated

import typer

from synthgen.cli.assets.common import in_words, tell

NAME = "cache"


def command(
    parts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PART",
            help="packs, meshes, images, made, converted or other; all if none is named.",
            show_default=False,
        ),
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Removes them; the packs only where they are named.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also what was used within the last half hour.")] = False,
) -> None:
    """Says where the cache is and what it holds, or empties it.

    All of it can be made or fetched again.
    """
    from synthgen.assets import cache
    from synthgen.assets.trim import LIMIT_VARIABLE, limit_bytes
    from synthgen.paths import cache_root

    root, limit = cache_root(), limit_bytes()
    cache.check_parts(parts or ())
    if empty:
        done = cache.empty(root, parts or cache.MADE_PARTS, force=force)
        tell(f"freed {in_words(done.bytes)} in {done.files} file{'s' * (done.files != 1)}")
        if done.spared:
            tell(f"{in_words(done.spared)} may be in use and stay; --force removes them too")
    found = [part for part in cache.sizes(root) if not parts or part.name in parts]
    print(f"place\t{root}")
    for part in found:
        print(f"{part.name}\t{in_words(part.bytes)}")
    print(f"total\t{in_words(sum(part.bytes for part in found))}")
    print(f"limit\t{in_words(limit)} for meshes and images ({LIMIT_VARIABLE})")
