"""URDF: links placed by joints, meshes found and coloured."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.assets.formats import read_model
from synthgen.assets.formats.shapes import box, cylinder, sphere
from synthgen.errors import InputError
from tests.assets.formats.files import BOX, Gltf, Memory, read, solid
from tests.assets.formats.test_dae import dae


def robot(body: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<robot name="arm">{body}</robot>'


def link(name: str, geometry: str = '<box size="1 1 1"/>', inner: str = "") -> str:
    return f'<link name="{name}"><visual>{inner}<geometry>{geometry}</geometry></visual></link>'


def joint(name: str, kind: str, parent: str, child: str, inner: str = "") -> str:
    return (
        f'<joint name="{name}" type="{kind}"><parent link="{parent}"/><child link="{child}"/>'
        f'<origin xyz="0 0 2"/>{inner}</joint>'
    )


ARM = (
    link("base") + link("upper", inner='<origin xyz="1 0 0"/>') + link("slide") + link("finger")
    + joint("turn", "revolute", "base", "upper", '<axis xyz="0 0 1"/><limit lower="-2" upper="2"/>')
    + joint("push", "prismatic", "upper", "slide", '<axis xyz="1 0 0"/><limit lower="0.5" upper="1.5"/>')
    + joint("grip", "prismatic", "slide", "finger",
            '<axis xyz="0 1 0"/><mimic joint="push" multiplier="2" offset="1"/>')
)  # fmt: skip


def middles(text: str, **joints: float) -> list[list[float]]:
    """The middle of each box of a robot."""
    model = read(text, ".urdf", joints=joints)
    return model.positions.reshape(-1, 8, 3).mean(axis=1).round(6).tolist()


def test_joints_place_links() -> None:
    # `push` stands at its lower limit, the nearest to 0; `grip` follows it.
    assert middles(robot(ARM)) == [[0, 0, 0], [1, 0, 2], [0.5, 0, 4], [0.5, 2, 6]]
    assert middles(robot(ARM), turn=90.0, push=1.0) == [[0, 0, 0], [0, 1, 2], [0, 1, 4], [-3, 1, 6]]


def test_the_robots_frame() -> None:
    model = read(robot(ARM), ".urdf")
    assert (model.up, model.unit, model.front, model.about.title) == ("+z", 1.0, "+x", "arm")
    assert model.objects == 4 and len(model.polygon_size) == 24


def test_roll_pitch_and_yaw() -> None:
    text = robot(link("a", '<box size="2 4 6"/>', '<origin rpy="1.5707963267948966 0 1.5707963267948966"/>'))
    assert np.allclose(np.ptp(read(text, ".urdf").positions, axis=0), [6, 2, 4])


@pytest.mark.parametrize(
    ("made", "volume"),
    [(box((1.0, 2.0, 3.0)), 6.0), (cylinder(1.0, 2.0), 2 * np.pi), (sphere(1.0), 4 / 3 * np.pi)],
)
def test_shapes_are_closed_and_face_outward(made: tuple[np.ndarray, np.ndarray, np.ndarray], volume: float) -> None:
    points, size, index = made
    lines = [f"v {x} {y} {z}" for x, y, z in points]
    for corners in np.split(index, np.cumsum(size)[:-1]):
        lines.append("f " + " ".join(str(k + 1) for k in corners))
    ours = solid(read("\n".join(lines) + "\n", ".obj"))
    assert ours.is_watertight and ours.is_winding_consistent
    assert ours.volume == pytest.approx(volume, rel=0.04)


def test_meshes_of_packages_with_scale_unit_and_axes() -> None:
    gltf = Gltf()
    gltf.node(mesh=gltf.mesh())
    files = {
        "ws/arm/urdf/arm.urdf": robot(
            link("a", '<mesh filename="package://arm/meshes/Box.stl" scale="1 1 -2"/>')
            + link("b", '<mesh filename="../meshes/plate.dae"/>')
            + link("c", '<mesh filename="package://other/tri.glb"/>')
            + joint("j", "fixed", "a", "b") + joint("k", "fixed", "a", "c")
        ),
        "ws/arm/meshes/Box.stl": BOX.export(file_type="stl"),
        "ws/arm/meshes/plate.dae": dae(),
        "ws/other/tri.glb": gltf.glb(),
    }  # fmt: skip
    model = read_model(Memory.of(files), "ws/arm/urdf/arm.urdf")
    stl, plate, tri = np.split(model.positions, [36, 40])
    assert np.allclose(np.ptp(stl, axis=0), [1, 2, 6])
    assert plate.tolist() == [[0.05, 0, 2], [0.06, 0, 2], [0.06, 0.01, 2], [0.05, 0.01, 2]]  # axes as they stand
    assert np.allclose(tri, [[0, 0, 2], [1, 0, 2], [0, 0, 3]])  # glTF has Y up
    volume = solid(read(BOX.export(file_type="stl"), ".stl")).volume
    assert volume == pytest.approx(6) and model.objects == 3


def test_colours_of_links_and_of_meshes() -> None:
    red = '<material name="red"><color rgba="1 0 0 1"/></material>'
    body = red + link("a", inner='<material name="red"/>') + link("b", '<mesh filename="plate.dae"/>', red)
    body += link("c", '<mesh filename="box.stl"/>', '<material name="clear"><color rgba="0 0 1 0.5"/></material>')
    body += joint("j", "fixed", "a", "b") + joint("k", "fixed", "a", "c")
    model = read(robot(body), ".urdf", {"m/plate.dae": dae(), "m/box.stl": BOX.export(file_type="stl")})
    assert model.materials == ("red", "Paint", "clear")
    assert model.looks["red"].diffuse == (1, 0, 0) and model.looks["Paint"].diffuse == (0.8, 0.4, 0.2)
    assert (model.looks["clear"].opacity, model.looks["clear"].alpha_mode) == (0.5, "blend")


def test_pictures_of_meshes_in_different_folders_stay_apart() -> None:
    files: dict[str, str | bytes] = {"r.urdf": robot(
        link("a", '<mesh filename="p/a.obj"/>') + link("b", '<mesh filename="q/a.obj"/>')
        + joint("j", "fixed", "a", "b")
    )}  # fmt: skip
    for folder in "pq":
        files[f"{folder}/a.obj"] = "mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nusemtl x\nf 1/1 2/1 3/1\n"
        files[f"{folder}/a.mtl"] = "newmtl x\nmap_Kd a.png\n"
        files[f"{folder}/a.png"] = folder.encode()
    model = read_model(Memory.of(files), "r.urdf")
    maps = [model.looks[name].color_map for name in model.materials]
    assert [model.picture(str(name)) for name in maps] == [b"p", b"q"]


LOOP = link("a") + link("b") + joint("j", "fixed", "a", "b") + joint("k", "fixed", "b", "a")


@pytest.mark.parametrize(
    ("text", "joints", "says"),
    [
        (robot(link("a", '<mesh filename="package://arm/x.stl"/>')), {}, "is missing; give the folder.*'arm'"),
        (robot(link("a", '<mesh filename="/etc/x.stl"/>')), {}, "is missing"),
        (robot(link("a", '<mesh filename="package://../../x.stl"/>')), {}, "is missing"),
        (robot(link("a", '<mesh filename="notes.txt"/>')), {}, "is no mesh"),
        (robot(link("a", '<box size="1 1"/>')), {}, "3 numbers are due"),
        (robot(link("a", '<sphere radius="nan"/>')), {}, "1 numbers are due"),
        (robot(link("a", '<capsule radius="1" length="1"/>')), {}, "no visual meshes"),
        (robot('<link name="a"/>'), {}, "no visual meshes"),
        (robot(link("a") + link("a")), {}, "two links"),
        (robot(LOOP), {}, "must form a tree"),
        (robot(link("a") + joint("j", "fixed", "a", "gone")), {}, "'gone', which is not there"),
        (robot(ARM), {"elbow": 1.0}, "'elbow' is no joint.*turn, push"),
        (robot(ARM), {"grip": 1.0}, "'grip' is no joint"),
        (robot(ARM), {"turn": 150.0}, "from -114.592 to 114.592, not to 150"),
        (robot(ARM.replace('mimic joint="push"', 'mimic joint="grip"')), {}, "mimics"),
        (robot(ARM, '<!DOCTYPE r [<!ENTITY a "b">]>'), {}, "DOCTYPE"),
        ("<sdf/>", {}, "not a URDF file"),
        ('<robot xmlns:xacro="http://www.ros.org/wiki/xacro"><xacro:include/></robot>', {}, "xacro template"),
        (robot(ARM)[:-20], {}, "cut short"),
    ],
)
def test_malformed_robots_are_refused(text: str, joints: dict[str, float], says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read(text, ".urdf", {"m/notes.txt": "x"}, joints=joints)
    assert len(caught.value.diagnostics) == 1


def test_prefixes_that_are_not_declared_do_no_harm() -> None:
    assert len(read(robot(link("a") + "<drake:joint drake:x='1'/>"), ".urdf").polygon_size) == 6


def test_only_robots_have_joints() -> None:
    with pytest.raises(InputError, match="only URDF"):
        read(BOX.export(file_type="stl"), ".stl", joints={"a": 1.0})
