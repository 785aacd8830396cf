"""The road's map tiles, wears as told, and puts wheel tracks where the lanes are."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import InputError
from synthgen.procedural.noise import fractal_noise, value_noise
from synthgen.procedural.road_surface import TRACK, road_surface

SMALL = {"length": 24.0, "width": 12.0, "resolution": 0.04}


def test_it_repeats_along_the_road() -> None:
    image = road_surface(seed=5, **SMALL).astype(float)
    steps = np.abs(np.diff(image, axis=0)).mean(axis=(1, 2))
    seam = np.abs(image[0] - image[-1]).mean()
    assert seam < np.quantile(steps, 0.99) * 1.2, "the map's ends do not meet"


def test_noise_wraps() -> None:
    rng = np.random.default_rng(0)
    for field in (value_noise(rng, (64, 32), (16, 8)), fractal_noise(rng, (64, 32), (40, 20), 3)):
        step = np.abs(np.diff(field, axis=0)).max()
        assert np.abs(field[0] - field[-1]).max() < 2.0 * step
        assert -0.3 < field.min() < field.max() < 1.3


def test_wheel_tracks_follow_the_lanes() -> None:
    image = road_surface(seed=1, lanes=2, lane_width=3.4, **SMALL)
    polish = image[..., 3].mean(axis=0)
    x = (np.arange(len(polish)) + 0.5) * 0.04
    for centre in (6 - 1.7, 6 + 1.7):
        for side in (-TRACK, TRACK):
            here = polish[np.abs(x - centre - side) < 0.1].mean()
            between = polish[np.abs(x - centre) < 0.1].mean()
            assert here > between + 20


def test_wear_takes_paint_and_adds_cracks() -> None:
    new, old = (road_surface(seed=2, wear=w, **SMALL) for w in (0.1, 0.9))
    assert new[..., 2].mean() < 30 < 100 < old[..., 2].mean()
    assert new[..., 0].mean() < old[..., 0].mean()


def test_covers_get_their_collar() -> None:
    plain = road_surface(seed=3, **SMALL).astype(int)
    patched = road_surface(seed=3, covers=[(6.0, 12.0, 0.35)], **SMALL).astype(int)
    row, column = image_place(6.0 + 0.45, 12.0, plain.shape)
    assert patched[row, column, 2] > 200, "paint ends at a collar"


def image_place(x: float, y: float, shape: tuple[int, ...]) -> tuple[int, int]:
    return int(shape[0] - y / 0.04), int(x / 0.04)


def test_absurd_sizes_are_refused() -> None:
    with pytest.raises(InputError):
        road_surface(length=0.0)
    with pytest.raises(InputError):
        road_surface(length=1e5)
