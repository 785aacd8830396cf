"""The sensor of a recipe: what the camera does to the light, after the lens has made a picture of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from synthgen.recipe.fields import Number, Word
from synthgen.recipe.models import VIEW, BlockModel, Share


class Sensor(BlockModel):
    """What the camera does to the light. The defaults are a neutral sensor: no noise, no faults of a lens."""

    scopes: ClassVar[tuple[str, ...]] = VIEW
    guesses: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            ("distortion", "lens_distortion", "radial_distortion", "barrel", "fisheye", "k1", "k2", "p1", "p2"),
            "a sensor moves no pixel, or labels would be wrong; a bent picture is a matter of `camera`, "
            "whose cameras see straight so far",
        ),
        "rolling_shutter": "a sensor moves no pixel, or labels would be wrong; every line is exposed at once here",
        **dict.fromkeys(("noise", "iso", "gain"), "`electrons` and `read_noise` say how much noise there is"),
        **dict.fromkeys(("white_balance", "awb"), "write temperature, auto_white_balance or white_balance_error"),
    }

    exposure_key: Annotated[Any, Number(0, 1, "linear grey level", above=True)] = Field(
        0.18, description="grey level that metering aims at"
    )
    exposure_error: Annotated[Any, Number(-10, 10, "EV")] = Field(0, description="error of the metering")
    temperature: Annotated[Any, Number(2000, 20_000, "kelvin")] = Field(
        6500, description="light that white balance is set for; 6500 leaves colours alone"
    )
    auto_white_balance: Annotated[Any, Share] = Field(
        0, description="how far white balance follows the light in the picture: 0 stays as set, 1 wholly"
    )
    white_balance_error: Annotated[Any, Number(-200, 200, "mired")] = Field(
        0, description="error of the white balance, positive is warmer"
    )
    tint: Annotated[Any, Number(-0.5, 0.5)] = Field(
        0, description="share of green that white balance takes away; negative adds green"
    )
    tone_curve: Annotated[Any, Word(("agx", "filmic", "standard"))] = Field(
        "agx", description="from linear light to the picture; standard is plain sRGB"
    )
    contrast: Annotated[Any, Number(0, 1, "")] = Field(
        0.75, description="0 the flat, 1 the steep look of the tone curve"
    )
    saturation: Annotated[Any, Number(0, 3, "")] = Field(1.0, description="0 grey, 1 unchanged")
    bloom: Annotated[Any, Share] = Field(0, description="share of light scattered around bright places")
    blur: Annotated[Any, Number(0, 20, "pixels")] = Field(
        0, description="softness of lens and colour mosaic, the sigma of a Gaussian"
    )
    vignette: Annotated[Any, Share] = Field(0, description="share of light lost in the corners")
    chromatic_aberration: Annotated[Any, Number(0, 20, "pixels")] = Field(
        0, description="how far red and blue part at the corners"
    )
    electrons: Annotated[Any, Number(0, 1_000_000, "electrons")] = Field(
        0, description="what middle grey gives a pixel: the fewer, the more shot noise; 0 is no noise at all"
    )
    read_noise: Annotated[Any, Number(0, 1000, "electrons")] = Field(
        0, description="standard deviation of the read noise, which shows in the dark"
    )
    chroma_noise: Annotated[Any, Share] = Field(
        1, description="share of the noise's colour that the camera's noise reduction leaves"
    )
    sharpen: Annotated[Any, Number(0, 3, "")] = Field(0, description="strength of unsharp masking")
    jpeg_quality: Annotated[Any, Number(1, 100, "", whole=True)] = Field(95, description="quality of the JPEG file")
    jpeg_chroma: Annotated[Any, Word(("half", "full"))] = Field(
        "half", description="resolution of colour in the JPEG file: half is 4:2:0, full 4:4:4"
    )
