"""Python packages, by `pip download` of the running Python, from the index that it is configured for.

Only wheels: to look into a source distribution, pip would run it.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from synthgen.assets.packs import Package
from synthgen.assets.providers.client import Progress, brought, by_hand, refused, run_client
from synthgen.errors import InputError

_OPTIONS = (
    "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--disable-pip-version-check",
    "--progress-bar=off", "--retries=3", "--timeout=30", "--dest=.",
)  # fmt: skip
_REASON = r"^ERROR:\s*(.*)"


def bring(package: Package, work: Path, progress: Progress) -> Path:
    """Downloads the wheel of the pinned version."""
    wanted = f"{package.name}=={package.version}"
    command = f"pip download --no-deps {wanted}"
    client = _client(package, command)
    progress(command)
    answer = run_client([*client, *_OPTIONS, wanted], work, progress)
    found = brought(work, ["*.whl"])
    if answer.code == 0 and found is not None:
        return found
    if answer.no_connection:
        raise refused("pip", package, "no connection", "Is the network up?", command)
    unknown = "No matching distribution" in answer.said
    hint = "Does its index have this version?" if unknown else "Try again."
    raise refused("pip", package, answer.reason(_REASON), hint, command)


def _client(package: Package, command: str) -> list[str]:
    """The pip of this Python; another Python's where this one has none, as environments that uv made."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "download"]
    other = shutil.which("pip3") or shutil.which("pip")
    if other is not None:
        return [other, "download", f"--python-version={sys.version_info.major}.{sys.version_info.minor}"]
    raise InputError.of(
        f"the pack {package.pack!r} comes as {package.name} {package.version}, and this Python has no pip",
        hint=f"run `{sys.executable} -m ensurepip`, or {by_hand(package, command)}",
    )
