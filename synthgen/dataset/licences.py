"""What a licence (by SPDX id) asks of pictures in which an asset under it can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)")
_CONDITIONS = frozenset({"NC", "ND", "SA"})
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
    "CC-PDDC",
    "WTFPL",
)


def licence_url(spdx: str) -> str:
    """The address of a licence's text."""
    if spdx == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    match = _CREATIVE_COMMONS.fullmatch(spdx)
    if match:
        return f"https://creativecommons.org/licenses/{match[1].lower()}/{match[2]}/"
    return f"https://spdx.org/licenses/{spdx}.html"


def conditions(spdx: str) -> frozenset[str]:
    """Which of NC (no commerce), ND (no derivatives) and SA (share alike) a licence has."""
    return _CONDITIONS & set(spdx.split("-"))


def allows_commerce(spdx: str) -> bool | None:
    """Whether commercial use is allowed; None where that is not known."""
    if "NC" in conditions(spdx):
        return False
    return True if spdx.startswith(_FREE_FOR_COMMERCE) else None


def effective_licence(chosen: str, assets: Iterable[str]) -> str:
    """The recipe's licence, or the strictest of the assets in view where that asks for more."""
    strictest = max(sorted(set(assets)), key=lambda s: len(conditions(s)), default=chosen)
    return chosen if conditions(strictest) <= conditions(chosen) else strictest
