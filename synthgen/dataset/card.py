"""The dataset card (README.md) and ATTRIBUTION.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from synthgen.dataset.licences import allows_commerce, licence_url
from synthgen.truth import AMODAL, BOXES, DEPTH, FLOW, NORMALS, OCCLUSION, asked

if TYPE_CHECKING:
    from synthgen.dataset.package import Packaged

_MOST_MISSING_SHOWN = 20

_LABEL_RULE = """\
## Labels

The label of a pixel is the instance that the ray through the pixel's centre hits first, with the camera at the lens
centre and the shutter at its middle. There is no human in the loop: labels come from the same render as the picture, or
where see-through glass, depth of field or motion blur stand between, from a second one without them.

- A thing (car, person, ...) is one segment per instance, whatever parts it is made of. Stuff (road, sky, ...) is one
  segment per category and picture.
- Glass belongs to its object: a driver behind a windscreen is part of the car. Leaves and other cut-outs are hard
  edged, in the picture and in the label.
- What nothing claims is sky. Id 0 is void; it occurs only where the recipe asks for it.
- `segments_info` has the standard keys, and `instance_id` (the same in all views of a scene) for things, and `part_of`
  (an `instance_id`) for labelled parts."""

_LOADING = """\
## Loading

The files follow the COCO panoptic format: `annotations/panoptic_<split>.json` lists images, segments and categories;
`annotations/panoptic_<split>/<image>.png` holds the segment id of every pixel as `R + 256 G + 65536 B`.

```python
import json
import numpy as np
from PIL import Image

data = json.load(open("annotations/panoptic_SPLIT.json"))
image, annotation = data["images"][0], data["annotations"][0]
rgb = np.array(Image.open("annotations/panoptic_SPLIT/" + annotation["file_name"]), dtype=np.uint32)
ids = rgb[..., 0] + 256 * rgb[..., 1] + 65536 * rgb[..., 2]
picture = Image.open("images/SPLIT/" + image["file_name"])
```

`records/<image>.json` tells of every frame: camera, every instance in view with its true pixel count, the sensor's
settings. `scenes/<scene>.json` describes each scene completely."""


_MORE_TRUTH = {
    DEPTH: """\
- `depth/<split>/<image>.exr`: float32 metres along the camera's z axis (not along the ray), infinite where nothing is
  hit. One channel, Y.""",
    NORMALS: """\
- `normals/<split>/<image>.exr`: float32 unit vectors in the camera's axes, R, G, B = x, y, z: the shading normal of the
  mesh, turned to the camera, without the bumps of materials; 0, 0, 0 where nothing is hit.""",
    FLOW: """\
- `flow/<split>/<image>.exr`: float32 optical flow to the next view of the scene, R, G, B = u, v, valid. The point seen
  at pixel (x, y) is at (x + u, y + v) in the next view; valid is 1 where it can be seen there and 0 where it is hidden
  or outside the picture. All is 0 in the last view of a scene.""",
    AMODAL: """\
- `amodal/<split>/<image>.json`: of every thing in view the mask of what would show if nothing stood before it, as
  run lengths that pycocotools reads, with `area`, `bbox`, `visibility` (visible / amodal pixels inside the picture) and
  `truncation` (share of its pixels outside the picture, on a plane of three times its width and height). A thing's
  parts count with it. `visibility` is in `segments_info` too.""",
    BOXES: """\
- `box` of every thing in view, in the records: length, width and height in metres along its front, left and up, centre
  and rotation in the world and in the camera's axes.""",
    OCCLUSION: """\
- `relations.occluded_by` of every thing in view, in the records: the `instance_id` of what hides pixels of it, most
  first. A thing that is not hidden has an empty list.""",
}

_FRAMES = """\
All are taken through the pixels' centres. Camera axes are x right, y down, z forward; pixel centres are whole numbers,
so that `x = (u - cx) / fx * depth`. `synthgen.dataset.truth.read_exr` reads the EXR files, and so does OpenCV (which
gives B, G, R)."""


