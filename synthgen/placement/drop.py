"""drop: workpieces dropped on boards, in piles that physics settles."""

from __future__ import annotations

import math

import numpy as np

from synthgen.layout.slots import Board
from synthgen.makers.workpieces import Workpiece, workpiece
from synthgen.placement.inspect import designs_of, put
from synthgen.placement.registry import populator
from synthgen.placement.settle import Body, hull_points, settled
from synthgen.placement.site import Site
from synthgen.recipe.params import Block
from synthgen.scene.pose import Matrix, composed
from synthgen.scene.spec import rounded

_LIFT = 0.0005
_APART = 0.002


@populator("drop")
def drop(site: Site, block: Block) -> None:
    """Fills every board of the slot with a pile; what falls off is left out."""
    params, rng = site.params(block), site.rng(block)
    store = site.stage.store
    pieces = [workpiece(store, d) for d in designs_of(params, site, rng)]
    points = [hull_points(store.mesh(p.made.mesh).vertices.astype(np.float64)) for p in pieces]
    for board in site.slots(block):
        count = int(params.sample("count", rng, site.draw.env))
        which = [int(rng.integers(len(pieces))) for _ in range(count)]
        starts = _starts(board, [pieces[w] for w in which], rng)
        bodies = [Body(points[w], start) for w, start in zip(which[: len(starts)], starts, strict=True)]
        walls = bool(params.get("walls"))
        ends = settled(bodies, (board.width, board.depth), walls=walls, cache=store.root / "settled")
        place = site.named(board)
        for w, end in zip(which, ends, strict=False):
            m = np.array(end).reshape(3, 4)
            if not (0 <= m[0, 3] <= board.width and 0 <= m[1, 3] <= board.depth):
                continue
            raised = composed((1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, _LIFT), end)
            facts = {"board": board.name, "design": w, "place_on_board": (float(m[0, 3]), float(m[1, 3]))}
            put(site, pieces[w], composed(board.frame, raised), facts, {"piled_in": board.fixture, "in": place})


def _starts(board: Board, pieces: list[Workpiece], rng: np.random.Generator) -> list[Matrix]:
    """Layers of a grid over the board, each piece turned at random in a cell that holds it in any turn."""
    cell = max(math.hypot(*p.made.size) for p in pieces) + _APART
    columns, rows = int(board.width / cell), int(board.depth / cell)
    if columns < 1 or rows < 1:
        return []
    found = []
    for k, piece in enumerate(pieces):
        layer, rest = divmod(k, columns * rows)
        middle = np.array([
            (rest % columns + 0.5) * board.width / columns, (rest // columns + 0.5) * board.depth / rows,
            (layer + 0.55) * cell,
        ])  # fmt: skip
        q = rng.normal(size=4)
        w, x, y, z = q / np.linalg.norm(q)
        turn = np.array([
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ])  # fmt: skip
        # A piece turns about its middle, not about its foot.
        origin = middle - turn @ np.array([0.0, 0.0, piece.made.size[2] / 2])
        matrix: Matrix = rounded(tuple(np.column_stack([turn, origin]).ravel().tolist()))
        found.append(matrix)
    return found
