"""`preview`: a few small frames of a recipe on one contact sheet."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from synthgen.engine.local import generate
from synthgen.engine.run import GenerateReport
from synthgen.errors import FramesMissing, InputError
from synthgen.render.device import CPU

if TYPE_CHECKING:
    from synthgen.engine.progress import Progress

SIZE = "640x360"
_ONE_VIEW = "views_per_scene=1"


def preview(
    recipe: Path | str,
    sheet: Path | str,
    *,
    frames: int = 6,
    workers: int | None = None,
    device: str = CPU,
    seed: int | None = None,
    overrides: Sequence[str] = (),
    preset: str | None = None,
    size: str | None = None,
    progress: Progress | None = None,
) -> GenerateReport:
    """Renders the first view of the first `frames` scenes at 640x360 (or `size`) and writes a contact sheet (PNG).

    The pictures themselves are thrown away. Raises InputError as `generate` does, and where the sheet cannot be
    written; FramesMissing where no frame could be made.
    """
    from synthgen.report.contact_sheet import sheet_of

    path = Path(sheet)
    _check_sheet(path)
    chosen = any(o.partition("=")[0].strip() == "views_per_scene" for o in overrides)
    with tempfile.TemporaryDirectory(prefix="synthgen-preview-") as folder:
        dataset = Path(folder) / "dataset"
        report = generate(
            recipe,
            dataset,
            frames,
            workers=workers,
            device=device,
            seed=seed,
            overrides=overrides if chosen else (*overrides, _ONE_VIEW),
            preset=preset,
            size=size or SIZE,
            progress=progress,
        )
        if not report.present:
            reason = report.failures[0].message if report.failures else "no reason was given"
            raise FramesMissing(f"no frame could be made: {reason}")
        sheet_of(dataset, path=path)
    return report


def _check_sheet(path: Path) -> None:
    """Before anything is rendered."""
    if path.suffix.lower() != ".png":
        raise InputError.of("a contact sheet is a PNG", where=str(path), hint="give it a name that ends in .png")
    if path.is_dir():
        raise InputError.of("is a folder", where=str(path), hint="name a file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):
            pass
    except OSError as error:
        raise InputError.of(f"cannot write there: {error.strerror}", where=str(path)) from error
    if path.stat().st_size == 0:
        path.unlink()
