"""The folder that a run writes to: may it, and what of the run is there already.

In a folder that has frames, only a larger number of frames, the workers, the engine and the shard may differ from the
run that made them. Everything else is refused, naming each difference.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from synthgen.dataset.folders import DATASET, RECORDS, SCENES, UNFINISHED, iter_record_paths, not_ours
from synthgen.dataset.identity import differences
from synthgen.dataset.locking import temporary_folder
from synthgen.errors import InputError

SPLITS = "splits"
"""The key of a run's identity that holds the share of each split."""

VERSIONS = "versions"
"""The key that holds the versions of the programs that render and encode."""

_ONLY_IN_RECORDS = (SPLITS, VERSIONS)
"""SceneSpecs depend on neither, and do not have them."""

_SHOWN = 6
_FULL = (errno.ENOSPC, errno.EDQUOT)


class _Identified(msgspec.Struct):
    """What records and SceneSpecs have in common."""

    identity: dict[str, Any]


def disk_is_full(error: OSError) -> bool:
    """Whether the disk, or the user's share of it, has no room left."""
    return error.errno in _FULL


def says_disk_is_full(message: str) -> bool:
    """The same of an error that a worker put in words."""
    return any(f"[Errno {number}]" in message or os.strerror(number) in message for number in _FULL)


def plain(identity: Mapping[str, Any]) -> dict[str, Any]:
    """An identity as it reads after a round trip through JSON: tuples are lists."""
    result: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(identity))
    return result


@contextmanager
def destination(out: Path, identity: Mapping[str, Any], frames: int) -> Iterator[None]:
    """The folder of a run, made where it is not there, and its temporary folder, while the run lasts.

    Raises InputError for one that cannot be written, that lies inside a dataset, or that holds frames of another
    run; OSError where the disk is full.
    """
    with ExitStack() as held:
        try:
            _check_place(out)
            check_same_run(out, identity, frames)
            held.enter_context(temporary_folder(out / UNFINISHED))
        except OSError as error:
            if disk_is_full(error):
                raise
            raise InputError.of(
                f"cannot write there: {error.strerror}", where=str(out), hint="choose a folder that you may write to"
            ) from error
        yield


def check_same_run(out: Path, identity: Mapping[str, Any], frames: int) -> None:
    """Refuses (InputError) a folder whose frames are another run's, naming every difference."""
    records = list(iter_record_paths(out))
    found = difference_from(_identity_there(out, records), plain(identity))
    last = int(records[-1].stem) if records else 0
    if last > frames and not found:
        raise InputError.of(
            f"has frame {last} already, and {frames} are asked for",
            where=str(out),
            hint=f"ask for {last} frames or more, or choose another folder",
        )
    if found:
        raise InputError.of(
            f"holds frames of another run ({listed(found)})",
            where=str(out),
            hint="choose another folder, or make the same call as the one that made these",
        )


def difference_from(there: Mapping[str, Any] | None, ours: Mapping[str, Any]) -> list[str]:
    """What the identity of a record or SceneSpec and ours do not agree on, in words: `seed: 0, not 1`."""
    if there is None:
        return []
    known = {k: v for k, v in ours.items() if k not in _ONLY_IN_RECORDS or k in there}
    found = differences(_shares_in_words(there), _shares_in_words(known))
    return [f for f in found if not f.startswith("recipe_hash")] or found


def _shares_in_words(identity: Mapping[str, Any]) -> dict[str, Any]:
    """An identity with its splits written as `--split` takes them."""
    splits = identity.get(SPLITS)
    if not isinstance(splits, Mapping):
        return dict(identity)
    return {**identity, SPLITS: ",".join(f"{name}={share:g}" for name, share in splits.items())}


def listed(found: list[str]) -> str:
    """The first few differences in one line."""
    return "; ".join(found[:_SHOWN]) + (f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")


def _identity_there(out: Path, records: list[Path]) -> dict[str, Any] | None:
    """The identity of the first frame that can be read, else of the first scene."""
    scenes = sorted(p for p in (out / SCENES).glob("*.json")) if (out / SCENES).is_dir() else []
    for path in (*records, *scenes):
        try:
            return msgspec.json.decode(path.read_bytes(), type=_Identified).identity
        except (OSError, msgspec.MsgspecError):
            continue
    return None


def _check_place(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise InputError.of("is a file, not a folder", where=str(out), hint="give the dataset a folder of its own")
    for above in out.resolve().parents:
        if (above / DATASET).is_file() or ((above / RECORDS).is_dir() and (above / SCENES).is_dir()):
            raise InputError.of(
                f"lies inside the dataset {above}", where=str(out), hint="give each dataset a folder of its own"
            )
    try:
        str(out.absolute()).encode()
    except UnicodeEncodeError as error:
        raise InputError.of("has a name that is not UTF-8", where=str(out), hint="choose another folder") from error
    foreign = not_ours(out)
    if foreign is not None:
        raise InputError.of(f"has {foreign} that is not synthgen's", where=str(out), hint="choose an empty folder")
