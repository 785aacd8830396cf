"""drop: workpieces dropped on boards, in piles that physics settles."""

from __future__ import annotations

import numpy as np

from synthgen.errors import InputError
from synthgen.layout.slots import Board
from synthgen.makers.workpieces import Workpiece, workpiece
from synthgen.placement.heap import heaped
from synthgen.placement.inspect import designs_of, put
from synthgen.placement.registry import populator
from synthgen.placement.settle import Body, hull_points, settled
from synthgen.placement.site import Site
from synthgen.recipe.params import Block, Params
from synthgen.scene.pose import composed

_LIFT = 0.0005
_HEAPED = 1.9
"""How much higher than the rim bodies are set down: when they have settled they fill it."""
_DRAWS = 60
"""Designs that are looked at for those whose size is as asked."""


@populator("drop")
def drop(site: Site, block: Block) -> None:
    """Fills every board of the slot with a pile; what has no room in it is left out."""
    params, rng = site.params(block), site.rng(block)
    store = site.stage.store
    pieces = _pieces(params, site, rng)
    hulls = [hull_points(store.mesh(p.made.mesh).vertices.astype(np.float64)) for p in pieces]
    for board in site.slots(block):
        count = int(params.sample("count", rng, site.draw.env))
        which = [int(rng.integers(len(pieces))) for _ in range(count)]
        size, rim = (board.width, board.depth), board.rim or None
        starts = heaped([hulls[w] for w in which], size, rng, top=_HEAPED * board.rim if rim else board.room)
        if not starts:
            raise _no_room(board)
        bodies = [Body(hulls[which[k]], start) for k, start in starts.items()]
        ends = settled(bodies, size, walls=bool(params.get("walls")), rim=rim, cache=store.root / "settled")
        place = site.named(board)
        for k, end in zip(starts, ends, strict=True):
            if end is None:
                continue
            raised = composed((1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, _LIFT), end)
            facts = {"board": board.name, "design": which[k], "place_on_board": (end[3], end[7])}
            put(site, pieces[which[k]], composed(board.frame, raised), facts, {"piled_in": board.fixture, "in": place})


def _pieces(params: Params, site: Site, rng: np.random.Generator) -> list[Workpiece]:
    """One of each design; designs are drawn until their longest side is as asked."""
    least, most = float(params.get("min_size")), float(params.get("max_size"))  # type: ignore[arg-type]
    wanted = int(params.sample("designs", rng, site.draw.env))
    found: list[Workpiece] = []
    for _ in range(_DRAWS):
        piece = workpiece(site.stage.store, designs_of(params, 1, rng)[0])
        if least <= max(piece.made.size) <= most:
            found.append(piece)
            if len(found) == wanted:
                return found
    families = params.get("parts")
    assert isinstance(families, (list, tuple))
    names = ", ".join(map(str, families))
    raise InputError.of(
        f"drop: of {_DRAWS} draws of {names} {len(found)} were {least:g} to {most:g} m long, not {wanted}",
        hint="widen min_size and max_size, or name other families in `parts`",
    )


def _no_room(board: Board) -> InputError:
    return InputError.of(
        f"drop: no part has room on {board.name}, {board.width:.3f} x {board.depth:.3f} m, below {board.rim:g} m",
        hint="make the carrier larger, or the parts smaller with max_size",
    )
