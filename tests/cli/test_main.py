"""Exit codes, crash reports, help; what goes to stdout and what to stderr."""

from __future__ import annotations

import errno
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
    others = {"plan", "preview", "lint", "schema", "validate", "verify", "assets", "doctor"}
    assert verbs == {"generate", "package", *others}


def test_every_verb_has_help(cli: Cli) -> None:
    for verb in ("generate", "package", "plan", "preview", "lint", "schema", "validate", "verify", "doctor"):
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


def run_script(script: str, **options: Any) -> subprocess.Popen[bytes]:
    """The command line in a process of its own, with `generate` replaced by what `script` defines."""
    head = "import os, signal, sys, time, synthgen.engine.local as local, synthgen.cli.main as main\n"
    call = f"\nlocal.generate = generate\nmain.main(['generate', {str(URBAN)!r}, '-o', 'never', '-n', '1'])\n"
    return subprocess.Popen([sys.executable, "-c", head + script + call], cwd=ROOT, **options)


def test_an_interruption_that_ended_tee_first_is_one_too() -> None:
    script = (
        "def generate(*a, **k):\n    print('begun', file=sys.stderr)\n    sys.stdin.read()\n    raise KeyboardInterrupt"
    )
    with run_script(script, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdin is not None and run.stderr is not None and run.stderr.readline() == b"begun\n"
        run.stderr.close()
        run.stdin.close()
        assert run.wait(20) == 130


def test_a_run_goes_on_where_nobody_reads_its_messages() -> None:
    script = (
        "def generate(*a, **k):\n"
        "    sys.stdin.read()\n"
        "    k['progress'].start(8, 0)\n"
        "    raise main.SynthgenError.__subclasses__()[0].of('came to its end')"
    )
    with run_script(script, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdin is not None and run.stderr is not None
        run.stderr.close()
        run.stdin.close()
        assert run.wait(20) == 2


def test_nohup_is_obeyed() -> None:
    script = (
        "def generate(*a, **k):\n"
        "    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN\n"
        "    assert signal.getsignal(signal.SIGTERM) is main._interrupt\n"
        "    raise KeyboardInterrupt\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    )
    with run_script(script, stderr=subprocess.DEVNULL) as run:
        assert run.wait(20) == 130


@pytest.mark.parametrize(("number", "code"), [(errno.EROFS, 2), (errno.EACCES, 2), (errno.ENOSPC, 3)])
def test_what_the_system_refuses_is_no_bug(cli: Cli, monkeypatch: pytest.MonkeyPatch, number: int, code: int) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number), "some/place")

    monkeypatch.setattr("synthgen.dataset.package.package", refuse)
    said = cli("package", "some")
    assert said.code == code and len(said.err.splitlines()) == 1
    assert said.err.startswith(f"some/place: {os.strerror(number)}; ")


def test_a_bug_without_a_place_for_its_report(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("synthgen.recipe.lint", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    said = cli("lint", URBAN)
    assert said.code == 70 and "Traceback" in said.err, "the report itself is said"


def test_problems_that_nobody_reads_to_the_end_are_still_problems(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def left(*_: Any, **__: Any) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("synthgen.dataset.validate.validate", left)
    assert cli("validate", "some").code == 1


@pytest.mark.parametrize("name", ["dä ta", "d\udcff"])
def test_paths_are_printed_in_any_locale(name: str) -> None:
    script = f"import sys, synthgen.cli.streams as s; s.prepare(); print({name!r}); print({name!r}, file=sys.stderr)"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == 0 and done.stdout.startswith(b"d\\")
