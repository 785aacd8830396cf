"""Python packages, by `pip download` of the running Python, from the index that it is configured for.

Only wheels: to look into a source distribution, pip would run it.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from synthgen.assets.packs import Package
from synthgen.assets.providers.client import Client, Progress, brought, run_client

_PIP = Client("pip", "pip download --no-deps", "{name}=={version}")
_OPTIONS = (
    "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--disable-pip-version-check",
    f"--python-version={sys.version_info.major}.{sys.version_info.minor}",
    "--progress-bar=off", "--retries=3", "--timeout=30", "--dest=.",
)  # fmt: skip
_REASON = r"^ERROR:\s*(.*)"


def bring(package: Package, work: Path, progress: Progress) -> Path:
    """Downloads the wheel of the pinned version."""
    client = _client(package)
    progress(f"{_PIP.command} {_PIP.wanted(package)}")
    answer = run_client([*client, "download", *_OPTIONS, _PIP.wanted(package)], work, progress)
    found = brought(work, ["*.whl"])
    if answer.code == 0 and found is not None:
        return found
    if answer.no_connection:
        raise _PIP.refused(package, "no connection", "is the network up?")
    unknown = "No matching distribution" in answer.said
    raise _PIP.refused(
        package, answer.reason(_REASON), "does its index have this version?" if unknown else "try again."
    )


def _client(package: Package) -> list[str]:
    """The pip of this Python; another Python's where this one has none, as in environments that uv made."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    other = shutil.which("pip3") or shutil.which("pip")
    if other is None:
        raise _PIP.missing(package, "this Python has no pip", f"run `{sys.executable} -m ensurepip`")
    return [other]
