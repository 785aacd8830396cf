"""What the camera takes for the right brightness and for white."""

import numpy as np
import pytest

from synthgen.sensor.camera import NEUTRAL, develop
from synthgen.sensor.exposure import balance, exposure, light_of, white_balance
from tests.sensor.test_camera import ramp


def under(kelvin: float) -> np.ndarray:
    """Grey and coloured patches, grey on the whole, under the light of a black body."""
    rng = np.random.default_rng(3)
    patches = rng.uniform(0.05, 0.8, (18, 32, 1)) * rng.uniform(0.7, 1.3, (18, 32, 3))
    lit = patches / white_balance(kelvin)
    return np.ascontiguousarray(np.kron(lit, np.ones((10, 10, 1))), dtype=np.float32)


@pytest.mark.parametrize("factor", [0.01, 1.0, 300.0])
def test_metering_makes_the_picture_independent_of_the_scenes_brightness(factor: float) -> None:
    first, second = develop(ramp(), {}), develop(ramp() * np.float32(factor), {})
    assert np.abs(first.astype(int) - second.astype(int)).max() <= 1


def test_metering_aims_at_its_grey_and_its_error_is_in_stops() -> None:
    grey = np.full((40, 60, 3), 0.07, dtype=np.float32)
    sensor = {**NEUTRAL, "exposure_key": 0.22}
    assert exposure(grey, sensor) * 0.07 == pytest.approx(0.22, rel=1e-4)
    assert exposure(grey, {**sensor, "exposure_error": -1.5}) * 0.07 == pytest.approx(0.22 / 2**1.5, rel=1e-4)


def test_a_lamp_in_the_picture_does_not_darken_it() -> None:
    grey = np.full((40, 60, 3), 0.2, dtype=np.float32)
    lamp = grey.copy()
    lamp[4:6, 10:20] = 500.0
    assert exposure(lamp, NEUTRAL) == pytest.approx(exposure(grey, NEUTRAL), rel=0.02)


def test_a_camera_set_for_warm_light_makes_daylight_blue() -> None:
    red, green, blue = white_balance(5600.0)
    assert red < green == 1.0 < blue
    assert np.allclose(white_balance(6500.0), 1.0)


@pytest.mark.parametrize("kelvin", [2400.0, 3200.0, 4500.0, 6500.0, 9000.0])
def test_the_lights_colour_is_told_from_the_picture(kelvin: float) -> None:
    found, greener = light_of(under(kelvin))
    assert 1e6 / found == pytest.approx(1e6 / kelvin, abs=12)
    assert greener == pytest.approx(1.0, abs=0.03)


def test_a_lamp_is_not_taken_for_the_light() -> None:
    warm = under(3200.0)
    before, _ = light_of(warm)
    warm[:20, :60] = [0.0, 0.0, 300.0]
    assert 1e6 / light_of(warm)[0] == pytest.approx(1e6 / before, abs=40)


@pytest.mark.parametrize("more", [0.93, 1.06])
def test_a_greenish_or_pinkish_light_is_told_too_up_to_a_limit(more: float) -> None:
    lit = under(4300.0) * np.array([1.0, more, 1.0], dtype=np.float32)
    assert light_of(lit)[1] == pytest.approx(more, abs=0.03)
    grey = lit * balance(lit, {**NEUTRAL, "auto_white_balance": 1.0})
    assert np.ptp(grey.mean(axis=(0, 1))) < 0.05 * grey.mean()
    assert light_of(under(4300.0) * np.array([0.5, 1.0, 0.5], dtype=np.float32))[1] == 1.12, "a lawn is not the light"


def test_automatic_white_balance_goes_part_of_the_way() -> None:
    picture = under(3000.0)
    none, half, all_ = (balance(picture, {**NEUTRAL, "auto_white_balance": s}) for s in (0.0, 0.5, 1.0))
    assert np.allclose(none, 1.0)
    assert np.allclose(all_, white_balance(3000.0), rtol=0.06)
    assert none[2] < half[2] < all_[2]


def test_errors_of_white_balance_are_warm_or_magenta_when_positive() -> None:
    picture = under(6500.0)
    red, green, blue = balance(picture, {**NEUTRAL, "white_balance_error": 20.0})
    assert red > green > blue
    assert (red, green, blue) == pytest.approx(tuple(white_balance(1e6 / (1e6 / 6500 - 20))))
    assert balance(picture, {**NEUTRAL, "tint": 0.1}) == pytest.approx([1.0, 0.9, 1.0])


def test_white_balance_scales_channels_and_nothing_else() -> None:
    picture = ramp() * np.array([1.0, 0.8, 0.5], dtype=np.float32)
    sensor = {"tone_curve": "standard", "temperature": 4000.0}
    gains = white_balance(4000.0)
    expected = develop(picture * gains, {"tone_curve": "standard", "exposure_error": float(np.log2(_metered(gains)))})
    assert np.abs(develop(picture, sensor).astype(int) - expected.astype(int)).max() <= 1


def _metered(gains: np.ndarray) -> float:
    """By how much more light the balanced picture is metered: exposure looks at it before balance."""
    picture = ramp() * np.array([1.0, 0.8, 0.5], dtype=np.float32)
    sensor = {**NEUTRAL, "tone_curve": "standard"}
    return exposure(picture, sensor) / exposure(picture * gains, sensor)
