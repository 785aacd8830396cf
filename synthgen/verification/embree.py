"""Embree by its C interface: triangle meshes that are built once and placed many times.

`embreex` brings the library; its own wrapper knows no instances and copies triangles one by one (20 s for a street).
The very library that it loads is called here through ctypes instead: buffers are shared with numpy, a mesh's tree is
built once however often it stands in a scene, and rays go in packets.

Enumerators and struct layouts: embree4/rtcore_*.h of Embree 4.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError

_TRIANGLES, _INSTANCE = 0, 121  # RTC_GEOMETRY_TYPE_*
_INDEX, _VERTEX = 0, 1  # RTC_BUFFER_TYPE_*
_UINT3, _FLOAT3, _FLOAT3X4_ROW_MAJOR = 0x5003, 0x9003, 0x9134  # RTC_FORMAT_*
_ROBUST = 4  # RTC_SCENE_FLAG_ROBUST: no ray slips through between two triangles
_VERSION, _RAY_MASKS = 0, 64  # RTC_DEVICE_PROPERTY_*

_LANES = 8
_ROWS = 24
"""Of 32-bit values a lane in a packet: RTCRayHit8 has 20 or 21, by how the library was built; the rest is room."""
_ORIGIN, _NEAR, _DIRECTION, _FAR, _MASK = slice(0, 3), 3, slice(4, 7), 8, 9
_NORMAL, _U, _V, _PRIMITIVE, _GEOMETRY, _INSTANCE_ID = slice(12, 15), 15, 16, 17, 18, 19
_CHUNK = 65_536
_ALIGNED = 64
_NONE = 0xFFFF_FFFF

ALL = 0xFFFF_FFFF
"""The mask of a ray that sees every placement."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The first surface along each of N rays. All arrays have N rows; only `placement` is meaningful where it is -1.

    placement  int32, index of the placement, -1 where nothing was hit
    triangle   int32, index of the face in its mesh
    u, v       float32, barycentric coordinates: the place is (1-u-v) a + u b + v c
    distance   float32, in lengths of the ray's direction
    normal     (N, 3) float32, the face's normal in the frame of its mesh, of any length
    """

    placement: NDArray[np.int32]
    triangle: NDArray[np.int32]
    u: NDArray[np.float32]
    v: NDArray[np.float32]
    distance: NDArray[np.float32]
    normal: NDArray[np.float32]

    @classmethod
    def none(cls, count: int) -> Hits:
        """Rays that have hit nothing (yet)."""
        f = np.float32
        index = np.full(count, -1, dtype=np.int32)
        u, v, distance = np.zeros((3, count), dtype=f)
        return cls(index, index.copy(), u, v, distance, np.zeros((count, 3), dtype=f))

    def at(self, which: NDArray[Any]) -> Hits:
        """Those of some rays."""
        return Hits(*(getattr(self, f.name)[which] for f in fields(self)))

    def put(self, which: NDArray[Any], others: Hits) -> None:
        """Takes over what others are, in order."""
        for f in fields(self):
            getattr(self, f.name)[which] = getattr(others, f.name)


class Shape:
    """A mesh's triangles and their tree, in the mesh's own frame."""

    def __init__(self, mesh: Mesh):
        lib, device = _library(), _device()
        self.faces, self.uvs, self.slot = mesh.faces, mesh.uvs, mesh.slot
        # Embree reads 16 bytes of every vertex, the last one too.
        self._vertices = np.zeros((len(mesh.vertices) + 1, 3), dtype=np.float32)
        self._vertices[:-1] = mesh.vertices
        self.scene = lib.rtcNewScene(device)
        weakref.finalize(self, lib.rtcReleaseScene, self.scene)
        lib.rtcSetSceneFlags(self.scene, _ROBUST)
        geometry = lib.rtcNewGeometry(device, _TRIANGLES)
        lib.rtcSetGeometryMask(geometry, ALL)  # placements choose their rays; its own mask would be 1
        for kind, form, array, count in (
            (_INDEX, _UINT3, self.faces, len(self.faces)),
            (_VERTEX, _FLOAT3, self._vertices, len(mesh.vertices)),
        ):
            lib.rtcSetSharedGeometryBuffer(geometry, kind, 0, form, array.ctypes.data, 0, 12, count)
        _attach(self.scene, geometry)
        lib.rtcCommitScene(self.scene)
        _check()


@dataclass(frozen=True, slots=True)
class Placement:
    """A shape at a place.

    transform: 3x4 to the frame of the rays. mask: rays whose own mask shares a bit with it see it.
    """

    shape: Shape
    transform: NDArray[np.float64]
    mask: int = ALL


class PlacedShapes:
    """Shapes at their places, ready for rays."""

    def __init__(self, placements: Sequence[Placement]):
        lib, device = _library(), _device()
        self._shapes = [p.shape for p in placements]  # their arrays are Embree's
        self._scene = lib.rtcNewScene(device)
        weakref.finalize(self, lib.rtcReleaseScene, self._scene)
        lib.rtcSetSceneFlags(self._scene, _ROBUST)
        for placement in placements:
            geometry = lib.rtcNewGeometry(device, _INSTANCE)
            matrix = np.ascontiguousarray(placement.transform, dtype=np.float32)
            lib.rtcSetGeometryInstancedScene(geometry, placement.shape.scene)
            lib.rtcSetGeometryTransform(geometry, 0, _FLOAT3X4_ROW_MAJOR, matrix.ctypes.data)
            lib.rtcSetGeometryMask(geometry, placement.mask)
            _attach(self._scene, geometry)
        lib.rtcCommitScene(self._scene)
        _check()

    def intersect(
        self,
        origins: NDArray[np.floating[Any]],
        directions: NDArray[np.floating[Any]],
        *,
        near: NDArray[np.floating[Any]] | float = 0.0,
        far: NDArray[np.floating[Any]] | float = np.inf,
        mask: NDArray[np.uint32] | int = ALL,
    ) -> Hits:
        """The nearest hit of each ray ((N, 3) origins and directions) beyond `near` and up to `far`, both in lengths of
        its direction."""
        count = len(origins)
        hits = Hits.none(count)
        packets = _aligned((min(_CHUNK, count) + _LANES - 1) // _LANES)
        limits = [np.broadcast_to(np.asarray(value), (count,)) for value in (near, far, mask)]
        for first in range(0, count, _CHUNK):
            some = slice(first, min(first + _CHUNK, count))
            self._chunk(packets, origins[some], directions[some], [limit[some] for limit in limits])
            hits.put(np.arange(some.start, some.stop), _read(packets, some.stop - some.start))
        return hits

    def _chunk(self, packets: Any, origins: Any, directions: Any, limits: list[Any]) -> None:
        used = packets[: (len(origins) + _LANES - 1) // _LANES]
        words = used.view(np.uint32)
        lanes = used.transpose(0, 2, 1)  # (packets, lanes, rows)
        _fill(lanes[:, :, _ORIGIN], origins)
        _fill(lanes[:, :, _DIRECTION], directions)
        _fill(used[:, _NEAR], limits[0])
        _fill(used[:, _FAR], limits[1])
        _fill(words[:, _MASK], limits[2])
        words[:, _GEOMETRY : _INSTANCE_ID + 1] = _NONE
        intersect, lanes_on, at, step = _library().rtcIntersect8, _all_lanes(), used.ctypes.data, used.strides[0]
        valid = lanes_on.ctypes.data
        for place in range(at, at + len(used) * step, step):
            intersect(valid, self._scene, place, None)


def _fill(target: Any, rows: Any) -> None:
    """Lays rows out over (packets, lanes); the lanes left over at the end repeat the last row."""
    packets, lanes = target.shape[:2]
    whole = len(rows) // lanes
    target[:whole] = rows[: whole * lanes].reshape(whole, lanes, *rows.shape[1:])
    if whole < packets:
        rest = len(rows) - whole * lanes
        target[whole, :rest] = rows[whole * lanes :]
        target[whole, rest:] = rows[-1]


def _read(packets: Any, count: int) -> Hits:
    words = packets.view(np.int32)

    def flat(rows: Any) -> Any:
        return rows.reshape(-1)[:count]

    normal = packets[:, _NORMAL].transpose(0, 2, 1).reshape(-1, 3)[:count]
    missed = flat(words[:, _GEOMETRY]) == -1
    placement = np.where(missed, np.int32(-1), flat(words[:, _INSTANCE_ID]))
    u, v, distance = (flat(packets[:, row]) for row in (_U, _V, _FAR))
    return Hits(placement, flat(words[:, _PRIMITIVE]), u, v, distance, normal)


def _aligned(packets: int) -> NDArray[np.float32]:
    """(packets, rows, lanes) at an address that packet instructions can read from."""
    size = packets * _ROWS * _LANES
    raw = np.zeros(size + _ALIGNED // 4, dtype=np.float32)
    start = -raw.ctypes.data % _ALIGNED // 4
    return raw[start : start + size].reshape(packets, _ROWS, _LANES)


@cache
def _all_lanes() -> NDArray[np.int32]:
    raw = np.full(_LANES + _ALIGNED // 4, -1, dtype=np.int32)
    start = -raw.ctypes.data % _ALIGNED // 4
    return raw[start : start + _LANES]


def _attach(scene: int, geometry: int) -> None:
    lib = _library()
    lib.rtcCommitGeometry(geometry)
    lib.rtcAttachGeometry(scene, geometry)
    lib.rtcReleaseGeometry(geometry)  # the scene holds it


def _check() -> None:
    code = _library().rtcGetDeviceError(_device())
    if code:
        raise MemoryError("Embree is out of memory") if code == 4 else RuntimeError(f"Embree reports error {code}")


@cache
def _library() -> Any:
    """The Embree that embreex brings. Raises InputError where it is none that this module knows."""
    from embreex import rtcore_scene

    module = Path(rtcore_scene.__file__)
    # A look-up in the module searches what it is linked with, but for Windows, where the library is asked itself.
    for path in (module, *sorted((module.parents[1] / "embreex.libs").glob("*embree4*"))):
        library = ctypes.CDLL(str(path))
        if hasattr(library, "rtcIntersect8"):
            break
    else:
        raise _unknown(f"{module} gives no access to Embree 4")
    pointer, count, number = ctypes.c_void_p, ctypes.c_uint, ctypes.c_int
    size = ctypes.c_size_t
    for name, result, arguments in (
        ("rtcNewDevice", pointer, (ctypes.c_char_p,)),
        ("rtcGetDeviceProperty", ctypes.c_ssize_t, (pointer, number)),
        ("rtcGetDeviceError", number, (pointer,)),
        ("rtcNewScene", pointer, (pointer,)),
        ("rtcSetSceneFlags", None, (pointer, number)),
        ("rtcCommitScene", None, (pointer,)),
        ("rtcReleaseScene", None, (pointer,)),
        ("rtcNewGeometry", pointer, (pointer, number)),
        ("rtcSetSharedGeometryBuffer", None, (pointer, number, count, number, pointer, size, size, size)),
        ("rtcSetGeometryInstancedScene", None, (pointer, pointer)),
        ("rtcSetGeometryTransform", None, (pointer, count, number, pointer)),
        ("rtcSetGeometryMask", None, (pointer, count)),
        ("rtcCommitGeometry", None, (pointer,)),
        ("rtcAttachGeometry", count, (pointer, pointer)),
        ("rtcReleaseGeometry", None, (pointer,)),
        ("rtcIntersect8", None, (pointer, pointer, pointer, pointer)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


@cache
def _device() -> Any:
    """One a process, of one thread: who wants more cores starts more processes. Lives as long as the process."""
    library = _library()
    device = library.rtcNewDevice(b"threads=1")
    version = library.rtcGetDeviceProperty(device, _VERSION)
    if not 40_000 <= version < 50_000 or not library.rtcGetDeviceProperty(device, _RAY_MASKS):
        raise _unknown(f"the Embree of embreex is of version {version}, or without ray masks")
    return device


def _unknown(what: str) -> InputError:
    return InputError.of(what, hint='Embree 4 is needed: pip install "embreex>=4.4"')
