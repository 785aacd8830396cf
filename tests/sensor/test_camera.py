import io

import numpy as np
import pytest
from PIL import Image

from synthgen.errors import RenderError
from synthgen.recipe.sensor import Sensor
from synthgen.sensor.camera import MIDDLE_GREY, NEUTRAL, develop, encode_jpeg, noisy, saturated, sharpened
from synthgen.sensor.exposure import LUMINANCE
from synthgen.sensor.tone import CURVES, tone_mapped, with_look

FAULTY = {
    "auto_white_balance": 0.8, "white_balance_error": 5.0, "tint": 0.01, "bloom": 0.03, "blur": 0.4, "vignette": 0.2,
    "chromatic_aberration": 0.8, "electrons": 800.0, "read_noise": 3.0, "chroma_noise": 0.5, "sharpen": 0.4,
    "noise_seed": 7,
}  # fmt: skip


def ramp() -> np.ndarray:
    grey = np.geomspace(0.01, 4.0, 128, dtype=np.float32)
    return np.ascontiguousarray(np.broadcast_to(grey[None, :, None], (32, 128, 3)))


def flat(level: float, size: tuple[int, int] = (200, 300)) -> np.ndarray:
    return np.full((*size, 3), level, dtype=np.float32)


def test_what_is_not_said_is_what_a_recipe_does_not_say() -> None:
    silent = {name: info.default for name, info in Sensor.model_fields.items()}
    assert {**silent, "noise_seed": 0} == NEUTRAL


@pytest.mark.parametrize("curve", ["agx", "filmic", "standard"])
def test_brighter_stays_brighter_and_grey_stays_grey(curve: str) -> None:
    out = develop(ramp(), {"tone_curve": curve}).astype(int)
    assert (np.diff(out[16, :, 1]) >= 0).all()
    assert np.ptp(out, axis=-1).max() <= 2


@pytest.mark.parametrize(("contrast", "which"), [(0.0, 1), (1.0, 2)])
def test_contrast_ends_at_looks_of_blenders_configuration(contrast: float, which: int) -> None:
    colours = np.random.default_rng(0).lognormal(-1.5, 1.2, (64, 64, 3)).astype(np.float32)
    for curve, looks in CURVES.items():
        expected = with_look(colours, looks[0], looks[which])
        assert np.abs(tone_mapped(colours, curve, contrast) - expected).max() < 1e-5, curve


def test_an_unknown_curve_is_named() -> None:
    with pytest.raises(RenderError, match="sepia"):
        develop(ramp(), {"tone_curve": "sepia"})


@pytest.mark.parametrize("electrons", [50.0, 2000.0])
@pytest.mark.parametrize("level", [0.02, 0.18, 0.9])
def test_noise_has_the_variance_of_counted_electrons(electrons: float, level: float) -> None:
    read = 6.0
    out = noisy(flat(level) + 1e3, {**NEUTRAL, "electrons": 0.0})  # without electrons nothing is counted
    assert (out == flat(level) + 1e3).all()
    grain = noisy(flat(level), {**NEUTRAL, "electrons": electrons, "read_noise": read}) / MIDDLE_GREY * electrons
    count = level / MIDDLE_GREY * electrons
    if count > 4 * np.sqrt(count + read**2):  # nothing is cut off at black
        assert grain.mean() == pytest.approx(count, rel=0.01)
        assert grain.var() == pytest.approx(count + read**2, rel=0.03)
    else:
        assert grain.min() == 0.0 and grain.var() < count + read**2


def test_noise_reduction_takes_the_noises_colour_only() -> None:
    sensor = {**NEUTRAL, "electrons": 500.0}
    raw = noisy(flat(0.3), sensor) - 0.3
    cleaned = noisy(flat(0.3), {**sensor, "chroma_noise": 0.25}) - 0.3
    assert np.allclose(cleaned @ LUMINANCE, raw @ LUMINANCE, atol=1e-6)
    colour = (raw - (raw @ LUMINANCE)[..., None]).std()
    assert (cleaned - (cleaned @ LUMINANCE)[..., None]).std() == pytest.approx(0.25 * colour, rel=1e-3)


