"""`include:` of configs, and the deep merge by which a recipe's own keys win."""

from __future__ import annotations

from pathlib import Path

from synthgen.errors import Diagnostic, InputError
from synthgen.paths import data_dir
from synthgen.recipe.distributions import is_distribution
from synthgen.recipe.findings import suggest
from synthgen.recipe.shipped import SCENES, recipe_names
from synthgen.recipe.yamlfile import Node, mapping, read_yaml

INCLUDE = "include"
ONE_KIND = ("layout", "light", "camera")
"""Sections that hold one block by its kind: another kind replaces the block, it does not join it."""

_FREE = ("let",)
_KINDS = ("cameras", "sensors")
"""Folders of configs whose files are parts of recipes; the others are read by the program."""
_MAX_DEPTH = 20


def with_includes(root: Node, path: Path, found: list[Diagnostic], *, trail: tuple[Path, ...] = ()) -> Node:
    """The file's mapping merged over what it includes, later includes over earlier; `include` itself is gone.

    path: the file that `root` was read from. What cannot be included goes to `found` and is left out.
    """
    if not isinstance(root.value, dict) or INCLUDE not in root.value:
        return root
    trail = (*trail, path.resolve())
    merged = mapping(root.mark)
    for item in _names(root.value[INCLUDE], found):
        name = str(item.value)
        file = _find(name, path.parent)
        if file is None:
            found.append(
                Diagnostic(str(item.mark), f"there is no config {name!r} to include", suggest(name, config_names()))
            )
        elif file.resolve() in trail:
            found.append(Diagnostic(str(item.mark), f"{name!r} includes itself", "remove one of the includes"))
        elif len(trail) > _MAX_DEPTH:
            found.append(Diagnostic(str(item.mark), f"includes go deeper than {_MAX_DEPTH}", "include fewer files"))
        else:
            try:
                below = with_includes(read_yaml(file), file, found, trail=trail)
            except InputError as error:
                found.extend(error.diagnostics)
            else:
                merged = merge(merged, below)
    own = {key: node for key, node in root.value.items() if key != INCLUDE}
    return merge(merged, Node(own, root.mark, root.keys))


def config_names() -> list[str]:
    """What can be included by name: configs (`cameras/dashcam` ...) and recipes (`road/urban` ...) of the program."""
    root = data_dir("configs")
    own = (file.relative_to(root).with_suffix("").as_posix() for kind in _KINDS for file in root.glob(f"{kind}/*.yaml"))
    return sorted([*own, *recipe_names()])


def merge(under: Node, over: Node, path: tuple[str, ...] = ()) -> Node:
    """`over` upon `under`: mappings are joined key by key; lists, values and distributions replace what was there."""
    if not isinstance(under.value, dict) or not isinstance(over.value, dict):
        return over
    if path not in {(name,) for name in _FREE} and (is_distribution(under.value) or is_distribution(over.value)):
        return over
    if len(path) == 1 and path[0] in ONE_KIND and not under.value.keys() & over.value.keys():
        return over if over.value else under
    value = dict(under.value)
    for key, node in over.value.items():
        value[key] = merge(value[key], node, (*path, key)) if key in value else node
    return Node(value, over.mark, {**under.keys, **over.keys})


def _names(node: Node, found: list[Diagnostic]) -> list[Node]:
    items = node.value if isinstance(node.value, list) else [node]
    good = [item for item in items if isinstance(item.value, str) and item.value]
    for item in items:
        if item not in good:
            what = "`include` takes names of configs"
            found.append(Diagnostic(str(item.mark), what, "write include: [cameras/dashcam, sensors/dashcam]"))
    return good


def _find(name: str, folder: Path) -> Path | None:
    """The included file: beside the file that includes it, else among the configs, else among the recipes that come
    with the program; `.yaml` may be left out."""
    for base in (folder, data_dir("configs"), data_dir(SCENES)):
        for candidate in (base / name, base / f"{name}.yaml"):
            if candidate.is_file():
                return candidate
    return None
