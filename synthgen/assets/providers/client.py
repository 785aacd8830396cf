"""Runs a distribution's own client (apt-get, npm, pip), and says in one message why it did not bring a package."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from synthgen.assets.packs import Package, find_pack
from synthgen.errors import InputError

Progress = Callable[[str], None]
Provider = Callable[[Package, Path, Progress], Path]

TELL_SECONDS = 5.0
"""How often a client that is still at work is spoken of."""

_FULL = re.compile(r"No space left on device|ENOSPC|Disk quota exceeded|EDQUOT|not enough free space", re.IGNORECASE)
_NO_CONNECTION = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT"
    r"|network (request|is unreachable|connectivity)|Temporary failure|Name or service not known"
    r"|Could not (resolve|connect)|connection (refused|timed out|broken|reset|error)"
    r"|Failed to establish a new connection|Max retries exceeded"
    r"|Read timed out|ConnectTimeout|ReadTimeout|ProxyError|SSLError",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a client ended: its exit code, and what it wrote (stderr, then stdout)."""

    code: int
    said: str

    @property
    def no_connection(self) -> bool:
        return bool(_NO_CONNECTION.search(self.said))

    def reason(self, pattern: str) -> str:
        """The first line of which `pattern` finds its group 1, else the beginning of what was said."""
        found = re.search(pattern, self.said, re.MULTILINE)
        return (found[1] if found else " ".join(self.said.split()) or f"it ended with exit code {self.code}")[:200]


def run_client(command: Sequence[str], folder: Path, progress: Progress) -> Answer:
    """Runs a client in `folder`, where its temporary files go too; it never outlives us.

    Raises OSError (ENOSPC) where it found no room on the disk.
    """
    there = {**os.environ, "LC_ALL": "C", "TMPDIR": str(folder)}
    process = subprocess.Popen(
        command, cwd=folder, env=there, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    try:
        while True:
            try:
                out, err = process.communicate(timeout=TELL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                progress(f"{_bytes_below(folder) >> 20} MiB so far")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode and _FULL.search(f"{err}{out}"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    return Answer(process.returncode, f"{err}\n{out}")


@dataclass(frozen=True, slots=True)
class Client:
    """A distribution's client. command: what downloads packages with it; spec: how it is told one, as a format of
    `name` and `version`."""

    name: str
    command: str
    spec: str

    def wanted(self, package: Package) -> str:
        return self.spec.format(name=package.name, version=package.version)

    def find(self, package: Package) -> str:
        """The path of the client. Raises InputError where this machine has none."""
        path = shutil.which(self.name)
        if path is None:
            raise self.missing(package, f"this machine has no {self.name}", "install it")
        return path

    def missing(self, package: Package, what: str, hint: str) -> InputError:
        """The error for a client that is not here."""
        return InputError.of(
            f"the pack {package.pack!r} comes as {package.name} {package.version}, and {what}",
            hint=f"{hint}, or {self._by_hand(package)}",
        )

    def refused(self, package: Package, reason: str, hint: str) -> InputError:
        """The error for a client that did not bring a package."""
        what = f"{self.name} cannot get {package.name} {package.version}: {reason}"
        return InputError.of(what, hint=f"{hint} Else {self._by_hand(package)}")

    def _by_hand(self, package: Package) -> str:
        """How a user gets the packages of a pack on another machine."""
        packages = [p for p in find_pack(package.pack).packages if p.provider == package.provider]
        specs = " ".join(self.wanted(p) for p in packages)
        place = "FILE" if len(packages) == 1 else "FOLDER"
        fetch = f"synthgen assets fetch {package.pack} --source {place}"
        return f"run `{self.command} {specs}` where that works, and then here: {fetch}"


def brought(folder: Path, patterns: Sequence[str]) -> Path | None:
    """The one file that a client left in a folder, by its name's pattern."""
    found = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return found[0] if found else None


def _bytes_below(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # it has just been removed or renamed
                total += (Path(place) / name).stat().st_size
    return total
