"""Which devices the renderer runs on. The processor unless another is asked for."""

from __future__ import annotations

import platform
from typing import Any

from synthgen.errors import RenderError
from synthgen.render.blender import bridge
from synthgen.render.device import BACKENDS, CPU, GPU


def found() -> dict[str, list[str]]:
    """Names of the devices of this machine that Blender can render on, by backend; none for backends without any."""
    bridge.load()
    devices = {name: [str(d.name) for d in _devices(name)] for name in BACKENDS}
    return {name: names for name, names in devices.items() if names}


def choose(wanted: str) -> str:
    """Makes an open scene render on `wanted` (see render/device.py), all devices of it together.

    Returns what records call it. Raises RenderError where the machine has no such device.
    """
    select = bridge.module("renderer.RendererUtility").set_render_devices
    if wanted == CPU:
        select(use_only_cpu=True)
        return CPU.upper()
    here = found()
    backend = next(iter(here), None) if wanted == GPU else wanted
    if backend not in here:
        raise RenderError(f"Blender finds no device for {wanted!r} here")
    select(desired_gpu_device_type=backend.upper())
    return f"{backend}: {', '.join(here[backend])}"


def _devices(backend: str) -> list[Any]:
    import bpy

    if (backend == "metal") != (platform.system() == "Darwin"):
        return []
    preferences = bpy.context.preferences.addons["cycles"].preferences
    try:
        # A backend that this Blender was built without is refused as a value of a property.
        every = preferences.get_devices_for_type(backend.upper())
    except (TypeError, ValueError, RuntimeError):
        return []
    return [device for device in every if device.type == backend.upper()]
