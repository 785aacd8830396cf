"""A render worker without Blender: speaks the protocol and misbehaves as told.

`orders` (a JSON file, first argument): {"<image id>": [what to do at the 1st try, at the 2nd, ...]}; then, and for
other frames, it writes the frame. What it may do: ok, fail, die, kill, hang, full, forget, garbage, noise, litter.
With {"start": [...]} it may also die before it is ready, at its 1st start, 2nd, ...
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the checkout's, installed or not

from synthgen.dataset.record import CameraRecord, FrameRecord, write_frame
from synthgen.dataset.truth import truth_files
from synthgen.render.job import Done, FrameEvent, FrameTask, Ready, RenderJob, decode_job, encode_event


def say(event: object) -> None:
    sys.stdout.buffer.write(encode_event(event))  # type: ignore[arg-type]
    sys.stdout.flush()


def next_order(folder: Path, orders: dict[str, list[str]], key: str) -> str:
    """The order for the next try at `key`; tries are counted in files, because workers come and go."""
    tries = folder / f"tries-{key}"
    with tries.open("a") as file:
        file.write(f"{os.getpid()}\n")
    count = len(tries.read_text().splitlines())
    todo = orders.get(key, [])
    return todo[count - 1] if count <= len(todo) else "ok"


def make(job: RenderJob, frame: FrameTask) -> None:
    record = FrameRecord(
        image_id=frame.image_id,
        split=frame.split,
        size=(8, 6),
        spec_hash=job.spec_hash,
        identity=job.identity,
        asked=job.asked,
        scene_index=int(job.id.removeprefix("scene-")),
        view_index=frame.view,
        camera=CameraRecord.of((8.0, 8.0, 3.5, 2.5), (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0), (8, 6)),
        sensor={},
        instances=(),
        segments=(),
    )
    extra = {str(path): b"truth" for path in truth_files(job.identity, frame.split, frame.image_id).values()}
    write_frame(Path(job.dataset), b"picture %d" % frame.image_id, b"mask %d" % frame.image_id, record, extra=extra)


def main() -> None:
    path = Path(sys.argv[1])
    orders = json.loads(path.read_text())
    print("fake worker starts", file=sys.stderr, flush=True)
    if next_order(path.parent, orders, "start") == "die":
        print("libmissing.so.1: cannot open shared object file", file=sys.stderr, flush=True)
        os._exit(3)
    say(Ready(device="CPU"))
    for line in sys.stdin:
        job = decode_job(line)
        for frame in job.frames:
            order = next_order(path.parent, orders, str(frame.image_id))
            if order == "die":
                print("about to die", file=sys.stderr, flush=True)
                os._exit(11)
            if order == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if order == "hang":
                time.sleep(600)
            if order == "garbage":
                print('{"event": "nonsense"}', flush=True)
                time.sleep(600)
            if order == "forget":
                continue
            if order == "litter":
                left = tempfile.mkdtemp()  # as Blender does, which does not get to remove it
                (path.parent / "tries-litter").write_text(f"{left}\n")
            if order == "noise":
                print("Fra:1 Mem:12M", flush=True)
            if order in ("fail", "full"):
                stage, message = ("disk", "[Errno 28] No space left on device") if order == "full" else ("sensor", "no")
                say(FrameEvent(job.id, frame.view, False, stage=stage, message=message))
                continue
            make(job, frame)
            say(FrameEvent(job.id, frame.view, True, timings={"render": 0.1}))
        say(Done(job.id, rss_mib=float(orders.get("rss", ["100"])[0])))


if __name__ == "__main__":
    main()
