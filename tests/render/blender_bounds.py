"""Says how large Blender finds canonical meshes: `python -m tests.render.blender_bounds CACHE < hashes`.

One line in is a mesh's hash, one line out the JSON of its lowest and highest corner, and of its numbers of vertices,
triangles and material slots, all as Blender tells them of the object that a scene would have.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from synthgen.assets.store import Store
from synthgen.render.blender import bridge
from synthgen.scene.spec import MeshRef


def main() -> None:
    out = sys.stdout
    sys.stdout = sys.stderr  # Blender prints as it likes
    bridge.load()
    import bpy
    import numpy as np
    from mathutils import Vector

    from synthgen.render.blender.resident import to_blender

    store = Store(Path(sys.argv[1]), keep_meshes=1)
    for line in sys.stdin:
        name = line.strip()
        mesh = store.mesh(MeshRef(name, {}))
        data = to_blender(name, mesh, [bpy.data.materials.new(slot) for slot in mesh.slots])
        item = bpy.data.objects.new(name, data)
        bpy.context.scene.collection.objects.link(item)
        evaluated = item.evaluated_get(bpy.context.evaluated_depsgraph_get())
        box = np.array([evaluated.matrix_world @ Vector(c) for c in evaluated.bound_box])
        counts = [len(data.vertices), len(data.polygons), len(data.materials)]
        print(json.dumps({"bounds": [box.min(axis=0).tolist(), box.max(axis=0).tolist()], "counts": counts}), file=out)
        out.flush()
        bpy.data.objects.remove(item)
        bpy.data.meshes.remove(data)
        for material in list(bpy.data.materials):
            bpy.data.materials.remove(material)


if __name__ == "__main__":
    main()
