"""The numbers by which other tools are compared: PSNR, the common exposure, the time at which a quality is reached."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers.quality import Point, bracket, exposure_scale, noise_of_mean, psnr, reached, without_noise
from benchmarks.peers.report import put_section
from synthgen.errors import InputError


def grey(level: float, size: tuple[int, int] = (6, 8)) -> np.ndarray:
    return np.full((*size, 3), level, dtype=np.float32)


def test_psnr_is_that_of_the_exposed_and_clipped_picture() -> None:
    assert psnr([grey(0.3)], [grey(0.4)], 1.0) == pytest.approx(20.0)
    assert psnr([grey(0.3)], [grey(0.4)], 0.1) == pytest.approx(40.0), "a tenth of the exposure, a tenth of the error"
    assert psnr([grey(5.0)], [grey(90.0)], 1.0) == math.inf, "what is brighter than white is white"


def test_psnr_pools_the_error_of_all_views() -> None:
    found = psnr([grey(0.5), grey(0.3)], [grey(0.5), grey(0.4)], 1.0)
    assert found == pytest.approx(20.0 + 10 * math.log10(2))


def test_two_halves_tell_the_noise_of_their_mean() -> None:
    rng = np.random.default_rng(3)
    truth = grey(0.5, (200, 200))
    one, other = (truth + rng.normal(0.0, 0.02, truth.shape).astype(np.float32) for _ in range(2))
    assert noise_of_mean([one], [other], 1.0) == pytest.approx(psnr([(one + other) / 2], [truth], 1.0), abs=0.1)


def test_the_noise_of_a_reference_can_be_taken_off() -> None:
    rng = np.random.default_rng(4)
    truth = grey(0.5, (200, 200))
    picture, reference = (truth + rng.normal(0.0, s, truth.shape).astype(np.float32) for s in (0.01, 0.015))
    measured = psnr([picture], [reference], 1.0)
    found = without_noise(measured, psnr([reference], [truth], 1.0))
    assert measured < 35.5 < 39.5 < found
    assert found == pytest.approx(psnr([picture], [truth], 1.0), abs=0.2)
    assert without_noise(30.0, 30.0) == math.inf


def test_psnr_refuses_pictures_of_other_sizes() -> None:
    with pytest.raises(ValueError, match=r"\(6, 8, 3\).*\(8, 6, 3\)"):
        psnr([grey(0.3)], [grey(0.3, (8, 6))], 1.0)


def test_exposure_brings_the_log_mean_to_middle_grey() -> None:
    half = np.concatenate([grey(0.1), grey(10.0)])
    assert exposure_scale([half]) == pytest.approx(0.18)
    assert exposure_scale([grey(0.1), grey(10.0)]) == pytest.approx(0.18), "all views share one exposure"
    assert 4.0 * exposure_scale([4.0 * half]) == pytest.approx(exposure_scale([half]))


def test_time_is_interpolated_in_its_logarithm() -> None:
    points = [Point(4, 38.0, 4.0), Point(1, 34.0, 1.0), Point(2, 36.0, 2.0)]
    at = reached(points, 37.0)
    assert at is not None
    assert at.seconds == pytest.approx(math.sqrt(8.0))
    assert at.between == (2, 4)
    exactly = reached(points, 36.0)
    assert exactly is not None and exactly.seconds == pytest.approx(2.0)


def test_the_least_count_bounds_the_time_and_the_best_may_not_do() -> None:
    points = [Point(1, 34.0, 1.0), Point(2, 36.0, 2.0)]
    cheap = reached(points, 30.0)
    assert cheap is not None and (cheap.seconds, cheap.between) == (1.0, (1, 1))
    assert reached(points, 40.0) is None
    assert reached([], 30.0) is None


def test_a_curve_that_dips_is_crossed_where_it_first_passes() -> None:
    curve = [(1, 30.0), (2, 35.0), (4, 33.0), (8, 37.0)]
    assert bracket(curve, 34.0) == (1, 2)
    assert bracket(curve, 36.0) == (4, 8)


def test_a_section_of_a_page_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n\n<!-- time -->\nold\n<!-- end of time -->\n\nwords\n")
    put_section(page, "time", "| new |")
    put_section(page, "time", "| newer |\n")
    assert page.read_text() == "# Title\n\n<!-- time -->\n\n| newer |\n\n<!-- end of time -->\n\nwords\n"
    with pytest.raises(InputError, match="<!-- labels -->"):
        put_section(page, "labels", "x")
