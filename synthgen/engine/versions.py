"""Versions of the programs that decide what a frame's files hold, to the byte."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

PROGRAMS = ("blenderproc", "bpy", "opencolorio", "opencv-contrib-python-headless")
"""What renders, develops and encodes; a distribution's name as pip knows it. None of them is imported here."""


def versions() -> dict[str, str]:
    """The installed version of each, by name; those that are not installed are left out."""
    found = {}
    for program in PROGRAMS:
        try:
            found[program] = version(program)
        except PackageNotFoundError:
            continue
    return found
