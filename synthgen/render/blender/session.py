"""One Blender process: opens scenes one after another and renders their views."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from synthgen.assets.store import Store
from synthgen.render.blender import blur, bridge, build, passes
from synthgen.render.blender.materials import CLEAR
from synthgen.scene.spec import SceneSpec

_MEMORY_DISK = Path("/dev/shm")
_BYTES_A_PIXEL = 64
"""Of the scratch file: four layers of half colour, three of 32 bits, and some room."""


class Session:
    """Renders SceneSpecs. Only one scene is open at a time; its views share what Blender built for it."""

    def __init__(self, store: Store, *, threads: int):
        self._store = store
        self._threads = threads
        self._built: build.BuiltScene | None = None

    def open(self, spec: SceneSpec) -> None:
        """Builds a scene in an emptied Blender."""
        with tempfile.TemporaryDirectory(prefix="synthgen-") as temporary:
            bridge.start_scene(Path(temporary))
        self._built = build.BuiltScene(spec, self._store)
        clear = any(material.model in CLEAR for material in spec.materials.values())
        depth = bool(spec.volumes)
        passes.configure(spec.render, threads=self._threads, seed=spec.seed, clear=clear, depth=depth)

    def render(self, view: int) -> passes.Rendered:
        """One view of the open scene, at `supersample` times its size. Raises RenderError.

        Where a surface is see-through or the picture blurred, numbers and depth come from a second render, of one
        sample and without blur, in which the camera does not see such surfaces.
        """
        assert self._built is not None
        spec = self._built.spec
        supersample = int(spec.render["supersample"])
        self._built.show_view(view)
        camera = spec.views[view].camera
        build.set_camera(camera, spec.size, supersample)
        blur.set_shutter(camera, (*spec.objects, *spec.views[view].objects))
        with tempfile.TemporaryDirectory(prefix="synthgen-", dir=scratch_folder(spec, supersample)) as folder:
            scratch = Path(folder) / "view.exr"
            rendered = passes.render(scratch)
            hidden = [o for o in self._built.see_through if o.visible_camera]
            if not hidden and not blur.blurred():
                return rendered
            for item in hidden:
                item.visible_camera = False
            with passes.labels_only(spec.render), blur.sharp():
                labels = passes.render(scratch)
            for item in hidden:
                item.visible_camera = True
        return replace(rendered, numbers=labels.numbers, depth=labels.depth)


def scratch_folder(spec: SceneSpec, supersample: int) -> Path | None:
    """A memory file system with room for two such renders, else None (the usual place)."""
    need = 2 * _BYTES_A_PIXEL * spec.size[0] * spec.size[1] * supersample**2
    try:
        room = os.statvfs(_MEMORY_DISK)
    except OSError:
        return None
    return _MEMORY_DISK if room.f_bavail * room.f_frsize > need else None
