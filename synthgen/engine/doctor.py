"""What this machine lacks, and the command that mends it."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthgen.engine.probe import PROBE_COMMAND, PROBE_SECONDS, probe
from synthgen.errors import InputError
from synthgen.paths import cache_root

PYTHON = (3, 11)
LEAST_DISK = 5 * 2**30
"""Bytes: the pack `base` and the meshes made of it take about 2 GB, a thousand frames about 1 GB."""
LEAST_SHARED_MEMORY = 512 * 2**20

DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libICE.so.6": "libice6",
    "libSM.so.6": "libsm6",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libXrender.so.1": "libxrender1",
    "libXxf86vm.so.1": "libxxf86vm1",
    "libgomp.so.1": "libgomp1",
    "libstdc++.so.6": "libstdc++6",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""Debian's and Ubuntu's package of each library that Blender links to."""

FEDORA_PACKAGES = {
    "libEGL.so.1": "libglvnd-egl",
    "libGL.so.1": "libglvnd-glx",
    "libICE.so.6": "libICE",
    "libSM.so.6": "libSM",
    "libX11.so.6": "libX11",
    "libXext.so.6": "libXext",
    "libXfixes.so.3": "libXfixes",
    "libXi.so.6": "libXi",
    "libXrender.so.1": "libXrender",
    "libXxf86vm.so.1": "libXxf86vm",
    "libgomp.so.1": "libgomp",
    "libstdc++.so.6": "libstdc++",
    "libxkbcommon.so.0": "libxkbcommon",
}
"""The same for Fedora and its kin."""

NEEDED_PACK = "base"

_MISSING_LIBRARY = re.compile(r"(lib[\w+.-]+?\.so(?:\.\d+)*)(?= => not found|: cannot open shared object)")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. mend: what to do where it is not `ok`."""

    name: str
    ok: bool
    what: str
    mend: str = ""

    def __str__(self) -> str:
        head = f"{'ok      ' if self.ok else 'problem '} {self.name}: {self.what}"
        return f"{head}; {self.mend}" if self.mend else head


def doctor() -> list[Check]:
    """Looks at everything a run needs; starts Blender once, in a process of its own."""
    libraries = check_libraries()
    checks = [check_python(), libraries]
    if libraries.ok:
        checks += check_blender()
    return [*checks, *check_packs(), check_disk(cache_root(), "cache"), check_disk(Path.cwd(), "here"), check_memory()]


def check_python() -> Check:
    """`bpy` wheels are for exactly one version of Python."""
    version = ".".join(str(v) for v in sys.version_info[:3])
    if sys.version_info[:2] == PYTHON:
        return Check("python", True, version)
    wanted = ".".join(str(v) for v in PYTHON)
    return Check("python", False, f"{version}, and bpy needs {wanted}", f"make an environment with python{wanted}")


def check_libraries(find: Callable[[], Path | None] | None = None) -> Check:
    """The system libraries that Blender links to, looked up without loading it."""
    module = (find or _bpy_library)()
    if module is None:
        return Check("libraries", False, "the package bpy is not installed", "install synthgen again with pip")
    linker = shutil.which("ldd")
    if linker is None:
        return Check("libraries", True, "not looked at: there is no ldd here")
    listing = subprocess.run([linker, str(module)], capture_output=True, text=True, check=False).stdout
    missing = missing_libraries(listing)
    if not missing:
        return Check("libraries", True, "all that Blender links to are here")
    return Check("libraries", False, f"Blender misses {', '.join(missing)}", install_command(missing))


def missing_libraries(text: str) -> list[str]:
    """Names of shared libraries that a listing of `ldd`, or a loader's error, says are not there."""
    return sorted(set(_MISSING_LIBRARY.findall(text)))


def install_command(libraries: Iterable[str], which: Callable[[str], str | None] = shutil.which) -> str:
    """The command that installs libraries here, by this system's package manager."""
    for program, packages, command in (
        ("apt-get", DEBIAN_PACKAGES, "apt-get update && apt-get install -y"),
        ("dnf", FEDORA_PACKAGES, "dnf install -y"),
    ):
        if which(program):
            known = [packages[name] for name in libraries if name in packages]
            unknown = [name for name in libraries if name not in packages]
            said = f"as root: {command} {' '.join(known)}" if known else ""
            found = f"find the package of {', '.join(unknown)}" if unknown else ""
            return ", and ".join(filter(None, (said, found)))
    return "install the packages that hold them"


def check_blender(command: Sequence[str] = PROBE_COMMAND) -> list[Check]:
    """Starts Blender and BlenderProc once; what it can render on."""
    try:
        found = probe(command)
    except subprocess.TimeoutExpired:
        return [Check("blender", False, f"did not start within {PROBE_SECONDS} s", "is the machine overloaded?")]
    if found.get("ok"):
        said = ", ".join(f"{k} {v}" for k, v in sorted(found.get("versions", {}).items()))
        devices = [f"{name} ({', '.join(names)})" for name, names in found.get("devices", {}).items()]
        return [
            Check("blender", True, said),
            Check("devices", True, ", ".join(["cpu", *devices]) + "; --device chooses"),
        ]
    error = str(found.get("error"))
    missing = missing_libraries(error)
    mend = install_command(missing) if missing else "if it persists, install synthgen again with constraints.txt"
    return [Check("blender", False, error, mend)]


def check_packs() -> list[Check]:
    """The asset packs that exist, and whether they are here. Only `base` is needed by the recipes that come along."""
    from synthgen.assets.packs import load_packs

    checks = []
    for name, pack in load_packs().items():
        try:
            pack.require(cache_root())
        except InputError as error:
            first = error.diagnostics[0]
            checks.append(Check(f"pack {name}", name != NEEDED_PACK, first.what, first.hint))
        else:
            checks.append(Check(f"pack {name}", True, f"in {pack.folder(cache_root())}"))
    return checks


def check_disk(folder: Path, name: str) -> Check:
    """Room where `folder` is, or will be."""
    there = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    free = shutil.disk_usage(there).free
    what = f"{free / 2**30:.1f} GiB free in {folder}"
    if free >= LEAST_DISK:
        return Check(f"disk {name}", True, what)
    return Check(f"disk {name}", False, what, f"make room: {LEAST_DISK / 2**30:.0f} GiB are little enough")


def check_memory() -> Check:
    """The memory file system, on which workers keep a frame's passes where it has room; a small one costs speed."""
    place = Path("/dev/shm")
    if not place.is_dir():
        return Check("shared memory", True, "none; frames pass through the disk")
    free = shutil.disk_usage(place).free
    what = f"{free / 2**20:.0f} MiB free in {place}"
    slow = "" if free >= LEAST_SHARED_MEMORY else "; frames pass through the disk, which is slower"
    return Check("shared memory", True, what + slow)


def _bpy_library() -> Path | None:
    """Blender's own shared library, found without importing it."""
    spec = importlib.util.find_spec("bpy")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin)
    if path.suffix == ".so":
        return path
    return next(iter(sorted(path.parent.glob("*.so"))), None)
