"""PLY and STL, against trimesh's reading and against files written by hand."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from synthgen.errors import InputError
from tests.assets.formats.files import BOX, png, read, solid

POINTS = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0.5, 0.5, 1)]
FACES = [(0, 1, 2, 3), (0, 1, 4), (1, 2, 4), (4, 3, 2, 1, 0)]


def ply(
    kind: str, *, faces: list[tuple[int, ...]] = FACES, colours: bool = False, promised: int | None = None
) -> bytes:
    """A PLY of POINTS and polygons of different sizes; text, or binary in either byte order."""
    tail = "property uchar red\nproperty uchar green\nproperty uchar blue\n" if colours else ""
    head = (
        f"ply\nformat {kind} 1.0\ncomment by hand\nelement vertex {len(POINTS)}\nproperty float x\nproperty float y\n"
        f"property float z\nelement face {len(faces) if promised is None else promised}\n"
        f"property list uchar int vertex_indices\n{tail}end_header\n"
    )
    if kind == "ascii":
        lines = [" ".join(f"{v:g}" for v in p) for p in POINTS]
        lines += [" ".join(map(str, (len(f), *f, *((9 * k, 0, 0) if colours else ())))) for k, f in enumerate(faces)]
        return (head + "\n".join(lines) + "\n").encode()
    order = "<" if "little" in kind else ">"
    body = b"".join(struct.pack(f"{order}3f", *p) for p in POINTS)
    for k, face in enumerate(faces):
        body += struct.pack(f"{order}B{len(face)}i", len(face), *face) + (bytes([9 * k, 0, 0]) if colours else b"")
    return head.encode() + body


@pytest.mark.parametrize("kind", ["ascii", "binary_little_endian", "binary_big_endian"])
def test_polygons_of_any_size_in_text_and_binary(kind: str) -> None:
    model = read(ply(kind), ".ply")
    assert model.polygon_size.tolist() == [4, 3, 3, 5]
    assert model.corners[:, 0].tolist() == [i for face in FACES for i in face]
    assert np.allclose(model.positions, POINTS)
    assert (model.up, model.unit, model.materials, model.warnings) == ("+z", None, ("default",), ())


@pytest.mark.parametrize("kind", ["ascii", "binary_little_endian"])
def test_colours_of_faces_become_materials(kind: str) -> None:
    model = read(ply(kind, colours=True), ".ply")
    assert len(model.materials) == 4
    reds = [round(model.looks[model.materials[k]].diffuse[0] * 255) for k in model.polygon_material]
    assert reds == [0, 9, 18, 27]


@pytest.mark.parametrize("encoding", ["ascii", "binary"])
def test_ply_is_what_trimesh_reads(encoding: str) -> None:
    ball = trimesh.creation.icosphere(subdivisions=2)
    ball.visual.vertex_colors = [10, 200, 30, 255]
    model = read(ball.export(file_type="ply", encoding=encoding, vertex_normal=True), ".ply")
    ours = solid(model)
    assert np.allclose(ours.bounds, ball.bounds, atol=1e-6) and ours.area == pytest.approx(ball.area, rel=1e-5)
    assert len(model.polygon_size) == len(ball.faces) and len(model.normals) == len(ball.vertices)
    assert model.looks["default"].diffuse == pytest.approx((10 / 255, 200 / 255, 30 / 255), abs=1e-4)


def test_lines_of_a_text_that_hold_more_than_the_header_says() -> None:
    lines = ply("ascii").decode().splitlines()
    model = read("\n".join([*lines[:10], *(f"{line} 7 7" for line in lines[10:])]), ".ply")
    assert model.corners[:, 0].tolist() == [i for face in FACES for i in face]
    # One row may also take several lines.
    head, body = "\n".join(lines[:10]), "\n".join(" ".join(lines[10:]).split())
    assert np.allclose(read(f"{head}\n{' '.join(body.split())}\n", ".ply").positions, POINTS)


def test_pictures_and_texture_coordinates_of_faces() -> None:
    text = (
        "ply\nformat ascii 1.0\ncomment TextureFile wood.png\nelement vertex 3\nproperty float x\nproperty float y\n"
        "property float z\nelement face 1\nproperty list uchar int vertex_index\nproperty list uchar float texcoord\n"
        "end_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2 6 0 0 1 0 0 0.5\n"
    )
    model = read(text, ".ply", {"m/wood.png": png()})
    assert model.texcoords[model.corners[:, 1]].tolist() == [[0, 0], [1, 0], [0, 0.5]]
    assert model.looks["default"].color_map == "wood.png" and model.picture("wood.png") == png()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (ply("binary_little_endian")[:-3], "cut short"),
        (ply("ascii")[:-9], "cut short"),
        (ply("binary_little_endian", promised=4_000_000_000), "at most 5,000,000"),
        (ply("binary_little_endian", promised=3_000_000), "cut short"),
        (ply("ascii", faces=[(0, 1, 9)]), "vertices it lacks"),
        (ply("ascii", faces=[(0, 1, -1)]), "vertices it lacks"),
        (ply("ascii", faces=[]), "no faces"),
        (ply("ascii", faces=[(0, 1)]), "no faces"),
        (ply("ascii").replace(b"0.5 0.5 1", b"nan 0.5 1"), "NaN or infinite"),
        (ply("ascii").replace(b"0.5 0.5 1", b"one 0.5 1"), "else than numbers"),
        (ply("ascii").replace(b"property float x", b"property complex x"), "no line of a PLY header"),
        (ply("ascii").replace(b"ascii", b"morse"), "no format that is known"),
        (ply("ascii")[:60], "header has no end"),
        (b"plywood", "not a PLY file"),
    ],
)
def test_malformed_ply_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read(data, ".ply")
    assert len(caught.value.diagnostics) == 1


def test_a_cloud_of_points_says_what_to_do() -> None:
    cloud = trimesh.PointCloud(np.eye(3)).export(file_type="ply")
    with pytest.raises(InputError, match="must be meshed first"):
        read(cloud, ".ply")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 400), st.integers(0, 255), st.sampled_from(["ascii", "binary_little_endian"]))
def test_a_ply_with_a_wrong_byte_is_read_or_refused(at: int, value: int, kind: str) -> None:
    data = bytearray(ply(kind))
    data[at % len(data)] = value
    try:
        model = read(bytes(data), ".ply")
    except InputError:
        return
    assert model.corners[:, 0].max() < len(model.positions)


@pytest.mark.parametrize("kind", ["stl", "stl_ascii"])
def test_stl_is_what_trimesh_reads(kind: str) -> None:
    data = BOX.export(file_type=kind)
    model = read(data, ".stl")
    ours = solid(model)
    assert np.allclose(ours.bounds, BOX.bounds) and ours.area == pytest.approx(BOX.area)
    assert ours.volume == pytest.approx(6.0) and len(model.polygon_size) == 12
    assert (model.up, model.unit, model.materials) == ("+z", None, ("default",))


def test_binary_stl_that_begins_with_solid_or_ends_with_more() -> None:
    data = bytearray(BOX.export(file_type="stl"))
    data[:10] = b"solid part"
    assert len(read(bytes(data), ".stl").polygon_size) == 12
    assert len(read(bytes(data) + b"\0" * 7, ".stl").polygon_size) == 12


def test_solids_of_a_text_are_materials() -> None:
    one = BOX.export(file_type="stl_ascii").splitlines()[1:-1]
    text = "\n".join(["solid lid", *one, "endsolid lid", "solid pot", *one, "endsolid pot"])
    model = read(text, ".stl")
    assert model.materials == ("lid", "pot") and np.bincount(model.polygon_material).tolist() == [12, 12]


STL = BOX.export(file_type="stl")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (STL[:-1], "promises 12 triangles and has 11"),
        (STL[:50], "no header"),
        (STL[:80] + struct.pack("<I", 4_000_000_000) + STL[84:], "promises 4,000,000,000"),
        (STL[:80] + struct.pack("<I", 0), "no faces"),
        (STL[:96] + struct.pack("<f", np.nan) + STL[100:], "NaN or infinite"),
        (BOX.export(file_type="stl_ascii")[:-40], "no end|cut short"),
        (BOX.export(file_type="stl_ascii").replace("vertex", "vertex x", 1), "no three numbers"),
        ("solid nothing\nendsolid nothing\n", "no faces"),
        ("a shopping list of milk and bread", "no STL|no header"),
    ],
)
def test_malformed_stl_is_refused(data: bytes | str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read(data, ".stl")
    assert len(caught.value.diagnostics) == 1
