"""Price rails, where the tags of a board's goods are put: a layout offers them in the slot `rails`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rail:
    """The rail of the board of this name, in the board's frame.

    y, z: of the middle of a tag's back; z is up, and y negative before the front edge. tilt: how far the rail leans
    back, radians. front: y of the rail's foremost edge, before which a card may hang.
    """

    board: str
    y: float
    z: float
    tilt: float = 0.0
    front: float = -0.007
