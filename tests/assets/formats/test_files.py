"""What is common to all formats: files that are not what they say, places out of bounds, sizes beyond limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from synthgen.assets.archive import ModelArchive, ModelFolder, beside
from synthgen.assets.formats import FORMATS, read_model
from synthgen.assets.formats import source as source_module
from synthgen.assets.formats.kept import TORN, load_source, save_source
from synthgen.assets.formats.pictures import at_half, mean_channels, open_picture, with_alpha
from synthgen.assets.formats.source import MAX_POLYGONS
from synthgen.errors import InputError
from tests.assets.formats.files import BOX, Gltf, png, read
from tests.assets.formats.test_dae import dae
from tests.assets.formats.test_urdf import link, robot
from tests.assets.tiny import box

GLB = BOX.export(file_type="glb")
HTML = b"<!DOCTYPE html><html><title>Not found</title></html>"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


@pytest.mark.parametrize("suffix", sorted(FORMATS))
@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "is empty"), (HTML, "web page.*fetch it again"), (POINTER, "git lfs pull"), (png(), "a PNG picture")],
)
def test_what_is_no_model_at_all(suffix: str, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read(data, suffix)
    assert len(caught.value.diagnostics) == 1


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_garbage_is_refused_before_blender_is_asked(suffix: str) -> None:
    if suffix in (".usd", ".blend"):
        return
    with pytest.raises(InputError):
        read(bytes(range(256)) * 4, suffix)


@pytest.mark.parametrize(
    ("data", "suffix", "says"),
    [
        (GLB, ".obj", r"is GLB, not OBJ.*rename it to model\.glb"),
        (b"Kaydara FBX Binary  \0", ".glb", r"is FBX.*rename it to model\.fbx"),
        (b"#usda 1.0\n", ".usdc", r"is USD.*rename it to model\.usda"),
        (b"PK\x03\x04", ".obj", "zip archive.*unpack"),
        (b"BLENDER-v405", ".fbx", r"rename it to model\.blend"),
        (box().encode(), ".glb", "not GLB"),
        (BOX.export(file_type="stl"), ".obj", "is binary"),
        (box().encode(), ".dae", "not XML"),
        (box().encode(), ".gltf", "JSON"),
    ],
)
def test_a_suffix_that_is_not_the_contents(data: bytes, suffix: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(data, suffix)


def test_formats_that_are_not_read() -> None:
    with pytest.raises(InputError, match=r"'\.skp' are not read.*\.glb"):
        read(b"x", ".skp")


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".obj", box() + "f 1 2 3\n" * 5),
        (".glb", GLB),
        (".stl", BOX.export(file_type="stl")),
        (".stl", BOX.export(file_type="stl_ascii")),
        (".ply", BOX.export(file_type="ply")),
        (".dae", BOX.export(file_type="dae")),
        (".urdf", robot(link("a", '<mesh filename="b.stl"/>'))),
    ],
)  # fmt: skip
def test_more_polygons_than_the_limit_are_refused(
    suffix: str, data: bytes | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {"m/b.stl": BOX.export(file_type="stl")}
    assert len(read(data, suffix, others).polygon_size) >= 6
    monkeypatch.setattr(source_module, "MAX_POLYGONS", 5)
    with pytest.raises(InputError, match=r"at most 5 are read.*reduce it"):
        read(data, suffix, others)


def test_a_million_is_read_and_said() -> None:
    assert MAX_POLYGONS == 5_000_000
    side = 710
    x, y = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
    at = np.arange(side * side).reshape(side, side)
    a, b, c, d = (table.ravel() for table in (at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]))
    faces = np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
    gltf = Gltf()
    mesh = gltf.mesh(np.column_stack([x.ravel(), y.ravel(), x.ravel() * 0]), None)
    gltf.json["meshes"][mesh]["primitives"][0]["indices"] = gltf.accessor(faces.ravel(), "<u4")
    gltf.node(mesh=mesh)
    model = read(gltf.glb(), ".glb")
    assert len(model.polygon_size) == len(faces) > 1_000_000
    assert any("1,005,362 polygons" in w for w in model.warnings)


@pytest.mark.parametrize(
    ("model", "reference", "place"),
    [
        ("a.obj", "a.mtl", "a.mtl"),
        ("a.obj", "tex/a.png", "tex/a.png"),
        ("a.obj", "../a.png", None),
        ("a.obj", "/etc/passwd", None),
        ("top/a.obj", "../a.png", None),
        ("top/in/a.obj", "../tex/a.png", "top/tex/a.png"),
        ("top/in/a.obj", "..\\tex\\a.png", "top/tex/a.png"),
        ("top/a.obj", "..", None),
        ("a.obj", "..", None),
        ("a.obj", "..a.png", "..a.png"),
    ],
)
def test_what_a_model_may_name(model: str, reference: str, place: str | None) -> None:
    assert beside(model, reference) == place


def test_a_folder_is_read_like_an_archive(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    root = tmp_path / "root"
    (root / "Car" / "Tex").mkdir(parents=True)
    (root / "Car" / "Body.OBJ").write_text("mtllib body.mtl\n" + box(material="x"))
    (root / "Car" / "body.MTL").write_text("newmtl x\nmap_Kd tex/wood.png\n")
    (root / "Car" / "Tex" / "Wood.png").write_bytes(png())
    (root / "Car" / "link.png").symlink_to(tmp_path / "secret.png")
    folder = ModelFolder(root)
    model = read_model(folder, "car/body.obj")
    assert model.warnings == () and model.picture("tex/wood.png") == png()
    for name in (
        "../secret.png",
        str(tmp_path / "secret.png"),
        "Car/link.png",
        "Car/../../secret.png",
        "Car",
        "a\0b",
        "",
    ):
        assert not folder.has(name)
        with pytest.raises(InputError):
            folder.read(name)


def test_a_file_that_is_too_large_for_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.stl").write_bytes(b"x" * 100)
    monkeypatch.setattr("synthgen.assets.archive.MAX_FILE", 99)
    with pytest.raises(InputError, match="larger than"):
        read_model(ModelFolder(tmp_path), "a.stl")


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the directory of the archive says how large the member is, or lies."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.obj", b"v 0 0 0\n" * 200_000)
    monkeypatch.setattr("synthgen.assets.archive.MAX_MEMBER", 100_000)
    with pytest.raises(InputError, match="too large"):
        read_model(ModelArchive(path), "bomb.obj")
    data = path.read_bytes().replace((1_600_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"too large|cannot be read"):
        read_model(ModelArchive(path), "bomb.obj")


def test_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.obj", "mtllib ../../up.mtl\n" + box(material="x"))
        archive.writestr("../../up.mtl", "newmtl x\n")
    model = read_model(ModelArchive(path), "a.obj")
    assert any("missing" in w for w in model.warnings)
    assert [p.name for p in tmp_path.iterdir()] == ["evil.zip"]


def test_pictures_that_are_broken_or_gigantic() -> None:
    with pytest.raises(InputError, match="not a picture"):
        open_picture(b"\x89PNG\r\n\x1a\n broken", "a.png")
    with pytest.raises(InputError, match=r"cannot be read|not a picture"):
        mean_channels(png((64, 64))[:-30], "a.png")
    header = bytearray(png())
    header[16:24] = (200_000).to_bytes(4, "big") * 2
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    with pytest.raises(InputError, match="too large"):
        open_picture(bytes(header), "a.png")
    header[16:24] = (12_000).to_bytes(4, "big") * 2
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    with pytest.raises(InputError, match="12000 x 12000"):
        open_picture(bytes(header), "a.png")


def test_an_opacity_that_lies_in_a_picture_of_its_own() -> None:
    mask = Image.fromarray(np.array([[0, 255]], dtype=np.uint8))
    out = io.BytesIO()
    mask.save(out, format="PNG")
    whole = with_alpha(Image.new("RGB", (2, 1), (9, 9, 9)), out.getvalue(), "mask")
    assert np.asarray(whole).tolist() == [[[9, 9, 9, 0], [9, 9, 9, 255]]]


def test_cutoffs_come_to_lie_at_one_half() -> None:
    pixels = np.zeros((1, 5, 4), dtype=np.uint8)
    pixels[0, :, 3] = [0, 25, 51, 153, 255]
    assert at_half(pixels, 0.2)[0, :, 3].tolist() == [0, 62, 128, 191, 255]
    assert at_half(pixels, 0.5) is pixels


def test_a_kept_model_is_read_back_whole_or_not_at_all(tmp_path: Path) -> None:
    model = read(dae(), ".dae")
    path = tmp_path / "a.npz"
    save_source(path, model, {"wood.png": png()})
    again, pictures = load_source(path)
    assert pictures == {"wood.png": png()}
    for name in ("positions", "texcoords", "corners", "polygon_size", "polygon_material"):
        assert np.array_equal(getattr(again, name), getattr(model, name))
    for name in ("materials", "looks", "about", "unit", "up", "warnings", "objects", "parts"):
        assert getattr(again, name) == getattr(model, name)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(TORN):
        load_source(path)
