"""Which of a scene's defects the label map of a view shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from synthgen.annotation.segments import Segmentation
from synthgen.scene.spec import Instance
from synthgen.taxonomy import Taxonomy

DEFECT = "defect"
"""The supercategory of everything that can be wrong with a workpiece."""


@dataclass(frozen=True, slots=True)
class DefectInView:
    """pixels: of the view, whatever became of its segment. visible: whether the label map has any of them."""

    instance: Instance
    pixels: int
    visible: bool


def defects_in_view(spec_instances: Iterable[Instance], taxonomy: Taxonomy, found: Segmentation) -> list[DefectInView]:
    """Every defect of the scene, in the order of its number, in view or not.

    One that is off the picture, turned away, hidden or thinner than the pixels' spacing has no pixel; one whose
    segment `labels.below` made void has pixels that the label map does not show. Neither is visible.
    """
    pixels = {i.number: i.pixels for i in found.instances}
    own = {s["instance_id"] for s in found.segments if "instance_id" in s}
    crowds = {s["category_id"] for s in found.segments if s["iscrowd"]}
    shown = []
    for instance in _defects(spec_instances, taxonomy):
        count = pixels.get(instance.number, 0)
        labelled = instance.number in own or taxonomy.category(instance.category).id in crowds
        shown.append(DefectInView(instance, count, count > 0 and labelled))
    return shown


def _defects(spec_instances: Iterable[Instance], taxonomy: Taxonomy) -> Iterator[Instance]:
    names = {c.name for c in taxonomy.categories if c.supercategory == DEFECT}
    return (i for i in spec_instances if i.category in names)
