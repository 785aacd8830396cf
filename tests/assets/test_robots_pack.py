"""The real pack of robots. Needs `synthgen assets fetch robots`."""

from __future__ import annotations

import math
import zipfile
from functools import lru_cache
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from trimesh import transformations

from synthgen.assets.catalogue import Asset, Catalogue, load_catalogue
from synthgen.assets.check import LICENCES
from synthgen.assets.entries import load_entries
from synthgen.assets.facts import shipped_facts
from synthgen.assets.mesh import content_hash
from synthgen.assets.models import PackModels
from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.taxonomy import load_taxonomy

pytestmark = pytest.mark.assets

ARMS = ("ur3e", "ur5e", "ur10", "panda", "xarm7", "jaco")


@lru_cache
def store() -> Store:
    return Store()


@lru_cache
def catalogue() -> Catalogue:
    return load_catalogue(["robots"], store())


@pytest.fixture(scope="module", autouse=True)
def _fetched() -> None:
    try:
        find_pack("robots").require(Store().root)
    except InputError as error:
        pytest.skip(str(error))


def poses(arm: str) -> list[Asset]:
    return [a for a in catalogue().assets if arm in a.tags]


def test_every_file_of_the_pack_is_shown_by_an_asset() -> None:
    pack = find_pack("robots")
    files = {f.name: f.credit for f in pack.files}
    entries = load_entries("robots")
    assert {e.file for e in entries} == set(files)
    for entry in entries:
        credit = files[entry.file]
        assert credit is not None
        assert (entry.licence, entry.author) == (credit.licence, credit.author), entry.id
        assert entry.licence in LICENCES and entry.trademark, entry.id
        assert entry.file.removesuffix(".zip") in entry.tags, entry.id
    assert len(catalogue().suited(load_taxonomy("factory")).assets) == len(entries)


@pytest.mark.parametrize("arm", ARMS)
def test_arms_stand_on_their_bases(arm: str) -> None:
    """Nothing but the base touches the ground, and its middle is the origin."""
    assert 4 <= len(poses(arm)) <= 6
    for asset in poses(arm):
        assert asset.category == "robot" and "robot_arm" in asset.tags
        vertices = store().mesh(asset.mesh).vertices.astype(float)
        assert abs(vertices[:, 2].min()) < 1e-4, asset.id
        foot = vertices[vertices[:, 2] < 0.01, :2]
        assert np.linalg.norm(foot, axis=1).max() < 0.18, asset.id
        assert np.abs(foot.min(axis=0) + foot.max(axis=0)).max() / 2 < 0.02, asset.id


@pytest.mark.parametrize("arm", ARMS)
def test_poses_differ_and_reach_forward(arm: str) -> None:
    bounds = {asset.id: store().mesh(asset.mesh).bounds for asset in poses(arm)}
    for one, other in combinations(bounds, 2):
        assert np.abs(bounds[one] - bounds[other]).max() > 0.02, (one, other)
    low, high = next(found for name, found in bounds.items() if name.endswith("_reach"))
    assert high[0] > 3 * -low[0] and high[0] > high[1]


def test_ur5e_is_where_its_makers_formula_says() -> None:
    """Universal Robots' Denavit-Hartenberg parameters place the flange's face."""
    d, a = (0.1625, 0, 0, 0.1333, 0.0997, 0.0996), (0, -0.425, -0.3922, 0, 0, 0)
    alpha = (math.pi / 2, 0, 0, math.pi / 2, -math.pi / 2, 0)
    for entry in load_entries("robots"):
        if not entry.id.startswith("robots/ur5e_"):
            continue
        place = np.diag([-1.0, -1.0, 1.0, 1.0])  # the maker's base looks backward
        for k, joint in enumerate(UR_JOINTS):
            c, s = math.cos(q := math.radians(entry.joints.get(joint, 0.0))), math.sin(q)
            ca, sa = math.cos(alpha[k]), math.sin(alpha[k])
            place = place @ [
                [c, -s * ca, s * sa, a[k] * c],
                [s, c * ca, -c * sa, a[k] * s],
                [0, sa, ca, d[k]],
                [0, 0, 0, 1],
            ]
        mesh = store().mesh(catalogue()[entry.id].mesh)
        flange = np.unique(mesh.faces[mesh.slot == mesh.slots.index("LinkGrey.039")])
        seen = (mesh.vertices[flange].astype(float) - place[:3, 3]) @ place[:3, :3]
        assert abs(seen[:, 2].max()) < 0.003, entry.id
        assert np.abs(seen.min(axis=0) + seen.max(axis=0))[:2].max() < 0.01, entry.id
        assert np.linalg.norm(seen[:, :2], axis=1).max() < 0.05, entry.id


