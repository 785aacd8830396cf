"""The colours of black bodies are those of the books, for lamps and cameras alike."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.planning.luminaires import white
from synthgen.scene.blackbody import _REC709, black_body, radiant
from synthgen.sensor.exposure import white_balance


def test_black_bodies_have_the_colours_of_the_books() -> None:
    # Chromaticities x, y of Planckian radiators; 2856 K is illuminant A of CIE 15.
    for kelvin, (x, y) in ((2856.0, (0.4476, 0.4074)), (4000.0, (0.3805, 0.3768)), (6500.0, (0.3135, 0.3237))):
        red, green, blue = radiant(kelvin)
        xyz = np.linalg.inv(_REC709) @ (red, green, blue)
        assert xyz[:2] / xyz.sum() == pytest.approx((x, y), abs=0.004)


@pytest.mark.parametrize("kelvin", [1800.0, 2700.0, 4000.0, 6500.0, 12_000.0])
def test_under_a_lamp_it_is_set_for_a_camera_sees_white(kelvin: float) -> None:
    seen = np.array(white(kelvin)) * white_balance(kelvin)
    assert np.ptp(seen) < 2e-3 * seen.max() / min(white(kelvin))
    assert max(white(kelvin)) == 1.0


def test_warm_is_red_and_cold_is_blue() -> None:
    warmth = [black_body(k)[0] / black_body(k)[2] for k in (1800.0, 2700.0, 4000.0, 6500.0, 9000.0)]
    assert warmth == sorted(warmth, reverse=True) and warmth[3] == pytest.approx(1.0)
