"""Packages by npm and pip, with clients of our own on PATH that bring what a test says."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from synthgen import paths
from synthgen.assets.fetch import fetch
from synthgen.assets.packs import Package, find_pack
from synthgen.assets.providers import PROVIDERS, client, installed, pypi
from synthgen.assets.providers.bundle import inner_name, matching, write_bundle
from synthgen.errors import InputError

CONTENT = {
    "package/LICENSE": b"do as you like",
    "package/data.json": b'{"a": 1}',
    "package/icons/one.svg": b"<svg>1</svg>",
    "package/icons/two.svg": b"<svg>2</svg>",
    "package/icons/deeper/three.svg": b"<svg>3</svg>",
    "package/other/data.json": b"another file of that name",
}
KEPT = {"icons/one.svg": b"<svg>1</svg>", "icons/two.svg": b"<svg>2</svg>", "LICENSE": b"do as you like"}


def tgz(content: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in content.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def wheel(content: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return out.getvalue()


def bundle(content: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    write_bundle(out, content)
    return out.getvalue()


def pin(data: bytes) -> dict[str, Any]:
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@dataclass
class Toys:
    """The pack `toys` of one package, an empty cache, and the client that brings `archive`."""

    root: Path
    provider: str
    archive: bytes
    said: list[str] = field(default_factory=list)

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def folder(self) -> Path:
        return self.cache / "packs" / "toys"

    @property
    def brought(self) -> Path:
        """The file that the client copies, where it has one."""
        return self.root / ("made.tgz" if self.provider == "npm" else "made.whl")

    def left(self) -> list[str]:
        return sorted(p.name for p in self.folder.iterdir()) if self.folder.exists() else []

    def pin(self, *, package: bool = True) -> None:
        """Writes packs.yaml as our archive is."""
        files = {
            "data.json": {**pin(CONTENT["package/data.json"]), "path": "package/data.json"},
            "icons.zip": {
                **pin(bundle(KEPT)), "root": "package", "members": ["package/icons/*.svg", "package/LICENSE"],
            },
        }  # fmt: skip
        row = {"provider": self.provider, "package": "toy-models", "version": "1.2.0", "files": files}
        row |= pin(self.archive) if package else {}
        pack = {"kind": "models", "title": "Toys", "licence": "MIT", "author": "A", "packages": [row]}
        folder = self.root / "data" / "assets"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "packs.yaml").write_text(json.dumps({"packs": {"toys": pack}}))

    def client(self, script: str) -> None:
        """Makes a shell script the client; `$ARCHIVE` is the file to bring, the arguments are noted in `asked`."""
        folder = self.root / "bin"
        folder.mkdir(exist_ok=True)
        tool = folder / "npm"
        tool.write_text(f'#!/bin/sh\nARCHIVE={self.brought}\necho "$@" >> {self.root}/asked\n{script}\n')
        tool.chmod(0o755)
        module = folder / "pip"
        module.mkdir(exist_ok=True)
        (module / "__init__.py").touch()
        (module / "__main__.py").write_text(
            f"import subprocess, sys\nsys.exit(subprocess.call(['sh', {str(tool)!r}, *sys.argv[1:]]))\n"
        )

    def brings(self, archive: bytes) -> None:
        self.brought.write_bytes(archive)
        name = "toy-models-1.2.0.tgz" if self.provider == "npm" else "toy_models-1.2.0-py3-none-any.whl"
        self.client(f"cp $ARCHIVE ./{name}; echo {name}")

    def fetch(self, **more: Any) -> tuple[str, ...]:
        return fetch("toys", cache=self.cache, progress=self.said.append, **more).taken


@pytest.fixture(params=["npm", "pypi"])
def toys(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toys:
    made = Toys(tmp_path, request.param, (tgz if request.param == "npm" else wheel)(CONTENT))
    made.pin()
    monkeypatch.setattr(paths, "data_root", lambda: tmp_path / "data")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "bin"))  # where `python -m pip` finds ours first
    return made


def test_the_client_brings_a_package_of_the_pinned_version(toys: Toys) -> None:
    toys.brings(toys.archive)
    assert toys.fetch() == ("data.json", "icons.zip")
    assert toys.left() == ["data.json", "icons.zip"]
    assert (toys.folder / "data.json").read_bytes() == CONTENT["package/data.json"]
    with zipfile.ZipFile(toys.folder / "icons.zip") as kept:
        assert {name: kept.read(name) for name in kept.namelist()} == KEPT
    asked = (toys.root / "asked").read_text()
    assert {"npm": "toy-models@1.2.0", "pypi": "toy-models==1.2.0"}[toys.provider] in asked
    assert "--ignore-scripts" in asked or "--only-binary=:all:" in asked, "nothing of a package is run"
    assert toys.fetch() == ()


def test_what_is_missing_is_fetched_again_and_the_rest_is_kept(toys: Toys) -> None:
    toys.brings(toys.archive)
    toys.fetch()
    (toys.folder / "icons.zip").write_bytes(b"damaged")
    assert toys.fetch() == ("icons.zip",)


def test_another_archive_than_the_pinned_one_is_not_opened(toys: Toys) -> None:
    toys.brings(toys.archive + b"x")
    with pytest.raises(InputError, match="not the package that was pinned"):
        toys.fetch()
    assert toys.left() == []


@pytest.mark.parametrize("name", ["package/data.json", "package/icons/one.svg", "package/icons/new.svg"])
def test_other_content_than_the_pinned_is_not_kept(toys: Toys, name: str) -> None:
    toys.pin(package=False)
    changed = {**CONTENT, name: b"changed"}
    toys.brings(tgz(changed) if toys.provider == "npm" else wheel(changed))
    with pytest.raises(InputError, match="is not the file that was pinned"):
        toys.fetch()
    assert len(toys.left()) == 1, "the file that is as pinned"


def test_a_package_that_lacks_a_file(toys: Toys) -> None:
    toys.pin(package=False)
    less = {name: data for name, data in CONTENT.items() if "icons" not in name}
    toys.brings(tgz(less) if toys.provider == "npm" else wheel(less))
    with pytest.raises(InputError, match=r"toy-models 1\.2\.0 lacks icons\.zip"):
        toys.fetch()
    assert toys.left() == ["data.json"]


@pytest.mark.parametrize("name", ["../package/icons/evil.svg", "/package/icons/evil.svg", "package/../../evil.svg"])
def test_members_that_lead_out_of_the_archive_are_passed_over(toys: Toys, name: str) -> None:
    toys.pin(package=False)
    evil = {name: b"evil", **CONTENT}
    toys.brings(tgz(evil) if toys.provider == "npm" else wheel(evil))
    assert toys.fetch() == ("data.json", "icons.zip")
    assert not list(toys.root.rglob("evil*"))


def test_a_torn_archive(toys: Toys) -> None:
    toys.pin(package=False)
    toys.brings(toys.archive[: len(toys.archive) // 2])
    with pytest.raises(InputError, match="broken archive"):
        toys.fetch()
    assert toys.left() == []


def test_a_client_that_is_missing(toys: Toys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(pypi.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"toy-models 1\.2\.0.*no (npm|pip); .*assets fetch toys --source FILE") as end:
        toys.fetch()
    assert len(end.value.diagnostics) == 1
    assert toys.left() == []


def test_another_pythons_pip_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toys = Toys(tmp_path, "pypi", wheel(CONTENT))
    toys.pin()
    toys.brings(toys.archive)
    (tmp_path / "bin" / "npm").rename(tmp_path / "bin" / "pip3")
    monkeypatch.setattr(paths, "data_root", lambda: tmp_path / "data")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(pypi.importlib.util, "find_spec", lambda _: None)
    assert toys.fetch() == ("data.json", "icons.zip")


SAID = {
    "npm": {
        "no connection": "npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\nnpm error request failed",
        "Not Found": "npm error code E404\nnpm error 404 Not Found - GET toy-models - Not found",
        "notarget": "npm error code ETARGET\nnpm error notarget No matching version found for toy-models@1.2.0.",
    },
    "pypi": {
        "no connection": "WARNING: Retrying after connection broken by 'NewConnectionError(\"Failed to establish a new "
        "connection: [Errno -3] Temporary failure in name resolution\")'\n"
        "ERROR: No matching distribution found for toy-models==1.2.0",
        "No matching distribution": "ERROR: No matching distribution found for toy-models==1.2.0",
        "Could not install": "ERROR: Could not install packages due to an EnvironmentError: odd",
    },
}


@pytest.mark.parametrize("case", [0, 1, 2])
def test_what_the_client_says_is_passed_on_with_what_to_do(toys: Toys, case: int) -> None:
    expected, said = list(SAID[toys.provider].items())[case]
    (toys.root / "said").write_text(said)
    toys.client(f"cat {toys.root}/said >&2; exit 1")
    with pytest.raises(InputError) as end:
        toys.fetch()
    (found,) = end.value.diagnostics
    assert expected in found.what and "toy-models 1.2.0" in found.what
    assert "synthgen assets fetch toys --source FILE" in found.hint
    assert ("is the network up?" in found.hint) == (case == 0)
    assert toys.left() == []


@pytest.mark.parametrize("script", ["exit 0", "exit 3", "kill -9 $$"])
def test_a_client_that_brings_nothing_and_says_nothing(toys: Toys, script: str) -> None:
    toys.client(script)
    with pytest.raises(InputError, match=r"cannot get toy-models 1\.2\.0"):
        toys.fetch()
    assert toys.left() == []


def test_a_client_that_finds_no_room(toys: Toys) -> None:
    toys.client("echo 'npm error code ENOSPC: No space left on device' >&2; exit 1")
    with pytest.raises(InputError, match=r"the disk is full.*SYNTHGEN_CACHE"):
        toys.fetch()
    assert toys.left() == []


def test_an_interrupt_while_the_client_works_ends_it_and_leaves_nothing(
    toys: Toys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TELL_SECONDS", 0.05)
    toys.client(f"head -c 3000000 /dev/zero > half.tgz; echo $$ > {toys.root}/pid; exec sleep 60")

    def interrupt(text: str) -> None:
        if "2 MiB so far" in text and (toys.root / "pid").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("toys", cache=toys.cache, progress=interrupt)
    assert toys.left() == []
    toys.brings(toys.archive)
    assert toys.fetch() == ("data.json", "icons.zip")


SOURCES: dict[str, Callable[[Toys], Mapping[str, bytes]]] = {
    "the package's archive": lambda toys: {"download(1)": toys.archive},
    "a folder with it": lambda toys: {"folder/toy.tgz": tgz(CONTENT), "folder/other.zip": wheel({"a": b"b"})},
    "a folder with its own files": lambda _: {
        "folder/data.json": CONTENT["package/data.json"], "folder/deep/icons.zip": bundle(KEPT),
    },
    "a zip of its own files": lambda _: {
        "kept.zip": wheel({"toys/data.json": CONTENT["package/data.json"], "toys/icons.zip": bundle(KEPT)})
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", SOURCES)
def test_a_source_of_the_users(toys: Toys, kind: str) -> None:
    for name, data in SOURCES[kind](toys).items():
        path = toys.root / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (place,) = (toys.root / "source").iterdir()
    assert sorted(toys.fetch(source=str(place))) == ["data.json", "icons.zip"]


def test_files_of_a_pack_may_come_one_after_another(toys: Toys) -> None:
    (toys.root / "data.json").write_bytes(CONTENT["package/data.json"])
    (toys.root / "icons.zip").write_bytes(bundle(KEPT))
    with pytest.raises(InputError, match=r"lacks icons\.zip .*\(kept: data\.json\)"):
        toys.fetch(source=str(toys.root / "data.json"))
    assert toys.fetch(source=str(toys.root / "icons.zip")) == ("icons.zip",)


def test_packages_of_a_pack_are_fetched_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toys = Toys(tmp_path, "npm", b"")
    packages = []
    for name in ("one", "two"):
        archive = tgz({"package/LICENSE": name.encode(), f"package/{name}.txt": name.encode()})
        (tmp_path / f"{name}.tgz").write_bytes(archive)
        files = {
            f"{name}.zip": {**pin(bundle({"LICENSE": name.encode()})), "root": "package", "members": ["package/LIC*"]},
            f"{name}-LICENSE": {**pin(name.encode()), "path": "package/LICENSE"},
        }
        packages.append(
            {"provider": "npm", "package": f"@toys/{name}", "version": "1.0", **pin(archive), "files": files}
        )
    pack = {"kind": "fonts", "title": "Toys", "licence": "MIT", "author": "A", "packages": packages}
    (tmp_path / "data" / "assets").mkdir(parents=True)
    (tmp_path / "data" / "assets" / "packs.yaml").write_text(json.dumps({"packs": {"toys": pack}}))
    monkeypatch.setattr(paths, "data_root", lambda: tmp_path / "data")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    toys.client(f'case "$*" in *one@*) cp {tmp_path}/one.tgz . ;; *) exit 1 ;; esac')
    with pytest.raises(InputError, match=r"npm pack @toys/one@1\.0 @toys/two@1\.0.*--source FOLDER"):
        toys.fetch()
    assert toys.left() == ["one-LICENSE", "one.zip"]
    toys.client(f'case "$*" in *two@*) cp {tmp_path}/two.tgz . ;; *) exit 1 ;; esac')
    assert toys.fetch() == ("two-LICENSE", "two.zip")
    assert any(text.startswith("2/2 npm pack @toys/two") for text in toys.said)
    shutil.rmtree(toys.folder)
    assert sorted(toys.fetch(source=str(tmp_path))) == ["one-LICENSE", "one.zip", "two-LICENSE", "two.zip"]


def test_files_inside_an_installed_package_need_no_fetch() -> None:
    package = Package("toys", "installed", "pytest", "1", ())
    assert installed.folder(package) == Path(pytest.__file__).parent == PROVIDERS["installed"](package, Path(), print)
    with pytest.raises(InputError, match="not installed"):
        installed.folder(Package("toys", "installed", "no_such_package", "1", ()))
    assert "bpy" not in sys.modules, "looking for a package does not import it"
    assert not any(file.name.startswith("blender_") for file in find_pack("hdris").files)


def test_patterns_of_members() -> None:
    patterns = ["package/icons/*.svg", "package/**", "package/LICENSE"]
    assert matching("package/icons/a.svg", patterns) == set(patterns[:2])
    assert matching("package/icons/deep/a.svg", patterns) == {"package/**"}
    assert matching("package/LICENSE", patterns) == set(patterns[1:])
    assert matching("package_/icons/axsvg", patterns) == set()
    assert inner_name("package/a/b", "package") == "a/b"
    assert inner_name("packages/a", "package") == "packages/a"


def test_a_bundle_is_the_same_bytes_whatever_the_order() -> None:
    assert bundle(KEPT) == bundle(dict(reversed(KEPT.items())))
    pinned = "72d2b16648774b9e4b5d844fb64110c133e9f0cad24811118760686d082a017b"
    assert hashlib.sha256(bundle(KEPT)).hexdigest() == pinned, "checksums in packs.yaml depend on how it is written"
