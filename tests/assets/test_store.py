from pathlib import Path

import numpy as np
import pytest
import trimesh

import synthgen.procedural  # noqa: F401  registers the generators
from synthgen.assets.mesh import Mesh, content_hash, make_mesh
from synthgen.assets.store import Store
from synthgen.errors import CacheMismatch, InputError
from synthgen.scene.spec import MeshRef


def box(size: float = 1.0) -> Mesh:
    shape = trimesh.creation.box((size, size, size))
    return make_mesh(shape.vertices, shape.faces, slots=("side",))


def test_a_mesh_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    ref = Store(tmp_path).add_mesh(box(), {"test": 1})
    again = Store(tmp_path).mesh(ref)
    assert content_hash(again) == ref.hash
    assert np.array_equal(again.vertices, box().vertices)


def test_a_lost_or_torn_file_is_made_again(tmp_path: Path) -> None:
    ref = Store(tmp_path).procedural("street.bollard")
    path = Store(tmp_path).mesh_path(ref.hash)
    path.write_bytes(path.read_bytes()[:99])
    assert content_hash(Store(tmp_path).mesh(ref)) == ref.hash
    path.unlink()
    assert content_hash(Store(tmp_path).mesh(ref)) == ref.hash


def test_another_mesh_than_the_one_named_is_refused(tmp_path: Path) -> None:
    ref = Store(tmp_path).procedural("street.bollard")
    with pytest.raises(CacheMismatch, match="not the one the scene names"):
        Store(tmp_path).mesh(MeshRef("0" * 32, ref.source))
    with pytest.raises(InputError, match=r"no generator is named 'street\.nothing'"):
        Store(tmp_path).mesh(MeshRef("0" * 32, {"procedural": "street.nothing", "version": 1, "params": {}}))


def test_a_fact_is_found_once_and_follows_the_mesh(tmp_path: Path) -> None:
    asked: list[str] = []

    def highest(mesh: Mesh) -> float:
        asked.append("again")
        return float(mesh.vertices[:, 2].max())

    first = Store(tmp_path).add_mesh(box(1.0), {"test": "box"})
    assert Store(tmp_path).fact(first, "highest", highest) == 0.5
    assert Store(tmp_path).fact(first, "highest", highest) == 0.5
    assert len(asked) == 1
    other = Store(tmp_path).add_mesh(box(4.0), {"test": "box"})
    assert Store(tmp_path).fact(other, "highest", highest) == 2.0
    assert Store(tmp_path).bounds(other)[1].tolist() == [2.0, 2.0, 2.0]
