"""Planning: a recipe, a seed and a scene index become a SceneSpec. Every random draw ends here; no Blender."""

from synthgen.planning.identity import identity
from synthgen.planning.scene import plan, plan_scene, recipe_catalogue

__all__ = ["identity", "plan", "plan_scene", "recipe_catalogue"]
