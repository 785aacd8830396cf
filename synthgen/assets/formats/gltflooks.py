"""Materials and pictures of glTF.

Format: Khronos glTF 2.0 specification, section "Materials", and the extensions KHR_materials_pbrSpecularGlossiness,
_unlit, _emissive_strength, _transmission, KHR_texture_transform, EXT_texture_webp.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import numpy as np

from synthgen.assets.formats.gltffile import GltfFile, data_uri, relative_place
from synthgen.assets.formats.pictures import PictureFiles, mean_channels
from synthgen.assets.formats.source import AlphaMode, Files, Floats, SourceMaterial
from synthgen.errors import InputError


@dataclass(frozen=True, slots=True)
class GltfLook:
    """A material, and how its colour picture lies on the surface. uv: number of the set of texture coordinates;
    transform: (2, 3), applied to the file's coordinates (v downwards), or None. said: sentences for the user."""

    material: SourceMaterial
    uv: int
    transform: Floats | None
    said: tuple[str, ...]


class GltfPictures:
    """The pictures of a file by name: their own name or address where they have one, else `picture N`."""

    def __init__(self, gltf: GltfFile, files: Files):
        self._gltf = gltf
        self._beside = PictureFiles(files, gltf.name)
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}

    def name(self, texture: Any) -> str | None:
        """The name of the picture of a texture reference; None where it has none that can be read."""
        if not isinstance(texture, Mapping):
            return None
        facts = self._gltf.item("textures", texture.get("index"))
        webp = facts.get("extensions", {}).get("EXT_texture_webp", {})
        source = webp.get("source", facts.get("source"))
        if source is None:
            return None
        picture = self._gltf.item("images", source)
        if source not in self._names:
            uri = str(picture.get("uri", ""))
            own = picture.get("name") if "bufferView" in picture or uri.startswith("data:") else unquote(uri)
            name = str(own or f"picture {source}")
            if name in self._numbers:
                name = f"{name} {source}"
            self._numbers[name], self._names[source] = source, name
        return self._names[source]

    def read(self, name: str) -> bytes:
        """The encoded bytes. Raises InputError where the picture is missing or lies outside the model's folder."""
        if name not in self._numbers:
            raise InputError.of(f"the model has no picture {name!r}", where=self._gltf.name)
        facts = self._gltf.item("images", self._numbers[name])
        if "bufferView" in facts:
            return self._gltf.view(facts["bufferView"])
        uri = str(facts.get("uri", ""))
        return data_uri(uri, self._gltf.name) if uri.startswith("data:") else self._beside.read(unquote(uri))

    def warnings(self) -> list[str]:
        """A sentence for each picture that is missing or lies elsewhere than the file says."""
        found = []
        for name, number in self._numbers.items():
            uri = str(self._gltf.item("images", number).get("uri", "data:"))
            if uri.startswith("data:"):
                continue
            place = self._beside.find(unquote(uri))
            if place is None:
                found.append(f"the picture {name!r} is missing; its material gets the plain colour")
            elif place != relative_place(self._gltf.name, uri):
                found.append(f"the picture {name!r} is not where the file says; {place!r} is taken")
        return found


