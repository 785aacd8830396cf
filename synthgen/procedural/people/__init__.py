"""People: MakeHuman's body (pack `human`) shaped, posed and clothed. Importing this registers `people.person`."""

from __future__ import annotations

from synthgen.procedural.people import figure

__all__ = ["figure"]
