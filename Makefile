# make demo    a street, a shop and a plant, and a contact sheet of them, from nothing but a checkout
# make test    the whole test suite;  make lint    ruff and mypy
# make assets  fetches the asset packs that recipes draw on;  make check-assets  opens every asset of every pack that is here
# make check-scenes   plans a hundred scenes of every recipe and checks what stands where
# make facts   writes assets/facts anew, after an edit of the catalogue or of normalisation
#
# All of it happens in .venv; what is done already is not done again. PYTHON=... says which Python 3.11 to use.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: demo test lint assets check-assets check-scenes facts doctor clean

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PYTHON ?=
# What the recipes that come along draw on.
PACKS := base human robots
DEMO := out/demo
SHEET := out/demo_sheet.png
DEMO_RECIPES := road/urban retail/aisle factory/warehouse_aisle

# Said where no Python 3.11 is found.
define NO_PYTHON
synthgen needs Python 3.11, because bpy 4.5 does. Get one by any of:
  apt-get install python3.11 python3.11-venv    (Debian 12)
  dnf install python3.11                        (Fedora, RHEL)
  uv python install 3.11    or    pyenv install 3.11    or    conda create -n py311 python=3.11
and run make again, with PYTHON=/path/to/python3.11 if it is not found.
endef
export NO_PYTHON

# A Python 3.11 that can make an environment: as named, as installed, or fetched by uv.
$(BIN)/python:
	@is311() { "$$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; }; \
	for python in $(PYTHON) python3.11 python3 python "$$HOME"/.pyenv/versions/3.11*/bin/python; do \
	  if is311 "$$python"; then \
	    echo "making $(VENV) with $$python"; "$$python" -m venv $(VENV); exit 0; \
	  fi; \
	done; \
	uv="$$(command -v uv || true)"; \
	if [ -z "$$uv" ] && python3 -m venv $(VENV).uv >/dev/null 2>&1; then \
	  if $(VENV).uv/bin/python -m pip install --quiet uv; then uv="$(VENV).uv/bin/uv"; fi; \
	fi; \
	if [ -n "$$uv" ] && "$$uv" venv --quiet --seed --python 3.11 $(VENV); then \
	  echo "made $(VENV) with a Python that uv fetched"; rm -rf $(VENV).uv; exit 0; \
	fi; \
	rm -rf $(VENV).uv; \
	echo "$$NO_PYTHON" >&2; exit 1

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

# Other people's readers of the format come without their dependencies: see the file.
$(VENV)/installed-dev: $(VENV)/installed tests/requirements-readers.txt
	$(PIP) install --quiet -c constraints.txt -e '.[dev]'
	$(PIP) install --quiet --no-deps -r tests/requirements-readers.txt
	@touch $@

# Kept in the user's cache, so the stamp only saves asking.
$(VENV)/packs: $(VENV)/installed assets/packs.yaml $(wildcard assets/catalogue/*.yaml)
	$(BIN)/synthgen assets fetch $(PACKS)
	@touch $@

assets: $(VENV)/packs

# Every model of every fetched pack: loads, scale, licence; bounds as Blender and trimesh find them, readers against trimesh's.
check-assets: $(VENV)/installed-dev $(VENV)/packs
	$(BIN)/synthgen assets check --all
	SYNTHGEN_ALL_ASSETS=1 $(BIN)/python -m pytest -q tests/assets/test_base_pack.py tests/assets/test_robots_pack.py tests/assets/test_originals.py tests/render/test_asset_bounds.py

# A hundred planned scenes of every recipe: nothing floats, sinks or overlaps, and what is promised occurs.
check-scenes: $(VENV)/installed-dev $(VENV)/packs
	SYNTHGEN_SCENES=100 $(BIN)/python -m pytest -q tests/scenes

facts: $(VENV)/installed $(VENV)/packs
	$(BIN)/python -m synthgen.assets.freeze base

doctor: $(VENV)/installed
	$(BIN)/synthgen doctor

$(VENV)/doctor: $(VENV)/packs
	$(BIN)/synthgen doctor
	@touch $@

# A dataset is never mixed with another recipe's or version's frames, so an edit starts the demo afresh.
$(SHEET): $(VENV)/doctor $(shell find synthgen scenes configs assets -type f -not -name '*.pyc')
	rm -rf $(DEMO)
	for recipe in $(DEMO_RECIPES); do \
	  $(BIN)/synthgen generate $$recipe -n 1 -o $(DEMO)/$${recipe%%/*} --size 640x360 --set views_per_scene=1; \
	done
	$(BIN)/python -m synthgen.report.contact_sheet $(foreach recipe,$(DEMO_RECIPES),$(DEMO)/$(firstword $(subst /, ,$(recipe)))) $(SHEET)

demo: $(SHEET)
	@echo "contact sheet: $(abspath $(SHEET))"
	@echo "datasets:      $(abspath $(DEMO))"

test: $(VENV)/installed-dev $(VENV)/doctor
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check synthgen tests benchmarks
	$(BIN)/mypy

clean:
	rm -rf $(VENV) $(VENV).uv out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
