"""Parts of made people: hair, beards, faces, what is worn on the head, bags; and pieces with labels of their own."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from scipy.spatial import cKDTree
from trimesh.ray.ray_pyembree import RayMeshIntersector

from synthgen.assets.mesh import vertex_normals
from synthgen.errors import InputError
from synthgen.procedural.people import bags, clothes, faces, hair, head, headwear
from synthgen.procedural.people.data import body
from synthgen.procedural.people.figure import PIECES, person
from synthgen.procedural.people.surface import surface_of
from tests.makers.people import adult, figure_in

pytestmark = [pytest.mark.assets, pytest.mark.usefixtures("people_pack")]


@pytest.mark.parametrize("style", list(hair.hair_styles()))
def test_hair_covers_the_head_and_stays_off_the_face(style: str) -> None:
    vertices = adult()
    skull, s = hair.Head(vertices), hair.find_style(style)
    points, triangles, uvs = hair.cap(s, skull, flat=1.0, rng=np.random.default_rng(0))
    solid = trimesh.Trimesh(points, triangles, process=False)
    assert solid.is_watertight and solid.is_winding_consistent and solid.volume > 0
    assert np.isfinite(uvs).all()
    grown = hair.locks(s, skull, flat=1.0, rng=np.random.default_rng(0))
    assert (grown is None) == (s["locks"] == 0 and "tail" not in s)
    if grown is None:
        return
    assert grown.points[:, 2].max() > vertices[:13380, 2].max() + 0.001
    # Nothing hangs before eyes, nose and mouth: between the brows and the chin in front of the cheeks.
    eyes = vertices[np.unique(body().groups["helper-l-eye"].quads)]
    x, y, z = grown.points.T
    before = (x > eyes[:, 0].min()) & (np.abs(y) < 0.04) & (z < eyes[:, 2].max() + 0.002) & (z > eyes[:, 2].min() - 0.1)
    assert before.mean() < 0.01, before.mean()
    # The ribbons face away from the head.
    a, b, c = (grown.points[grown.faces[:, k]] for k in range(3))
    out = np.einsum("ij,ij->i", np.cross(b - a, c - a), grown.normals[grown.faces[:, 0]])
    assert (out > 0).mean() > (0.9 if s["flow"] == "out" else 0.97)  # curls that stand off turn
    # Roots of hair lie on the scalp, and hair that hangs keeps off the shoulders.
    low = grown.points[grown.points[:, 2] < skull.centre[2] - 0.16]
    if s.get("hang") and len(low):
        skin = vertices[:13380]
        normals = vertex_normals(vertices, surface_of(body(), ["body"]).faces).astype(float)[:13380]
        far, at = cKDTree(skin).query(low)
        inside = ((low - skin[at]) * normals[at]).sum(axis=1) < -0.004
        assert inside[far < 0.08].mean() < 0.02


@pytest.mark.parametrize("name", list(hair.BEARDS))
def test_beards_grow_around_the_mouth(name: str) -> None:
    vertices = adult()
    grown = hair.beard(name, vertices, np.random.default_rng(0))
    eyes = vertices[np.unique(body().groups["helper-l-eye"].quads)]
    top, front = eyes[:, 2].min(), eyes[:, 0].min()
    assert grown.points[:, 2].max() < top - 0.015
    assert grown.points[:, 2].min() > top - 0.19
    assert np.abs(grown.points[:, 1].mean()) < 0.01
    if name != "moustache":
        assert grown.points[:, 0].max() > front


def test_faces_are_painted_over_the_head() -> None:
    plain = faces.face_picture(age=0.0, stubble=0.0)
    assert plain.shape == (448, 1024, 3) and np.array_equal(plain, faces.face_picture(age=0.0, stubble=0.0))
    mesh = person(pose="standing", level=1)
    uv = mesh.uvs[mesh.faces[mesh.slot == mesh.slots.index("face")]]
    assert (np.ptp(uv[..., 0], axis=1) > 0.5).sum() <= 8  # nothing spans the seam but what lies around the crown
    # Lips are redder than cheeks, brows darker than the forehead; a beard darkens the jaw, age creases.
    rows, columns = plain.shape[:2]

    def texel(picture: np.ndarray, y: float, z: float) -> np.ndarray:
        u = np.arctan2(y, 0.1) / (2 * np.pi) + 0.5
        row = int((faces.HIGH - z) / (faces.HIGH - faces.LOW) * rows)
        return picture[row - 1 : row + 2, int(u * columns) - 1 : int(u * columns) + 2].reshape(-1, 3).mean(axis=0)

    lips, cheek = texel(plain, 0.0, 0.6565), texel(plain, 0.05, 0.70)
    assert lips[0] - lips[1] > cheek[0] - cheek[1] + 8
    assert texel(plain, 0.03, 0.745).sum() < texel(plain, 0.03, 0.775).sum() - 60
    assert texel(faces.face_picture(age=0.0, stubble=0.8), 0.02, 0.63).sum() < texel(plain, 0.02, 0.63).sum() - 60


def test_helmets_and_soles_are_closed() -> None:
    figure = figure_in("standing")
    figure.shoes(clothes.garment("shoes", "sneakers", np.random.default_rng(0)))
    solids = [(p.points, p.faces) for p in figure.parts if p.slots == "sole"]
    solids.append(head.helmet(figure.vertices))
    for worn in (headwear.bicycle_helmet, *headwear.HATS.values()):
        made = worn(figure.vertices)
        assert len(made.dark) == len(made.faces)
        solids.append((made.points, made.faces))
    for points, triangles in solids:
        solid = trimesh.Trimesh(points, triangles, process=False)
        assert solid.is_watertight and solid.is_winding_consistent and solid.volume > 0


@pytest.mark.parametrize("kind", list(bags.BAGS))
def test_bags_are_closed_and_of_their_size(kind: str) -> None:
    seen = set()
    for seed in range(10):
        made = bags.bag(kind, np.random.default_rng(seed))
        seen.add(made.size)
        for points, triangles in made.solids:
            solid = trimesh.Trimesh(points, triangles, process=False)
            assert solid.is_watertight and solid.is_winding_consistent and solid.volume > 0
        points = np.concatenate([p for p, _ in made.solids])
        extent = np.ptp(points, axis=0)
        assert 0.15 < extent[2] < 0.65 and extent[:2].max() < 0.45
    assert len(seen) == 10


def test_a_backpack_hangs_on_the_back_and_a_bag_below_the_hand() -> None:
    mesh = person(pose="standing", bag="backpack", piece="bag", level=1)
    assert mesh.slots == ("bag",)
    centre = mesh.bounds.mean(axis=0)
    assert 1.0 < centre[2] < 1.4 and mesh.bounds[0, 0] < -0.2
    body_only = person(pose="standing", bag="backpack", piece="body", level=1)
    assert "bag" not in body_only.slots
    hung = person(pose="standing", bag="handbag", piece="bag", level=1)
    assert 0.25 < hung.bounds[0, 2] < hung.bounds[1, 2] < 0.95


def test_pieces_together_are_the_person() -> None:
    worn = {
        "pose": "walking",
        "phase": 0.2,
        "vest": True,
        "helmet": "safety",
        "bag": "backpack",
        "jacket": "jacket",
        "level": 1,
    }
    whole = person(**worn)  # type: ignore[arg-type]
    pieces = [person(**worn, piece=k) for k in PIECES]  # type: ignore[arg-type]
    assert sum(len(m.faces) for m in pieces) == len(whole.faces)
    assert np.allclose(np.min([m.bounds[0] for m in pieces], axis=0), whole.bounds[0])
    with pytest.raises(InputError, match="no vest"):
        person(piece="vest", level=1)


def test_a_helmet_sits_on_the_head_and_a_vest_has_bands() -> None:
    mesh = person(pose="standing", vest=True, helmet="safety", hair="crop", level=1)
    assert {"vest", "band", "helmet"} <= set(mesh.slots)

    def part(slot: str) -> np.ndarray:
        return np.asarray(mesh.vertices[mesh.faces[mesh.slot == mesh.slots.index(slot)]].reshape(-1, 3))

    assert part("helmet")[:, 2].max() > part("skin")[:, 2].max()
    assert part("helmet")[:, 2].min() > 0.85 * mesh.bounds[1, 2]
    assert 0.2 < part("band")[:, 2].min() / 1.72 < part("band")[:, 2].max() / 1.72 < 0.9


@pytest.mark.parametrize(("worn", "slots"), [("bicycle", {"helmet", "pad"}), ("cap", {"hat"}), ("beanie", {"hat"})])
def test_what_is_worn_on_the_head_covers_the_skull_but_not_the_eyes(worn: str, slots: set[str]) -> None:
    """Looked at from above one sees no skin of the skull, from ahead both eyes; hair below does not come through."""
    chosen = {"helmet": worn} if worn == "bicycle" else {"hat": worn}
    mesh = person(pose="standing", hair="short", level=1, **chosen)  # type: ignore[arg-type]
    assert slots <= set(mesh.slots)
    mine = np.isin(mesh.slot, [mesh.slots.index(s) for s in slots])
    v = mesh.vertices.astype(float)
    shell = RayMeshIntersector(trimesh.Trimesh(v, mesh.faces[mine], process=False))
    top = v[mesh.faces[mine]].reshape(-1, 3)
    eyes = v[mesh.faces[mesh.slot == mesh.slots.index("eyes")]].reshape(-1, 3)
    for slot in ("face", "locks"):
        points = v[np.unique(mesh.faces[mesh.slot == mesh.slots.index(slot)])]
        high = points[points[:, 2] > top[:, 2].max() - 0.07]
        assert len(high) > 20
        assert shell.intersects_any(high, np.tile([0.0, 0.0, 1.0], (len(high), 1))).mean() > 0.99, slot
    assert not shell.intersects_any(eyes, np.tile([1.0, 0.0, 0.0], (len(eyes), 1))).any()
    assert 0.1 < np.ptp(top[:, 1]) < 0.24 and top[:, 2].max() < mesh.bounds[1, 2] + 1e-6
    assert mesh.bounds[1, 2] - 0.06 < top[:, 2].max()


def test_unknown_hats_and_helmets_are_refused() -> None:
    for wrong in ({"hat": "fez"}, {"helmet": "tin"}):
        with pytest.raises(InputError, match=r"hat|helmet"):
            person(**wrong)  # type: ignore[arg-type]
