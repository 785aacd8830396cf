import numpy as np

from synthgen.verification.compare import compare


def halves() -> np.ndarray:
    labels = np.ones((40, 40), dtype=np.int32)
    labels[:, 20:] = 2
    return labels


def test_equal_maps_pass() -> None:
    found = compare(halves(), halves())
    assert found.passes
    assert (found.boundary, found.wrong_on, found.wrong_off) == (80, 0, 0)


def test_one_pixel_off_a_boundary_fails() -> None:
    other = halves()
    other[5, 5] = 3
    # The stray pixel makes a boundary of its own in that map, so it counts against the boundary's share.
    assert not compare(halves(), other).passes


def test_a_shifted_edge_fails() -> None:
    other = np.ones((40, 40), dtype=np.int32)
    other[:, 21:] = 2
    found = compare(halves(), other)
    assert found.wrong_on == 40
    assert not found.passes


def test_a_renamed_instance_is_wrong_off_the_boundary() -> None:
    other = halves()
    other[other == 2] = 7
    found = compare(halves(), other)
    assert found.wrong_off > 0
    assert found.wrong_block
    assert not found.passes
