from __future__ import annotations

import io
import os
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from synthgen.assets import fetch as fetching
from synthgen.assets.archive import ModelArchive, beside
from synthgen.assets.fetch import fetch
from synthgen.assets.providers import taking
from synthgen.errors import InputError
from tests.assets.conftest import Tiny


def deb(files: dict[str, bytes], compression: str = "xz") -> bytes:
    """A Debian package with these files."""
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode=f"w:{compression}") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(f"./usr/share/models/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    out = b"!<arch>\n"
    for name, data in (
        ("debian-binary", b"2.0\n"),
        ("control.tar.xz", b"odd"),
        (f"data.tar.{compression}", inner.getvalue()),
    ):
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2)
    return out


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sources(pack: bytes) -> dict[str, tuple[str, bytes]]:
    return {
        "deb": ("tiny-models_1.0-1_all.deb", deb({"tiny.sh3f": pack, "other.txt": b"x"})),
        "deb gz": ("tiny.deb", deb({"tiny.sh3f": pack}, "gz")),
        "tar": ("models.tar", tarred({"./some/tiny.sh3f": pack}, "w")),
        "tgz": ("tiny-1.0.tgz", tarred({"package/tiny.sh3f": pack})),
        "zip": ("models.zip", zipped({"some/folder/tiny.sh3f": pack, "readme": b"x"})),
        "own file": ("tiny.sh3f", pack),
        "own file renamed": ("download(1)", pack),
    }


@pytest.mark.parametrize("kind", ["deb", "deb gz", "tar", "tgz", "zip", "own file", "own file renamed"])
def test_a_pack_comes_from_any_of_these_files(tiny: Tiny, tmp_path: Path, kind: str) -> None:
    name, data = sources(tiny.pack)[kind]
    (tmp_path / name).write_bytes(data)
    report = fetch("tiny", source=str(tmp_path / name), cache=tiny.cache)
    assert (report.taken, report.kept, report.assets) == (("tiny.sh3f",), (), 3)
    assert (tiny.folder / "tiny.sh3f").read_bytes() == tiny.pack
    assert sorted(p.name for p in tiny.folder.iterdir()) == ["index.json", "models", "tiny.sh3f"]


def test_a_pack_comes_from_a_folder_or_an_address(tiny: Tiny, tmp_path: Path) -> None:
    folder = tmp_path / "a folder" / "deeper"
    folder.mkdir(parents=True)
    (folder / "tiny.sh3f").write_bytes(tiny.pack)
    assert fetch("tiny", source=str(folder.parent), cache=tiny.cache).taken == ("tiny.sh3f",)
    (tiny.folder / "tiny.sh3f").unlink()
    assert fetch("tiny", source=folder.parent.as_uri(), cache=tiny.cache).taken == ("tiny.sh3f",)
    (tiny.folder / "tiny.sh3f").unlink()
    assert fetch("tiny", source=(folder / "tiny.sh3f").as_uri(), cache=tiny.cache).taken == ("tiny.sh3f",)


def test_what_is_there_is_not_fetched_again(tiny: Tiny) -> None:
    tiny.put()
    assert fetch("tiny", source="/nowhere", cache=tiny.cache).kept == ("tiny.sh3f",)


def test_a_damaged_file_in_the_cache_is_fetched_again(tiny: Tiny, tmp_path: Path) -> None:
    tiny.put()
    (tiny.folder / "tiny.sh3f").write_bytes(tiny.pack[:-1] + b"?")
    (tmp_path / "tiny.sh3f").write_bytes(tiny.pack)
    assert fetch("tiny", source=str(tmp_path), cache=tiny.cache).taken == ("tiny.sh3f",)  # which holds the cache too


