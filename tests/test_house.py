"""The rules of the house: imports point one way, Blender stays in its room, planning draws nothing by itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import synthgen

PACKAGE = Path(synthgen.__file__).parent
ROOT = PACKAGE.parent
BLENDER_ROOM = "render.blender"
BLENDER_MODULES = {"bpy", "bmesh", "mathutils", "blenderproc", "gpu", "bl_ui"}
LONGEST_FILE = 450

LAYERS = (
    ("", "errors", "paths", "randomness", "truth", "wholefile"),
    ("taxonomy",),
    ("recipe",),
    ("scene",),
    ("procedural.registry", "assets.mesh", "assets.trim"),
    ("assets.store",),
    ("procedural", "assets"),
    ("layout", "makers", "placement", "scene.stage"),
    ("planning",),
    ("render.job",),
    ("sensor", "annotation"),
    ("dataset",),
    ("render", "render.blender", "verification"),
    ("report",),
    ("engine",),
    ("cli", "__main__"),
)
"""From the pipeline's beginning to its end. A module may import its own layer and those above it in this list. A name
stands for its package, but for the parts of it that stand elsewhere."""

LAZY = {
    ("assets", "dataset"),
    ("", "dataset"),
    ("", "engine"),
    ("", "recipe"),
    ("", "verification"),
}
"""Exceptions: what `synthgen/__init__.py` gives when asked for it."""

DRAWS_END_HERE = ("recipe", "scene", "layout", "placement", "planning", "procedural")
"""Packages that must give the same on every machine: no clock, no global generator, no `hash` of Python's."""

GLOBAL_RANDOM = re.compile(r"^(np|numpy)\.random\.(?!Generator$|PCG64$|SeedSequence$|BitGenerator$|default_rng$)\w+$")
CLOCKS = {
    "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "datetime.now", "datetime.datetime.now",
    "datetime.utcnow", "datetime.datetime.utcnow", "date.today", "datetime.date.today", "os.urandom", "uuid.uuid4",
}  # fmt: skip


