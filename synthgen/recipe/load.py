"""From a recipe's file to a `Recipe`; all that is wrong with it is found in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthgen.errors import Diagnostic, InputError
from synthgen.paths import OWN_PACK, is_folder_pack
from synthgen.recipe.check import check_model, keys_of
from synthgen.recipe.fields import Context, numeric_range
from synthgen.recipe.findings import in_order, suggest
from synthgen.recipe.header import (
    DEFAULT_PRESET,
    DEFAULT_SIZE,
    Header,
    pack_names,
    parse_size,
    preset_file,
    preset_names,
)
from synthgen.recipe.includes import INCLUDE, with_includes
from synthgen.recipe.lets import SECTION as LET
from synthgen.recipe.lets import check_lets
from synthgen.recipe.models import (
    CAMERA_MODELS,
    LAYOUT_MODELS,
    LIGHT_MODELS,
    POPULATOR_MODELS,
    BlockModel,
    Checks,
    Labels,
    RenderPreset,
    load_extensions,
)
from synthgen.recipe.overrides import apply_overrides
from synthgen.recipe.params import Block, Params
from synthgen.recipe.recipe import Recipe, source_hash
from synthgen.recipe.sensor import Sensor
from synthgen.recipe.shipped import recipe_file
from synthgen.recipe.values import references, shown, support_of
from synthgen.recipe.yamlfile import Mark, Node, mapping, read_yaml
from synthgen.truth import FLOW, TRUTHS

__all__ = ["Recipe", "lint", "load_recipe"]

BLOCKS: dict[str, dict[str, type[BlockModel]]] = {
    "layout": LAYOUT_MODELS,
    "light": LIGHT_MODELS,
    "camera": CAMERA_MODELS,
}
"""Sections that hold one block by its kind, all of them required."""

MAPPINGS: dict[str, type[BlockModel]] = {"sensor": Sensor, "checks": Checks, "labels": Labels}
"""Sections that hold keys right away."""

POPULATE, RENDER = "populate", "render"
SECTIONS = (LET, *BLOCKS, POPULATE, *MAPPINGS, RENDER)
_LARGEST_SEED = 2**63 - 1

AHEAD_OF_CAMERA = 40
"""Metres of a layout that must lie ahead of a camera at a `distance` along it."""


def load_recipe(
    path: Path | str,
    *,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    preset: str | None = None,
    size: str | None = None,
) -> Recipe:
    """Reads, includes, overrides and checks. Raises InputError with every finding, sorted by place.

    path: a YAML file, or the name of a recipe that comes with the program. overrides: `a.b.c=value` texts (`--set`).
    preset and size, where given, win over the recipe's. seed: 0 if not given.
    """
    load_extensions()
    found: list[Diagnostic] = []
    path = recipe_file(Path(path))
    root = apply_overrides(read_yaml(path), overrides, found, includes=True)
    root = with_includes(root, path, found)
    incomplete = bool(found)
    root = apply_overrides(root, overrides, found, includes=False)
    recipe = _Checker(path, root, found, incomplete).recipe(seed, preset, size)
    if recipe is None:
        raise InputError(in_order(found))
    return recipe


def lint(
    path: Path | str,
    *,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    preset: str | None = None,
    size: str | None = None,
) -> list[Diagnostic]:
    """What is wrong with a recipe, sorted by place; empty where nothing is. Never raises InputError."""
    try:
        load_recipe(path, overrides=overrides, seed=seed, preset=preset, size=size)
    except InputError as error:
        return list(error.diagnostics)
    return []


@dataclass
class _Checker:
    """Checks the parts of a recipe one after the other and gathers what is wrong with them in `found`."""

    path: Path
    root: Node
    found: list[Diagnostic]
    incomplete: bool
    """Was an include left out? Then a missing section says nothing."""
    context: Context = field(default_factory=Context)

    def recipe(self, seed: int | None, preset: str | None, size: str | None) -> Recipe | None:
        """The recipe, or None where there are findings."""
        head = self._header()
        lets, supports, broken = check_lets(self.root, self.found)
        self.context = Context(supports, broken, categories=self._categories())
        layout, light, camera = (self._section_block(section) for section in BLOCKS)
        self._camera_fits(layout, camera)
        populate = self._populators()
        self._packs(head, populate)
        self._flow_has_views(head)
        sensor, checks, labels = (self._section(section) for section in MAPPINGS)
        seed = self._seed(seed)
        width_height = self._size(size, head)
        chosen = self._preset(preset, head)
        render = self._render(chosen)
        if self.found or head is None or layout is None or light is None or camera is None:
            return None
        source: Any = self.root.data()
        return Recipe(
            name=head["name"],
            description=head["description"],
            taxonomy=head["taxonomy"],
            packs=tuple(head["assets"]),
            licences=None if head["licence"] is None else tuple(head["licence"]),
            trademark=head["trademark"] is not False,
            size=width_height,
            preset=chosen,
            render=render,
            views_per_scene=head["views_per_scene"],
            date=head["date"],
            output_licence=head["output_licence"],
            seed=seed,
            lets=lets,
            layout=layout,
            light=light,
            populate=populate,
            camera=camera,
            sensor=sensor,
            checks=checks,
            labels=labels,
            truth=tuple(word for word in TRUTHS if word in head["truth"]),
            source=source,
            hash=source_hash(source),
            path=self.path,
        )

    def _bad(self, mark: Mark | str, what: str, hint: str) -> None:
        self.found.append(Diagnostic(str(mark), what, hint))

    def _part(self, key: str) -> Node | None:
        assert isinstance(self.root.value, dict)
        return self.root.value.get(key)

    def _header(self) -> Mapping[str, Any] | None:
        assert isinstance(self.root.value, dict)
        own = {key: node for key, node in self.root.value.items() if key not in SECTIONS}
        node = Node(own, self.root.mark, self.root.keys)
        return check_model(Header, node, "the recipe", self.context, self.found, others=(*SECTIONS, INCLUDE))

    def _packs(self, head: Mapping[str, Any] | None, populate: Sequence[Block]) -> None:
        """Refuses packs that do not exist, and populators that take assets where no pack is named."""
        if head is None:
            return
        node = self._part("assets")
        names = pack_names()
        for at, pack in enumerate(head["assets"]):
            if is_folder_pack(pack):
                self._folder_pack(pack, at)
            elif pack not in names:
                assert node is not None
                self._bad(node.place((at,)), f"no asset pack is named {pack!r}", suggest(pack, names))
        takers = [b.kind for b in populate if "assets" in b.params and not POPULATOR_MODELS[b.kind].takes_made]
        if takers and not head["assets"]:
            mark = node.mark if node is not None else self.root.mark
            self._bad(mark, f"{takers[0]} takes assets, but the recipe names no pack", f"add assets: [{names[0]}]")

    def _flow_has_views(self, head: Mapping[str, Any] | None) -> None:
        """Refuses optical flow where a scene has one view."""
        node = self._part("truth")
        if head is not None and node is not None and FLOW in head["truth"] and head["views_per_scene"] < 2:
            what = f"truth: {FLOW} leads from one view of a scene to the next, and there is one view a scene"
            self._bad(node.mark, what, f"ask for views_per_scene: 2 or more, or leave {FLOW} out")

    def _folder_pack(self, pack: str, at: int) -> None:
        """Refuses a pack that is a path where no folder is."""
        node = self._part("assets")
        places = (self.path.parent / Path(pack).expanduser(), Path(pack).expanduser())
        if pack != OWN_PACK and node is not None and not any(place.is_dir() for place in places):
            hint = "a path is looked for beside the recipe, then from the folder that you stand in"
            self._bad(node.place((at,)), f"there is no folder of models {pack!r}", hint)

    def _categories(self) -> tuple[str, ...] | None:
        """Names of the taxonomy's categories, for checking filters; None, and a finding, where it cannot be read."""
        node = self._part("taxonomy")
        if node is None or not isinstance(node.value, str):
            return None
        from synthgen.taxonomy import load_taxonomy

        try:
            return tuple(load_taxonomy(node.value).by_name)
        except InputError as error:
            for item in error.diagnostics:
                if item.where == node.value and not Path(node.value).is_file():
                    hint = "a path is looked for from the folder that you stand in"
                    self._bad(node.mark, f"{item.where}: {item.what}", hint)
                else:
                    self._bad(item.where or node.mark, item.what, item.hint)
            return None

    def _section_block(self, section: str) -> Block | None:
        node = self._part(section)
        if node is None:
            if self.incomplete:
                return None
            kinds = ", ".join(BLOCKS[section])
            self._bad(self.root.mark, f"the recipe lacks {section!r}", f"add {section}: with one of: {kinds}")
            return None
        return self._block(node, section, BLOCKS[section], section)

    def _block(self, node: Node, section: str, models: Mapping[str, type[BlockModel]], start: str) -> Block | None:
        """A block from `{kind: {key: value}}`."""
        if not isinstance(node.value, dict) or len(node.value) != 1:
            count = len(node.value) if isinstance(node.value, dict) else 0
            name = "an entry of populate" if section == POPULATE else section
            start = "-" if section == POPULATE else f"{section}:"
            what = f"{name} must name one kind" + (f", not {count}" if count > 1 else "")
            self._bad(node.mark, what, f"write {start} {{{next(iter(models))}: {{...}}}}")
            return None
        kind, body = next(iter(node.value.items()))
        if kind not in models:
            self._bad(node.keys[kind], f"{section} has no kind {kind!r}", suggest(kind, models))
            return None
        values = check_model(models[kind], body, kind, self.context, self.found)
        block_path = f"{start}.{kind}"
        return None if values is None else Block(kind, Params(values, block_path), block_path)

    def _camera_fits(self, layout: Block | None, camera: Block | None) -> None:
        """Refuses a camera whose `distance` may lie beyond the `length` of a layout that has one."""
        if layout is None or camera is None or "length" not in layout.params or "distance" not in camera.params:
            return
        length: Any
        distance: Any
        length, distance = layout.params.get("length"), camera.params.get("distance")
        if not self.context.broken.isdisjoint([*references(length), *references(distance)]):
            return
        shortest, _ = numeric_range(support_of(length, self.context.lets))
        _, farthest = numeric_range(support_of(distance, self.context.lets))
        if farthest + AHEAD_OF_CAMERA > shortest:
            mark = self.root.place(("camera", camera.kind, "distance"))
            what = f"distance: the camera may stand {shown(farthest)} m along a {layout.kind} of {shown(shortest)} m"
            self._bad(mark, what, f"leave {AHEAD_OF_CAMERA} m ahead of it: a lower `distance` or a longer `length`")

    def _populators(self) -> tuple[Block, ...]:
        node = self._part(POPULATE)
        if node is None or node.value is None:
            return ()
        if not isinstance(node.value, list):
            self._bad(node.mark, "populate must be a list", "write `- parked: {fill: 0.5}` lines")
            return ()
        blocks: list[Block] = []
        seen: dict[str, int] = {}
        for item in node.value:
            kind = next(iter(item.value), "") if isinstance(item.value, dict) else ""
            block = self._block(item, POPULATE, POPULATOR_MODELS, f"{POPULATE}.{seen.get(kind, 0)}")
            seen[kind] = seen.get(kind, 0) + 1
            if block is not None:
                blocks.append(block)
        return tuple(blocks)

    def _section(self, section: str) -> Params:
        node = self._part(section) or mapping(self.root.mark)
        return Params(check_model(MAPPINGS[section], node, section, self.context, self.found) or {}, section)

    def _seed(self, seed: int | None) -> int:
        if seed is not None and not 0 <= seed <= _LARGEST_SEED:
            self._bad("--seed", f"{seed} is not a seed", f"give a whole number from 0 to {_LARGEST_SEED}")
        return seed or 0

    def _size(self, option: str | None, head: Mapping[str, Any] | None) -> tuple[int, int]:
        try:
            return parse_size(option if option is not None else head["size"] if head else DEFAULT_SIZE)
        except ValueError as error:
            self._bad("--size", error.args[0], error.args[1])
            return parse_size(DEFAULT_SIZE)

    def _preset(self, option: str | None, head: Mapping[str, Any] | None) -> str:
        if option is None:
            return str(head["preset"]) if head else DEFAULT_PRESET
        if option not in preset_names():
            self._bad("--preset", f"there is no render preset {option!r}", suggest(option, preset_names()))
            return DEFAULT_PRESET
        return option

    def _render(self, preset: str) -> dict[str, Any]:
        """The keys of the preset with those of the recipe's `render` over them."""
        base = read_yaml(preset_file(preset))
        own = self._part(RENDER)
        if own is not None and own.value is not None:
            if not isinstance(own.value, dict):
                hint = f"write its keys: {', '.join(keys_of(RenderPreset))}"
                self._bad(own.mark, f"{RENDER} must be a mapping", hint)
            else:
                for key, node in own.value.items():
                    base = base.replaced(key, node, own.keys[key])
        return dict(check_model(RenderPreset, base, RENDER, self.context, self.found) or {})
