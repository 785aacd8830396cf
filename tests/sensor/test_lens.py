"""What the lens does, measured on pictures of which the answer is known."""

import numpy as np
import pytest

from synthgen.sensor.lens import aberration, bloom, soften, vignette


@pytest.mark.parametrize("share", [0.1, 0.35, 1.0])
@pytest.mark.parametrize("size", [(54, 96), (96, 54), (33, 33)])
def test_the_corner_loses_its_share_and_the_middle_nothing(share: float, size: tuple[int, int]) -> None:
    height, width = size
    out = vignette(np.ones((height, width, 3), dtype=np.float32), share)
    for y, x in ((0, 0), (0, width - 1), (height - 1, 0), (height - 1, width - 1)):
        assert out[y, x] == pytest.approx(1.0 - share, abs=1e-5)
    assert out[height // 2, width // 2].min() > 1.0 - 0.01 * share
    half = vignette(np.ones((101, 101, 3), dtype=np.float32), share)[25, 25]  # halfway to the corner
    assert half == pytest.approx(1.0 - share / 4, abs=1e-5)


@pytest.mark.parametrize("pixels", [0.5, 1.0, 3.0])
def test_red_and_blue_part_by_so_many_pixels_at_the_corner(pixels: float) -> None:
    y, x = np.mgrid[0:121, 0:161].astype(np.float32)
    distance = np.hypot(x - 80, y - 60)
    image = np.repeat(distance[..., None], 3, axis=-1)  # the level says from where light came
    out = aberration(image, pixels)
    corner = out[2, 2]  # not at the very edge, where outside is unknown
    apart = pixels * float(distance[2, 2]) / float(distance[0, 0])
    assert corner[1] == image[2, 2, 1], "green stays"
    assert corner[2] - corner[0] == pytest.approx(apart, rel=0.1)
    assert out[60, 80] == pytest.approx(0.0, abs=0.02)
    assert out[60, 120, 2] - out[60, 120, 0] == pytest.approx(apart * 40 / float(distance[2, 2]), rel=0.15)


def test_bloom_spreads_light_and_loses_none() -> None:
    dark = np.zeros((180, 320, 3), dtype=np.float32)
    dark[88:92, 158:162] = 20.0
    out = bloom(dark, 0.05)
    assert out[90, 160, 0] < 20.0 and out[90, 170, 0] > 0.0
    assert out[90, 170, 0] > out[90, 200, 0] > out[90, 300, 0]
    assert out.sum() == pytest.approx(dark.sum(), rel=0.02)
    assert bloom(dark, 0.0) is dark


def test_a_glint_does_not_fog_the_picture() -> None:
    dark = np.zeros((180, 320, 3), dtype=np.float32)
    dark[90, 160] = 20.0
    glint = dark.copy()
    glint[90, 160] = 50_000.0
    assert bloom(glint, 0.05)[90, 200, 0] < 1.5 * bloom(dark, 0.05)[90, 200, 0]


def test_softness_has_the_sigma_it_says() -> None:
    point = np.zeros((41, 41, 3), dtype=np.float32)
    point[20, 20] = 1.0
    row = soften(point, 1.5)[:, :, 1].sum(axis=0)
    at = np.arange(41) - 20.0
    assert row.sum() == pytest.approx(1.0, rel=1e-3)
    assert np.sqrt((row * at**2).sum()) == pytest.approx(1.5, rel=0.03)
