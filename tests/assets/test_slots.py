from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from synthgen.assets.models import SlotFacts
from synthgen.assets.slots import ALBEDO, albedo, load_rules, style
from synthgen.errors import InputError
from synthgen.paths import data_dir

CLASSES = ("vehicle", "person", "vegetation", "furniture")


def facts(name: str, *, picture: bool = False, cutout: bool = False) -> SlotFacts:
    return SlotFacts(name, (0.5, 0.5, 0.5), 1.0, "x.png" if picture else None, cutout)


@pytest.mark.parametrize(
    ("name", "picture", "rule", "model"),
    [
        ("carPaint", False, "paint", "car_paint"),
        ("firstcolor", False, "paint", "car_paint"),
        ("color-exterior", False, "paint", "car_paint"),
        ("whiteglass", False, "glass", "car_glass"),  # of a van: a window, no lamp
        ("GLASS_turn_signals", False, "lamp", "lamp"),
        ("GLASS_brakelight", False, "tail_lamp", "lamp"),
        ("Taillights", False, "tail_lamp", "lamp"),
        ("GLASS_headlights", False, "head_lamp", "lamp"),
        ("sweethome3d_window_mirror", False, "chrome", "chrome"),
        ("chrome_matte", False, "rim", "principled"),
        ("neumaticos", False, "tyre", "tyre"),
        ("wheels-rubber", False, "tyre", "tyre"),
        ("wheels", True, "picture", "principled"),
        ("wheels", False, "rim", "principled"),
        ("Interior", False, "interior", "principled"),
        ("something else", False, "trim", "weathered"),
    ],
)
def test_slots_of_vehicles(name: str, picture: bool, rule: str, model: str) -> None:
    look = style(facts(name, picture=picture), load_rules("vehicle"))
    assert (look.role, look.model, look.picture) == (rule, model, picture and rule == "picture")


def test_only_paint_and_plain_cloth_take_other_colours() -> None:
    roles = {r.role for c in CLASSES for r in load_rules(c) if r.recolour}
    assert roles <= {"paint", "cloth", "suit"}
    assert style(facts("jumper", picture=True), load_rules("person"), "plain cloth").recolour


def test_a_rule_can_be_named() -> None:
    assert style(facts("carPaint"), load_rules("vehicle"), "glass").model == "car_glass"
    with pytest.raises(InputError, match="no slot rule is named 'glas'"):
        style(facts("carPaint"), load_rules("vehicle"), "glas")


def test_a_cut_out_needs_its_picture() -> None:
    assert style(facts("leaves", picture=True, cutout=True), load_rules("vegetation")).transparency == "cutout"
    assert style(facts("trunk", picture=True, cutout=True), load_rules("vegetation")).transparency == "opaque"


@pytest.mark.parametrize("name", CLASSES)
def test_every_rule_names_a_model_and_colours_that_are_real(name: str) -> None:
    known = {
        "principled", "weathered", "car_paint", "car_glass", "chrome", "tyre", "cloth", "skin", "hair", "leaf", "bark",
        "lamp",
    }  # fmt: skip
    for rule in load_rules(name):
        assert rule.model in known
        color = rule.params.get("color", [0.5])
        assert color == "file" or all(0 < c <= 0.85 for c in color)


@pytest.mark.parametrize("name", ["car_paint", "cloth"])
def test_palettes(name: str) -> None:
    palette = yaml.safe_load((data_dir("configs") / "materials" / f"{name}.yaml").read_text())["palette"]
    assert len({p["name"] for p in palette}) == len(palette)
    assert all(p["weight"] > 0 and len(p["color"]) == 3 and max(p["color"]) <= 0.75 for p in palette)


@given(st.floats(0, 10))
def test_albedo_is_physical(value: float) -> None:
    assert ALBEDO[0] <= albedo(value) <= ALBEDO[1]


def test_wrong_rules_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthgen.paths.data_root", lambda: tmp_path)
    (tmp_path / "configs" / "materials").mkdir(parents=True)
    path = tmp_path / "configs" / "materials" / "odd.yaml"
    for text, says in (
        ("rules: [{name: a, match: x, role: b, model: c}]", "must match any name"),
        ("rules: [{name: a, match: '(', role: b, model: c}]", "no regular expression"),
        ("rules: [{name: a, match: '', role: b, model: c, colour: 1}]", "wrong key"),
    ):
        path.write_text(text)
        with pytest.raises(InputError, match=says):
            load_rules("odd")
    with pytest.raises(InputError, match="no slot rules are named 'none'"):
        load_rules("none")
