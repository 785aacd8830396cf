"""EAN-13 bar codes (ISO/IEC 15420)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
_PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
QUIET = (11, 7)
"""Light modules before and after the 95 of a code."""


def check_digit(first: str) -> str:
    """The thirteenth digit of twelve."""
    return str(-sum(int(c) * (3 if k % 2 else 1) for k, c in enumerate(first)) % 10)


def ean13(first: str) -> tuple[str, NDArray[np.bool_]]:
    """(13 digits, 95 modules from left to right, True is a bar) of twelve digits. Raises ValueError for other text."""
    if len(first) != 12 or not first.isdecimal():
        raise ValueError(f"an EAN-13 is made of 12 digits, not of {first!r}")
    digits = first + check_digit(first)
    left = ""
    for c, parity in zip(digits[1:7], _PARITY[int(digits[0])], strict=True):
        code = _LEFT[int(c)]
        # A G code is the R code, which is L's complement, read backwards.
        left += code if parity == "L" else "".join("10"[int(bit)] for bit in reversed(code))
    right = "".join("".join("10"[int(bit)] for bit in _LEFT[int(c)]) for c in digits[7:])
    return digits, np.array([bit == "1" for bit in f"101{left}01010{right}101"])


def drawn_code(seed: np.random.Generator, prefix: str = "20") -> str:
    """Twelve random digits; the prefixes 20 to 29 belong to shops themselves, so no real product has such a number."""
    return prefix + "".join(str(d) for d in seed.integers(0, 10, 12 - len(prefix)))
