"""What the licences of assets ask of the pictures that show them."""

from __future__ import annotations

import pytest

from synthgen.dataset.licences import allows_commerce, effective_licence, licence_url


@pytest.mark.parametrize(
    ("chosen", "assets", "effective"),
    [
        ("CC-BY-4.0", ["CC-BY-3.0", "LicenseRef-Own"], "CC-BY-4.0"),
        ("CC0-1.0", ["CC0-1.0", "MIT"], "CC0-1.0"),
        ("CC0-1.0", ["CC-BY-3.0"], "CC-BY-4.0"),  # a name that must stand there
        ("CC-BY-4.0", ["CC-BY-SA-3.0"], "CC-BY-SA-3.0"),
        ("CC-BY-4.0", ["cc-by-nc-4.0"], "cc-by-nc-4.0"),
        ("CC-BY-NC-4.0", ["CC-BY-NC-4.0", "CC-BY-SA-4.0"], "CC-BY-NC-SA-4.0"),  # neither alone says it all
        ("CC-BY-4.0", ["CC-BY-ND-4.0", "CC-BY-SA-4.0"], "CC-BY-ND-4.0"),
        ("CC-BY-NC-SA-4.0", ["CC-BY-SA-4.0"], "CC-BY-NC-SA-4.0"),
        ("LicenseRef-Ours", [], "LicenseRef-Ours"),
    ],
)
def test_the_strictest_holds(chosen: str, assets: list[str], effective: str) -> None:
    assert effective_licence(chosen, assets) == effective


def test_a_licence_of_ones_own_has_no_address() -> None:
    assert licence_url("LicenseRef-Own") == "" and licence_url("MIT").startswith("https://spdx.org/")
    assert allows_commerce("LicenseRef-Own") is None and allows_commerce("OFL-1.1")
