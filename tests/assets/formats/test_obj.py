from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st

from synthgen.assets.formats.obj import read_mtl, read_obj
from synthgen.errors import InputError
from tests.assets.tiny import CAR, box

HEAD = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 1 1\nvn 0 0 1\n"


@pytest.mark.parametrize(
    ("face", "corners"),
    [
        ("1 2 3", [(0, -1, -1), (1, -1, -1), (2, -1, -1)]),
        ("1/3 2/2 3/1", [(0, 2, -1), (1, 1, -1), (2, 0, -1)]),
        ("1//1 2//1 3//1", [(0, -1, 0), (1, -1, 0), (2, -1, 0)]),
        ("1/1/1 2/2/1 3/3/1", [(0, 0, 0), (1, 1, 0), (2, 2, 0)]),
        ("-4/-3/-1 -3/-2/-1 -2/-1/-1", [(0, 0, 0), (1, 1, 0), (2, 2, 0)]),
        ("1/1 2 3//1", [(0, 0, -1), (1, -1, -1), (2, -1, 0)]),
    ],
)
def test_every_way_to_write_a_corner(face: str, corners: list[tuple[int, int, int]]) -> None:
    model = read_obj(f"{HEAD}f {face}\n".encode())
    assert model.corners.tolist() == [list(c) for c in corners]


def test_ways_may_be_mixed_in_one_file_and_keep_their_order() -> None:
    model = read_obj(f"{HEAD}f 1 2 3\nf 1/1 2/2 3/3\nf 4//1 3//1 2//1\nf 2 3 4\n".encode())
    assert model.corners[::3, 0].tolist() == [0, 0, 3, 1]
    assert model.corners[3:6, 1].tolist() == [0, 1, 2]


def test_relative_indices_count_back_from_where_they_stand() -> None:
    model = read_obj(b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf -3 -2 -1\nv 5 0 0\nv 6 0 0\nv 5 1 0\nf -3 -2 -1\n")
    assert model.corners[:, 0].tolist() == [0, 1, 2, 3, 4, 5]


def test_materials_in_order_of_use_and_names_with_blanks() -> None:
    model = read_obj(f"mtllib a b.mtl\n{HEAD}f 1 2 3\nusemtl dark red\nf 1 2 3\nusemtl blue\nf 2 3 4\n".encode())
    assert model.materials == ("default", "dark red", "blue")
    assert model.polygon_material.tolist() == [0, 1, 2]
    assert model.libraries == ("a b.mtl",)


def test_line_ends_continued_lines_and_extra_numbers() -> None:
    model = read_obj(b"# x\r\nv 0 0 0 1 0 0\r\nv 1 0 0 1 0 0\r\nv 0 1 0 1 0 0\r\nf 1 2 \\\r\n 3\r\n")
    assert model.positions.tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
    assert model.polygon_size.tolist() == [3]


def test_bounds_agree_with_trimesh() -> None:
    ours = read_obj(CAR.encode())
    theirs = trimesh.load(trimesh.util.wrap_as_stream(CAR), file_type="obj", force="mesh")
    assert np.allclose([ours.positions.min(axis=0), ours.positions.max(axis=0)], theirs.bounds)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no vertices"),
        ("v 0 0 0\nv 1 0 0\nv 0 1 0\n", "no faces"),
        ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2\n", "no faces"),
        ("v 0 0 nan\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "NaN or infinite"),
        ("v 0 0 inf\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "NaN or infinite"),
        ("v 0 0 0\nv 1 0 0\nf 1 2 3\n", "vertices it lacks"),
        ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 0 1 2\n", "vertices it lacks"),
        ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf -4 -2 -1\n", "vertices it lacks"),
        ("v 0 0 0\nv 1 0 0\nv 0 1\nf 1 2 3\n", "cut short"),
        ("v 0 zero 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "not a line of vertices"),
        ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 x\n", "not a corner"),
        (f"{HEAD}f 1/9 2/1 3/1\n", "vertices it lacks"),
    ],
)
def test_malformed_models_are_refused_with_their_place(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_obj(text.encode(), where="pack:model.obj")
    assert caught.value.diagnostics[0].where == "pack:model.obj"


@given(st.binary(max_size=200))
def test_garbage_is_refused_and_never_crashes(data: bytes) -> None:
    with pytest.raises(InputError):
        read_obj(b"v 0 0 0\nf 1 1 9\n" + data)


@given(st.integers(0, len(box()) - 1))
def test_a_file_cut_anywhere_is_read_or_refused(length: int) -> None:
    try:
        model = read_obj(box().encode()[:length])
    except InputError:
        return
    assert model.corners[:, 0].max() < len(model.positions)


def test_mtl() -> None:
    found = read_mtl(
        b"newmtl a b\nKd 0.1 0.2 0.3\nd 0.5\nmap_Kd -s 1 1 1 my wood.jpg\nnewmtl c\nKd one two\nmap_d x\\leaf.png\n"
    )
    assert found["a b"].diffuse == (0.1, 0.2, 0.3)
    assert found["a b"].opacity == 0.5
    assert found["a b"].color_map == "my wood.jpg"
    assert found["c"].diffuse == (0.8, 0.8, 0.8)
    assert found["c"].alpha_map == "x/leaf.png"
