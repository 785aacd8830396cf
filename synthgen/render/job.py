"""The wire format between the program and its render workers: one JSON object a line.

A job goes in on the worker's stdin, events come out on its stdout. The worker writes the frames' files itself;
what comes back is only what became of them. Nothing here starts Blender.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from synthgen.errors import SynthgenError


class ProtocolError(SynthgenError):
    """A line on the wire is not what was agreed: program and worker are not of one version."""


@dataclass(frozen=True, slots=True)
class FrameTask:
    """One frame to make: which view of the scene, and where it goes in the dataset."""

    view: int
    image_id: int
    split: str


@dataclass(frozen=True, slots=True)
class RenderJob:
    """All that a worker needs to render some views of one scene.

    spec_path: the SceneSpec's JSON file; spec_hash: what `scene.spec.spec_hash` says of it. dataset: the folder
    that frames go to. threads: CPU threads to render with. cache: the folder of canonical meshes and images.
    identity: what a dataset must agree on (planning's identity, the splits, versions); asked: how many frames the whole
    run is to make. Both go into the records.
    """

    id: str
    spec_path: str
    spec_hash: str
    dataset: str
    frames: tuple[FrameTask, ...]
    threads: int
    cache: str
    identity: dict[str, Any] = field(default_factory=dict)
    asked: int = 0


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="event"):
    """A worker has started and takes jobs. device: "CPU" or the GPU's name; versions by program."""

    device: str = ""
    versions: dict[str, str] = {}


class FrameEvent(msgspec.Struct, frozen=True, tag="frame", tag_field="event"):
    """A frame was written whole (`ok`), or was not, and at which stage. timings: seconds by stage. log: its tail."""

    job: str
    view: int
    ok: bool
    timings: dict[str, float] = {}
    stage: str = ""
    message: str = ""
    log: str = ""


class Done(msgspec.Struct, frozen=True, tag="done", tag_field="event"):
    """A job is over: every frame of it was reported. rss_mib: the worker's resident memory now."""

    job: str
    rss_mib: float = 0.0


Event = Ready | FrameEvent | Done

_T = TypeVar("_T")

_jobs = msgspec.json.Decoder(RenderJob)
_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode_job(job: RenderJob) -> bytes:
    """One line of JSON, with its newline."""
    return msgspec.json.encode(job) + b"\n"


def decode_job(line: bytes | str) -> RenderJob:
    """Reads `encode_job`'s line. Raises ProtocolError."""
    return _decoded(_jobs, line)


def encode_event(event: Event) -> bytes:
    """One line of JSON, with its newline."""
    return msgspec.json.encode(event) + b"\n"


def decode_event(line: bytes | str) -> Event:
    """Reads an event's line; keys that are not known are passed over. Raises ProtocolError."""
    return _decoded(_events, line)


def _decoded(decoder: msgspec.json.Decoder[_T], line: bytes | str) -> _T:
    try:
        return decoder.decode(line)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        text = line.decode(errors="replace") if isinstance(line, bytes) else line
        raise ProtocolError(f"not a line of the worker protocol ({error}): {text.strip()[:200]}") from error
