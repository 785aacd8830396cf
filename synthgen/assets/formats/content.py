"""What a file is by its first bytes: names mislead, and downloads fail in ways that look like files."""

from __future__ import annotations

import posixpath

from synthgen.errors import InputError

_BEGINNINGS: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"glTF", "GLB", (".glb", ".gltf")),
    (b"Kaydara FBX Binary", "FBX", (".fbx",)),
    (b"; FBX", "FBX", (".fbx",)),
    (b"BLENDER", "BLEND", (".blend",)),
    (b"PXR-USDC", "USD", (".usdc", ".usd")),
    (b"#usda", "USD", (".usda", ".usd")),
    (b"ply\n", "PLY", (".ply",)),
    (b"ply\r", "PLY", (".ply",)),
    (b"PK\x03\x04", "a zip archive", (".usdz", ".usd")),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)", (".blend",)),
    (b"\x1f\x8b", "compressed (gzip)", (".blend",)),
    (b"\x89PNG", "a PNG picture", ()),
    (b"\xff\xd8\xff", "a JPEG picture", ()),
    (b"%PDF", "a PDF document", ()),
)
_NEEDED = {".glb": "GLB", ".fbx": "FBX", ".usdc": "USD", ".usda": "USD", ".usdz": "a zip archive"}


def refuse_wrong_content(data: bytes, suffix: str, where: str) -> None:
    """Raises InputError for an empty file, and for one whose first bytes say that it is of another kind."""
    if not data:
        raise InputError.of("the file is empty", where=where)
    head = data[:256]
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        raise InputError.of("the file is a web page, no model", where=where, hint="the download failed: fetch it again")
    if text.startswith(b"version https://git-lfs"):
        hint = "run: git lfs pull"
        raise InputError.of("the file is a Git LFS pointer, the model itself was not fetched", where=where, hint=hint)
    for beginning, kind, suffixes in _BEGINNINGS:
        if head.startswith(beginning):
            if suffix in suffixes:
                return
            if suffix == ".stl" and beginning == b"PK\x03\x04":
                break  # a binary STL may begin with anything
            name = posixpath.splitext(posixpath.basename(where))[0]
            hint = f"rename it to {name}{suffixes[0]}" if suffixes else ""
            hint = "unpack it first" if kind == "a zip archive" and suffix != ".usdz" else hint
            raise InputError.of(
                f"the file is {kind}, not {suffix[1:].upper()} as its name says", where=where, hint=hint
            )
    if suffix in _NEEDED:
        raise InputError.of(f"the file is not {suffix[1:].upper()}, as its name says, or it is broken", where=where)
