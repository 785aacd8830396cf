"""Loading: includes, overrides, presets, the hash, and which draw comes from which stream."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from synthgen.paths import data_dir
from synthgen.recipe import Draw, Params, Recipe, Ref, draw_lets, lint, load_recipe
from synthgen.recipe.distributions import RandInt
from synthgen.recipe.header import preset_names

URBAN = data_dir("scenes") / "road" / "urban.yaml"


def drawn(recipe: Recipe, *, seed: int = 5, scene: int = 0) -> dict[str, object]:
    """Every leaf of a recipe, drawn, by its path."""
    draw = Draw(seed, scene)
    draw = replace(draw, env=draw_lets(recipe, draw))
    view = replace(draw, suffix="@view0.0")
    values: dict[str, object] = {f"let.{name}": value for name, value in draw.env.items()}
    for block in (recipe.layout, recipe.light, *recipe.populate):
        values |= {f"{block.path}.{name}": value for name, value in block.params.resolve(draw).items()}
    values |= {f"{recipe.camera.path}.{name}": value for name, value in recipe.camera.params.resolve(view).items()}
    return values | {f"sensor.{name}": value for name, value in recipe.sensor.resolve(view).items()}


def test_the_street_recipe_loads_with_its_includes() -> None:
    recipe = load_recipe(URBAN)
    assert (recipe.name, recipe.taxonomy, recipe.packs) == ("urban street", "road", ("base", "human"))
    assert recipe.size == (1280, 720)
    assert (recipe.preset, recipe.views_per_scene, recipe.date, recipe.seed) == ("standard", 4, "2026-01-01", 0)
    assert [block.path for block in recipe.populate][:4] == [
        "populate.0.lane_traffic",
        "populate.0.parked",
        "populate.0.pedestrians",
        "populate.1.pedestrians",
    ]
    assert recipe.camera.kind == "dashcam"
    assert recipe.checks.resolve(Draw(0, 0)) == {"nearest": 0.3, "largest_thing": 0.6, "min_things": 3, "attempts": 20}
    assert isinstance(recipe.sensor.get("jpeg_quality"), RandInt)
    assert recipe.light.params.get("weather") == Ref("weather")


@pytest.mark.parametrize("file", sorted(data_dir("scenes").rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_recipe_of_the_project_is_clean(file: Path) -> None:
    assert lint(file) == []


def test_defaults_fill_what_a_recipe_leaves_out(write) -> None:
    recipe = load_recipe(write())
    assert recipe.size == (1280, 720)
    assert recipe.labels.resolve(Draw(0, 0)) == {"min_area": 0, "below": "keep"}
    assert recipe.sensor.resolve(Draw(0, 0))["read_noise"] == 0
    assert recipe.populate[0].params.get("in") == "parking"
    assert recipe.populate[0].params.get("assets") == {
        "category": ["car", "van"],
        "tag": None,
        "id": None,
        "licence": None,
        "trademark": None,
        "made": None,
        "stands": None,
    }


def test_options_win_over_the_recipe(write) -> None:
    recipe = load_recipe(write(), seed=9, preset="draft", size="64x48")
    assert (recipe.seed, recipe.preset, recipe.size) == (9, "draft", (64, 48))
    assert recipe.render["supersample"] == 1


def test_a_recipe_may_change_keys_of_its_preset(write) -> None:
    recipe = load_recipe(write(("taxonomy: road", "taxonomy: road\npreset: high\nrender: {samples: 9}")))
    assert recipe.render["samples"] == 9
    assert recipe.render["denoise"] == "both"


def test_the_presets_that_options_name_exist() -> None:
    assert preset_names() == ["draft", "high", "standard"]


# includes


def test_own_keys_win_and_lists_and_distributions_are_replaced_whole(write) -> None:
    write(
        text="camera:\n  dashcam: {height: {normal: {mean: 2, std: 1, min: 1, max: 3}}, hfov: 60}\n"
        "populate:\n  - litter: {}\nlet: {uniform: 2, kept: 1}\n",
        name="mine.yaml",
    )
    recipe = load_recipe(
        write(("taxonomy: road", "taxonomy: road\ninclude: mine"), ("width: {uniform", "uniform: 3\n  width: {uniform"))
    )
    camera = recipe.source["camera"]["dashcam"]
    assert camera == {"height": {"uniform": [1.2, 1.6]}, "hfov": 60}
    assert [block.kind for block in recipe.populate] == ["parked", "pedestrians", "pedestrians"]
    assert recipe.lets["kept"] == 1
    assert recipe.lets["uniform"] == 3
    assert "include" not in recipe.source


def test_another_kind_replaces_an_included_block(write) -> None:
    write(text="light:\n  moon: {phase: 1}\n", name="moon.yaml")
    assert lint(write(("taxonomy: road", "taxonomy: road\ninclude: moon"))) == []


def test_later_includes_win_and_files_beside_the_recipe_come_first(write) -> None:
    write(text="sensor: {read_noise: 0.1, bloom: 0.1}\n", name="one.yaml")
    write(text="sensor: {read_noise: 0.2}\n", name="sensors/dashcam.yaml")
    recipe = load_recipe(write(("taxonomy: road", "taxonomy: road\ninclude: [one, sensors/dashcam]")))
    assert recipe.source["sensor"] == {"read_noise": 0.2, "bloom": 0.1}


def test_findings_of_an_include_stand_in_its_file(write) -> None:
    below = write(text="include: deeper\nsensor:\n  nois: 1\n", name="below.yaml")
    deeper = write(text="sensor:\n  bloom: 4\n", name="deeper.yaml")
    found = lint(write(("taxonomy: road", "taxonomy: road\ninclude: below")))
    assert {item.where for item in found} == {f"{below}:3:3", f"{deeper}:2:10"}


def test_includes_in_a_circle_are_refused(write) -> None:
    first = write(text="include: second\n", name="first.yaml")
    second = write(text="include: first\n", name="second.yaml")
    (found,) = lint(write(("taxonomy: road", "taxonomy: road\ninclude: first")))
    assert found.where == f"{second}:1:10"
    assert "includes itself" in found.what
    assert first.exists()


# --set


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("layout.street.lanes=4", ("layout", "street", "lanes"), 4),
        ("layout.lanes=4", ("layout", "street", "lanes"), 4),
        ("camera.height=2", ("camera", "dashcam", "height"), 2),
        ("camera.dashcam.height={uniform: [1, 2]}", ("camera", "dashcam", "height"), {"uniform": [1, 2]}),
        ("camera.height.uniform.1=1.9", ("camera", "dashcam", "height", "uniform"), [1.2, 1.9]),
        ("camera.height.randint=[1, 2]", ("camera", "dashcam", "height"), {"randint": [1, 2]}),
        ("populate.0.fill=0.3", ("populate", 0, "parked", "fill"), 0.3),
        ("populate.0.parked.fill=3e-1", ("populate", 0, "parked", "fill"), 0.3),
        ("populate.parked.fill=0.3", ("populate", 0, "parked", "fill"), 0.3),
        ("populate.2.density=1", ("populate", 2, "pedestrians", "density"), 1),
        ("populate.parked.assets.tag=old", ("populate", 0, "parked", "assets", "tag"), "old"),
        ("let.width=3", ("let", "width"), 3),
        ("sensor.read_noise=0.1", ("sensor", "read_noise"), 0.1),
        ("description=a = b", ("description",), "a = b"),
    ],
)
def test_set_reaches_any_key(write, override: str, path: tuple[str | int, ...], value: object) -> None:
    found: object = load_recipe(write(), overrides=[override]).source
    for step in path:
        found = found[step]  # type: ignore[index]
    assert found == value


@pytest.mark.parametrize(
    ("override", "where", "what"),
    [
        ("layot.street.lanes=4", "--set layot.street.lanes", "did you mean 'layout'?"),
        ("layout.street.lane=4", "--set layout.street.lane", "did you mean 'lanes'?"),
        ("layout.street.lanes=many", "--set layout.street.lanes", "the word 'many' where a whole number"),
        ("camera.height.unifrom=[1, 2]", "--set camera.height.unifrom", "'unifrom' cannot stand beside 'uniform'"),
        ("populate.9.fill=1", "--set populate.9.fill", "populate has no entry 9; it has 3"),
        ("populate.parkd.fill=1", "--set populate.parkd.fill", "did you mean 'parked'?"),
        ("populate.pedestrians.density=1", "--set populate.pedestrians.density", "populate.1 or populate.2"),
        ("let.widht=3", "--set let.widht", "did you mean 'width'?"),
        ("name.first=x", "--set name.first", "name is a single value"),
        ("name", "--set", "is not key=value"),
        ("=4", "--set", "is not key=value"),
        ("a..b=4", "--set", "is not key=value"),
        ("name={", "--set name", "not YAML"),
        ("include=cameras/gone", "--set include", "there is no config"),
        ("populate.parked.assets.category=vann", "--set populate.parked.assets.category", "did you mean 'van'?"),
    ],
)
def test_a_set_that_is_refused_names_itself(write, override: str, where: str, what: str) -> None:
    (found,) = lint(write(), overrides=[override])
    assert found.where == where
    assert what in str(found)


def test_set_of_include_is_done_before_including(write) -> None:
    recipe = load_recipe(write(), overrides=["include=[sensors/dashcam]", "sensor.read_noise=0"])
    assert recipe.source["sensor"]["read_noise"] == 0
    assert "jpeg_quality" in recipe.source["sensor"]


def test_a_later_set_wins(write) -> None:
    recipe = load_recipe(write(), overrides=["views_per_scene=2", "views_per_scene=3"])
    assert recipe.views_per_scene == 3


# draws


def test_equal_seeds_draw_alike_and_others_do_not() -> None:
    recipe = load_recipe(URBAN)
    assert drawn(recipe) == drawn(load_recipe(URBAN))
    assert drawn(recipe) != drawn(recipe, seed=6)
    assert drawn(recipe) != drawn(recipe, scene=1)


@pytest.mark.parametrize(
    "change",
    [
        ("length: 200", "length: 200, wear: {uniform: [0, 1]}"),
        ("  width: {", "  more: {uniform: [0, 1]}\n  width: {"),
        ("populate:\n", "populate:\n  - trees: {spacing: {uniform: [5, 9]}}\n"),
        ("camera:\n", "sensor: {read_noise: {uniform: [0, 0.1]}}\ncamera:\n"),
        ("dashcam: {height", "dashcam: {yaw: {uniform: [0, 1]}, height"),
        ("storeys: {randint: [2, 5]}", "storeys: {randint: [1, 9]}"),
    ],
)
def test_a_change_moves_no_other_draw(write, change: tuple[str, str]) -> None:
    before, after = drawn(load_recipe(write())), drawn(load_recipe(write(change)))
    own = {"layout.street.wear", "sensor.read_noise", "camera.dashcam.yaw", "layout.street.storeys"}
    for path, value in before.items():
        if path not in own:
            assert after[path] == value, path


def test_lets_are_shared_and_may_lean_on_each_other_in_any_order(write) -> None:
    recipe = load_recipe(
        write(("  width: {uniform: [3.0, 3.5]}", "  width: {uniform: [3, $top]}\n  top: {choice: [3.5]}"))
    )
    assert list(recipe.lets) == ["weather", "top", "width"]
    for scene in range(20):
        env = draw_lets(recipe, Draw(1, scene))
        assert 3 <= env["width"] <= env["top"] == 3.5
        assert recipe.layout.params.resolve(Draw(1, scene, env))["lane_width"] == env["width"]


def test_views_differ_unless_a_draw_is_per_scene(write) -> None:
    both = "dashcam: {hfov: {uniform: [60, 90], per: scene}, height"
    camera = load_recipe(write(("dashcam: {height", both))).camera.params
    first, second = (camera.resolve(Draw(0, 0, {}, f"@view{view}.0")) for view in range(2))
    assert first["height"] != second["height"]
    assert first["hfov"] == second["hfov"]


def test_an_instance_draws_anew_unless_a_draw_is_per_scene(write) -> None:
    recipe = load_recipe(write(("{uniform: [0.5, 0.9]}", "{uniform: [0.5, 0.9], per: scene}, gap: {uniform: [1, 2]}")))
    params = recipe.populate[0].params.fixed(Draw(0, 0))
    rng = Draw(0, 0).rng("cars")
    assert len({params.sample("gap", rng, {}) for _ in range(5)}) == 5
    assert len({params.sample("fill", rng, {}) for _ in range(5)}) == 1
    assert params.get("fill") != recipe.populate[0].params.fixed(Draw(0, 1)).get("fill")


def test_truth_is_asked_for_in_any_order_and_need_not_be(write) -> None:
    assert load_recipe(write()).truth == ()
    asked = load_recipe(write(("taxonomy: road", "taxonomy: road\nviews_per_scene: 2\ntruth: [flow, depth]")))
    assert asked.truth == ("depth", "flow")
    assert load_recipe(write(("taxonomy: road", "taxonomy: road\ntruth: boxes"))).truth == ("boxes",)
    assert load_recipe(write(), overrides=["truth=[]"]).truth == ()


# the hash, and other uses


def test_the_hash_covers_the_recipe_and_not_the_options(write) -> None:
    plain = load_recipe(write())
    assert plain.hash == load_recipe(write(), seed=3, size="64x48", preset="draft").hash
    assert plain.hash == load_recipe(write(("taxonomy: road", "taxonomy: road\nsize: 64x48"))).hash
    assert plain.hash == load_recipe(write(("assets: [base]", "# a remark\nassets:   [ 'base' ]"))).hash
    assert plain.hash != load_recipe(write(), overrides=["sensor.read_noise=0.1"]).hash
    assert len(plain.hash) == 32


def test_the_source_is_a_recipe_again(tmp_path: Path) -> None:
    recipe = load_recipe(URBAN, overrides=["layout.lanes={weighted: {2: 1, 4: 0.5}}"])
    again = tmp_path / "again.yaml"
    again.write_text(yaml.safe_dump(json.loads(json.dumps(recipe.source, sort_keys=True))), encoding="utf-8")
    assert load_recipe(again).hash == recipe.hash
    assert drawn(load_recipe(again)) == drawn(recipe)


def test_a_recipe_can_be_sent_to_another_process() -> None:
    recipe = load_recipe(URBAN)
    assert pickle.loads(pickle.dumps(recipe)) == recipe


def test_params_say_what_they_hold(write) -> None:
    params = load_recipe(write()).layout.params
    assert isinstance(params, Params)
    assert "lanes" in params
    assert "lane" not in params
    with pytest.raises(KeyError):
        params.get("lane")
