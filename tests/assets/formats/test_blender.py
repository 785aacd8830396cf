"""The conversion by a child process, with children that misbehave in Blender's place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from synthgen.assets.formats import blender
from synthgen.assets.formats.blender import read_converted
from synthgen.errors import InputError
from tests.assets.formats.files import Memory

FBX = b"Kaydara FBX Binary  \0 and more"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "converted"


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """The child runs this, with the model's path and the path to write as its arguments."""
    monkeypatch.setattr(blender, "COMMAND", (sys.executable, "-c", f"import sys, json, os, time\n{code}"))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("time.sleep(60)", "within 0.5 s"),
        ("os.abort()", "without a word"),
        ("print('loaded'); print('bad luck', file=sys.stderr); sys.exit(3)", "without a word.*bad luck"),
        ("print(json.dumps({'error': 'no faces', 'hint': 'add some'}))", "no faces; add some"),
        ("print('{}')", "cannot be read"),
        ("open(sys.argv[2], 'wb').write(b'half'); print('{}')", "cannot be read"),
    ],
)
def test_children_that_fail(code: str, says: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blender, "LIMIT_SECONDS", 0.5 if "sleep" in code else 60.0)
    child(monkeypatch, code)
    with pytest.raises(InputError, match=says) as caught:
        read_converted(Memory.of({"m/a.fbx": FBX}), "m/a.fbx")
    assert len(caught.value.diagnostics) == 1 and caught.value.diagnostics[0].where == "m/a.fbx"


@pytest.mark.parametrize("name", ["../../out.fbx", "/abs/out.fbx", "a/../../../out.fbx", "C:out.fbx"])
def test_a_name_that_leads_out_is_not_followed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child(monkeypatch, "print(json.dumps({'error': sys.argv[1]}))")
    with pytest.raises(InputError) as caught:
        read_converted(Memory.of({name: FBX}), name)
    put = Path(caught.value.diagnostics[0].what)
    assert put.name == "model.fbx" and "synthgen-convert-" in str(put)


def test_a_child_gets_the_model_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    child(monkeypatch, "import pathlib; root = pathlib.Path(sys.argv[1]).parents[1]\n"
          "print(json.dumps({'error': ' '.join(sorted(p.name for p in root.rglob('*')))}))")  # fmt: skip
    with pytest.raises(InputError, match=r"a\.fbx m$"):
        read_converted(Memory.of({"m/a.fbx": FBX, "m/secret.txt": b"x"}), "m/a.fbx")
