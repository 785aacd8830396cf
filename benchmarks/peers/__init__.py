"""synthgen beside other generators on the same scenes: time a frame at equal quality.

    python -m benchmarks.peers --markdown docs/peers.md --json peers.json

Run it from the checkout's root on a machine with nothing else to do. See `benchmarks.peers.__main__`.
"""
