"""The one error tree, and the finding that every check reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_INPUT = 2
EXIT_INCOMPLETE = 3
EXIT_BUG = 70
EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: where it is, what is wrong, and what to try.

    `where` is `file:line:col` for a text file (1-based), a path, an option such as `--size`, or empty.
    """

    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}; {self.hint}" if self.hint else head


class SynthgenError(Exception):
    """Base of all errors that synthgen raises on purpose; `exit_code` is what the command line returns."""

    exit_code = EXIT_BUG


class InputError(SynthgenError):
    """What the user gave cannot be used. Carries every finding, so that all are shown at once."""

    exit_code = EXIT_INPUT

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]):
        found = (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        self.diagnostics: Sequence[Diagnostic] = found
        super().__init__("\n".join(str(d) for d in found))

    @classmethod
    def of(cls, what: str, *, where: str = "", hint: str = "") -> InputError:
        """The common case of a single finding."""
        return cls(Diagnostic(where, what, hint))


class PlanningError(InputError):
    """A recipe is well formed, but no scene that satisfies it was found."""


class RenderError(SynthgenError):
    """A frame could not be rendered or labelled. The run goes on without it."""

    exit_code = EXIT_INCOMPLETE


class FramesMissing(SynthgenError):
    """The run ended, but some frames were not made; the same call resumes it."""

    exit_code = EXIT_INCOMPLETE


class CacheMismatch(SynthgenError):
    """A mesh or image no longer matches the hash by which a SceneSpec names it."""

    exit_code = EXIT_INPUT
