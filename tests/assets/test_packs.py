"""assets/packs.yaml: every pack is well-formed, pinned and credited."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

import pytest

from synthgen.assets.packs import INSTALLED, KINDS, Pack, Package, PackFile, find_pack, load_packs
from synthgen.assets.providers import PROVIDERS
from synthgen.errors import InputError

PACKS = list(load_packs().values())
PACKAGES = [package for pack in PACKS for package in pack.packages]
FILES = [file for package in PACKAGES for file in package.files]

FREE = {"CC0-1.0", "CC-BY-3.0", "CC-BY-3.0-US", "CC-BY-4.0", "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"}
FREE_FONTS = {"OFL-1.1", "Apache-2.0"}
SHA256 = re.compile(r"[0-9a-f]{64}")


def licences(expression: str) -> set[str]:
    return set(expression.split(" AND "))


def names(pack: Pack) -> list[str]:
    return [file.name for package in pack.packages for file in package.files]


@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.name)
def test_a_pack_says_what_it_is_and_whose(pack: Pack) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", pack.name)
    assert pack.kind in KINDS
    assert pack.title and pack.credit.author
    assert licences(pack.credit.licence) <= FREE | FREE_FONTS
    assert pack.files and pack.size > 0 and pack.download > 0
    assert len(set(names(pack))) == len(names(pack))
    own = {licence for p in pack.packages for f in p.files if f.credit for licence in licences(f.credit.licence)}
    assert own == licences(pack.credit.licence), "a pack's licence is that of all its files"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.name)
def test_a_package_is_pinned(package: Package) -> None:
    assert package.provider in PROVIDERS
    assert package.files
    if package.provider == INSTALLED:
        assert all(file.path for file in package.files)
        return
    assert re.fullmatch(r"[0-9][0-9A-Za-z.+~-]*", package.version), "one version, no range"
    if package.provider != "deb":  # which distributions may pack differently
        assert package.size > 0 and SHA256.fullmatch(package.sha256)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_a_file_is_pinned(file: PackFile) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][\w.-]*", file.name), "a plain name: it becomes one in the cache"
    assert file.size > 0 and SHA256.fullmatch(file.sha256)
    assert not (file.path and file.members)
    for path in (file.path, *file.members):
        assert not PurePosixPath(path).is_absolute() and ".." not in path.split("/") and "\\" not in path
    if file.members:
        assert file.name.endswith(".zip")
        assert any(member.startswith(f"{file.root}/") for member in file.members), "`root` is in front of some"
    else:
        assert not file.root


def test_no_two_files_are_one() -> None:
    checksums = [file.sha256 for file in FILES if not file.name.endswith("LICENCE.txt")]
    assert len(set(checksums)) == len(checksums)


def test_every_hdri_has_tags() -> None:
    pack = find_pack("hdris")
    assert {name.removesuffix(".exr") for name in names(pack) if name.endswith(".exr")} < set(pack.tags)
    assert all({"indoor", "outdoor"} & set(tags) for tags in pack.tags.values())


def test_fonts_are_free_of_many_kinds_and_come_with_their_licences() -> None:
    pack = find_pack("fonts")
    assert licences(pack.credit.licence) <= FREE_FONTS
    families = [package.files[0].credit.title for package in pack.packages if package.files[0].credit]
    assert sorted(families) == sorted(pack.tags) and len(families) >= 12
    kinds = {tag for tags in pack.tags.values() for tag in tags}
    assert kinds >= {"grotesque", "serif", "slab", "script", "condensed", "rounded", "monospace", "display"}
    for package in pack.packages:
        assert all(fnmatchcase(file.name, "*.ttf") or fnmatchcase(file.name, "*-LICENCE.txt") for file in package.files)
        assert sum(file.name.endswith("LICENCE.txt") for file in package.files) == 1


def test_every_robot_has_its_own_licence_and_author() -> None:
    pack = find_pack("robots")
    credits = {f.name.removesuffix(".zip"): f.credit for f in pack.files}
    assert sorted(credits) == sorted(pack.tags)
    assert all(credit and credit.author != pack.credit.author for credit in credits.values())
    assert sum("arm" in tags for tags in pack.tags.values()) >= 4
    notices = [f for f in pack.files if not any(re.search("LICENSE|README", member) for member in f.members)]
    assert not notices, "what the package says of the licence is kept beside each robot"


def test_an_unknown_pack_is_named_with_its_neighbour() -> None:
    with pytest.raises(InputError, match="did you mean 'pictograms'"):
        find_pack("pictogram")
