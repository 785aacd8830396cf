"""What a run may render on, by name. Nothing here starts Blender."""

from __future__ import annotations

CPU, GPU = "cpu", "gpu"

BACKENDS = ("optix", "cuda", "hip", "oneapi", "metal")
"""Kinds of graphics processors: NVIDIA's two, AMD's, Intel's, Apple's. `gpu` is the first that the machine has."""

DEVICES = (CPU, GPU, *BACKENDS)
