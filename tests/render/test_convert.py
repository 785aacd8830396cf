"""FBX, USD and BLEND, made by Blender itself, against what went in."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from synthgen.assets.archive import ModelFolder
from synthgen.assets.formats import blender, read_model
from synthgen.assets.formats.kept import load_source
from synthgen.errors import InputError
from tests.assets.formats.files import solid

pytestmark = pytest.mark.blender

BOUNDS = {
    "Wood": [[-5.5, -1, 0], [2.5, 1, 3]],
    "Red": [[-0.5, -0.25, 0], [5.25, 5.5, 5]],
}
"""Of the crates, and of the post that the armature has moved with the lump."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models and what they were converted to."""
    folder = tmp_path_factory.mktemp("models")
    script = Path(__file__).with_name("make_models.py")
    root = str(script.parents[2])
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); "
         f"from tests.render.make_models import main; from pathlib import Path; main(Path({str(folder)!r}))"],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert (folder / "units.blend.npz").exists(), done.stderr[-3000:]
    return folder


@pytest.mark.parametrize("name", ["model.blend", "model.fbx", "model.usdc", "model.usdz", "units.blend"])
def test_what_went_in_comes_out(made: Path, name: str) -> None:
    model, carried = load_source(made / f"{name}.npz")
    scale = 0.01 if name == "units.blend" else 1.0
    assert (model.objects, len(model.polygon_size), model.up, model.unit) == (4, 30, "+z", 1.0)
    assert sorted(model.materials) == ["Red", "Wood"]
    for number, material in enumerate(model.materials):
        used = model.corners[np.repeat(model.polygon_material == number, model.polygon_size), 0]
        points = model.positions[used]
        assert np.allclose([points.min(axis=0), points.max(axis=0)], np.array(BOUNDS[material]) * scale, atol=1e-5)
    whole = solid(model)
    assert whole.is_winding_consistent and whole.is_watertight
    assert whole.volume == pytest.approx((3 * 6 + 1 + 0.125) * scale**3, rel=1e-4)  # mirrored: not negative
    normals = model.normals[model.corners[:, 2]]
    a, b, c = (model.positions[model.corners[k::4, 0]] for k in range(3))
    assert ((np.cross(b - a, c - a) * normals[::4]).sum(axis=1) > 0).all()
    assert np.allclose(np.ptp(model.texcoords, axis=0), [0.75, 1.0], atol=0.26)

    red, wood = model.looks["Red"], model.looks["Wood"]
    assert red.diffuse == pytest.approx((0.8, 0.1, 0.05), abs=1e-3) and red.space == "linear"
    assert red.metallic == pytest.approx(0.25, abs=1e-3) and red.roughness == pytest.approx(0.75, abs=1e-3)
    assert wood.color_map is not None and wood.color_map.endswith("grain.png")
    assert bool(carried) == (name in ("model.usdz", "units.blend"))


def test_helpers_are_said_and_scripts_are_not_run(made: Path) -> None:
    model, _ = load_source(made / "model.blend.npz")
    assert any("helpers" in w for w in model.warnings)
    assert not (made / "a_script_ran").exists()


def test_by_way_of_the_cache(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    folder = ModelFolder(made)
    model = read_model(folder, "model.fbx")
    expected, _ = load_source(made / "model.fbx.npz")
    assert np.array_equal(model.positions, expected.positions)
    picture = model.looks["Wood"].color_map
    assert picture is not None and model.picture(picture) == (made / "tex" / "grain.png").read_bytes()
    digest = hashlib.sha256((made / "model.fbx").read_bytes()).hexdigest()
    assert sorted(p.name.split("-")[0] for p in (tmp_path / "cache" / "converted").iterdir()) == [digest, digest]
    monkeypatch.setattr(blender, "COMMAND", ("false",))
    assert np.array_equal(read_model(folder, "model.fbx").positions, expected.positions)


STAGE = """#usda 1.0
(
    metersPerUnit = 0.01
    upAxis = "Y"
)
def Xform "World"
{
    def "Tile" (
        prepend references = @./parts/tile.usda@</Tile>
    )
    {
    }
}
"""
TILE = """#usda 1.0
def Mesh "Tile"
{
    point3f[] points = [(0, 0, 0), (100, 0, 0), (100, 200, 0), (0, 200, 0)]
    int[] faceVertexCounts = [4]
    int[] faceVertexIndices = [0, 1, 2, 3]
}
"""


def test_layers_of_a_stage_are_fetched_from_the_models_files_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "root"
    (root / "parts").mkdir(parents=True)
    (root / "stage.usda").write_text(STAGE)
    with pytest.raises(InputError, match=r"no object that has faces[\s\S]*'parts/tile\.usda'.*missing"):
        read_model(ModelFolder(root), "stage.usda")
    (root / "parts" / "tile.usda").write_text(TILE)
    model = read_model(ModelFolder(root), "stage.usda")
    assert np.allclose(model.positions, [[0, 0, 0], [1, 0, 0], [1, 0, 2], [0, 0, 2]], atol=1e-5)
    monkeypatch.setattr(blender, "COMMAND", ("false",))
    assert len(read_model(ModelFolder(root), "stage.usda").polygon_size) == 1
    (root / "parts" / "tile.usda").write_text(TILE.replace("200", "300"))
    with pytest.raises(InputError, match="without a word"):  # made again, because the layer has changed
        read_model(ModelFolder(root), "stage.usda")


def test_a_file_that_is_cut_short(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    shutil.copy(made / "model.fbx", tmp_path / "model.fbx")
    with (tmp_path / "model.fbx").open("r+b") as file:
        file.truncate(5000)
    with pytest.raises(InputError, match=r"Blender cannot open the file.*cut short") as caught:
        read_model(ModelFolder(tmp_path), "model.fbx")
    assert len(caught.value.diagnostics) == 1
    assert not list((tmp_path / "cache" / "converted").iterdir())
