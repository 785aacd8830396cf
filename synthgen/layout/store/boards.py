"""From the goods' places of a fixture's generator to boards and rails in the world."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from synthgen.layout.rails import Rail
from synthgen.layout.slots import Board
from synthgen.procedural.gondola import RAIL_DEPTH, ShelfSpace
from synthgen.scene.pose import Matrix, composed


@dataclass(slots=True)
class Boards:
    """Boards by slot, and the rails of all of them."""

    slots: dict[str, list[Board]] = field(default_factory=dict)
    rails: list[Rail] = field(default_factory=list)

    def add(
        self,
        slot: str,
        spaces: Sequence[ShelfSpace],
        where: Matrix,
        fixture: int,
        name: Callable[[int], str],
        *,
        kind: str = "shelf",
    ) -> None:
        """Adds the spaces of a fixture that stands at `where`; name: of the board for the place in `spaces`."""
        boards = self.slots.setdefault(slot, [])
        for k, space in enumerate(spaces):
            board = Board(
                composed(where, _frame(space)), space.width, space.depth, space.height, fixture, name(k), kind
            )
            boards.append(board)
            if space.tag is not None:
                c, s = math.cos(space.yaw), math.sin(space.yaw)
                out = (space.tag[0] - space.x) * c + (space.tag[1] - space.y) * s
                up = space.tag[2] - space.z
                self.rails.append(Rail(board.name, -out, up, space.tag_tilt, -RAIL_DEPTH - 0.001))


def _frame(space: ShelfSpace) -> Matrix:
    """Of the board, in the fixture's frame: from its front left corner along the front, into the depth, and up."""
    c, s = math.cos(space.yaw), math.sin(space.yaw)
    x = space.x + s * space.width / 2
    y = space.y - c * space.width / 2
    return (-s, -c, 0.0, x, c, -s, 0.0, y, 0.0, 0.0, 1.0, space.z)
