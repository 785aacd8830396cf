"""The wire format between a render worker and the process in which it runs Blender: one JSON object a line.

Requests go in on that process's stdin, one answer comes out on its stdout for each.
"""

from __future__ import annotations

import msgspec

from synthgen.errors import SynthgenError


class RendererGone(SynthgenError):
    """The renderer ended, or answered what was not asked. code: its exit code, if it has one."""

    def __init__(self, message: str, code: int | None = None):
        super().__init__(message)
        self.code = code


class Open(msgspec.Struct, frozen=True, tag="open", tag_field="request"):
    """Build a scene. spec_path: the SceneSpec's JSON file; cache: the folder of canonical meshes and images."""

    spec_path: str
    cache: str
    threads: int


class Draw(msgspec.Struct, frozen=True, tag="draw", tag_field="request"):
    """Render a view of the open scene into a folder (see render/rendered.py for the files)."""

    view: int
    folder: str


class Started(msgspec.Struct, frozen=True, tag="started", tag_field="answer"):
    """Said once, when Blender has started. device: "CPU" or the GPU's name; versions by program."""

    device: str
    versions: dict[str, str]


class Finished(msgspec.Struct, frozen=True, tag="finished", tag_field="answer"):
    """What was asked for is done. rss_mib: the process's resident memory now."""

    seconds: float
    rss_mib: float


class Failed(msgspec.Struct, frozen=True, tag="failed", tag_field="answer"):
    """What was asked for could not be done. disk: there is no room for files."""

    message: str
    disk: bool = False


Request = Open | Draw
Answer = Started | Finished | Failed

_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


def decode_request(line: bytes) -> Request:
    """Reads `encode`'s line."""
    return _requests.decode(line)


def decode_answer(line: bytes) -> Answer:
    """Reads `encode`'s line."""
    return _answers.decode(line)


def encode(message: Request | Answer) -> bytes:
    """One line of JSON, with its newline."""
    return msgspec.json.encode(message) + b"\n"
