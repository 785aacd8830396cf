"""Exit codes, crash reports, help; what goes to stdout and what to stderr."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from synthgen.cli.main import app
from synthgen.errors import FramesMissing
from tests.cli.conftest import ROOT, URBAN, Cli


def test_verbs_are_those_that_exist() -> None:
    import typer

    verbs = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert verbs == {"generate", "package", "plan", "preview", "lint", "schema", "validate", "assets", "doctor"}


def test_every_verb_has_help(cli: Cli) -> None:
    for verb in ("generate", "package", "plan", "preview", "lint", "schema", "validate", "doctor"):
        said = cli(verb, "--help")
        assert said.code == 0 and "Usage: synthgen " + verb in said.out
    assert "fetch" in cli("assets", "--help").out


def test_no_verb_shows_help_and_fails(cli: Cli) -> None:
    said = cli()
    assert said.code == 2 and "Usage" in said.err and not said.out


def test_version(cli: Cli) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", cli("--version").out)


def test_lint_of_a_good_recipe(cli: Cli) -> None:
    said = cli("lint", URBAN)
    assert (said.code, said.out) == (0, "") and "0 findings" in said.err


def test_schema_is_json_schema(cli: Cli) -> None:
    schema = json.loads(cli("schema").out)
    assert schema["type"] == "object" and "layout" in schema["properties"]


@pytest.mark.assets
def test_plan_prints_a_scene_and_is_repeatable(cli: Cli) -> None:
    first = cli("plan", URBAN, "--scene", "2", "--size", "320x180")
    spec = json.loads(first.out)
    assert (spec["scene_index"], spec["size"]) == (2, [320, 180])
    assert cli("plan", URBAN, "--scene", "2", "--size", "320x180").out == first.out
    assert json.loads(cli("plan", URBAN, "--scene", "2", "--size", "320x180", "--seed", "5").out)["seed"] == 5


def test_a_bug_leaves_a_report(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("synthgen.recipe.lint", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said = cli("lint", URBAN)
    assert said.code == 70 and "boom" in said.err and "Traceback" not in said.err
    (report,) = tmp_path.glob("synthgen-crash-*.txt")
    assert str(report) in said.err
    assert "Traceback" in report.read_text() and "lint" in report.read_text()


@pytest.mark.parametrize(("error", "code"), [(FramesMissing("the disk is full"), 3), (KeyboardInterrupt(), 130)])
def test_codes_of_a_run_that_stops(cli: Cli, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("synthgen.engine.local.generate", stop)
    said = cli("generate", URBAN, "-o", "never", "-n", "1")
    assert said.code == code and not said.out and len(said.err.splitlines()) == 1
    if code == 130:
        assert "the same call goes on" in said.err


def test_a_reader_that_leaves_early_is_no_error() -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m synthgen schema | head -c 20"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and not done.stderr and len(done.stdout) == 20


def test_a_scheduler_s_signal_is_an_interruption(tmp_path: Path) -> None:
    script = (
        "import time, sys, synthgen.engine.local as local, synthgen.cli.main as main\n"
        "def generate(*a, **k):\n    print('started', flush=True)\n    time.sleep(30)\n"
        "local.generate = generate\n"
        f"main.main(['generate', {str(URBAN)!r}, '-o', {str(tmp_path / 'o')!r}, '-n', '1'])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None and run.stdout.readline() == "started\n"
        begun = time.monotonic()
        os.kill(run.pid, signal.SIGTERM)
        _, said = run.communicate(timeout=20)
    assert run.returncode == 130 and "interrupted" in said and time.monotonic() - begun < 10
