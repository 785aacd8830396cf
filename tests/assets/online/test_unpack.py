from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from synthgen.assets.online.settings import load_service
from synthgen.assets.online.unpack import confined, unpack
from synthgen.errors import InputError
from tests.assets.online.conftest import zipped

LIMITS = load_service("gso").manners.limits


@pytest.mark.parametrize("name", ["a.obj", "a/b/c d.png", "meshes\\model.obj", "名前.png", "..a", "a..b/c"])
def test_names_within_a_folder(name: str) -> None:
    assert confined(name, "x") == name.replace("\\", "/")


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../a",
        "a/../b",
        "/a",
        "a//b",
        "a/",
        "\\\\host\\a",
        "C:/a",
        "c:a",
        "a\0b",
        "a\nb",
        "a\x1b[2J",
        "x" * 300,
    ],
)
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(InputError, match="not a name for a file within a folder"):
        confined(name, "x")


def archive(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    (tmp_path / "into" / "deep").mkdir(parents=True, exist_ok=True)
    return path


def test_a_good_archive(tmp_path: Path) -> None:
    path = archive(tmp_path, zipped({"a/b.obj": b"v", "c.png": b"p", "empty/": b""}))
    assert unpack(path, tmp_path / "into", LIMITS) == ("a/b.obj", "c.png")
    assert (tmp_path / "into" / "a" / "b.obj").read_bytes() == b"v"


def link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        info = zipfile.ZipInfo("a/link")
        info.external_attr = 0o120777 << 16
        opened.writestr(info, "/etc/passwd")
    return out.getvalue()


def lying() -> bytes:
    """Says that its member has 10 bytes; it has a million."""
    data = bytearray(zipped({"a": b"0" * 1_000_000}))
    real, said = (1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    return bytes(data.replace(real, said))


def locked() -> bytes:
    data = bytearray(zipped({"a": b"secret"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (zipped({"../../outside": b"x"}), "not a name"),
        (zipped({"ok": b"x", "/outside": b"x"}), "not a name"),
        (zipped({"..\\..\\outside": b"x"}), "not a name"),
        (link(), "has a link"),
        (lying(), "larger than the archive says|cannot be read|can be read"),
        (locked(), "can be read"),
        (zipped({"a": b"x", "A": b"y"}), "two files of one name"),
        (zipped({"a": b"x", "a/b": b"y"}), "a file and a folder of one name"),
        (zipped({"a/b": b"x", "a": b"y"}), "a file and a folder of one name"),
        (b"no archive", "not a zip archive"),
        (zipped({"a": b"0" * 5000})[:-25], "not a zip archive"),
    ],
)
def test_hostile_and_broken_archives(tmp_path: Path, data: bytes, says: str) -> None:
    path = archive(tmp_path, data)
    with pytest.raises(InputError, match=says):
        unpack(path, tmp_path / "into" / "deep", LIMITS)
    assert not list(tmp_path.rglob("outside"))


def test_a_damaged_member(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("a", b"content" * 10)
    data = bytearray(out.getvalue())
    data[data.index(b"content")] ^= 1
    with pytest.raises(InputError, match="CRC"):
        unpack(archive(tmp_path, bytes(data)), tmp_path / "into", LIMITS)


@pytest.mark.parametrize("change", [{"members": 2}, {"file": 5}, {"asset": 25}])
def test_bombs(tmp_path: Path, change: dict[str, int]) -> None:
    path = archive(tmp_path, zipped(dict.fromkeys("abc", b"0123456789")))
    with pytest.raises(InputError, match="more than"):
        unpack(path, tmp_path / "into", replace(LIMITS, **change))
    assert unpack(path, tmp_path / "into", LIMITS)
