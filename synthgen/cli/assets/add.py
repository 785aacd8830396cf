"""`synthgen assets add`: takes models of the user's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgen.cli.assets.common import tell
from synthgen.errors import EXIT_DONE, Diagnostic, InputError

if TYPE_CHECKING:
    from synthgen.assets.add import Added

NAME = "add"


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Models: glTF, OBJ, FBX, USD, ...")],
    category: Annotated[str, typer.Option("--category", metavar="NAME", help="What they are, as a taxonomy calls it.")],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help="The pack's folder; your own pack if not given.")
    ] = None,
    id_: Annotated[str | None, typer.Option("--id", metavar="NAME", help="Name of the asset (of one file).")] = None,
    title: Annotated[str | None, typer.Option("--title", help="For ATTRIBUTION.md.")] = None,
    author: Annotated[str | None, typer.Option("--author", help="For ATTRIBUTION.md.")] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", metavar="SPDX", help="Such as CC0-1.0; LicenseRef-NAME for another.")
    ] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", metavar="WORD", help="To select it by; repeat.")] = None,
    domains: Annotated[
        list[str] | None, typer.Option("--domain", metavar="NAME", help="Where it occurs; all it could if not given.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help="metres, centimetres, millimetres, inches or feet.")
    ] = None,
    height: Annotated[float | None, typer.Option("--height", metavar="METRES", help="Its true height.")] = None,
    up: Annotated[str | None, typer.Option("--up", metavar="AXIS", help="Axis that points up: +y or +z.")] = None,
    front: Annotated[
        str | None, typer.Option("--front", metavar="AXIS", help="Axis that it faces: +x, -z, ...")
    ] = None,
    stands: Annotated[
        str | None, typer.Option("--stands", metavar="WHERE", help="ground, shelf, wall, ceiling or seat.")
    ] = None,
    faces: Annotated[
        int | None, typer.Option("--faces", metavar="COUNT", help="Reduces a heavy model to about so many faces.")
    ] = None,
    trademark: Annotated[bool, typer.Option("--trademark", help="It shows a maker's brand.")] = False,
) -> None:
    """Takes your own models.

    Says what it found; recipes use them with `assets: [mine]`, or with the folder's path.
    """
    from synthgen.assets.add import add_model
    from synthgen.assets.detail import LEAST
    from synthgen.assets.entries import STANDS
    from synthgen.assets.infer import Given, categories
    from synthgen.assets.normalise import FRONTS, FRONTS_Z_UP, UPS
    from synthgen.assets.sizes import UNITS
    from synthgen.taxonomy import did_you_mean

    if category not in categories():
        near = did_you_mean(category.lower().replace("_", " "), categories())
        hint = near or f"known: {', '.join(sorted(categories()))}"
        raise InputError.of(f"no taxonomy has the category {category!r}", where="--category", hint=hint)
    _one_of("--unit", unit, tuple(UNITS))
    _one_of("--up", up, UPS)
    _one_of("--front", front, tuple(dict.fromkeys((*FRONTS, *FRONTS_Z_UP))))
    _one_of("--stands", stands, STANDS)
    if unit is not None and height is not None:
        raise InputError.of("both say how large it is", where="--unit, --height", hint="give one of them")
    if height is not None and not 0 < height < 1000:
        raise InputError.of(f"{height} m is no height", where="--height", hint="give metres, such as 1.45")
    if faces is not None and faces < LEAST:
        raise InputError.of(f"no model is reduced to {faces} faces", where="--faces", hint=f"{LEAST:,} or more")
    files = list(dict.fromkeys(files))
    if id_ is not None and len(files) > 1:
        raise InputError.of("one name cannot be that of several models", where="--id")
    if id_ is not None and not any(c.isascii() and c.isalnum() for c in id_):
        raise InputError.of(f"{id_!r} is no name", where="--id", hint="letters, digits and underscores")
    _refuse_one_name(files)
    given = Given(
        title=title, author=author, licence=licence, unit=unit, up=up, front=front, height=height,
        tags=_words(tags), domains=_words(domains), stands=stands, trademark=trademark, faces=faces,
    )  # fmt: skip
    refused: list[Diagnostic] = []
    for file in files:
        try:
            added = add_model(file, category, folder=to, id=id_, given=given)
        except InputError as error:
            refused += error.diagnostics
            continue
        _report(file, added)
        print(added.id)
    if refused:
        raise InputError(refused)
    raise typer.Exit(EXIT_DONE)


def _refuse_one_name(files: list[Path]) -> None:
    """Raises InputError where several models of a call would get one name, and each replace the one before."""
    from synthgen.assets.folders import slug

    by_name: dict[str, list[str]] = {}
    for file in files:
        by_name.setdefault(slug(file.stem), []).append(str(file))
    hint = "add them one by one, with --id"
    found = [
        Diagnostic(", ".join(twins), f"all would be named {name!r}", hint)
        for name, twins in by_name.items()
        if len(twins) > 1
    ]
    if found:
        raise InputError(found)


def _words(given: list[str] | None) -> tuple[str, ...]:
    """Each once, without the blanks around it; none that is empty."""
    return tuple(dict.fromkeys(word.strip() for word in given or () if word.strip()))


def _report(file: Path, added: Added) -> None:
    size = " x ".join(f"{side:.3g}" for side in added.size)
    parts = f"{added.parts} part{'s' * (added.parts != 1)}, {len(added.slots)} material{'s' * (len(added.slots) != 1)}"
    tell(f"{file.name}: {size} m (length x width x height), {added.faces:,} face{'s' * (added.faces != 1)}, {parts}")
    if added.slots:
        tell("  materials: " + ", ".join(f"{slot} ({role})" for slot, role in added.slots.items()))
    tell(f"  licence: {added.licence}" + (f", by {added.author}" if added.author else ""))
    for note in added.notes:
        tell(f"  {note}")
    for warning in added.warnings:
        tell(f"  warning: {warning}")
    tell(f"  {'replaced' if added.replaced else 'added'} as {added.id} in {added.folder}")


def _one_of(option: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise InputError.of(f"{value!r} is not one of {', '.join(known)}", where=option)