def read_look(gltf: GltfFile, pictures: GltfPictures, number: int) -> GltfLook:
    """A material by its number. Raises InputError where it names textures that the file lacks."""
    facts = gltf.item("materials", number)
    extensions = _mapping(facts.get("extensions"))
    metal = _mapping(facts.get("pbrMetallicRoughness"))
    gloss = extensions.get("KHR_materials_pbrSpecularGlossiness")
    said: list[str] = []
    if isinstance(gloss, Mapping):
        base, texture = gloss.get("diffuseFactor"), gloss.get("diffuseTexture")
        metallic, roughness = 0.0, 1.0 - _number(gloss.get("glossinessFactor"), 1.0)
    else:
        base, texture = metal.get("baseColorFactor"), metal.get("baseColorTexture")
        metallic, roughness = _number(metal.get("metallicFactor"), 1.0), _number(metal.get("roughnessFactor"), 1.0)
        metallic, roughness = _averaged(metal, metallic, roughness, pictures, said)
    if "KHR_materials_unlit" in extensions:
        metallic, roughness = 0.0, 1.0
        said.append("a material is meant to be shown without light; it is lit like all others")
    red, green, blue, alpha = _numbers(base, (1.0, 1.0, 1.0, 1.0))
    mode: AlphaMode = {"MASK": "mask", "BLEND": "blend"}.get(str(facts.get("alphaMode")), "opaque")  # type: ignore[assignment]
    clear = _number(_mapping(extensions.get("KHR_materials_transmission")).get("transmissionFactor"), 0.0)
    opacity = (1.0 if mode == "opaque" else alpha) * (1.0 - clear)
    strength = _number(_mapping(extensions.get("KHR_materials_emissive_strength")).get("emissiveStrength"), 1.0)
    glow = tuple(round(e * strength, 6) for e in _numbers(facts.get("emissiveFactor"), (0.0, 0.0, 0.0)))
    if facts.get("emissiveTexture") is not None:
        glow = (0.0, 0.0, 0.0)
        said.append("pictures of light that materials give off are not used")
    if facts.get("normalTexture") is not None:
        said.append("normal maps are not used")
    picture = pictures.name(texture)
    said += _unread(texture, picture)
    return GltfLook(
        SourceMaterial(
            str(facts.get("name") or f"material {number}"), (red, green, blue), round(opacity, 6), picture,
            picture if mode != "opaque" else None, "linear", round(metallic, 4), round(roughness, 4),
            (glow[0], glow[1], glow[2]), "blend" if clear and mode == "opaque" else mode,
            _number(facts.get("alphaCutoff"), 0.5), bool(facts.get("doubleSided", False)),
        ),
        *_layout(texture),
        tuple(said),
    )  # fmt: skip


def _averaged(
    metal: Mapping[str, Any], metallic: float, roughness: float, pictures: GltfPictures, said: list[str]
) -> tuple[float, float]:
    """Factors times the means of their picture (roughness in its green, metal in its blue)."""
    name = pictures.name(metal.get("metallicRoughnessTexture"))
    if name is None:
        return metallic, roughness
    try:
        _, green, blue = mean_channels(pictures.read(name), name)
    except InputError:
        said.append(f"the picture {name!r} of metal and roughness cannot be read; they are guessed")
        return 0.0, 0.6
    said.append("pictures of metal and roughness are not used; their means are")
    return metallic * blue, roughness * green


def _unread(texture: Any, picture: str | None) -> list[str]:
    if isinstance(texture, Mapping) and picture is None:
        return ["a picture is in a format that is not read (KTX2); its material gets the plain colour"]
    return []


def _layout(texture: Any) -> tuple[int, Floats | None]:
    """The set of texture coordinates of a picture, and how it is moved, turned and scaled on them."""
    facts = _mapping(texture)
    change = _mapping(_mapping(facts.get("extensions")).get("KHR_texture_transform"))
    uv = int(_number(change.get("texCoord", facts.get("texCoord")), 0.0))
    if not change:
        return uv, None
    (right, down), angle = _numbers(change.get("offset"), (0.0, 0.0)), _number(change.get("rotation"), 0.0)
    wide, high = _numbers(change.get("scale"), (1.0, 1.0))
    c, s = np.cos(angle), np.sin(angle)
    return uv, np.array([[c * wide, s * high, right], [-s * wide, c * high, down]])


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any, default: float) -> float:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and np.isfinite(value)
    return float(value) if good else default


def _numbers(value: Any, default: tuple[float, ...]) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) < len(default):
        return default
    return tuple(round(_number(v, d), 6) for v, d in zip(value, default, strict=False))
