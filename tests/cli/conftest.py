"""The command line, run in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from synthgen.cli.main import main
from tests.engine.conftest import fake as fake

ROOT = Path(__file__).resolve().parents[2]
URBAN = ROOT / "scenes" / "road" / "urban.yaml"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    def is_one_message(self) -> bool:
        """Wrong input: exit 2, one message on stderr, nothing on stdout, no traceback."""
        return self.code == 2 and not self.out and bool(self.err.strip()) and "Traceback" not in self.err


Cli = Callable[..., Outcome]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setattr("signal.signal", lambda *_: None)  # pytest keeps its own handlers

    def call(*arguments: str | Path) -> Outcome:
        with pytest.raises(SystemExit) as end:
            main([str(a) for a in arguments])
        said = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Outcome(end.value.code, said.out, said.err)

    return call
