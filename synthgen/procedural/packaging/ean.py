"""EAN-13 bar codes (ISO/IEC 15420)."""

from __future__ import annotations

from collections.abc import Sequence

_ODD = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
"""Modules of a digit in the left half, set A; set B is its mirror image inverted, the right half its inverse."""

_FIRST = ("AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA")
"""Which set each digit of the left half is of: it tells the first digit."""

MODULES = 95
QUIET = (11, 7)
"""Modules of white that the standard wants at the left and at the right."""

IN_STORE = "2"
"""Numbers that begin with it are for use within a company: no real product has them."""


def with_check_digit(digits: Sequence[int]) -> str:
    """13 digits of 12: the last makes the sum, odd places once and even places three times, a multiple of ten."""
    if len(digits) != 12:
        raise ValueError(f"an EAN-13 has 12 digits before its check digit, not {len(digits)}")
    total = sum(d * (3 if k % 2 else 1) for k, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def modules(code: str) -> str:
    """95 modules, "1" for a bar, of 13 digits. Raises ValueError where the check digit is wrong."""
    digits = [int(c) for c in code]
    if len(digits) != 13 or with_check_digit(digits[:12]) != code:
        raise ValueError(f"not an EAN-13: {code}")
    left = "".join(_left(d, kind) for d, kind in zip(digits[1:7], _FIRST[digits[0]], strict=True))
    right = "".join(_inverse(_ODD[d]) for d in digits[7:])
    return f"101{left}01010{right}101"


def _left(digit: int, kind: str) -> str:
    return _ODD[digit] if kind == "A" else _inverse(_ODD[digit])[::-1]


def _inverse(bits: str) -> str:
    return "".join("0" if b == "1" else "1" for b in bits)