def test_ur5e_reaches_as_far_as_its_links_do() -> None:
    """The URDF read anew, without any of our code: farthest point upward, forward and to the left of each pose."""
    with zipfile.ZipFile(find_pack("robots").folder(store().root) / "ur5e.zip") as archive:
        # Its attributes with a prefix (drake:acceleration) lack the prefix's declaration.
        text = archive.read("arms/ur5e/ur5e.urdf").replace(b"<robot ", b'<robot xmlns:drake="drake" ')
        robot = ElementTree.fromstring(text)
        points: dict[str, list[np.ndarray]] = {}
        for link in robot.findall("link"):
            for visual in link.findall("visual"):
                name = visual.find("geometry/mesh").attrib["filename"]  # type: ignore[union-attr]
                rows = [row.split()[1:4] for row in archive.read(f"arms/ur5e/{name}").splitlines() if row[:2] == b"v "]
                vertices = np.column_stack([np.array(rows, dtype=float), np.ones(len(rows))])
                points.setdefault(link.attrib["name"], []).append(vertices @ origin(visual).T)
    joints = {j.find("child").attrib["link"]: j for j in robot.iterfind("joint") if j.find("child") is not None}  # type: ignore[union-attr]
    for entry in load_entries("robots"):
        if entry.id.startswith("robots/ur5e_"):
            farthest = np.full(3, -np.inf)
            for link, clouds in points.items():
                place, at = np.eye(4), link
                while at in joints:
                    joint = joints[at]
                    turn = np.eye(4)
                    if joint.attrib["type"] == "revolute":
                        axis = [float(x) for x in joint.find("axis").attrib["xyz"].split()]  # type: ignore[union-attr]
                        angle = math.radians(entry.joints.get(joint.attrib["name"], 0.0))
                        turn = transformations.rotation_matrix(angle, axis)
                    place = origin(joint) @ turn @ place
                    at = joint.find("parent").attrib["link"]  # type: ignore[union-attr]
                farthest = np.maximum(farthest, *[(c @ place.T)[:, :3].max(axis=0) for c in clouds], farthest)
            found = store().mesh(catalogue()[entry.id].mesh).bounds[1]
            assert np.allclose(found, farthest, atol=0.002), entry.id


UR_JOINTS = (
    "shoulder_pan_joint", "shoulder_lift_joint", "elbow_joint", "wrist_1_joint", "wrist_2_joint", "wrist_3_joint",
)  # fmt: skip


def origin(element: ElementTree.Element) -> np.ndarray:
    said = element.find("origin")
    if said is None:
        return np.eye(4)
    roll, pitch, yaw = (float(x) for x in said.attrib["rpy"].split())
    matrix = transformations.euler_matrix(roll, pitch, yaw, "sxyz")
    matrix[:3, 3] = [float(x) for x in said.attrib["xyz"].split()]
    return np.asarray(matrix)


def test_a_gripper_closes() -> None:
    opened, closed = (catalogue()[f"robots/robotiq_2f_85_{how}"] for how in ("open", "closed"))
    assert opened.size[0] > closed.size[0] + 0.01 and closed.size[2] > opened.size[2] + 0.01


def test_the_facts_that_come_along_are_those_of_the_entries() -> None:
    models = PackModels(find_pack("robots"), store())
    known = shipped_facts("robots")
    assert [e.id for e in load_entries("robots") if models.key(e) not in known] == []
    assert len(known) == len(load_entries("robots"))
    for entry in load_entries("robots"):
        if entry.id in ("robots/ur5e_low", "robots/robotiq_2f_85_closed"):
            assert content_hash(models.mesh(entry)) == known[models.key(entry)].mesh, entry.id
