"""glTF: what the reader takes from a scene, against trimesh's reading and against numbers worked out by hand."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from synthgen.assets.formats import read_model
from synthgen.errors import InputError
from tests.assets.formats.files import BOX, TRIANGLE, Gltf, Memory, png, read, solid


def scene() -> trimesh.Scene:
    """A red box, the same mirrored and moved, and a textured plate."""
    made = trimesh.Scene()
    red = BOX.copy()
    red.visual = trimesh.visual.TextureVisuals(
        material=trimesh.visual.material.PBRMaterial(
            name="red", baseColorFactor=[204, 51, 26, 255], metallicFactor=0.25, roughnessFactor=0.75, doubleSided=True
        )
    )
    made.add_geometry(red, node_name="plain")
    made.add_geometry(red, node_name="mirrored", transform=np.diag([-1.0, 1, 2, 1]) + np.eye(4, k=3) * 5)
    return made


def test_a_scene_is_what_trimesh_reads() -> None:
    data = scene().export(file_type="glb")
    model = read(data, ".glb")
    theirs = trimesh.load_scene(trimesh.util.wrap_as_stream(data), file_type="glb").to_mesh()
    ours = solid(model)
    assert np.allclose(ours.bounds, theirs.bounds, atol=1e-6)
    assert ours.area == pytest.approx(theirs.area, rel=1e-6)
    assert len(model.polygon_size) == len(theirs.faces)
    assert (model.up, model.unit, model.front) == ("+y", 1.0, "+z")
    assert (model.objects, model.materials) == (2, ("red",))
    red = model.looks["red"]
    assert red.diffuse == pytest.approx((0.8, 0.2, 0.102), abs=1e-3) and red.space == "linear"
    assert (red.metallic, red.roughness, red.double_sided) == (0.25, 0.75, True)


def test_what_is_mirrored_faces_outward_still() -> None:
    ours = solid(read(scene().export(file_type="glb"), ".glb"))
    parts = ours.split()
    assert len(parts) == 2 and all(part.is_winding_consistent for part in parts)
    assert sorted(round(float(part.volume), 4) for part in parts) == [6.0, 12.0]


def test_normals_follow_a_node_that_squeezes() -> None:
    gltf = Gltf()
    normal = np.tile([[0.6, 0.8, 0.0]], (3, 1))
    gltf.node(mesh=gltf.mesh(NORMAL=gltf.accessor(normal)), scale=[2.0, 1.0, 1.0])
    model = read(gltf.glb(), ".glb")
    got = model.normals[0] / np.linalg.norm(model.normals[0])
    assert np.allclose(got, np.array([0.3, 0.8, 0]) / np.hypot(0.3, 0.8), atol=1e-6)


def test_nodes_below_nodes_and_turns() -> None:
    gltf = Gltf()
    leaf = gltf.node(root=False, mesh=gltf.mesh(), translation=[1.0, 0.0, 0.0])
    half = np.sqrt(0.5)
    gltf.node(children=[leaf], rotation=[0.0, 0.0, half, half], scale=[2.0, 2.0, 2.0])
    model = read(gltf.glb(), ".glb")
    assert np.allclose(model.positions, [[0, 2, 0], [0, 4, 0], [-2, 2, 0]], atol=1e-6)


@pytest.mark.parametrize(
    ("mode", "faces"), [(4, [[0, 1, 2]]), (5, [[0, 1, 2], [2, 1, 3]]), (6, [[0, 1, 2], [0, 2, 3]])]
)
def test_lists_strips_and_fans(mode: int, faces: list[list[int]]) -> None:
    gltf = Gltf()
    points = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]]
    gltf.node(mesh=gltf.mesh(points, (0, 1, 2) if mode == 4 else (0, 1, 2, 3), mode=mode))
    model = read(gltf.glb(), ".glb")
    assert model.corners[:, 0].reshape(-1, 3).tolist() == faces


def test_quantised_sparse_and_strided_arrays() -> None:
    gltf = Gltf()
    gltf.json["extensionsRequired"] = ["KHR_mesh_quantization"]
    quantised = gltf.mesh(TRIANGLE * 0)
    rows = gltf.view(np.array([1], dtype="u1").tobytes())
    values = gltf.view(np.array([[127, 0, 0]], dtype="i1").tobytes())
    sparse = {
        "count": 1,
        "indices": {"bufferView": rows, "componentType": 5121},
        "values": {"bufferView": values},
    }
    gltf.json["accessors"][0] |= {"componentType": 5120, "normalized": True, "sparse": sparse}
    wide = gltf.view(np.array([[0, 0, 0, 9], [0, 2, 0, 9], [0, 0, 2, 9]], dtype="i1").tobytes(), byteStride=4)
    gltf.json["accessors"][0]["bufferView"] = wide
    gltf.node(mesh=quantised)
    model = read(gltf.glb(), ".glb")
    assert np.allclose(model.positions * 127, [[0, 0, 0], [127, 0, 0], [0, 0, 2]])


def test_the_colour_pictures_own_texture_coordinates_and_transform() -> None:
    gltf = Gltf()
    image = gltf.item("images", {"bufferView": gltf.view(png()), "mimeType": "image/png", "name": "bark"})
    texture = gltf.item("textures", {"source": image})
    change = {"offset": [0.5, 0.25], "scale": [2.0, 4.0], "rotation": np.pi / 2, "texCoord": 1}
    base = {"index": texture, "extensions": {"KHR_texture_transform": change}}
    facts = {
        "name": "leaf",
        "pbrMetallicRoughness": {"baseColorTexture": base},
        "alphaMode": "MASK",
        "alphaCutoff": 0.3,
    }
    material = gltf.item("materials", facts)
    zero, one = gltf.accessor([[0, 0]] * 3), gltf.accessor([[0, 0], [1, 0], [0, 1]])
    gltf.node(mesh=gltf.mesh(material=material, TEXCOORD_0=zero, TEXCOORD_1=one))
    model = read(gltf.glb(), ".glb")
    # Scaled, then turned a quarter counter-clockwise with v downwards, then moved.
    down = np.array([[0.5, 0.25], [0.5, 0.25 - 2], [0.5 + 4, 0.25]])
    assert np.allclose(model.texcoords, np.column_stack([down[:, 0], 1 - down[:, 1]]))
    leaf = model.looks["leaf"]
    assert (leaf.color_map, leaf.alpha_map, leaf.alpha_mode, leaf.alpha_cutoff) == ("bark", "bark", "mask", 0.3)
    assert model.picture("bark") == png()
    with pytest.raises(InputError, match="no picture"):
        model.picture("moss")


def test_pictures_in_files_and_addresses() -> None:
    gltf = Gltf()
    inline = "data:image/png;base64," + base64.b64encode(png()).decode()
    looks = []
    for uri in ("tex/my%20wood.png", inline, "gone.png"):
        texture = gltf.item("textures", {"source": gltf.item("images", {"uri": uri})})
        looks.append(gltf.item("materials", {"pbrMetallicRoughness": {"baseColorTexture": {"index": texture}}}))
    for material in looks:
        gltf.node(mesh=gltf.mesh(material=material, TEXCOORD_0=gltf.accessor([[0, 0]] * 3)))
    files = Memory.of({"m/model.gltf": gltf.gltf(), "m/model.bin": gltf.buffer, "m/tex/my wood.png": png((2, 2))})
    model = read_model(files, "m/model.gltf")
    assert "m/tex/my wood.png" not in files.asked, "pictures are read when asked for"
    assert [look.color_map for look in model.looks.values()] == ["tex/my wood.png", "picture 1", "gone.png"]
    assert model.picture("tex/my wood.png") == png((2, 2))
    assert model.picture("picture 1") == png()
    assert any("'gone.png' is missing" in w for w in model.warnings)
    with pytest.raises(InputError, match="missing"):
        model.picture("gone.png")


def test_metal_and_roughness_of_a_picture_are_its_means() -> None:
    gltf = Gltf()
    image = gltf.item("images", {"bufferView": gltf.view(png(color=(0, 51, 102))), "mimeType": "image/png"})
    texture = gltf.item("textures", {"source": image})
    facts = {"pbrMetallicRoughness": {"metallicRoughnessTexture": {"index": texture}, "roughnessFactor": 0.5}}
    gltf.node(mesh=gltf.mesh(material=gltf.item("materials", facts)))
    model = read(gltf.glb(), ".glb")
    look = model.looks["material 0"]
    assert (look.metallic, look.roughness) == (pytest.approx(0.4), pytest.approx(0.1))
    assert any("means" in w for w in model.warnings)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"alphaMode": "BLEND", "pbrMetallicRoughness": {"baseColorFactor": [1, 1, 1, 0.5]}}, ("blend", 0.5)),
        ({"alphaMode": "OPAQUE", "pbrMetallicRoughness": {"baseColorFactor": [1, 1, 1, 0.5]}}, ("opaque", 1.0)),
        ({"extensions": {"KHR_materials_transmission": {"transmissionFactor": 0.75}}}, ("blend", 0.25)),
    ],
)
def test_alpha_modes(facts: dict[str, Any], expected: tuple[str, float]) -> None:
    gltf = Gltf()
    gltf.node(mesh=gltf.mesh(material=gltf.item("materials", {"name": "x", **facts})))
    look = read(gltf.glb(), ".glb").looks["x"]
    assert (look.alpha_mode, look.opacity) == expected


def test_other_shading_models() -> None:
    gltf = Gltf()
    gloss = {"diffuseFactor": [0.1, 0.2, 0.3, 1], "glossinessFactor": 0.8}
    glow = {
        "emissiveFactor": [1, 0.5, 0],
        "extensions": {"KHR_materials_emissive_strength": {"emissiveStrength": 4}, "KHR_materials_unlit": {}},
    }
    for name, facts in (("gloss", {"extensions": {"KHR_materials_pbrSpecularGlossiness": gloss}}), ("glow", glow)):
        gltf.node(mesh=gltf.mesh(material=gltf.item("materials", {"name": name, **facts})))
    model = read(gltf.glb(), ".glb")
    assert model.looks["gloss"].diffuse == (0.1, 0.2, 0.3)
    assert (model.looks["gloss"].metallic, model.looks["gloss"].roughness) == (0.0, pytest.approx(0.2))
    assert model.looks["glow"].emissive == (4.0, 2.0, 0.0)
    assert any("without light" in w for w in model.warnings)


def test_few_colours_of_vertices_become_materials_and_many_their_mean() -> None:
    gltf = Gltf()
    points = np.concatenate([TRIANGLE, TRIANGLE + 2])
    few = gltf.accessor([[1, 0, 0]] * 3 + [[0, 0, 1]] * 3)
    gltf.node(mesh=gltf.mesh(points, range(6), COLOR_0=few))
    model = read(gltf.glb(), ".glb")
    assert sorted(look.diffuse for look in model.looks.values()) == [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0)]
    assert len(model.materials) == 2 and any("colours of vertices" in w for w in model.warnings)

    gltf = Gltf()
    count = 20
    points = np.concatenate([TRIANGLE + k for k in range(count)])
    shades = gltf.accessor(np.repeat(np.linspace(0, 1, count), 3)[:, None] * [1, 1, 1])
    gltf.node(mesh=gltf.mesh(points, range(3 * count), COLOR_0=shades))
    model = read(gltf.glb(), ".glb")
    assert len(model.materials) == 1
    assert model.looks[model.materials[0]].diffuse == pytest.approx((0.5, 0.5, 0.5), abs=1e-3)
    assert any("not kept" in w for w in model.warnings)


def test_materials_of_one_name_stay_apart() -> None:
    gltf = Gltf()
    for red in (0.1, 0.9):
        facts = {"name": "paint", "pbrMetallicRoughness": {"baseColorFactor": [red, 0, 0, 1]}}
        gltf.node(mesh=gltf.mesh(material=gltf.item("materials", facts)))
    model = read(gltf.glb(), ".glb")
    assert model.materials == ("paint", "paint 2")
    assert [model.looks[m].diffuse[0] for m in model.materials] == [0.1, 0.9]


def test_a_skin_stands_where_its_joints_do() -> None:
    gltf = Gltf()
    joints, weights = (
        gltf.accessor([[0, 1, 0, 0]] * 3, "u1"),
        gltf.accessor([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0, 1, 0, 0]]),
    )
    mesh = gltf.mesh(JOINTS_0=joints, WEIGHTS_0=weights)
    bind = np.stack([np.eye(4), np.eye(4)])
    bind[1, 3, 0] = -1.0  # column by column: the second joint was bound at x = 1
    skin = gltf.item("skins", {"joints": [1, 2], "inverseBindMatrices": gltf.accessor(bind.reshape(2, 16))})
    gltf.node(mesh=mesh, skin=skin, translation=[100.0, 0, 0])
    gltf.node()
    gltf.node(translation=[1.0, 0.0, 4.0])
    model = read(gltf.glb(), ".glb")
    assert np.allclose(model.positions, [[0, 0, 0], [1, 0, 2], [0, 1, 4]], atol=1e-6)


def test_morph_targets_by_the_files_weights() -> None:
    gltf = Gltf()
    target = {"POSITION": gltf.accessor([[0, 0, 2.0]] * 3)}
    number = gltf.mesh(targets=[target])
    gltf.json["meshes"][number]["weights"] = [0.5]
    gltf.node(mesh=number)
    assert np.allclose(read(gltf.glb(), ".glb").positions[:, 2], 1.0)


def test_instances_on_the_gpu_are_made_real() -> None:
    gltf = Gltf()
    gltf.json["extensionsRequired"] = ["EXT_mesh_gpu_instancing"]
    attributes = {"TRANSLATION": gltf.accessor([[0, 0, 0], [5, 0, 0], [9, 0, 0]])}
    gltf.node(mesh=gltf.mesh(), extensions={"EXT_mesh_gpu_instancing": {"attributes": attributes}})
    model = read(gltf.glb(), ".glb")
    assert model.positions[::3, 0].tolist() == [0, 5, 9]


def test_whose_a_model_is() -> None:
    gltf = Gltf()
    gltf.node(mesh=gltf.mesh())
    extras = {"title": "Chair", "author": "Ann (web)", "license": "CC-BY-4.0 (web)", "source": "web/chair"}
    gltf.json["asset"] |= {"generator": "Sketchfab-1.0", "extras": extras}
    about = read(gltf.glb(), ".glb").about
    assert (about.title, about.author, about.licence, about.source) == (
        "Chair",
        "Ann (web)",
        "CC-BY-4.0 (web)",
        "web/chair",
    )
    gltf.json["asset"] = {"version": "2.0", "copyright": "2021 Ann"}
    assert read(gltf.glb(), ".glb").about.author == "2021 Ann"


def broken(change: Any) -> bytes:
    gltf = Gltf()
    gltf.node(mesh=gltf.mesh(material=gltf.item("materials", {"name": "x"})))
    change(gltf.json, gltf)
    return gltf.glb()


def child(json_: Any, number: int, of: int) -> None:
    json_["nodes"][of].setdefault("children", []).append(number)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda j, g: child(j, 0, 0), "below itself"),
        (lambda j, g: (g.node(root=False), child(j, 1, 0), child(j, 0, 1)), "below itself"),
        (lambda j, g: child(j, 7, 0), r"nodes\[7\]"),
        (lambda j, g: j["accessors"][0].update(count=4), "beyond its buffer"),
        (lambda j, g: j["accessors"][0].update(count=10**12), "claims 1000000000000 items"),
        (lambda j, g: j["accessors"][0].update(count=-1), "claims -1 items"),
        (lambda j, g: j["accessors"][0].update(byteOffset=10**9), "beyond its buffer"),
        (lambda j, g: j["accessors"][0].update(type="VEC2"), "another type"),
        (lambda j, g: j["bufferViews"][0].update(byteLength=10**9), "beyond its buffer"),
        (lambda j, g: j["bufferViews"][0].update(byteOffset=-4), "length or place"),
        (lambda j, g: j["nodes"][0].update(mesh=3), r"meshes\[3\]"),
        (lambda j, g: j["nodes"][0].update(rotation=["a", 0, 0, 1]), "malformed"),
        (lambda j, g: j["nodes"][0].update(matrix=[float("nan")] * 16), "NaN or infinite"),
        (lambda j, g: j["meshes"][0]["primitives"][0].update(indices=g.accessor([0, 1, 9], "<u2")), "it lacks"),
        (lambda j, g: j["meshes"][0]["primitives"][0].update(indices=g.accessor([0, 0], "<u2")), "no faces"),
        (lambda j, g: j["meshes"][0]["primitives"][0].update(mode=0), "only points or lines"),
        (lambda j, g: j.update(nodes=7), "not a list"),
        (lambda j, g: j.update(asset={"version": "1.0"}), "version 1.0"),
        (lambda j, g: j.pop("asset"), "no `asset`"),
        (lambda j, g: j.update(extensionsRequired=["KHR_draco_mesh_compression"]), "KHR_draco_mesh_compression"),
        (lambda j, g: j.update(extensionsRequired=["EXT_meshopt_compression"]), "EXT_meshopt_compression"),
        (lambda j, g: j.update(extensionsRequired=["ACME_fancy"]), "ACME_fancy"),
    ],
)  # fmt: skip
def test_malformed_documents_are_refused_in_one_message(change: Any, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read(broken(change), ".glb")
    assert len(caught.value.diagnostics) == 1 and caught.value.diagnostics[0].where == "m/model.glb"


def test_what_is_packed_says_what_to_do() -> None:
    with pytest.raises(InputError) as caught:
        read(broken(lambda j, g: j.update(extensionsRequired=["KHR_draco_mesh_compression"])), ".glb")
    assert "without compression" in caught.value.diagnostics[0].hint


@pytest.mark.parametrize(
    "uri", ["/etc/passwd", "../../secret.bin", "https://x.org/a.bin", "file:///etc/passwd", "C:\\a.bin"]
)
def test_buffers_outside_the_models_folder_are_refused(uri: str) -> None:
    gltf = Gltf()
    gltf.node(mesh=gltf.mesh())
    files = Memory.of({"m/model.gltf": gltf.gltf(uri), "secret.bin": gltf.buffer})
    with pytest.raises(InputError, match="not within the model's folder"):
        read_model(files, "m/model.gltf")
    assert files.asked == ["m/model.gltf"]


def test_buffers_that_are_missing_or_short() -> None:
    gltf = Gltf()
    gltf.node(mesh=gltf.mesh())
    with pytest.raises(InputError, match=r"'model\.bin'.* is missing"):
        read(gltf.gltf(), ".gltf")
    with pytest.raises(InputError, match="should have"):
        read(gltf.gltf(), ".gltf", {"m/model.bin": gltf.buffer[:-4]})
    with pytest.raises(InputError, match="is broken"):
        read(gltf.gltf("data:application/octet-stream;base64,!!!"), ".gltf")


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.99])
def test_a_file_that_is_cut_short_is_refused(share: float) -> None:
    data = scene().export(file_type="glb")
    with pytest.raises(InputError, match="cut short"):
        read(data[: int(len(data) * share)], ".glb")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_with_a_wrong_number_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    gltf = Gltf()
    image = gltf.item("images", {"bufferView": gltf.view(png()), "mimeType": "image/png"})
    texture = gltf.item("textures", {"source": image})
    material = gltf.item("materials", {"name": "x", "pbrMetallicRoughness": {"baseColorTexture": {"index": texture}}})
    mesh = gltf.mesh(material=material, TEXCOORD_0=gltf.accessor([[0, 0]] * 3), COLOR_0=gltf.accessor(TRIANGLE))
    gltf.node(mesh=mesh, translation=[0, 0, 0], children=[1])
    gltf.node(root=False, mesh=mesh)
    holders: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        for key in value if isinstance(value, dict) else range(len(value)):
            holders.append((value, key))
            if isinstance(value[key], (dict, list)):
                walk(value[key])

    walk(gltf.json)
    holder, key = data.draw(st.sampled_from(holders))
    holder[key] = data.draw(st.sampled_from([None, -1, 0, 1, 10**15, 0.5, float("inf"), "x", [], {}, [[]], True]))
    try:
        model = read(gltf.glb(), ".glb")
    except InputError:
        return
    assert json.dumps(model.materials) and np.isfinite(model.positions).all()
