"""inspect: workpieces on boards, some of them with defects, each defect with a label of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.layout.slots import Board
from synthgen.makers.workpieces import Design, Workpiece, design, workpiece
from synthgen.placement.choices import Thing
from synthgen.placement.footprints import Rect
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.procedural.workpieces.part import data
from synthgen.recipe.params import Block, Params
from synthgen.scene.pose import Matrix, composed, pose

_FRONT = -90.0
_LIFT = 0.00005
"""Metres between a board and what lies on it, so that no two faces lie in one plane."""
_TRIES = 40
_DRAWS = 1_000_000


def wanted(rates: Mapping[str, float], family: str, rng: np.random.Generator) -> list[str]:
    """The defects that a workpiece is to have, each by its own rate; a wrong part has no other.

    rates: by key of a recipe's `defects`. As many numbers are drawn whatever comes of it.
    """
    hits = {k.replace("_", " "): float(rng.random()) < rate for k, rate in rates.items()}
    found = [k for k, hit in hits.items() if hit and family in data()["defects"][k]["families"]]
    return ["wrong part"] if "wrong part" in found else found


def designs_of(params: Params, count: int, rng: np.random.Generator) -> list[Design]:
    """What a scene's workpieces are copies of."""
    families = params.get("parts")
    assert isinstance(families, Sequence)
    return [design(str(families[int(rng.integers(len(families)))]), rng) for _ in range(count)]


@populator("inspect")
def inspect(site: Site, block: Block) -> None:
    """Lays workpieces on every board of the slot."""
    params, rng = site.params(block), site.rng(block)
    designs = designs_of(params, int(params.sample("designs", rng, site.draw.env)), rng)
    for board in site.slots(block):
        count = int(params.sample("count", rng, site.draw.env))
        pieces = [_piece(site, params, designs, rng) for _ in range(count)]
        place = _rows if params.get("arrange") == "rows" else _anywhere
        for piece, x, y in place(site, params, board, pieces, rng):
            where = composed(board.frame, pose(x, y, _LIFT, yaw=_FRONT + piece.yaw))
            facts = {
                "board": board.name, "design": piece.design, "place_on_board": (x, y), "yaw": piece.yaw % 360.0,
            }  # fmt: skip
            put(site, piece.item, where, facts, {"on": board.fixture, "in": site.named(board)})


@dataclass(frozen=True, slots=True)
class _Piece:
    """A workpiece that is to be laid down: which design it is of, and its turn."""

    item: Workpiece
    design: int
    yaw: float

    def rect(self, x: float, y: float) -> Rect:
        length, width, _ = self.item.made.size
        return Rect(x, y, length, width, _FRONT + self.yaw)

    @property
    def extent(self) -> tuple[float, float]:
        """Metres along a board's front and into its depth."""
        length, width, _ = self.item.made.size
        angle = math.radians(_FRONT + self.yaw)
        c, s = abs(math.cos(angle)), abs(math.sin(angle))
        return c * length + s * width, s * length + c * width


def _piece(site: Site, params: Params, designs: Sequence[Design], rng: np.random.Generator) -> _Piece:
    env = site.draw.env
    which, yaw = int(rng.integers(len(designs))), float(params.sample("yaw", rng, env))
    rates = params.sample("defects", rng, env)
    names = wanted(rates, designs[which].family, rng)
    asked = [(name, round(float(params.sample("severity", rng, env)), 3)) for name in names]
    draw = int(rng.integers(_DRAWS))
    return _Piece(workpiece(site.stage.store, designs[which], asked, draw if asked else 0), which, yaw)


Placed = Iterator[tuple[_Piece, float, float]]


def put(
    site: Site, item: Workpiece, where: Matrix, facts: Mapping[str, object], relations: Mapping[str, int | str]
) -> int:
    """Puts a workpiece with its defects; what it lacks becomes a label volume where the workpiece is seen behind it."""
    number = site.put(Thing(item.made.maker, item.made), where, attributes=facts, relations=relations)
    for lack in item.missing:
        if "missing feature" in site.taxonomy.by_name:
            own = site.stage.builder.instance("missing feature", part_of=number, attributes=lack.attributes)
            site.stage.builder.volume(own, composed(where, lack.volume), [number])
    return number


def _anywhere(site: Site, params: Params, board: Board, pieces: Sequence[_Piece], rng: np.random.Generator) -> Placed:
    """Where there is room; what finds none is left out."""
    taken, gap = site.on_board(board), float(params.sample("gap", rng, site.draw.env))
    for piece in pieces:
        across, deep = piece.extent
        if across > board.width or deep > board.depth:
            continue
        for _ in range(_TRIES):
            x = round(float(rng.uniform(across / 2, board.width - across / 2)), 6)
            y = round(float(rng.uniform(deep / 2, board.depth - deep / 2)), 6)
            if taken.take(piece.rect(x, y), piece.item.made.maker, margin=gap):
                yield piece, x, y
                break


def _rows(site: Site, params: Params, board: Board, pieces: Sequence[_Piece], rng: np.random.Generator) -> Placed:
    """In the middle of the cells of a grid that hold the largest."""
    taken, gap = site.on_board(board), float(params.sample("gap", rng, site.draw.env))
    across, deep = (max(p.extent[k] for p in pieces) + gap for k in range(2))
    columns, rows = int((board.width + gap) / across), int((board.depth + gap) / deep)
    columns = min(columns, len(pieces))
    if columns < 1 or rows < 1:
        return
    rows = min(rows, math.ceil(len(pieces) / columns))
    left, front = (board.width - columns * across) / 2, (board.depth - rows * deep) / 2
    for k, piece in enumerate(pieces[: columns * rows]):
        x = round(left + (k % columns + 0.5) * across, 6)
        y = round(front + (k // columns + 0.5) * deep, 6)
        if taken.take(piece.rect(x, y), piece.item.made.maker):
            yield piece, x, y