@pytest.mark.parametrize("kind", ["deb", "zip", "own file"])
@pytest.mark.parametrize("change", ["other", "longer", "shorter"])
def test_a_wrong_checksum_is_refused_and_nothing_is_kept(tiny: Tiny, tmp_path: Path, kind: str, change: str) -> None:
    wrong = {"other": b"?" + tiny.pack[1:], "longer": tiny.pack + b"?", "shorter": tiny.pack[:-9]}[change]
    name, data = sources(wrong)[kind]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match="not the file that was pinned"):
        fetch("tiny", source=str(tmp_path / name), cache=tiny.cache)
    assert list(tiny.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"neither nor", "neither a Debian package, a zip nor a tar"),
        (zipped({"readme": b"x"}), "source lacks tiny.sh3f"),
        (zipped({"tiny.sh3f": b"x" * 4000})[:-40], "broken archive"),
        (deb({"readme": b"x"}), "source lacks tiny.sh3f"),
        (deb({"tiny.sh3f": b"x"})[:100], "cut short"),
        (deb({"tiny.sh3f": os.urandom(4000)})[:-2000], "broken archive"),
        (deb({"tiny.sh3f": b"x"}).replace(b"`\n", b"no", 3), "cut short"),
        (deb({"tiny.sh3f": b"x"}).replace(b"4         `", b"many      `", 1), "broken archive"),
        (tarred({"readme": b"x"}), "source lacks tiny.sh3f"),
        (tarred({"tiny.sh3f": os.urandom(40_000)})[:-20_000], "broken archive"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_sources_that_are_no_such_thing(tiny: Tiny, tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "source").write_bytes(data)
    with pytest.raises(InputError, match=says):
        fetch("tiny", source=str(tmp_path / "source"), cache=tiny.cache)
    assert list(tiny.folder.iterdir()) == []


def test_a_path_that_does_not_exist(tiny: Tiny) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        fetch("tiny", source="/no/such/place", cache=tiny.cache)


def test_an_unknown_pack(tiny: Tiny) -> None:
    with pytest.raises(InputError, match="known packs: tiny"):
        fetch("everything", cache=tiny.cache)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_no_room(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tiny.sh3f").write_bytes(tiny.pack)
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: Usage(10, 10, 0))
    with pytest.raises(InputError, match="no room"):
        fetch("tiny", source=str(tmp_path), cache=tiny.cache)


def test_a_full_disk_while_writing(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tiny.sh3f").write_bytes(tiny.pack)

    def full(*_: object, **__: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(taking, "copy_stream", full)
    with pytest.raises(InputError, match="the disk is full"):
        fetch("tiny", source=str(tmp_path), cache=tiny.cache)
    assert list(tiny.folder.iterdir()) == []


def test_leftovers_of_a_killed_fetch_are_swept(tiny: Tiny) -> None:
    tiny.put()
    old, new = tiny.folder / ".fetch-old", tiny.folder / ".fetch-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "x.part").write_bytes(b"half")
    os.utime(old, (0, 0))
    fetch("tiny", cache=tiny.cache)
    assert not old.exists() and new.exists()  # the new one may belong to a fetch that is running


def fake_apt(folder: Path, script: str) -> None:
    folder.mkdir()
    tool = folder / "apt-get"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)


def test_the_packages_own_client_is_asked(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.deb").write_bytes(deb({"tiny.sh3f": tiny.pack}))
    fake_apt(tmp_path / "bin", f'[ "$2" = tiny-models=1.0-1 ] && cp {tmp_path}/made.deb ./tiny-models_1.0-1_all.deb')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert fetch("tiny", cache=tiny.cache).taken == ("tiny.sh3f",)


def test_an_empty_package_index_is_made_good_in_a_folder_of_its_own(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made.deb").write_bytes(deb({"tiny.sh3f": tiny.pack}))
    script = f"""
lists=none
for word in "$@"; do case "$word" in Dir::State::Lists=*) lists="${{word#*=}}";; esac; done
case "$*" in
  *update*) touch "$lists/known";;
  *) if [ -e "$lists/known" ]; then cp {tmp_path}/made.deb ./tiny-models_1.0-1_all.deb
     else echo 'E: Unable to locate package tiny-models' >&2; exit 100; fi;;
esac"""
    fake_apt(tmp_path / "bin", script)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert fetch("tiny", cache=tiny.cache).taken == ("tiny.sh3f",)


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("E: Unable to locate package tiny-models", "apt-get update"),
        ("E: Failed to fetch: Temporary failure resolving", "is the network up"),
    ],
)
def test_what_apt_says_is_passed_on(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, hint: str
) -> None:
    fake_apt(tmp_path / "bin", f"echo '{said}' >&2; exit 100")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(InputError) as caught:
        fetch("tiny", cache=tiny.cache)
    assert said[3:20] in str(caught.value) and hint in str(caught.value) and "--source" in str(caught.value)


def test_without_apt_the_message_says_what_to_do(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="synthgen assets fetch tiny --source"):
        fetch("tiny", cache=tiny.cache)


class Handler(BaseHTTPRequestHandler):
    """Serves bytes, and breaks off the first answer half-way where told to."""

    def __init__(self, *args: object, data: bytes, breaks: list[bool], asked: list[str], **more: object):
        self.data, self.breaks, self.asked = data, breaks, asked
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.asked.append(wanted)
        if self.path.endswith("lost.deb"):
            self.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-") or 0)
        part = self.data[start:]
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part[: len(part) // 2] if self.breaks and self.breaks.pop() else part)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def serving(data: bytes, breaks: list[bool]) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), partial(Handler, data=data, breaks=breaks, asked=asked))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("breaks", [False, True])
def test_a_download_that_breaks_goes_on_where_it_broke(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch, breaks: bool
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    said: list[str] = []
    with serving(deb({"tiny.sh3f": tiny.pack, "more": os.urandom(300_000)}), [breaks]) as (address, asked):
        report = fetch("tiny", source=f"{address}/tiny.deb", cache=tiny.cache, progress=said.append)
    assert report.taken == ("tiny.sh3f",)
    assert len(asked) == 1 + breaks
    assert not breaks or asked[1].startswith("bytes=")


def test_an_address_that_has_nothing_and_one_that_nobody_answers(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(b"", []) as (address, _), pytest.raises(InputError, match="status 404"):
        fetch("tiny", source=f"{address}/lost.deb", cache=tiny.cache)
    with pytest.raises(InputError, match="no connection"):
        fetch("tiny", source=f"{address}/tiny.deb", cache=tiny.cache)
    assert list(tiny.folder.iterdir()) == []


@pytest.mark.parametrize("reference", ["../../../etc/passwd", "/etc/passwd", "..\\..\\..\\x.png", "../../other/x.png"])
def test_references_do_not_leave_the_archive(reference: str) -> None:
    assert beside("top/model/model.obj", reference) is None


def test_references_within_the_archive() -> None:
    assert beside("top/model/model.obj", "wood.png") == "top/model/wood.png"
    assert beside("top/model/model.obj", "..\\shared\\wood.png") == "top/shared/wood.png"


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    "name", ["../../tiny.sh3f", "/abs/tiny.sh3f", "..\\tiny.sh3f", "a/../../tiny.sh3f", "C:/tiny.sh3f"]
)
def test_hostile_member_names_are_passed_over(
    tiny: Tiny, tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes], name: str
) -> None:
    (tmp_path / "evil").write_bytes(pack({name: tiny.pack, "other": b"x"}))
    with pytest.raises(InputError, match=r"lacks tiny\.sh3f"):
        fetch("tiny", source=str(tmp_path / "evil"), cache=tiny.cache)
    assert not list(tmp_path.rglob("tiny.sh3f*"))


def test_links_in_an_archive_are_passed_over(tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(tiny.pack)
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("tiny.sh3f")
            info.type, info.linkname = kind, str(tmp_path / "secret")
            archive.addfile(info)
    with pytest.raises(InputError, match=r"lacks tiny\.sh3f"):
        fetch("tiny", source=str(tmp_path / "evil.tar"), cache=tiny.cache)


def test_a_folder_of_packages_among_other_things(tiny: Tiny, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "a_other.zip").write_bytes(zipped({"readme": b"x"}))
    (folder / "tiny.deb").write_bytes(deb({"tiny.sh3f": tiny.pack}))
    (folder / "z_torn.zip").write_bytes(zipped({"readme": b"x"})[:-9])
    assert fetch("tiny", source=str(folder), cache=tiny.cache).taken == ("tiny.sh3f",)


def test_an_interrupt_leaves_nothing_half(tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "tiny.sh3f").write_bytes(tiny.pack)

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("tiny", source=str(tmp_path), cache=tiny.cache, progress=interrupt)
    assert list(tiny.folder.iterdir()) == []
    assert fetch("tiny", source=str(tmp_path), cache=tiny.cache).taken == ("tiny.sh3f",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_may_only_be_read(tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "tiny.sh3f").write_bytes(tiny.pack)
    tiny.cache.mkdir(mode=0o500)
    with pytest.raises(InputError, match="Permission denied"):
        fetch("tiny", source=str(tmp_path), cache=tiny.cache)


def test_a_cache_that_is_no_folder(tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "tiny.sh3f").write_bytes(tiny.pack)
    tiny.cache.write_text("a file")
    with pytest.raises(InputError, match="cannot be read or written"):
        fetch("tiny", source=str(tmp_path / "tiny.sh3f"), cache=tiny.cache)


def test_members_that_are_missing_torn_or_huge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(zipped({"a/big.obj": b"v 0 0 0\n" * 100}))
    data[60] ^= 0xFF
    (tmp_path / "torn.zip").write_bytes(data)
    archive = ModelArchive(tmp_path / "torn.zip")
    with pytest.raises(InputError, match="cannot be read"):
        archive.read("a/big.obj")
    with pytest.raises(InputError, match="no such member"):
        archive.read("a/none.obj")
    monkeypatch.setattr("synthgen.assets.archive.MAX_MEMBER", 10)
    with pytest.raises(InputError, match="too large"):
        archive.read("a/big.obj")
