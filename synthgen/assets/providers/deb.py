"""Debian packages, by `apt-get download`, which needs no rights and installs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from synthgen.assets.packs import Package
from synthgen.assets.providers.client import Answer, Client, Progress, brought, run_client

_APT = Client("apt-get", "apt-get download", "{name}")
_REASON = r"^E:\s*(.*)"


def bring(package: Package, work: Path, progress: Progress) -> Path:
    """Downloads a package: the version that is pinned, else the one that the distribution has."""
    client = _APT.find(package)
    found, answer = _download(client, package, work, (), progress)
    if found is None and _is_unknown(answer):
        # The machine's package index is empty or old, as in a fresh container. One of our own needs no rights.
        own = _own_index(work)
        progress("apt-get update (into a folder of its own)")
        run_client([client, *own, "update"], work, progress)
        found, answer = _download(client, package, work, own, progress)
    if found is not None:
        return found
    hint = "run `apt-get update` (as root) first." if _is_unknown(answer) else "is the network up?"
    raise _APT.refused(package, answer.reason(_REASON), hint)


def _download(
    client: str, package: Package, work: Path, options: Sequence[str], progress: Progress
) -> tuple[Path | None, Answer]:
    """The .deb that `apt-get download` brought into `work`, or None; and what it said last."""
    answer = Answer(0, "")
    for wanted in (f"{package.name}={package.version}", package.name):
        progress(f"apt-get download {wanted}")
        answer = run_client([client, *options, "download", wanted], work, progress)
        found = brought(work, ["*.deb"])
        if answer.code == 0 and found is not None:
            return found, answer
        if "was not found" not in answer.said:
            break
    return None, answer


def _is_unknown(answer: Answer) -> bool:
    return "Unable to locate package" in answer.said or "No packages found" in answer.said


def _own_index(work: Path) -> tuple[str, ...]:
    """Options that make apt-get keep its package index in `work`."""
    lists, cache = work / "apt" / "lists", work / "apt" / "cache"
    for folder in (lists / "partial", cache / "archives" / "partial"):
        folder.mkdir(parents=True)
    return ("-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={cache}")
