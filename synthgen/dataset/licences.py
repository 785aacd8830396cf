"""What a licence (by SPDX id) asks of pictures in which an asset under it can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)")
_CONDITIONS = frozenset({"NC", "ND", "SA"})
_NO_CONDITIONS = ("CC0-1.0", "PDDL-1.0")
_FREE_FOR_COMMERCE = (
    "CC0-",
    "CC-BY-",
    "MIT",
    "BSD-",
    "Apache-",
    "ISC",
    "Unlicense",
    "Zlib",
    "0BSD",
    "OFL-",
    "CC-PDDC",
    "WTFPL",
)


def licence_url(spdx: str) -> str:
    """The address of a licence's text; empty for one that has none of its own (LicenseRef-...)."""
    if spdx == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    match = _CREATIVE_COMMONS.fullmatch(spdx)
    if match:
        return f"https://creativecommons.org/licenses/{match[1].lower()}/{match[2]}/"
    return "" if spdx.startswith("LicenseRef-") else f"https://spdx.org/licenses/{spdx}.html"


def conditions(spdx: str) -> frozenset[str]:
    """Which of NC (no commerce), ND (no derivatives) and SA (share alike) a licence has."""
    return _CONDITIONS & set(spdx.upper().split("-"))  # a catalogue may spell it cc-by-nc-4.0


def allows_commerce(spdx: str) -> bool | None:
    """Whether commercial use is allowed; None where that is not known."""
    if "NC" in conditions(spdx):
        return False
    return True if spdx.startswith(_FREE_FOR_COMMERCE) else None


def effective_licence(chosen: str, assets: Iterable[str]) -> str:
    """The recipe's licence, or a stricter one where assets in view ask for more.

    That is the licence of an asset whose conditions are all that is asked; where none has them all, the one of
    Creative Commons that does. What was taken for naming its author cannot be given away as nobody's.
    """
    names = sorted(set(assets))
    asked = conditions(chosen).union(*(conditions(name) for name in names))
    if asked > conditions(chosen):
        enough = (name for name in names if conditions(name) == asked)
        return next(enough, _creative_commons(asked))
    if chosen in _NO_CONDITIONS and any(name.upper().startswith("CC-BY-") for name in names):
        return "CC-BY-4.0"
    return chosen


def _creative_commons(asked: frozenset[str]) -> str:
    """The licence of Creative Commons with these conditions; what forbids derivatives has no need of SA."""
    kept = asked - {"SA"} if "ND" in asked else asked
    return "-".join(("CC-BY", *(c for c in ("NC", "SA", "ND") if c in kept), "4.0"))
