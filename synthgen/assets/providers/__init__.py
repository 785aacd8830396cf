"""Where the packages of packs come from, each by its distribution's own client.

A provider brings a package as one archive into a folder; what a pack keeps of it is taken from there (taking.py).
Nothing of a package is ever run.
"""

from __future__ import annotations

from synthgen.assets.packs import INSTALLED
from synthgen.assets.providers import deb, installed, local, npm, pypi, url
from synthgen.assets.providers.client import Provider

PROVIDERS: dict[str, Provider] = {
    "deb": deb.bring,
    "npm": npm.bring,
    "pypi": pypi.bring,
    "url": url.bring,
    "file": local.bring,
    INSTALLED: installed.bring,
}
"""By the name that packs.yaml gives: a function of a package, a folder to work in and a progress callback that gives
the archive (of `installed`: the folder) that holds the package. It raises InputError where that cannot be had."""