def module_name(path: Path) -> str:
    """Dotted name within synthgen: `recipe.load`; the package itself is the empty name."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources() -> dict[str, tuple[Path, ast.Module]]:
    return {
        module_name(path): (path, ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "_data" not in path.parts
    }


def layer(module: str) -> int:
    """The layer of the longest name in LAYERS that holds the module."""
    names = {name: k for k, layer in enumerate(LAYERS) for name in layer}
    while module not in names:
        assert module, "every package has a layer"
        module = module.rpartition(".")[0]
        if not module:
            raise AssertionError("a module in the top folder has no layer")
    return names[module]


def imports(tree: ast.Module, *, typing_too: bool = False) -> Iterator[str]:
    """Full names of what a module imports, also inside functions; not what only a type checker sees."""
    skipped = set()
    for node in ast.walk(tree):
        if not typing_too and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            skipped.update(id(n) for n in ast.walk(node))
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(tree: ast.Module) -> Iterator[str]:
    """Modules of synthgen that a module imports, without the leading `synthgen`."""
    for name in imports(tree):
        if name.partition(".")[0] != "synthgen":
            continue
        inner = name.removeprefix("synthgen").lstrip(".")
        while inner and inner not in sources():
            inner = inner.rpartition(".")[0]
        yield inner


def test_imports_point_one_way() -> None:
    wrong = [
        f"{module} imports {target}"
        for module, (_, tree) in sources().items()
        for target in own_imports(tree)
        if module and layer(target) > layer(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_only_one_room_imports_blender() -> None:
    outside = [
        f"{module} imports {name}"
        for module, (_, tree) in sources().items()
        for name in imports(tree, typing_too=True)
        if name.partition(".")[0] in BLENDER_MODULES and not f"{module}.".startswith(f"{BLENDER_ROOM}.")
    ]
    assert not outside, "\n".join(outside)


def test_only_child_processes_enter_that_room() -> None:
    entering = {
        module
        for module, (_, tree) in sources().items()
        for target in own_imports(tree)
        if f"{target}.".startswith(f"{BLENDER_ROOM}.") and not f"{module}.".startswith(f"{BLENDER_ROOM}.")
    }
    assert entering <= {"render.renderer", "render.convert"}


def test_a_process_with_blender_has_one_thread() -> None:
    """Blender uses Python's memory without holding Python's lock: another thread would crash it sooner or later."""
    found = [
        f"{module} imports {name}"
        for module, (_, tree) in sources().items()
        if module in ("render.renderer", "render.convert") or f"{module}.".startswith(f"{BLENDER_ROOM}.")
        for name in imports(tree)
        if name.partition(".")[0] in ("threading", "concurrent", "multiprocessing") or name.endswith("parent.follow")
    ]
    assert not found, "\n".join(found)


def test_planning_has_no_randomness_or_clock_of_its_own() -> None:
    found = []
    for module, (_, tree) in sources().items():
        if module.partition(".")[0] not in DRAWS_END_HERE:
            continue
        found += [f"{module} imports {n}" for n in imports(tree) if n.partition(".")[0] in ("random", "secrets")]
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                name = ast.unparse(node)
                if GLOBAL_RANDOM.match(name) or name in CLOCKS:
                    found.append(f"{module}:{node.lineno} uses {name}")
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "hash":
                found.append(f"{module}:{node.lineno} uses hash()")
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng") and not node.args:
                found.append(f"{module}:{node.lineno} seeds a generator from the system")
    assert not found, "\n".join(found)


def test_generators_are_never_a_default() -> None:
    found = [
        f"{module}:{node.lineno} {node.name}({argument.arg}=...)"
        for module, (_, tree) in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for argument in _with_default(node.args)
        if argument.arg == "rng"
    ]
    assert not found, "\n".join(found)


def _with_default(arguments: ast.arguments) -> list[ast.arg]:
    positional = [*arguments.posonlyargs, *arguments.args]
    named = [a for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
    return [*positional[len(positional) - len(arguments.defaults) :], *named]


def test_files_are_small() -> None:
    long = {
        module: lines
        for module, (path, _) in sources().items()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "import synthgen, synthgen.cli.main as main\n"
        "try:\n    main.main(['--help'])\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "print('LOADED', *sorted({m.partition('.')[0] for m in sys.modules}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "generate" in done.stdout
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"numpy", "pydantic", "trimesh", "bpy", "blenderproc", "cv2", "scipy", "PIL", "yaml", "msgspec"}


def test_registries_refuse_a_name_twice() -> None:
    import synthgen.procedural  # noqa: F401
    from synthgen.layout.registry import LAYOUTS, layout
    from synthgen.placement.registry import POPULATORS, populator
    from synthgen.procedural.registry import PROCEDURAL, PROCEDURAL_IMAGES, image_generator, mesh_generator

    for registry, register in (
        (PROCEDURAL, mesh_generator),
        (PROCEDURAL_IMAGES, image_generator),
        (LAYOUTS, layout),
        (POPULATORS, populator),
    ):
        assert registry, "built-in entries are registered"
        name = next(iter(registry))
        before = dict(registry)
        with pytest.raises(ValueError, match=re.escape(repr(name))):
            register(name)(lambda: None)  # type: ignore[operator]
        assert dict(registry) == before


def test_a_wheel_carries_recipes_configs_and_assets(tmp_path: Path) -> None:
    builder = pytest.importorskip("hatchling.builders.wheel").WheelBuilder
    wheel = next(iter(builder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])))
    installed = tmp_path / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    for kind in ("scenes", "configs", "assets"):
        ours = {p.relative_to(ROOT) for p in (ROOT / kind).rglob("*") if p.is_file()}
        theirs = {p.relative_to(installed / "synthgen/_data") for p in (installed / "synthgen/_data" / kind).rglob("*")}
        assert ours <= theirs
    script = "from synthgen.paths import data_dir; print(data_dir('scenes') / 'road' / 'urban.yaml')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env={"PYTHONPATH": str(installed)}, capture_output=True, text=True
    )
    found = Path(done.stdout.strip())
    assert found.is_relative_to(installed) and found.is_file(), done.stderr
