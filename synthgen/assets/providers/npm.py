"""npm packages, by `npm pack`, which downloads the archive, installs nothing and runs no script of it."""

from __future__ import annotations

from pathlib import Path

from synthgen.assets.packs import Package
from synthgen.assets.providers.client import Client, Progress, brought, run_client

_NPM = Client("npm", "npm pack", "{name}@{version}")
_OPTIONS = (
    "--ignore-scripts", "--loglevel=error", "--no-update-notifier",
    "--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000",
)  # fmt: skip
_UNKNOWN = ("E404", "ETARGET", "ENOVERSIONS")
_REASON = r"^npm (?:error|ERR!) (?!code )(.+)"


def bring(package: Package, work: Path, progress: Progress) -> Path:
    """Downloads a package of the pinned version. npm's own cache and logs go into `work` and vanish with it."""
    client = _NPM.find(package)
    progress(f"{_NPM.command} {_NPM.wanted(package)}")
    answer = run_client(
        [client, "pack", _NPM.wanted(package), *_OPTIONS, "--cache", str(work / "npm")], work, progress
    )  # fmt: skip
    found = brought(work, ["*.tgz"])
    if answer.code == 0 and found is not None:
        return found
    if answer.no_connection:
        raise _NPM.refused(package, "no connection", "is the network up?")
    unknown = any(code in answer.said for code in _UNKNOWN)
    raise _NPM.refused(
        package, answer.reason(_REASON), "does its registry have this version?" if unknown else "try again."
    )
