"""The conformance scenes through a real worker, at both sizes of rendering."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synthgen.assets.store import Store
from synthgen.engine.selftest import SceneResult, selftest
from synthgen.verification.conformance import SCENES, Conformance, Expectation
from synthgen.verification.conformance.surfaces import silhouettes

pytestmark = pytest.mark.blender


def wrong_scene(store: Store) -> Conformance:
    """Claims by formula that two things are each other's, and expects what does not hold."""
    scene = silhouettes(store)
    swapped = tuple(np.where(t == 3, 2, np.where(t == 2, 3, t)).astype(np.int32) for t in scene.truth)
    return replace(scene, truth=swapped, expectations=(Expectation("nothing is red", lambda _: False),))


def unbuildable(store: Store) -> Conformance:
    scene = silhouettes(store)
    broken = {key: replace(material, model="no such") for key, material in scene.spec.materials.items()}
    return replace(scene, spec=replace(scene.spec, materials=broken))


@pytest.fixture(scope="module")
def results() -> dict[str, SceneResult]:
    """All scenes, in one worker."""
    return {r.name: r for r in selftest({**SCENES, "wrong": wrong_scene, "unbuildable": unbuildable})}


@pytest.mark.parametrize("name", SCENES)
def test_labels_are_exact(results: dict[str, SceneResult], name: str) -> None:
    assert results[name].passes, results[name].line()
    assert results[name].total("boundary") > 400, "there is something to be wrong about"


def test_what_is_wrong_is_told(results: dict[str, SceneResult]) -> None:
    wrong = results["wrong"]
    assert not wrong.passes
    assert "against the formulas" in wrong.line() and "it does not hold that nothing is red" in wrong.line()
    assert "against the ray caster" not in wrong.line()
    assert len(wrong.complaints) == 8, "two views at two sizes, two complaints each"
    assert "build: " in results["unbuildable"].line() and "no such" in results["unbuildable"].line()
