"""Licences of single assets, where those of a provider differ."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synthgen.assets.online.found import Found
from synthgen.errors import InputError

_LICENCE = re.compile(r"https?://(?:www\.)?creativecommons\.org/licenses/(by(?:-nc)?(?:-nd|-sa)?)/(\d\.\d)(?:/.*)?")
_ZERO = re.compile(r"https?://(?:www\.)?creativecommons\.org/publicdomain/zero/1\.0(?:/.*)?")


def creative_commons(address: str) -> str:
    """SPDX name of the licence whose address this is; empty where it is none of Creative Commons'."""
    if _ZERO.fullmatch(address.lower()):
        return "CC0-1.0"
    match = _LICENCE.fullmatch(address.lower())
    return f"CC-{match[1].upper()}-{match[2]}" if match else ""


def check_licence(found: Found, accepted: Sequence[str]) -> None:
    """Raises InputError where an asset is not under one of the accepted licences."""
    if found.licence in accepted:
        return
    what = f"{found.id} is under {found.licence or 'a licence that is not known'}, not {' or '.join(accepted)}"
    hint = f"if that will do for you: --licence {found.licence}" if found.licence else "see its page"
    raise InputError.of(what, where=found.page, hint=hint)
