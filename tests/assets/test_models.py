"""Pictures of a pack's models: opacity from a picture of its own, and where it is cut."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from synthgen import paths
from synthgen.assets.entries import load_entries
from synthgen.assets.models import PackModels
from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from tests.assets import tiny


def encoded(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format="PNG")
    return out.getvalue()


@pytest.mark.parametrize("there", [True, False])
def test_a_mask_beside_the_colours_makes_a_cut_out(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mask = np.zeros((8, 8), dtype=np.uint8)
    mask[:4] = 255
    monkeypatch.setitem(
        tiny.MEMBERS, "tiny/tree/tree.mtl", b"newmtl trunk\nnewmtl leaves\nmap_Kd leaf.png\nmap_d mask.png\n"
    )
    monkeypatch.setitem(tiny.MEMBERS, "tiny/tree/leaf.png", tiny.picture((40, 160, 20)))
    if there:
        monkeypatch.setitem(tiny.MEMBERS, "tiny/tree/mask.png", encoded(mask))
    pack = tiny.pack_bytes()
    tiny.write_data(tmp_path / "data", pack)
    monkeypatch.setattr(paths, "data_root", lambda: tmp_path / "data")
    store = Store(tmp_path / "cache")
    folder = store.root / "packs" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.sh3f").write_bytes(pack)

    entry = next(e for e in load_entries("tiny") if e.id == "tiny/tree")
    models = PackModels(find_pack("tiny"), store)
    facts = models.facts(entry)
    leaves = next(s for s in facts.slots if s.name == "leaves")
    if there:
        assert leaves.cutout and leaves.picture == "leaf.png|mask.png" and facts.lacks == []
        pixels = models.picture(entry, leaves.picture)
        assert np.array_equal(pixels[..., 3], mask) and pixels[0, 0, :3].tolist() == [40, 160, 20]
    else:
        # Without the mask the colours are shown whole.
        assert not leaves.cutout and leaves.picture == "leaf.png" and facts.lacks == ["mask.png"]