def test_noise_is_the_specs_not_the_processs() -> None:
    first, again = develop(ramp(), FAULTY), develop(ramp(), FAULTY)
    assert (first == again).all()
    assert encode_jpeg(first, FAULTY) == encode_jpeg(again, FAULTY)
    other = develop(ramp(), {**FAULTY, "noise_seed": 8})
    assert (first != other).mean() > 0.3


def test_a_renderers_odd_pixels_stay_where_they_are() -> None:
    odd = flat(0.2, (60, 80))
    odd[20, 20], odd[40, 60] = -0.5, 3e38
    out = develop(odd, {**FAULTY, "electrons": 1e5, "bloom": 0.0})
    assert out[20, 20].max() < 60 and out[40, 60].min() > 240
    assert np.abs(out[50:, :30].astype(int) - out[5:15, 50:].mean()).max() < 40


def test_no_effect_moves_what_is_green() -> None:
    edge = np.full((41, 121, 3), 0.05, dtype=np.float32)
    edge[:, 61:] = 0.6
    plain = _edge(develop(edge, {}))
    for name, value in FAULTY.items():
        if name not in ("electrons", "read_noise", "chroma_noise", "noise_seed"):
            assert _edge(develop(edge, {name: value})) == pytest.approx(plain, abs=0.12), name


def _edge(picture: np.ndarray) -> float:
    """Where the green of the middle row crosses half of its range, pixels."""
    row = picture[20, 40:80, 1].astype(float)
    half = (row[0] + row[-1]) / 2
    at = int(np.flatnonzero(row > half)[0])
    return 40 + at - 1 + (half - row[at - 1]) / (row[at] - row[at - 1])


def test_saturation_leaves_luma() -> None:
    colours = np.random.default_rng(1).random((20, 20, 3), dtype=np.float32)
    for amount in (0.0, 0.5, 1.3):
        assert np.allclose(saturated(colours, amount) @ LUMINANCE, colours @ LUMINANCE, atol=1e-5)
    assert np.ptp(saturated(colours, 0.0), axis=-1).max() < 1e-5
    assert np.allclose(saturated(colours, 1.0), colours)


def test_sharpening_overshoots_at_edges_only() -> None:
    edge = np.full((20, 60, 3), 80, dtype=np.uint8)
    edge[:, 30:] = 160
    out = sharpened(edge, 0.5).astype(int)
    assert out[:, 27:30].min() < 80 - 5 and out[:, 30:33].max() > 160 + 5
    assert (out[:, :20] == 80).all() and (out[:, 40:] == 160).all()


def test_pictures_are_rgb_jpeg_in_the_right_channel_order() -> None:
    red = np.zeros((16, 16, 3), dtype=np.uint8)
    red[..., 0] = 200
    with Image.open(io.BytesIO(encode_jpeg(red, {}))) as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        assert np.asarray(picture)[8, 8, 0] > 150 > np.asarray(picture)[8, 8, 2]


def test_compression_costs_detail_and_full_chroma_keeps_colours_apart() -> None:
    fine = np.zeros((32, 32, 3), dtype=np.uint8)
    fine[:, ::2, 0], fine[:, 1::2, 2] = 200, 200

    def error(**sensor: object) -> tuple[float, int]:
        data = encode_jpeg(fine, sensor)
        with Image.open(io.BytesIO(data)) as picture:
            return float(np.abs(np.asarray(picture).astype(int) - fine).mean()), len(data)

    (half, _), (full, large), (poor, small) = (
        error(jpeg_quality=95),
        error(jpeg_quality=95, jpeg_chroma="full"),
        error(jpeg_quality=20, jpeg_chroma="full"),
    )
    assert full < 3 < 20 < half
    assert full < poor and small < large
