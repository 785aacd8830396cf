"""Where the signals of a street stand, and what looks which way."""

from __future__ import annotations

from synthgen.layout.slots import SignalPost
from synthgen.layout.street.dimensions import SIDEWALK_Z, SIGNAL_SETBACK, Street

_FROM_KERB = 0.4


def signals(street: Street) -> tuple[SignalPost, ...]:
    """Posts for the four approaches, on both sides of the main street; those beside its traffic hang one over it.

    Each also carries the head for the pedestrians who walk over the crossing beside it.
    """
    found = []
    for d in (1, -1):  # +1: traffic along +Y
        own = d * street.side
        y = street.crossing - SIGNAL_SETBACK if d > 0 else street.far + SIGNAL_SETBACK
        facing = -90.0 if d > 0 else 90.0
        for s in (own, -own):
            walkers = 180.0 if s > 0 else 0.0
            x = s * (street.kerb(s) + _FROM_KERB)
            over = street.lane_width * (0.5 if street.lanes == 2 else 1.0)
            arm = street.side * (abs(x) - over) if s == own else 0.0
            found.append(SignalPost(x, y, SIDEWALK_Z, facing, "main", arm, walkers, walkers_cross="main"))
    for d in (1, -1):  # +1: traffic along +X, below the middle of the cross street where traffic keeps right
        x = -d * (street.kerb(-d) + SIGNAL_SETBACK)
        low = d * street.side > 0
        y = street.crossing - _FROM_KERB if low else street.far + _FROM_KERB
        facing = 180.0 if d > 0 else 0.0
        found.append(
            SignalPost(x, y, SIDEWALK_Z, facing, "cross", walkers=90.0 if low else 270.0, walkers_cross="cross")
        )
    return tuple(found)
