"""One Blender process: opens scenes one after another and renders their views."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from synthgen.assets.store import Store
from synthgen.render.blender import blur, bridge, build, devices, normals, passes
from synthgen.render.blender.materials import CLEAR
from synthgen.render.blender.resident import Residents
from synthgen.render.device import CPU
from synthgen.render.rendered import LABELS, NEXT, PICTURE
from synthgen.scene.spec import SceneSpec
from synthgen.truth import FLOW, NORMALS, asked


class Session:
    """Renders SceneSpecs. Only one scene is open at a time; its views share what Blender built for it, and the next
    scene finds again what it has in common with it."""

    def __init__(self, store: Store, *, threads: int, device: str = CPU):
        self._store = store
        self._threads = threads
        self._device = device
        self._residents: Residents | None = None
        self._built: build.BuiltScene | None = None

    def open(self, spec: SceneSpec) -> None:
        """Builds a scene where no other scene's objects, lights or sky are left."""
        residents, self._residents, self._built = self._residents, None, None
        if residents is None:
            with tempfile.TemporaryDirectory(prefix="synthgen-") as temporary:
                bridge.start_scene(Path(temporary))
            devices.choose(self._device)
            residents = Residents(self._store)
        else:
            bridge.clear_scene()
        self._built = build.BuiltScene(spec, residents)
        self._residents = residents  # where building failed, the next scene begins with an empty Blender
        passes.configure(
            spec.render,
            threads=self._threads,
            seed=spec.seed,
            clear=any(material.model in CLEAR for material in spec.materials.values()),
            depth=bool(spec.volumes),
            lights=len(spec.lights) + max((len(view.lights) for view in spec.views), default=0),
            truth=asked(spec.identity),
        )

    def draw(self, view: int, folder: Path) -> None:
        """Renders one view of the open scene, its picture at `supersample` times its size, into the files that
        render/rendered.py names. Raises RenderError.

        Where a surface is see-through or the picture blurred, what is taken at pixel centres (numbers, depth, normals)
        comes from a second render, of one sample and without blur, in which the camera does not see such surfaces;
        normals also where the picture has several samples a pixel.
        """
        assert self._built is not None
        spec = self._built.spec
        truth = asked(spec.identity)
        self._look_from(view, int(spec.render["supersample"]))
        passes.render(folder / PICTURE)
        if self._hidden() or blur.blurred() or (NORMALS in truth and int(spec.render["samples"]) > 1):
            self._labels(view, folder / LABELS)
        if FLOW in truth and view + 1 < len(spec.views):
            # Rendered for this, not kept from the frame itself: that may be another worker's, or made already.
            self._look_from(view + 1, 1)
            self._labels(view + 1, folder / NEXT)

    def _look_from(self, view: int, supersample: int) -> None:
        """Sets up a view: the objects of its own, the camera and its shutter."""
        assert self._built is not None
        spec = self._built.spec
        self._built.show_view(view)
        if NORMALS in asked(spec.identity):
            normals.write_in_materials()
        camera = spec.views[view].camera
        build.set_camera(camera, spec.size, supersample)
        blur.set_shutter(camera, (*spec.objects, *spec.views[view].objects))

    def _hidden(self) -> list[Any]:
        """What labels look through."""
        assert self._built is not None
        return [o for o in self._built.see_through if o.visible_camera]

    def _labels(self, view: int, file: Path) -> None:
        """A render of a view of one sample, at the picture's size and without blur, in which the camera does not see
        what is see-through."""
        assert self._built is not None
        spec = self._built.spec
        build.set_camera(spec.views[view].camera, spec.size, 1)
        hidden = self._hidden()
        for item in hidden:
            item.visible_camera = False
        with passes.labels_only(spec.render), blur.sharp():
            passes.render(file)
        for item in hidden:
            item.visible_camera = True
