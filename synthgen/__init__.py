"""synthgen: a YAML recipe in, a rendered COCO-panoptic dataset with exact labels out.

The verbs of the command line are functions here too: `generate`, `package`, `plan`, `preview`, `lint`, `schema`,
`validate`, `verify`, `doctor`. They are imported when first used, so that `import synthgen` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synthgen.dataset.package import package as package
    from synthgen.dataset.validate import validate as validate
    from synthgen.engine.doctor import doctor as doctor
    from synthgen.engine.inputs import plan as plan
    from synthgen.engine.local import generate as generate
    from synthgen.engine.preview import preview as preview
    from synthgen.recipe import json_schema as schema
    from synthgen.recipe import lint as lint
    from synthgen.verification.verify import verify as verify

__version__ = "0.1.0"

__all__ = ["doctor", "generate", "lint", "package", "plan", "preview", "schema", "validate", "verify"]

_PLACES = {
    "doctor": ("synthgen.engine.doctor", "doctor"),
    "generate": ("synthgen.engine.local", "generate"),
    "lint": ("synthgen.recipe", "lint"),
    "package": ("synthgen.dataset.package", "package"),
    "plan": ("synthgen.engine.inputs", "plan"),
    "preview": ("synthgen.engine.preview", "preview"),
    "schema": ("synthgen.recipe", "json_schema"),
    "validate": ("synthgen.dataset.validate", "validate"),
    "verify": ("synthgen.verification.verify", "verify"),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'synthgen' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
