from hypothesis import given
from hypothesis import strategies as st

from synthgen.dataset.ondisk import DiskMap, DiskSet

KEYS = st.one_of(st.integers(), st.text(), st.binary(), st.just("lone \udc80 surrogate"))


@given(st.lists(st.tuples(KEYS, st.one_of(st.integers(), st.text(), st.none())), max_size=30))
def test_it_behaves_as_a_dict(pairs: list) -> None:
    kept, plain = DiskMap(), {}
    for key, value in pairs:
        assert (key in kept) == (key in plain)
        assert kept.setdefault(key, value) == plain.setdefault(key, value)
    assert list(kept.items()) == list(plain.items())
    assert len(kept) == len(plain)
    for key, _ in pairs[::2]:
        assert kept.pop(key, 0) == plain.pop(key, 0)
    assert list(kept) == list(plain)


@given(st.lists(KEYS, max_size=30))
def test_it_behaves_as_a_set(items: list) -> None:
    kept, plain = DiskSet(), set()
    for item in items:
        kept.add(item)
        plain.add(item)
    assert set(kept) == plain
    assert len(kept) == len(plain)
    assert kept <= plain and plain <= set(kept)


def test_a_value_set_again_keeps_its_place() -> None:
    kept: DiskMap[str, int] = DiskMap()
    kept["a"], kept["b"] = 1, 2
    kept["a"] = 3
    assert list(kept.items()) == [("a", 3), ("b", 2)]


def test_it_can_be_read_while_it_is_walked() -> None:
    kept: DiskMap[int, int] = DiskMap()
    for k in range(1000):
        kept[k] = k * k
    assert all(kept[k] == k * k for k in kept)
