"""What a recipe demands of all assets: licences and trademarks; and what its taxonomy makes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synthgen.assets.catalogue import Asset, Catalogue
from synthgen.errors import InputError
from synthgen.planning import plan_scene
from synthgen.scene.spec import SceneSpec
from synthgen.taxonomy import load_taxonomy
from tests.planning.town import recipe, town

ROAD, INDOOR = load_taxonomy("road"), load_taxonomy("indoor")


def changed(catalogue: Catalogue, **by_category: dict[str, object]) -> Catalogue:
    """The catalogue with the assets of some categories changed."""
    assets = (replace(a, **by_category.get(a.category, {})) for a in catalogue.assets)  # type: ignore[arg-type]
    return Catalogue(tuple(assets), catalogue.checksums)


def used(spec: SceneSpec) -> set[str]:
    return set(spec.attributes["assets"])


@pytest.fixture(scope="module")
def mixed() -> Catalogue:
    """Cars show brands, vans are under another licence."""
    return changed(town()[1], car={"trademark": True}, van={"licence": "CC-BY-4.0"}, person={"licence": "CC-BY-4.0"})


def test_only_the_licences_demanded_are_used(mixed: Catalogue) -> None:
    fit = mixed.suited(ROAD, licences=["CC0-1.0"])
    assert {a.licence for a in fit.assets} == {"CC0-1.0"}
    spec = plan_scene(recipe("licence=[CC0-1.0]"), fit, town()[0], 0)
    assert not used(spec) & {"town/van", "town/ann", "town/ben", "town/cleo"}
    assert not [i for i in spec.instances if i.category == "person"]


def test_without_brands_traffic_gets_thinner_and_repeats_no_look(mixed: Catalogue) -> None:
    dense = ("populate.0.lane_traffic.gap=6", "trademark=false")
    every = plan_scene(recipe(*dense), mixed.suited(ROAD), town()[0], 1)
    fewer = plan_scene(recipe(*dense), mixed.suited(ROAD, trademark=False), town()[0], 1)
    vehicles = [sum(i.category in ("car", "van", "bus", "truck") for i in spec.instances) for spec in (every, fewer)]
    assert 0 < vehicles[1] < vehicles[0]
    assert not any(spec["trademark"] for spec in fewer.attributes["assets"].values())


def test_a_populator_that_a_demand_leaves_nothing_is_named(mixed: Catalogue) -> None:
    spec = plan_scene(recipe("licence=[CC0-1.0]"), mixed.suited(ROAD, licences=["CC0-1.0"]), town()[0], 0)
    assert spec.attributes["idle"] == ["populate.0.pedestrians", "populate.1.pedestrians"]
    assert "idle" not in plan_scene(recipe(), mixed.suited(ROAD), town()[0], 0).attributes


def test_what_the_packs_lack_altogether_is_an_error(mixed: Catalogue) -> None:
    wanted = recipe("licence=[CC0-1.0]", "populate.0.lane_traffic.assets.tag=hovercraft")
    with pytest.raises(InputError, match="nothing in the packs matches"):
        plan_scene(wanted, mixed.suited(ROAD, licences=["CC0-1.0"]), town()[0], 0)


def test_an_asset_is_called_as_the_taxonomy_calls_it() -> None:
    chair: Asset = replace(
        town()[1].assets[0], id="town/chair", categories=("street furniture", "chair"), domains=("road", "indoor")
    )
    both = Catalogue((chair,), {})
    assert [a.category for a in both.suited(ROAD).assets] == ["street furniture"]
    assert [a.category for a in both.suited(INDOOR).assets] == ["chair"]


def test_what_belongs_to_other_domains_is_left_out_but_not_for_taxonomies_of_users() -> None:
    bench = replace(town()[1].assets[0], id="town/pew", category="bench", categories=("bench",), domains=("indoor",))
    kerb = replace(bench, id="town/kerb_bench", domains=("road",))
    both = Catalogue((bench, kerb), {})
    assert [a.id for a in both.suited(ROAD).assets] == ["town/kerb_bench"]
    assert len(both.suited(replace(ROAD, name="mine")).assets) == 2
