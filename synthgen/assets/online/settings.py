"""configs/providers.yaml: addresses, licences and manners of the online providers; what the environment changes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from synthgen.errors import InputError
from synthgen.paths import data_dir

NOT_BY_ITSELF = frozenset({"NC", "ND"})
"""Conditions of licences that nothing is taken under unless the user names the licence."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of an API's answer (unpacked), of a file, of all files of an asset; members of an archive."""

    answer: int
    file: int
    asset: int
    members: int


@dataclass(frozen=True, slots=True)
class Manners:
    """How services are asked. Times in seconds; `gap` lies between the beginnings of two requests."""

    user_agent: str
    connect: float
    read: float
    gap: float
    tries: int
    first_wait: float
    longest_wait: float
    limits: Limits


@dataclass(frozen=True, slots=True)
class Service:
    """One provider. addresses: those in use, by name (`api`, `files`); replaced: (as configured, in use) where they
    differ. licences: all that its assets may have; default_licences: taken when the user names none. options: what
    else its entry says."""

    name: str
    title: str
    addresses: Mapping[str, str]
    replaced: tuple[tuple[str, str], ...]
    licences: tuple[str, ...]
    default_licences: tuple[str, ...]
    terms: str
    credit: str
    keep_days: float
    options: Mapping[str, Any]
    manners: Manners

    @property
    def api(self) -> str:
        return self.addresses["api"]

    @property
    def mark(self) -> str:
        """Eight letters that stand for the address, so that a mirror's catalogue is not taken for the service's."""
        return hashlib.sha256(self.api.encode()).hexdigest()[:8]

    def page(self, asset: str) -> str:
        """Address of an asset's page for people."""
        return str(self.options["page"]).format(id=asset)

    def accepted(self, licence: str | None) -> tuple[str, ...]:
        """The licences to take assets under: the one that the user names, else the default ones.

        Raises InputError for a licence that none of the provider's assets has.
        """
        if licence is None:
            return self.default_licences
        known = {name.casefold(): name for name in self.licences}
        if licence.casefold() not in known:
            raise InputError.of(
                f"no asset of {self.title} is under {licence!r}", hint=f"there are {', '.join(self.licences)}"
            )
        return (known[licence.casefold()],)


def load_service(name: str) -> Service:
    """Raises InputError where the environment's address is none."""
    data = _read(data_dir("configs") / "providers.yaml")
    entry = data["providers"][name]
    addresses, replaced = {}, []
    for key, configured in entry["addresses"].items():
        variable = f"SYNTHGEN_{name.upper()}" + ("" if key == "api" else f"_{key.upper()}")
        addresses[key] = _own_address(variable) or configured
        if addresses[key] != configured:
            replaced.append((configured, addresses[key]))
    default = tuple(entry["default_licences"])
    assert not any(NOT_BY_ITSELF & set(licence.split("-")) for licence in default), f"{name}: default_licences"
    return Service(
        name=name,
        title=entry["title"],
        addresses=addresses,
        replaced=tuple(replaced),
        licences=tuple(entry["licences"]),
        default_licences=default,
        terms=entry["terms"],
        credit=entry["credit"],
        keep_days=float(entry.get("keep_days", data["keep_days"])),
        options=entry,
        manners=_manners(data),
    )


def _own_address(variable: str) -> str:
    """The address that the environment gives; empty where it gives none."""
    value = os.environ.get(variable, "").strip().rstrip("/")
    if value:
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InputError.of(
                f"{value!r} is not an address", where=variable, hint="such as https://mirror.example/api"
            )
    return value


def _manners(data: Mapping[str, Any]) -> Manners:
    from synthgen import __version__

    return Manners(
        user_agent=data["user_agent"].format(version=__version__),
        connect=float(data["timeout"]["connect"]),
        read=float(data["timeout"]["read"]),
        gap=1 / float(data["requests_per_second"]),
        tries=int(data["tries"]),
        first_wait=float(data["first_wait"]),
        longest_wait=float(data["longest_wait"]),
        limits=Limits(**data["limits"]),
    )


@lru_cache(maxsize=2)
def _read(path: Path) -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data
