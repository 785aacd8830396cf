import numpy as np

from synthgen.sensor.linear import add_haze, blend_denoised, reduce_by_half


def test_reduction_is_centred_on_every_second_pixel() -> None:
    image = np.zeros((32, 48, 3), dtype=np.float32)
    image[10, 20] = 1.0
    small = reduce_by_half(image)
    assert small.shape == (16, 24, 3)
    y, x = np.unravel_index(small[..., 0].argmax(), small.shape[:2])
    assert (y, x) == (5, 10)
    assert np.allclose(small[5, 9], small[5, 11])
    assert np.allclose(small[4, 10], small[6, 10])


def test_reduction_keeps_flat_areas_and_is_never_negative() -> None:
    flat = np.full((16, 16, 3), 0.37, dtype=np.float32)
    assert np.allclose(reduce_by_half(flat), 0.37, atol=1e-6)
    edge = np.zeros((16, 16, 3), dtype=np.float32)
    edge[:, 8:] = 50.0
    assert reduce_by_half(edge).min() >= 0.0


def test_haze_leaves_what_is_near_and_hides_what_is_far() -> None:
    image = np.full((20, 20, 3), 0.1, dtype=np.float32)
    image[:10] = 3.0
    distance = np.full((20, 20), 1.0, dtype=np.float32)
    distance[:10] = 2000.0
    distance[15] = 1500.0
    hazy = add_haze(image, distance, 300.0)
    assert np.allclose(hazy[:10], image[:10]), "the sky is the air already"
    assert np.allclose(hazy[12], 0.1, atol=0.02)
    assert np.allclose(hazy[15], 3.0, rtol=0.02)


def test_matte_surfaces_take_half_of_the_sharper_picture() -> None:
    smooth, sharp = np.zeros((20, 40, 3), np.float32), np.ones((20, 40, 3), np.float32)
    matte = np.zeros((20, 40), dtype=bool)
    matte[:, 20:] = True
    out = blend_denoised(smooth, sharp, matte)
    assert np.allclose(out[:, :14], 0, atol=1e-3)
    assert np.allclose(out[:, 26:], 0.5, atol=1e-3)
    assert blend_denoised(smooth, None, matte) is smooth
