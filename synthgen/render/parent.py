"""A process that ends when the one that started it does."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

_LOOK_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1


def follow(parent: int, last: Callable[[], object] = lambda: None) -> None:
    """Ends this process soon after its parent: one that was killed cannot say so. `last` is called just before.

    By a thread: not for a process that loads Blender.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        last()
        os._exit(1)

    threading.Thread(target=watch, name="follow", daemon=True).start()


def die_with(parent: int) -> None:
    """Asks the system to end this process with its parent, or with the thread of it that started this one. Where the
    system cannot (it is not Linux), this does nothing: such a process should end where its stdin does."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
