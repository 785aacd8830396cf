"""Every finding says where, what, and what to try; all of a file come at once, in order."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthgen.errors import EXIT_INPUT, Diagnostic, InputError
from synthgen.recipe import lint, load_recipe

BAD = [
    # (old, new, place, what)
    ("assets: [base]", "asets: [base]", "4:1", "the recipe has no key 'asets'; did you mean 'assets'?"),
    ("layout:", "layot:", "8:1", "the recipe has no key 'layot'; did you mean 'layout'?"),
    ("name: small street", "name: 3", "2:7", "name: 3 where text is expected"),
    ("name: small street\n", "", "1:1", "the recipe lacks 'name'"),
    ("synthgen: 1", "synthgen: 2", "1:11", "synthgen: 2 is out of range"),
    ("taxonomy: road", "taxonomy: rode", "3:11", "no taxonomy 'rode'; did you mean 'road'?"),
    ("taxonomy: road", "taxonomy: my/gone.yaml", "3:11", "my/gone.yaml: cannot read the taxonomy"),
    ("taxonomy: road", "taxonomy: road\nsize: 0x0", "4:7", "write it like 1280x720"),
    ("taxonomy: road", "taxonomy: road\nsize: 8x700", "4:7", "the size 8x700 is out of range"),
    ("taxonomy: road", "taxonomy: road\nsize: [1, 2]", "4:7", "a list where a single value is expected"),
    ("taxonomy: road", "taxonomy: road\npreset: standrd", "4:9", "did you mean 'standard'?"),
    ("taxonomy: road", "taxonomy: road\ndate: 2026-02-30", "4:7", "'2026-02-30' is not a date"),
    ("taxonomy: road", "taxonomy: road\nviews_per_scene: 0", "4:18", "0 is out of range; give 1 to 10000"),
    ("taxonomy: road", "taxonomy: road\noutput_licence: CC-BY4", "4:17", "did you mean 'CC-BY-4.0'?"),
    ("taxonomy: road", "taxonomy: road\ninclude: cameras/dashcan", "4:10", "did you mean 'cameras/dashcam'?"),
    ("taxonomy: road", "taxonomy: road\ninclude: [3]", "4:11", "`include` takes names of configs"),
    (
        "taxonomy: road",
        "taxonomy: road\nrender: {sampels: 3}",
        "4:10",
        "render has no key 'sampels'; did you mean 'samples'?",
    ),
    ("taxonomy: road", "taxonomy: road\nrender: {texture_limit: 1000}", "4:25", "one of 0, 128"),
    ("taxonomy: road", "taxonomy: road\nchecks: {attempts: 0}", "4:20", "attempts: 0 is out of range"),
    ("taxonomy: road", "taxonomy: road\nchecks: {attempts: {randint: [1, 2]}}", "4:20", "only a constant can stand"),
    ("taxonomy: road", "taxonomy: road\nlabels: {below: vod}", "4:17", "did you mean 'void'?"),
    ("taxonomy: road", "taxonomy: road\nsensor: 3", "4:9", "sensor must be a mapping"),
    ("taxonomy: road", "taxonomy: road\ntruth: [depth, normal]", "4:16", "did you mean 'normals'?"),
    ("taxonomy: road", "taxonomy: road\ntruth: {choice: [depth, flow]}", "4:8", "a mapping where a word is expected"),
    ("taxonomy: road", "taxonomy: road\ntruth: [depth, flow]", "4:8", "ask for views_per_scene: 2 or more"),
    ("[base]", "[base, base]", "4:16", "'base' stands twice"),
    ("weather: {weighted: {clear: 3, overcast: 2}}", "weather: {weighted: {clear: -3, overcast: 2}}", "6:31", "-3"),
    ("width: {uniform: [3.0, 3.5]}", "width: {uniform: [3.5, 3.0]}", "7:20", "swap the two"),
    ("width: {uniform: [3.0, 3.5]}", "width: {uniform: [3.0, 9]}", "9:37", "can leave the allowed range (2.5 to 5 m)"),
    ("width: {uniform: [3.0, 3.5]}", "width: {uniform: [3.0, $x]}", "7:10", "$x is not a draw of `let`"),
    ("width: {uniform: [3.0, 3.5]}", "width: $a\n  a: $b\n  b: $a", "8:3", "in a circle: $a -> $b -> $a"),
    ("width: {uniform: [3.0, 3.5]}", "width: {uniform: [3, 3.5], per: view}", "7:10", "`let` is drawn once a scene"),
    ("let:\n", "let:\n  a b: 1\n", "6:3", "'a b' cannot name a draw"),
    ("street: {", "steet: {", "9:3", "layout has no kind 'steet'; did you mean 'street'?"),
    ("length: 200", "lenght: 200", "9:12", "street has no key 'lenght'; did you mean 'length'?"),
    ("length: 200", "trees: true", "9:12", "street has no key 'trees'; it is an entry of `populate`: write `- trees:`"),
    ("length: 200", "weather: clear", "9:12", "street has no key 'weather'; it belongs under `light.sky`"),
    ("taxonomy: road", "taxonomy: road\nlanes: 4", "4:1", "no key 'lanes'; it belongs under `layout.street`"),
    ("taxonomy: road", "taxonomy: road\nseed: 4", "4:1", "no key 'seed'; it is no part of a recipe: give --seed"),
    ("{weather: $weather}", "{hour: 23}", "11:9", "may be dusk or night"),
    ("[base]", "[base, bsae]", "4:16", "no asset pack is named 'bsae'; did you mean 'base'?"),
    ("[base]", "[]", "4:9", "parked takes assets, but the recipe names no pack; add assets: [base]"),
    ("length: 200", "length: long", "9:20", "the word 'long' where a number is expected"),
    ("length: 200", "length: -5", "9:20", "-5 is out of range; give 120 to 1000 m"),
    ("length: 200", "length: .nan", "9:20", "nan is not a finite number"),
    ("length: 200", "length: {normal: {mean: 200, std: 5}}", "9:20", "give the distribution a min and a max"),
    ("length: 200", "length: {uniform: [200, 300], per: view}", "9:47", "`per: view` has no meaning here"),
    ("length: 200", "length: 200, crossing: {uniform: [40, 170]}", "9:35", "street: the cross street may end 184 m"),
    (
        "dashcam: {height",
        "dashcam: {distance: {uniform: [9, 170]}, height",
        "17:23",
        "may stand 170 m along a street of 200 m",
    ),
    ("length: 200", "lanes: 3", "9:19", "3 is not a multiple of 2"),
    ("length: 200", "lanes: {randint: [2, 4]}", "9:19", "use choice or weighted"),
    ("length: 200", "lanes: {uniform: [2, 4]}", "9:19", "use randint or choice"),
    ("length: 200", "parking: {choice: [both, lft]}", "9:21", "did you mean 'left'?"),
    ("$width", "$widht", "9:37", "$widht is not a draw of `let`; did you mean 'width'?"),
    ("{randint: [2, 5]}", "{randit: [2, 5]}", "9:55", "did you mean 'randint'?"),
    ("{weather: $weather}", "{weather: sunny}", "11:18", "'sunny' is not allowed here"),
    ("  sky: {weather: $weather}", "  sky: {}\n  moon: {}", "11:3", "light must name one kind, not 2"),
    ("- parked", "- parkd", "13:5", "populate has no kind 'parkd'; did you mean 'parked'?"),
    (
        "category: [car, van]",
        "category: [car, vann]",
        "13:39",
        "the taxonomy has no category 'vann'; did you mean 'van'?",
    ),
    ("category: [car, van]", "category: 4", "13:33", "4 where a word is expected"),
    ("category: [car, van]", "category: []", "13:33", "an empty list"),
    ("category: [car, van]", "colour: red", "13:23", "assets has no key 'colour'"),
    ("category: [car, van]", "licence: [CC BY]", "13:33", "is not the SPDX name"),
    ("{category: [car, van]}", "car", "13:22", "assets must be a mapping"),
    ("[0.5, 0.9]", "[0.5, 1.9]", "13:52", "a distribution over 0.5 to 1.9 can leave the allowed range (0 to 1)"),
    ("{in: sidewalk,", "{in: lanes,", "14:23", "'lanes' is not allowed here"),
    ("density: 0.02", "density:0.02", "14:33", "put a space after the colon"),
    ("density: 0.02", "density: {bernoulli: 0.5}", "14:42", "true where a number is expected"),
    ("camera:\n  dashcam: {height: {uniform: [1.2, 1.6]}}\n", "", "1:1", "the recipe lacks 'camera'"),
    ("dashcam: {height", "dashcam: {hight", "17:13", "dashcam has no key 'hight'; did you mean 'height'?"),
    (
        "dashcam: {height: {uniform: [1.2, 1.6]}}",
        "dashcam: {bonnet: {choice: [true, 1]}}",
        "17:21",
        "1 where true or false",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "what"), BAD, ids=[f"{new[:40]}" for _, new, _, _ in BAD])
def test_a_mistake_is_named_with_its_place_and_a_remedy(write, old: str, new: str, place: str, what: str) -> None:
    file = write((old, new))
    found = [str(item) for item in lint(file)]
    # A misspelt section also leaves the right one missing; the mistake itself comes first or after that.
    assert any(line.startswith(f"{file}:{place}: ") and what in line for line in found), found
    assert len(found) == (2 if new == "layot:" else 1), found
    assert all("\n" not in line for line in found)


def test_the_small_recipe_is_good(write) -> None:
    assert lint(write()) == []


def test_all_findings_come_at_once_in_order(write) -> None:
    file = write(("length: 200", "lenght: 200"), ("assets: [base]", "asets: [base]"), ("[0.5, 0.9]", "[0.9, 0.5]"))
    with pytest.raises(InputError) as caught:
        load_recipe(file, size="0x0")
    places = [item.where for item in caught.value.diagnostics]
    assert places == [f"{file}:4:1", f"{file}:9:12", f"{file}:13:62", "--size"]
    assert caught.value.exit_code == EXIT_INPUT


def test_a_refused_draw_is_told_once_not_wherever_it_is_used(write) -> None:
    (found,) = lint(write(("weather: {weighted: {clear: 3, overcast: 2}}", "weather: {weighted: {}}")))
    assert "weather: weighted needs a mapping" in found.what
    (found,) = lint(write(("length: 200", "length: $width"), ("{uniform: [3.0, 3.5]}", "{uniform: [3.5, 3.0]}")))
    assert "width: uniform: the lowest, 3.5, is above the highest, 3" in found.what


@pytest.mark.parametrize("size", ["0x0", "abc", "10", "15x20", "20000x20", "-1x5", "1e3x100", "", "100X"])
def test_sizes_that_are_refused(write, size: str) -> None:
    (found,) = lint(write(), size=size)
    assert found.where == "--size"
    assert "1280x720" in found.hint


def test_options_that_are_refused(write) -> None:
    assert "did you mean 'draft'" in str(*lint(write(), preset="drft"))
    assert "-1 is not a seed" in str(*lint(write(), seed=-1))


def test_missing_files_folders_and_other_things_are_one_finding_each(write, tmp_path: Path) -> None:
    for path in (tmp_path / "gone.yaml", tmp_path, write(text=""), write(text="- 1\n"), write(text="a: [")):
        (found,) = lint(path)
        assert isinstance(found, Diagnostic)
        assert found.where.startswith(str(path))
        assert found.hint


LINES = re.compile(r"(?<=\n)")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_no_mangled_recipe_makes_lint_fail(write, seed: int, changes: int) -> None:
    """Whatever a slip of the hand makes of a recipe, lint answers with findings or with none."""
    rng = random.Random(seed)
    file = write()
    text = file.read_text("utf-8")
    for _ in range(changes):
        at = rng.randrange(len(text))
        match rng.randrange(4):
            case 0:
                text = text[:at] + text[at + rng.randrange(1, 8) :]
            case 1:
                text = text[:at] + rng.choice("{}[]:,$&*!|>'\"\t\n-#%@`~? 09e.") + text[at:]
            case 2:
                words = ["uniform", "per: view", "null", "-1", "1e400", "[[]]", "{}", "$weather", "true", "2", "<<: 1"]
                text = text[:at] + rng.choice(words) + text[at:]
            case _:
                lines = LINES.split(text)
                rng.shuffle(lines)
                text = "".join(lines)
        text = text or "a"
    file.write_text(text, encoding="utf-8")
    for item in lint(file):
        assert item.where
        assert item.what
