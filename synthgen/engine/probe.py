"""Starts Blender once in a process of its own and asks what it finds."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from typing import Any

from synthgen.errors import InputError
from synthgen.render.device import CPU, DEVICES, GPU
from synthgen.render.worker_process import RENDERER_COMMAND

PROBE_COMMAND = (*RENDERER_COMMAND, "--probe")
PROBE_SECONDS = 300


def probe(command: Sequence[str] = PROBE_COMMAND) -> dict[str, Any]:
    """{"ok": True, "versions": {...}, "devices": {backend: [name]}}, or {"ok": False, "error": "..."}.

    Raises subprocess.TimeoutExpired after PROBE_SECONDS.
    """
    with tempfile.TemporaryDirectory(prefix="synthgen-", ignore_cleanup_errors=True) as temporary:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PROBE_SECONDS,
            env={**os.environ, "TMPDIR": temporary},
        )  # fmt: skip
    found = _last_json(done.stdout)
    if found:
        return found
    return {"ok": False, "error": _last_line(done.stderr) or f"ended with exit code {done.returncode}"}


def check_device(device: str, command: Sequence[str] = PROBE_COMMAND) -> None:
    """Raises InputError where a run cannot render on `device`; the processor is always there, and not looked for."""
    if device not in DEVICES:
        hint = f"one of: {', '.join(DEVICES)}"
        raise InputError.of(f"there is no kind of device {device!r}", where="--device", hint=hint)
    if device == CPU:
        return
    try:
        found = probe(command)
    except subprocess.TimeoutExpired:
        found = {"error": f"it was not ready after {PROBE_SECONDS} s"}
    if not found.get("ok"):
        what = f"Blender does not start here: {found.get('error')}"
        raise InputError.of(what, where="--device", hint="run: synthgen doctor")
    here = found.get("devices", {})
    if (device == GPU and here) or device in here:
        return
    has = f"Blender finds {', '.join(here)}" if here else "Blender finds no graphics processor that it can use"
    hint = "look at its driver, or render on the processor: --device cpu"
    raise InputError.of(f"this machine has no device for {device!r}: {has}", where="--device", hint=hint)


def _last_json(text: str) -> dict[str, Any]:
    for line in reversed(text.splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
