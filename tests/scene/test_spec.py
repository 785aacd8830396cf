"""What a SceneSpec keeps to: its bytes, and what it refuses because labels would be wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from synthgen.errors import InputError
from synthgen.scene.builder import SceneBuilder
from synthgen.scene.pose import pose
from synthgen.scene.spec import (
    MAX_NUMBER,
    Camera,
    Instance,
    LabelVolume,
    Material,
    MeshRef,
    Object,
    SceneSpec,
    View,
    World,
    check_spec,
    decode_spec,
    encode_spec,
)

EYE = Camera((80.0, 80.0, 79.5, 47.5), pose())
NEW = {"lens_radius", "focus_distance", "shutter", "velocity", "volumes"}


def scene() -> SceneSpec:
    return SceneSpec(
        scene_index=3,
        seed=0,
        identity={},
        size=(160, 96),
        taxonomy="road",
        render={},
        meshes={"box": MeshRef("0" * 32, {"test": "box"})},
        images={},
        materials={"grey": Material("principled"), "pane": Material("principled", transparency="see_through")},
        objects=(
            Object("box", ("grey",), 1, pose(yaw=30.0, scale=(-1.0, 2.0, 3.0))),
            Object("box", ("pane",), 2, pose(3.0)),
        ),
        instances=(Instance(1, "car"), Instance(2, "bin")),
        lights=(),
        world=World("uniform"),
        views=(View(EYE, {}, objects=(Object("box", ("grey",), 1, pose(5.0)),)),),
    )


def blurred() -> SceneSpec:
    """The scene with everything that a spec may leave out."""
    spec = scene()
    eye = replace(EYE, lens_radius=0.01, focus_distance=4.0, shutter=0.02, velocity=(1.0, 0.0, 0.0))
    return replace(
        spec,
        objects=(replace(spec.objects[0], velocity=(0.0, 2.0, 0.0)), *spec.objects[1:]),
        views=(replace(spec.views[0], camera=eye, lights=spec.lights),),
        volumes=(LabelVolume(2, pose(1.0), (1,), ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), ((0, 1, 2),)),),
    )


@pytest.mark.parametrize("spec", [scene(), blurred()], ids=["plain", "blurred"])
def test_a_spec_is_read_as_it_was_written(spec: SceneSpec) -> None:
    check_spec(spec)
    assert decode_spec(encode_spec(spec)) == spec
    assert encode_spec(decode_spec(encode_spec(spec))) == encode_spec(spec)


def test_what_a_scene_does_not_have_is_not_written() -> None:
    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: without(v) for k, v in value.items() if k not in NEW}
        return [without(v) for v in value] if isinstance(value, list) else value

    every_key = json.loads(msgspec.json.encode(scene()))
    assert [view.pop("lights") for view in every_key["views"]] == [[]]
    assert json.loads(encode_spec(scene())) == without(every_key)
    assert all(f'"{key}"' in encode_spec(blurred()).decode() for key in NEW)


def changed(**changes: Any) -> Callable[[SceneSpec], SceneSpec]:
    return lambda spec: replace(spec, **changes)


def with_object(**changes: Any) -> Callable[[SceneSpec], SceneSpec]:
    return lambda spec: replace(spec, objects=(replace(spec.objects[0], **changes), spec.objects[1]))


def with_camera(**changes: Any) -> Callable[[SceneSpec], SceneSpec]:
    return lambda spec: replace(spec, views=(replace(spec.views[0], camera=replace(EYE, **changes)),))


def with_volume(**changes: Any) -> Callable[[SceneSpec], SceneSpec]:
    return lambda spec: replace(spec, volumes=(replace(LabelVolume(2, pose(), (1,)), **changes),))


SHEARED = (1.0, 0.5, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@pytest.mark.parametrize(
    "change, words",
    [
        (changed(instances=tuple(Instance(k, "car") for k in range(1, MAX_NUMBER + 2))), "32768 numbered instances"),
        (changed(instances=(Instance(1, "car"), Instance(2, "bin"), Instance(40_000, "car"))), "holds 32767"),
        (changed(instances=(Instance(1, "car"), Instance(1, "bin"))), "two instances one number"),
        (changed(instances=(Instance(1, "car"), Instance(2, "bin", part_of=9))), "part 2 of an unknown instance"),
        (changed(instances=(Instance(1, "car"), Instance(2, "bin", relations={"on": 9}))), "2 on 9, which is not one"),
        (changed(instances=(Instance(1, "car"), Instance(2, "bin", relations={"on": 2}))), "2 on 2, which is not one"),
        (with_object(number=7), "unknown number 7"),
        (with_object(mesh="ball"), "unknown mesh or material"),
        (with_object(materials=("grey", "pane")), "see-through in part"),
        (with_object(transform=SHEARED), "sheared"),
        (with_object(transform=pose(scale=(1, 0, 1))), "scaled to nothing"),
        (with_object(transform=pose(3.0), materials=("pane",)), "one mesh twice at one place, as 1 and as 2"),
        (with_object(transform=pose(5.0), number=2), "one mesh twice at one place, as 2 and as 1"),
        (with_object(velocity=(1.0,)), "velocity has 1 numbers"),
        (changed(materials={"grey": Material("principled", transparency="cutout"), "pane": Material("x")}), "`alpha`"),
        (with_camera(clip_near=0.0), "sees from 0.0 m"),
        (with_camera(lens_radius=0.1), "focuses at 0.0 m"),
        (with_camera(shutter=-1.0), "negative lens radius or shutter"),
        (with_volume(number=9), "unknown instance 9"),
        (with_volume(behind=(9,)), "unknown instance 9"),
        (with_volume(behind=()), "nothing behind it"),
        (with_volume(faces=((0, 1, 2),)), "faces that name vertices it lacks"),
    ],
)
def test_what_would_give_wrong_labels_is_refused(change: Callable[[SceneSpec], SceneSpec], words: str) -> None:
    with pytest.raises(InputError) as refused:
        check_spec(change(scene()))
    assert words in str(refused.value)


def test_one_surface_twice_under_one_number_is_no_matter() -> None:
    spec = scene()
    check_spec(replace(spec, objects=(*spec.objects, spec.objects[0])))


def test_a_builder_gives_no_number_that_the_index_pass_cannot_hold() -> None:
    builder = SceneBuilder()
    for _ in range(MAX_NUMBER):
        builder.instance("car")
    with pytest.raises(InputError, match="more than 32767 numbered instances"):
        builder.instance("car")