def card_text(packaged: Packaged) -> str:
    """The dataset card, in Markdown with the front matter that dataset hubs read."""
    counts = packaged.counts
    identity = packaged.identity
    splits = sorted(counts.splits)
    parts = [
        _front_matter(packaged),
        f"# {packaged.name}",
        f"{_many(counts.images, 'rendered picture')} of {_many(len(counts.scenes), 'synthetic scene')} with exact "
        f"panoptic labels, {_size(identity)}pixels, in the COCO panoptic format. Made by synthgen "
        f"{identity.get('version', '')} from a recipe; `dataset.json` holds the whole recipe, its seed and all "
        "versions, so that the dataset can be made again.",
        "## Splits",
        _table(
            ("split", "pictures", "segments"),
            [(s, str(counts.splits[s].images), str(counts.splits[s].segments)) for s in splits],
        ),
        "All views of one scene are in one split.",
    ]
    if packaged.missing:
        shown = ", ".join(str(i) for i in packaged.missing[:_MOST_MISSING_SHOWN])
        more = len(packaged.missing) - _MOST_MISSING_SHOWN
        parts.append(
            f"**{_many(len(packaged.missing), 'picture')} of the run missing**: {shown}"
            + (f" and {more} more." if more > 0 else ".")
        )
    parts += [_LABEL_RULE, "## Categories", _categories(packaged), _LOADING.replace("SPLIT", splits[0])]
    if words := asked(identity):
        parts += ["## More truth", "\n".join(_MORE_TRUTH[word] for word in words), _FRAMES]
    parts += ["## Licence", *_licence(packaged)]
    return "\n\n".join(parts) + "\n"


def attribution_text(packaged: Packaged) -> str:
    """Every asset that can be seen in a picture, with author, licence and source."""
    rows = packaged.assets
    head = (
        f"# Attribution\n\n{packaged.name} shows the assets below. Keep this file with the dataset, and with what is "
        "made from it where a licence asks for attribution."
    )
    if not rows:
        return f"{head}\n\nNo asset of others is in view: everything was made by the program.\n"
    cells = [
        tuple(str(row.get(key) or "") for key in ("id", "title", "author", "licence", "source", "changes"))
        for row in rows
    ]
    licences = sorted({c[3] for c in cells if c[3]})
    links = "\n".join(f"- {name}: {licence_url(name) or 'no text is recorded'}" for name in licences)
    changes = "The assets were scaled, oriented and, where the table says so, changed further."
    table = _table(("asset", "title", "author", "licence", "source", "changes"), cells)
    return f"{head}\n\n{changes}\n\n{table}\n\n{links}\n"


def _front_matter(packaged: Packaged) -> str:
    return (
        "---\n"
        f"license: {packaged.licence.lower()}\n"
        "task_categories:\n- image-segmentation\n"
        "tags:\n- synthetic\n- panoptic-segmentation\n- coco\n"
        "---"
    )


def _categories(packaged: Packaged) -> str:
    rows = []
    for c in packaged.taxonomy.categories:
        n = packaged.counts.categories.get(c.id)
        seen = (str(n.images), str(n.segments), str(n.pixels)) if n else ("0", "0", "0")
        rows.append((str(c.id), c.name, c.supercategory, "thing" if c.isthing else "stuff", *seen))
    return _table(("id", "category", "supercategory", "kind", "pictures", "segments", "pixels"), rows)


def _licence(packaged: Packaged) -> list[str]:
    licence = packaged.licence
    rows = packaged.assets
    of_assets = sorted({str(row.get("licence")) for row in rows if row.get("licence")})
    address = licence_url(licence)
    text = [f"The pictures and labels are under {f'[{licence}]({address})' if address else licence}."]
    chosen = packaged.identity.get("output_licence")
    if chosen and chosen != licence:
        text[0] += f" The recipe asked for {chosen}, but an asset in view is under stricter terms."
    if of_assets:
        text.append(f"Assets in view are under {_listed(of_assets)}; ATTRIBUTION.md names each with its author.")
    text.append(_commerce([licence, *of_assets], all_known=all(row.get("licence") for row in rows)))
    if any(row.get("trademark") for row in rows):
        text.append(
            "Some assets show trademarks (badges of car makers, for example). The licences above are copyright "
            "licences; they give no right to a trademark."
        )
    text.append(
        "synthgen, the program, is under GPL-3.0-or-later. That covers the program, not the pictures that it makes."
    )
    return text


def _commerce(licences: Sequence[str], *, all_known: bool) -> str:
    forbidden = [name for name in licences if allows_commerce(name) is False]
    if forbidden:
        return f"Commercial training: not allowed, because of {_listed(sorted(set(forbidden)))}."
    unclear = sorted({name for name in licences if allows_commerce(name) is None})
    if unclear or not all_known:
        reason = f"ask whose {_listed(unclear)} is" if unclear else "the licence of some assets is not recorded"
        return f"Commercial training: unclear; {reason}."
    return "Commercial training: allowed by all of these licences, with attribution where they ask for it."


def _size(identity: Mapping[str, Any]) -> str:
    size = identity.get("size")
    if isinstance(size, (list, tuple)) and len(size) == 2:
        return f"{size[0]}x{size[1]} "
    return f"{size} " if size else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
