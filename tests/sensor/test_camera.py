import io

import numpy as np
import pytest
from PIL import Image

from synthgen.errors import RenderError
from synthgen.sensor.camera import develop, encode_jpeg, exposure, white_balance
from tests.render.scenes import SENSOR

PLAIN = {**SENSOR, "bloom": 0.0, "vignette": 0.0, "chromatic_aberration": 0.0, "noise": 0.0, "sharpen": 0.0}


def ramp() -> np.ndarray:
    grey = np.geomspace(0.01, 4.0, 128, dtype=np.float32)
    return np.ascontiguousarray(np.broadcast_to(grey[None, :, None], (32, 128, 3)))


@pytest.mark.parametrize("factor", [0.01, 1.0, 300.0])
def test_metering_makes_the_picture_independent_of_the_scenes_brightness(factor: float) -> None:
    first, second = develop(ramp(), PLAIN), develop(ramp() * np.float32(factor), PLAIN)
    assert np.abs(first.astype(int) - second.astype(int)).max() <= 1


def test_exposure_error_is_in_stops() -> None:
    over = {**PLAIN, "exposure_error": 1.0}
    assert exposure(ramp(), over) == pytest.approx(2 * exposure(ramp(), PLAIN))


@pytest.mark.parametrize("curve", ["agx", "filmic", "standard"])
def test_brighter_stays_brighter_and_grey_stays_grey(curve: str) -> None:
    out = develop(ramp(), {**PLAIN, "tone_curve": curve, "temperature": 6500.0}).astype(int)
    assert (np.diff(out[16, :, 1]) >= 0).all()
    assert np.ptp(out, axis=-1).max() <= 2


def test_a_camera_set_for_warm_light_makes_daylight_blue() -> None:
    red, green, blue = white_balance(5600.0)
    assert red < green == 1.0 < blue
    assert np.allclose(white_balance(6500.0), 1.0)


def test_noise_is_the_specs_not_the_processs() -> None:
    noisy = {**PLAIN, "noise": 0.02}
    first, again = develop(ramp(), noisy), develop(ramp(), noisy)
    assert (first == again).all()
    assert (first != develop(ramp(), {**noisy, "noise_seed": 8})).any()


def test_pictures_are_rgb_jpeg_in_the_right_channel_order() -> None:
    red = np.zeros((16, 16, 3), dtype=np.uint8)
    red[..., 0] = 200
    with Image.open(io.BytesIO(encode_jpeg(red, 95))) as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        assert np.asarray(picture)[8, 8, 0] > 150 > np.asarray(picture)[8, 8, 2]


def test_an_unknown_curve_is_named() -> None:
    with pytest.raises(RenderError, match="sepia"):
        develop(ramp(), {**PLAIN, "tone_curve": "sepia"})
