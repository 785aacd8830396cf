"""Brings the published `blenderproc` up beside the `bpy` wheel, and gives a clean scene on demand.

BlenderProc expects to run inside a Blender that it installed itself: its `__init__` calls an installer and takes
site-packages off `sys.path`. Here Blender is a wheel and its dependencies are already installed, so the installer is
replaced by a function that puts the path back, before the package is imported in full.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tempfile
import types
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load() -> Any:
    """The `blenderproc` module, usable. Imports bpy first; may be called again at no cost.

    Raises ImportError where bpy cannot be loaded (a missing system library, for one).
    """
    isolated = Path(tempfile.gettempdir()) / f"synthgen-blender-{os.getpid()}"
    os.environ.setdefault("BLENDER_USER_RESOURCES", str(isolated))
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # BlenderProc imports gitpython, git itself may be absent
    import bpy  # noqa: F401

    os.environ["INSIDE_OF_THE_INTERNAL_BLENDER_PYTHON_ENVIRONMENT"] = "1"
    path, python_path = list(sys.path), os.environ.get("PYTHONPATH")
    spec = importlib.util.find_spec("blenderproc")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("the package blenderproc is not installed")
    stub = types.ModuleType("blenderproc")
    stub.__path__ = list(spec.submodule_search_locations)
    sys.modules["blenderproc"] = stub
    setup = importlib.import_module("blenderproc.python.utility.SetupUtility").SetupUtility

    def keep_environment(*_: Any, **__: Any) -> list[str]:
        sys.path[:] = path
        return sys.argv

    setup.setup = staticmethod(keep_environment)
    setup.setup_pip = staticmethod(keep_environment)
    del sys.modules["blenderproc"]
    try:
        return importlib.import_module("blenderproc")
    finally:
        sys.path[:] = path
        if python_path is not None:
            os.environ["PYTHONPATH"] = python_path


def module(name: str) -> Any:
    """A module of BlenderProc by its path below `blenderproc.python`, such as "camera.CameraUtility"."""
    load()
    return importlib.import_module(f"blenderproc.python.{name}")


def start_scene(temporary: Path) -> None:
    """An empty scene with BlenderProc's parts initialised, whatever was in the process before.

    BlenderProc's own `clean_up` leaves compositor nodes, render settings and its global storage behind, so the file
    is reset to factory settings first. `bproc.init()` itself sets a UI language that the wheel does not have; this
    does its other steps.
    """
    load()
    import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)
    module("utility.GlobalStorage").GlobalStorage._storage_dict.clear()
    initializer = module("utility.Initializer")
    initializer.clean_up(clean_up_camera=True)
    bpy.context.scene.render.engine = "CYCLES"
    initializer._Initializer.set_default_parameters()
    module("utility.Utility").Utility.temp_dir = str(temporary)


def clear_scene() -> None:
    """Takes objects, lights and skies out of the scene, but for the camera; meshes and materials stay.

    What the renderer holds of the scene is let go of, so that nothing of it can be taken for something of the next.
    """
    import bpy

    scene = bpy.context.scene
    scene.render.use_persistent_data = False
    gone = [thing for thing in bpy.data.objects if thing != scene.camera]
    bpy.data.batch_remove([*gone, *bpy.data.lights, *bpy.data.worlds])
    bpy.data.batch_remove([action for action in bpy.data.actions if action.users == 0])


def versions() -> dict[str, str]:
    """Versions of what the picture depends on."""
    bproc = load()
    import bpy

    return {"blender": bpy.app.version_string, "blenderproc": str(bproc.__version__)}
