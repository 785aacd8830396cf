"""`python -m synthgen` is `synthgen`."""

from synthgen.cli.main import main

main()
