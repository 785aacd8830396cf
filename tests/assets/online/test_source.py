"""The record beside a downloaded asset, and how the folder is made."""

from __future__ import annotations

import json
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from synthgen.assets.online.found import Contents, Downloaded, Found
from synthgen.assets.online.intake import Room, take_in
from synthgen.assets.online.settings import load_service
from synthgen.assets.online.source import read_folder, read_source
from synthgen.assets.online.web import Web
from synthgen.errors import InputError
from tests.assets.online.conftest import Reply, Site

FOUND = Found(
    provider="gso", id="mug", title="A mug, große", kind="model", licence="CC-BY-4.0", author="Google Research",
    page="https://example.org/mug", tags=("cup",), category=("Cups",), extent=(0.1, 0.08, 0.1), date="2020-09-18",
)  # fmt: skip


def bring(into: Path, fill: Any) -> Downloaded:
    service = load_service("gso")
    return take_in(service, FOUND, into, "1k", fill, Web(service, lambda _: None))


def fill(room: Room) -> Contents:
    (room.files / "meshes").mkdir(exist_ok=True)
    (room.files / "meshes" / "model.obj").write_bytes(b"v 0 0 0\n")
    (room.files / "texture.png").write_bytes(b"png")
    return Contents("meshes/model.obj", maps={"color": "texture.png"}, up="+z", unit=1.0)


def test_what_is_written_is_read(site: Site, tmp_path: Path) -> None:
    got = bring(tmp_path / "mug", fill)
    known = read_source(tmp_path / "mug" / "meshes" / "model.obj")
    assert known is not None
    assert (known.found, known.contents, known.files, known.main) == (FOUND, got.contents, got.files, got.main)
    assert (known.terms, known.credit, known.resolution) == (got.terms, got.credit, "1k")
    (tmp_path / "mug" / "own.obj").write_text("")
    assert read_source(tmp_path / "mug" / "own.obj") is None, "the user's own file"
    assert read_source(tmp_path / "elsewhere.obj") is None


def test_no_clock_and_no_place_in_the_record(site: Site, tmp_path: Path) -> None:
    bring(tmp_path / "a" / "mug", fill)
    bring(tmp_path / "b" / "mug", fill)
    first, second = ((tmp_path / x / "mug" / "source.json").read_bytes() for x in "ab")
    assert first == second


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"synthgen_source": 2}, "of version 2, not 1"),
        ({"kind": "film"}, "`kind` is none of model, hdri, material"),
        ({"licence": None}, "`licence` is missing"),
        ({"main": "../../etc/passwd"}, "not a name for a file"),
        ({"files": [{"name": "/etc/passwd", "size": 1, "sha256": ""}]}, "not a name for a file"),
        ({"files": {}}, "`files` is an object, not a list"),
        ({"extent": ["wide"]}, r"`extent\[0\]` is a text, not a number"),
    ],
)
def test_a_broken_record(site: Site, tmp_path: Path, change: dict[str, Any], says: str) -> None:
    bring(tmp_path / "mug", fill)
    path = tmp_path / "mug" / "source.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError, match=says) as caught:
        read_folder(tmp_path / "mug")
    assert str(path) in str(caught.value)
    path.write_text("{")
    with pytest.raises(InputError, match="not JSON"):
        read_folder(tmp_path / "mug")


def test_a_failure_leaves_nothing_or_what_can_be_gone_on_with(site: Site, tmp_path: Path) -> None:
    def fail(room: Room) -> Contents:
        raise InputError.of("no")

    with pytest.raises(InputError):
        bring(tmp_path / "mug", fail)
    assert [p.name for p in tmp_path.iterdir()] == []

    def stop(room: Room) -> Contents:
        fill(room)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(tmp_path / "mug", stop)
    assert [p.name for p in tmp_path.iterdir()] == [".mug.part"]
    assert bring(tmp_path / "mug", fill).new
    assert [p.name for p in tmp_path.iterdir()] == ["mug"]


def test_a_download_is_gone_on_with_file_by_file(site: Site, tmp_path: Path) -> None:
    site.put("/gso/a", Reply(b"first"))
    site.put("/gso/b", Reply(b"second", status=403), Reply(b"second"))

    def two(room: Room) -> Contents:
        room.fetch("/a", "a.obj")
        return Contents(room.fetch("/b", "deep/b.obj"))

    with pytest.raises(InputError, match="refuses"):
        bring(tmp_path / "mug", two)
    assert bring(tmp_path / "mug", two).main.read_bytes() == b"second"
    assert site.paths() == ["/gso/a", "/gso/b", "/gso/b"]


def test_two_at_once(site: Site, tmp_path: Path) -> None:
    def again(room: Room) -> Contents:
        with pytest.raises(InputError, match="another synthgen is downloading this"):
            bring(tmp_path / "mug", fill)
        return fill(room)

    assert bring(tmp_path / "mug", again).new


def test_what_there_is_no_room_for(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("synthgen.assets.online.intake.shutil.disk_usage", lambda _: usage(10, 10, 5))

    def large(size: int) -> Any:
        return lambda room: room.expect(size) or fill(room)

    with pytest.raises(InputError, match=r"no room: .* with --to"):
        bring(tmp_path / "mug", large(6))
    with pytest.raises(InputError, match="which is too much"):
        bring(tmp_path / "mug", large(1 << 50))
    assert bring(tmp_path / "mug", large(5)).new


def test_a_file_of_the_service_s_that_is_called_like_the_record(site: Site, tmp_path: Path) -> None:
    def clash(room: Room) -> Contents:
        (room.files / "source.json").write_text("{}")
        return fill(room)

    got = bring(tmp_path / "mug", clash)
    assert read_folder(tmp_path / "mug").found == FOUND and "source.json" not in {f.name for f in got.files}
