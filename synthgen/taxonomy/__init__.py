"""Categories: id, name, supercategory, isthing, color; maps to COCO-133 and Cityscapes."""

from synthgen.taxonomy.categories import Category, Target, Taxonomy, did_you_mean
from synthgen.taxonomy.load import domain_names, load_taxonomy, taxonomy_from_dict, taxonomy_names
from synthgen.taxonomy.merged import MERGED, merged
from synthgen.taxonomy.others import CityscapesLabel, cityscapes_labels, coco_panoptic

__all__ = [
    "MERGED",
    "Category",
    "CityscapesLabel",
    "Target",
    "Taxonomy",
    "cityscapes_labels",
    "coco_panoptic",
    "did_you_mean",
    "domain_names",
    "load_taxonomy",
    "merged",
    "taxonomy_from_dict",
    "taxonomy_names",
]
