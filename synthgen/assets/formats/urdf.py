"""Reads URDF: a robot's visual meshes, placed by its joints.

Metres, Z up, front +X (ROS REP 103). Collision shapes, inertias and transmissions are left out.
Format: the ROS URDF XML specification ("robot", "link", "joint", "material").
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

import numpy as np

from synthgen.assets.archive import beside
from synthgen.assets.formats.joints import place_links, read_numbers, read_origin
from synthgen.assets.formats.pictures import PictureFiles
from synthgen.assets.formats.pieces import Pieces
from synthgen.assets.formats.shapes import box, cylinder, sphere
from synthgen.assets.formats.source import (
    UNNAMED,
    About,
    Files,
    Floats,
    Ints,
    SourceMaterial,
    SourceModel,
    size_warning,
)
from synthgen.assets.formats.xmlfile import read_xml
from synthgen.errors import InputError

ReadMesh = Callable[[Files, str], SourceModel]

_MESHES = (".obj", ".stl", ".dae", ".ply", ".glb", ".gltf", ".fbx", ".usd", ".usdc", ".usda", ".usdz", ".blend")
_SCHEME = re.compile(r"^(package|model|file)://", re.IGNORECASE)
_Y_TO_Z = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])


def read_urdf(
    files: Files, name: str, read_mesh: ReadMesh, *, joints: Mapping[str, float] | None = None
) -> SourceModel:
    """A robot in one configuration.

    joints: by name, degrees for a joint that turns and metres for one that slides; others stand at 0, or as near to it
    as their limits allow. Mimic joints follow theirs. Meshes take a link's colour where they have none of their own.
    They are read by `read_mesh`, in the link's axes whatever they say of their upward axis (as RViz does), but for
    glTF, which is turned to Z up.
    Raises InputError where a mesh is missing, links do not form a tree, or `joints` names what it should not.
    """
    robot = read_xml(files.read(name), name)
    if robot.tag != "robot":
        raise InputError.of(f"not a URDF file: its root is <{robot.tag}>, not <robot>", where=name)
    if any(element.tag.startswith("xacro:") for element in robot.iter()):
        raise InputError.of("the file is a xacro template", where=name, hint="run: xacro FILE > robot.urdf")
    reader = _Robot(files, name, read_mesh, robot)
    places = place_links(robot, dict(joints or {}), name)
    for link in robot.findall("link"):
        for visual in link.findall("visual"):
            reader.add(visual, str(link.get("name")), places[str(link.get("name"))])
    pieces = reader.pieces
    if not len(pieces):
        raise InputError.of("the robot has no visual meshes", where=name)
    return pieces.model(
        picture=reader.picture, up="+z", unit=1.0, front="+x", about=About(title=str(robot.get("name") or "")),
        warnings=(*pieces.warnings, *size_warning(pieces.polygons)), objects=reader.objects,
    )  # fmt: skip


def meshes_of(files: Files, name: str) -> frozenset[str]:
    """The mesh files, among `files`, that a URDF is made of, those of its collision shapes too.

    Raises InputError where it cannot be read.
    """
    robot = read_xml(files.read(name), name)
    references = {str(mesh.get("filename") or "") for mesh in robot.iter("mesh")}
    return frozenset(place for r in references for place in _candidates(name, r) if files.has(place))


@dataclass(frozen=True, slots=True)
class _Found:
    """A mesh file that was read, and where."""

    place: str
    model: SourceModel


class _Robot:
    def __init__(self, files: Files, name: str, read_mesh: ReadMesh, robot: Element):
        self._files = files
        self._name = name
        self._read_mesh = read_mesh
        self._own = PictureFiles(files, name)
        self._meshes: dict[str, _Found] = {}
        self._pictures: dict[str, tuple[SourceModel, str]] = {}
        self.pieces = Pieces(name)
        self.objects = 0
        self._materials = {str(m.get("name")): m for m in robot.findall("material")}

    def picture(self, name: str) -> bytes:
        """The encoded bytes of a picture of one of the meshes, or of a material of the robot."""
        if name in self._pictures:
            model, inner = self._pictures[name]
            return model.picture(inner)
        return self._own.read(name)

    def add(self, visual: Element, link: str, place: Floats) -> None:
        """One visual of a link that stands at `place`, (4, 4)."""
        geometry = visual.find("geometry")
        shape = next(iter(geometry), None) if geometry is not None else None
        if shape is None:
            raise InputError.of(f"the link {link!r} has a visual without a geometry", where=self._name)
        at = place @ read_origin(visual, self._name)
        look = self._look(visual.find("material"))
        before = len(self.pieces)
        if shape.tag == "mesh":
            self._add_mesh(shape, link, at, look)
        else:
            made = _primitive(shape, self._name)
            if made is None:
                self.pieces.warn(f"a shape <{shape.tag}> was left out")
                return
            points, size, index = made
            none = np.full(len(index), -1, dtype=np.int64)
            material = self.pieces.material(look or SourceMaterial(UNNAMED))
            self.pieces.add(points, size, np.column_stack([index, none, none]), material, matrix=at)
        self.objects += len(self.pieces) > before

    def _add_mesh(self, mesh: Element, link: str, at: Floats, look: SourceMaterial | None) -> None:
        found = self._mesh(str(mesh.get("filename") or ""), link)
        model = found.model
        scale = read_numbers(mesh.get("scale"), 3, (1.0, 1.0, 1.0), self._name)
        unit = model.unit or 1.0
        matrix = at @ np.diag([*(s * unit for s in scale), 1.0])
        if found.place.lower().endswith((".glb", ".gltf")):
            matrix = matrix @ _Y_TO_Z
        numbers = []
        for name in model.materials:
            own = model.looks.get(name, look or SourceMaterial(name))
            numbers.append(self.pieces.number(self.pieces.material(self._with_pictures(own, found))))
        self.pieces.expect(len(model.polygon_size))
        self.pieces.add(
            model.positions, model.polygon_size, model.corners, np.array(numbers)[model.polygon_material],
            texcoords=model.texcoords, normals=model.normals, matrix=matrix,
        )  # fmt: skip

    def _with_pictures(self, look: SourceMaterial, found: _Found) -> SourceMaterial:
        """A mesh's material, its pictures named so that two meshes' are not mistaken for each other."""
        names: dict[str, str | None] = {}
        for key in ("color_map", "alpha_map"):
            inner = getattr(look, key)
            names[key] = inner if inner is None or look.name not in found.model.looks else f"{found.place}: {inner}"
            if inner is not None and names[key] != inner:
                self._pictures[str(names[key])] = (found.model, inner)
        return replace(look, color_map=names["color_map"], alpha_map=names["alpha_map"])

    def _mesh(self, reference: str, link: str) -> _Found:
        if reference not in self._meshes:
            place = next((p for p in _candidates(self._name, reference) if self._files.has(p)), None)
            if place is None:
                package = re.match(r"package://([^/]*)", reference)
                raise InputError.of(
                    f"the mesh {reference!r} of the link {link!r} is missing", where=self._name,
                    hint=f"give the folder that holds the package {package[1]!r}" if package else
                    "take the URDF with all files of its package",
                )  # fmt: skip
            if posixpath.splitext(place)[1].lower() not in _MESHES:
                raise InputError.of(f"the mesh {reference!r} of the link {link!r} is no mesh", where=self._name)
            model = self._read_mesh(self._files, place)
            self._meshes[reference] = _Found(place, model)
            for sentence in model.warnings:
                self.pieces.warn(f"{place}: {sentence}")
        return self._meshes[reference]

    def _look(self, material: Element | None) -> SourceMaterial | None:
        """A URDF material, which may stand with the robot and be named by the link."""
        if material is None:
            return None
        name = str(material.get("name") or "")
        said = material if len(material) else self._materials.get(name, material)
        color, texture = said.find("color"), said.find("texture")
        if color is None and texture is None:
            return None
        rgba = read_numbers(color.get("rgba") if color is not None else None, 4, (1.0, 1.0, 1.0, 1.0), self._name)
        red, green, blue, opacity = (round(v, 6) for v in rgba)
        picture = texture.get("filename") if texture is not None else None
        if picture is not None:
            picture = next((p for p in _candidates(self._name, picture) if self._files.has(p)), picture)
            self.pieces.warn("pictures of URDF materials need texture coordinates, which most meshes there lack")
        mode = "blend" if opacity < 1.0 else "opaque"
        return SourceMaterial(name or UNNAMED, (red, green, blue), opacity, picture, alpha_mode=mode)  # type: ignore[arg-type]


def _candidates(name: str, reference: str) -> Iterator[str]:
    """Where a mesh of the URDF `name` may lie: beside it; for `package://NAME/PATH`, in each folder above it, with and
    without the package's name."""
    path = _SCHEME.sub("", reference.replace("\\", "/"))
    if not path or posixpath.isabs(path) or (".." in path.split("/") and _SCHEME.match(reference)):
        return
    if not _SCHEME.match(reference):
        place = beside(name, path)
        if place is not None:
            yield place
        return
    inner = path.split("/", 1)[-1]
    folder = posixpath.dirname(name)
    while True:
        yield posixpath.join(folder, path)
        yield posixpath.join(folder, inner)
        if not folder:
            return
        folder = posixpath.dirname(folder)


def _primitive(shape: Element, where: str) -> tuple[Floats, Ints, Ints] | None:
    """Points, corners per polygon and corners of a box, cylinder or sphere; None for others."""
    if shape.tag == "box":
        return box(read_numbers(shape.get("size"), 3, None, where))
    if shape.tag == "cylinder":
        (radius,), (length,) = (read_numbers(shape.get(key), 1, None, where) for key in ("radius", "length"))
        return cylinder(radius, length)
    if shape.tag == "sphere":
        return sphere(read_numbers(shape.get("radius"), 1, None, where)[0])
    return None
