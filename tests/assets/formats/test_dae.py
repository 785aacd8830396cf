"""COLLADA, against trimesh's reading and against files written by hand."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from synthgen.errors import InputError
from tests.assets.formats.files import BOX, png, read, solid

EFFECT = "<diffuse><color>0.8 0.4 0.2 1</color></diffuse>"
TEXTURED = (
    '<newparam sid="s"><surface type="2D"><init_from>img</init_from></surface></newparam>'
    '<newparam sid="p"><sampler2D><source>s</source></sampler2D></newparam>',
    '<diffuse><texture texture="p" texcoord="UV"/></diffuse>',
)


def dae(
    *,
    up: str = "Y_UP",
    unit: str = '<unit name="centimeter" meter="0.01"/>',
    nodes: str = "<node><matrix>1 0 0 5 0 1 0 0 0 0 1 0 0 0 0 1</matrix>{plate}</node>",
    params: str = "",
    effect: str = EFFECT,
    points: str = "0 0 0 1 0 0 1 1 0 0 1 0",
    index: str = "0 0 1 1 2 2 3 3",
    head: str = "",
) -> str:
    """A square of one polygon with texture coordinates."""
    plate = (
        '<instance_geometry url="#g"><bind_material><technique_common><instance_material symbol="m" target="#paint"/>'
        "</technique_common></bind_material></instance_geometry>"
    )
    source = (
        '<source id="{}"><float_array count="{}">{}</float_array><technique_common><accessor stride="{}">{}</accessor>'
    )
    close = "</technique_common></source>"
    xyz, st = ("".join(f'<param name="{n}" type="float"/>' for n in names) for names in ("XYZ", "ST"))
    return (
        f'<?xml version="1.0"?>{head}<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">'
        "<asset><contributor><author>Ann</author><authoring_tool>By hand</authoring_tool><copyright>CC0</copyright>"
        f"</contributor>{unit}<up_axis>{up}</up_axis></asset>"
        '<library_images><image id="img"><init_from>tex/wood%20oak.png</init_from></image></library_images>'
        f'<library_effects><effect id="e"><profile_COMMON>{params}<technique sid="c"><lambert>{effect}</lambert>'
        "</technique></profile_COMMON></effect></library_effects>"
        '<library_materials><material id="paint" name="Paint"><instance_effect url="#e"/></material>'
        "</library_materials>"
        '<library_geometries><geometry id="g"><mesh>'
        + source.format("pos", 12, points, 3, xyz) + close
        + source.format("uv", 8, "0 0 1 0 1 1 0 1", 2, st) + close
        + '<vertices id="v"><input semantic="POSITION" source="#pos"/></vertices>'
        '<polylist count="1" material="m"><input semantic="VERTEX" source="#v" offset="0"/>'
        f'<input semantic="TEXCOORD" source="#uv" offset="1" set="0"/><vcount>4</vcount><p>{index}</p></polylist>'
        "</mesh></geometry></library_geometries>"
        f'<library_visual_scenes><visual_scene id="w">{nodes.format(plate=plate)}</visual_scene>'
        "</library_visual_scenes>"
        '<scene><instance_visual_scene url="#w"/></scene></COLLADA>'
    )  # fmt: skip


def test_a_model_is_what_trimesh_reads() -> None:
    data = BOX.export(file_type="dae")
    model = read(data, ".dae")
    theirs = trimesh.load_scene(trimesh.util.wrap_as_stream(data), file_type="dae").to_mesh()
    ours = solid(model)
    assert np.allclose(ours.bounds, theirs.bounds) and ours.area == pytest.approx(theirs.area)
    assert len(model.polygon_size) == len(theirs.faces) == 12
    assert model.unit == 1.0 and model.up == "+y"


def test_polygons_unit_axis_and_materials() -> None:
    model = read(dae(), ".dae")
    assert model.polygon_size.tolist() == [4]
    assert model.positions.tolist() == [[5, 0, 0], [6, 0, 0], [6, 1, 0], [5, 1, 0]]
    assert (model.unit, model.up, model.materials) == (0.01, "+y", ("Paint",))
    assert model.looks["Paint"].diffuse == (0.8, 0.4, 0.2) and model.looks["Paint"].space == "srgb"
    assert (model.about.author, model.about.licence, model.about.generator) == ("Ann", "CC0", "By hand")
    assert read(dae(up="Z_UP", unit=""), ".dae").up == "+z"


def test_x_up_is_turned_to_z_up() -> None:
    model = read(dae(up="X_UP", nodes="<node>{plate}</node>"), ".dae")
    assert model.up == "+z" and model.positions.tolist() == [[0, 0, 0], [0, 0, 1], [1, 0, 1], [1, 0, 0]]


def test_mirrored_nodes_are_turned() -> None:
    model = read(dae(nodes="<node><scale>-1 1 1</scale>{plate}</node>"), ".dae")
    a, b, c = model.positions[model.corners[:3, 0]]
    assert np.cross(b - a, c - a)[2] > 0


def test_pictures_and_opacity() -> None:
    model = read(dae(params=TEXTURED[0], effect=TEXTURED[1]), ".dae", {"m/tex/wood oak.png": png()})
    assert model.looks["Paint"].color_map == "tex/wood oak.png" and model.picture("tex/wood oak.png") == png()
    assert model.texcoords[model.corners[:, 1]].tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    clear = (
        EFFECT
        + '<transparent opaque="A_ONE"><color>1 1 1 1</color></transparent>'
        + "<transparency><float>0.3</float></transparency>"
    )
    assert read(dae(effect=clear), ".dae").looks["Paint"].opacity == 0.3
    zero = clear.replace("A_ONE", "RGB_ZERO")
    assert read(dae(effect=zero), ".dae").looks["Paint"].opacity == pytest.approx(0.7)


BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (dae(head=BOMB), "DOCTYPE"),
        (dae(head=OUTSIDE), "DOCTYPE"),
        (dae(head=BOMB).encode("utf-16"), "DOCTYPE"),
        (dae()[:-40], "cut short"),
        (dae(points="0 0 0 1 0 0 1 1 0 0 nan 0"), "NaN or infinite"),
        (dae(points="0 0 0 1 0 0 1 1 0 0 inf 0"), "NaN or infinite"),
        (dae(nodes="<node/>"), "no faces"),
        (dae().replace('count="1" material', 'count="99999999" material'), "at most 5,000,000"),
        ("<robot/>", "not a COLLADA file|no scene|malformed"),
        ("\0\1\2", "not XML"),
    ],
)
def test_malformed_files_are_refused(text: str | bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read(text, ".dae")
    assert len(caught.value.diagnostics) == 1


def test_faces_that_name_missing_vertices_are_left_out_or_refused() -> None:
    with pytest.raises(InputError, match="no faces"):
        read(dae(index="0 0 1 1 2 2 9 3"), ".dae")
    model = read(dae(nodes='<node>{plate}<instance_geometry url="#gone"/></node>'), ".dae")
    assert any("left out" in w for w in model.warnings)
