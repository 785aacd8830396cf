"""What `validate` finds, and how findings are gathered without holding a dataset's worth of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthgen.errors import Diagnostic

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding(Diagnostic):
    """One problem of a dataset. code: a short name of the check, stable for machines."""

    severity: str = ERROR
    code: str = ""

    def __str__(self) -> str:
        text = f"{self.severity}: {self.what}" + (f"; {self.hint}" if self.hint else "") + f" [{self.code}]"
        line = f"{self.where}: {text}" if self.where else text
        return line.replace("\n", "\\n")  # one line a problem, whatever a file is called

    def to_dict(self) -> dict[str, str]:
        return {
            "severity": self.severity,
            "code": self.code,
            "where": self.where,
            "what": self.what,
            "hint": self.hint,
        }


@dataclass
class Findings:
    """Takes findings in and counts them. ours: whether the dataset is synthgen's, which is held to the whole contract.

    sink: gets each finding as it is found; without one they are kept in `kept`.
    """

    ours: bool
    sink: Callable[[Finding], None] | None = None
    kept: list[Finding] = field(default_factory=list)
    by_code: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    warnings: int = 0

    def error(self, code: str, where: Path | str, what: str, hint: str = "") -> None:
        """What no reader gets right."""
        self._add(Finding(str(where), what, hint, ERROR, code))

    def warning(self, code: str, where: Path | str, what: str, hint: str = "") -> None:
        """What is allowed but should be known."""
        self._add(Finding(str(where), what, hint, WARNING, code))

    def trap(self, code: str, where: Path | str, what: str, hint: str = "") -> None:
        """What some consumers trip over: an error in a dataset of ours, a warning in others'."""
        (self.error if self.ours else self.warning)(code, where, what, hint)

    def _add(self, finding: Finding) -> None:
        self.by_code[finding.code] += 1
        if finding.severity == ERROR:
            self.errors += 1
        else:
            self.warnings += 1
        if self.sink is None:
            self.kept.append(finding)
        else:
            self.sink(finding)


@dataclass(frozen=True, slots=True)
class SplitCounts:
    """What one panoptic JSON held. void_pixels: pixels of id 0."""

    split: str
    images: int
    segments: int
    crowds: int
    void_pixels: int


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """findings is empty where a sink took them."""

    ours: bool
    splits: tuple[SplitCounts, ...]
    errors: int
    warnings: int
    by_code: dict[str, int]
    findings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        """No errors; warnings are allowed."""
        return self.errors == 0

    def summary(self) -> str:
        """The counts, in one line."""
        images = sum(s.images for s in self.splits)
        segments = sum(s.segments for s in self.splits)
        names = ", ".join(s.split for s in self.splits)
        return f"{images} images, {segments} segments ({names}): {self.errors} errors, {self.warnings} warnings"

    def to_dict(self) -> dict[str, Any]:
        """JSON-able: counts, and the findings that were kept."""
        return {
            "passed": self.passed,
            "ours": self.ours,
            "errors": self.errors,
            "warnings": self.warnings,
            "by_code": self.by_code,
            "splits": [
                {
                    "split": s.split,
                    "images": s.images,
                    "segments": s.segments,
                    "crowds": s.crowds,
                    "void_pixels": s.void_pixels,
                }
                for s in self.splits
            ],
            "findings": [f.to_dict() for f in self.findings],
        }
