"""Categories: id, name, supercategory, isthing, color; maps to COCO-133 and Cityscapes."""

from synthgen.taxonomy.categories import Category, Target, Taxonomy, did_you_mean
from synthgen.taxonomy.load import load_taxonomy, taxonomy_from_dict, taxonomy_names

__all__ = [
    "Category",
    "Target",
    "Taxonomy",
    "did_you_mean",
    "load_taxonomy",
    "taxonomy_from_dict",
    "taxonomy_names",
]
