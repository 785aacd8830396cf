from __future__ import annotations

import io

import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from synthgen.assets.formats.mtl import read_mtl
from synthgen.assets.formats.obj import obj_libraries, read_obj
from synthgen.errors import InputError
from tests.assets.formats.files import png, read, solid
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
    text = f"mtllib a b.mtl\n{HEAD}f 1 2 3\nusemtl dark red\nf 1 2 3\nusemtl blue\nf 2 3 4\n".encode()
    model = read_obj(text)
    assert model.materials == ("default", "dark red", "blue")
    assert model.polygon_material.tolist() == [0, 1, 2]
    assert obj_libraries(text) == ["a b.mtl"]


def test_line_ends_continued_lines_and_extra_numbers() -> None:
    model = read_obj(b"# x\r\nv 0 0 0 1 0 0\r\nv 1 0 0 1 0 0\r\nv 0 1 0 1 0 0\r\nf 1 2 \\\r\n 3\r\n")
    assert model.positions.tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
    assert model.polygon_size.tolist() == [3]


def test_a_textured_model_is_what_trimesh_wrote() -> None:
    ball = trimesh.creation.icosphere(subdivisions=2)
    paint = trimesh.visual.material.SimpleMaterial(
        image=Image.open(io.BytesIO(png())), diffuse=[255, 51, 0, 255], name="paint"
    )
    ball.visual = trimesh.visual.TextureVisuals(uv=ball.vertices[:, :2], material=paint)
    text, others = trimesh.exchange.obj.export_obj(ball, return_texture=True, mtl_name="ball.mtl")
    model = read(text, ".obj", {f"m/{name}": data for name, data in others.items()})
    ours = solid(model)
    assert np.allclose(ours.bounds, ball.bounds, atol=1e-6) and ours.area == pytest.approx(ball.area, rel=1e-6)
    assert len(model.polygon_size) == len(ball.faces) and model.materials == ("paint",)
    paint = model.looks["paint"]
    assert paint.diffuse == pytest.approx((1, 0.2, 0)) and model.picture(str(paint.color_map))[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    "text",
    [
        "v  0 0 0 \nv  1 0 0 \nv  0 1 0 \nf  1 2 3 \n",
        "v\t0\t0\t0\nv\t1\t0\t0\nv\t0\t1\t0\nf\t1\t2\t3\n",
        "  v 0. .0 -0\n  v +1 0 0\n\n# x\nv 0 1e0 0\n  f 1 2 3",
        "v 0 0 0\rv 1 0 0\rv 0 1 0\rf 1 2 3\r",
        "v 0 0 0\nv 1 0 0 # corner\nv 0 1 0\nf 1 2 3\n",
    ],
)
def test_ways_to_write_numbers_and_lines(text: str) -> None:
    model = read_obj(text.encode())
    assert model.positions.tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
    assert model.corners[:, 0].tolist() == [0, 1, 2]


def test_relative_indices_in_runs_of_their_own() -> None:
    parts = "".join(f"v {k} 0 0\nv {k} 1 0\nv {k} 0 1\nusemtl m{k % 2}\nf -3 -2 -1\nf 1 2 3\n" for k in range(5))
    model = read_obj(parts.encode())
    expected = [i for k in range(5) for i in (3 * k, 3 * k + 1, 3 * k + 2, 0, 1, 2)]
    assert model.corners[:, 0].tolist() == expected
    assert model.polygon_material.tolist() == [k % 2 for k in range(5) for _ in range(2)]


def test_materials_and_pictures_beside_the_model() -> None:
    text = "mtllib a.mtl\n" + box(material="wood")
    mtl = "newmtl wood\nKd 1 0 0\nPm 0.5\nPr 0.25\nKe 0 2 0\nmap_Kd tex\\wood.png\n"
    model = read(text, ".obj", {"m/a.mtl": mtl, "m/tex/wood.png": png()})
    wood = model.looks["wood"]
    assert (wood.metallic, wood.roughness, wood.emissive, wood.space) == (0.5, 0.25, (0, 2, 0), "srgb")
    assert model.picture("tex/wood.png") == png() and model.warnings == ()


def test_a_missing_material_file_leaves_the_model_grey_and_says_so() -> None:
    model = read("mtllib a.mtl\n" + box(material="wood"), ".obj")
    assert model.materials == ("wood",) and not model.looks
    assert [w for w in model.warnings if "'a.mtl' is missing" in w]


def test_pictures_whose_path_was_true_elsewhere_are_found_by_their_name() -> None:
    text = "mtllib a.mtl\n" + box(material="wood")
    model = read(text, ".obj", {"m/a.mtl": "newmtl wood\nmap_Kd C:\\Ann\\wood.png\n", "m/textures/wood.png": png()})
    assert model.picture("C:/Ann/wood.png") == png()
    assert any("'m/textures/wood.png' is taken" in w for w in model.warnings)


@pytest.mark.parametrize("path", ["/etc/passwd", "../../secret.png", "https://x.org/secret.png"])
def test_pictures_outside_the_models_folder_are_missing(path: str) -> None:
    text = "mtllib a.mtl\n" + box(material="wood")
    model = read(text, ".obj", {"m/a.mtl": f"newmtl wood\nmap_Kd {path}\n", "secret.png": png(), "etc/passwd": b"x"})
    assert any("is missing" in w for w in model.warnings)
    with pytest.raises(InputError, match="missing"):
        model.picture(path)


def test_bounds_agree_with_trimesh() -> None:
    ours = read_obj(CAR.encode())
    theirs = trimesh.load(trimesh.util.wrap_as_stream(CAR), file_type="obj", force="mesh")
    assert np.allclose([ours.positions.min(axis=0), ours.positions.max(axis=0)], theirs.bounds)


def test_texture_coordinates_and_normals_that_are_not_there_are_left_out() -> None:
    model = read_obj(f"{HEAD}f 1/9/1 2/2/1 3/1/7\n".encode())
    assert model.corners.tolist() == [[0, -1, 0], [1, 1, 0], [2, 0, -1]]
    assert len(model.warnings) == 2 and all("do without" in w for w in model.warnings)


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
    assert (found["a b"].alpha_mode, found["c"].alpha_mode) == ("blend", "mask")
