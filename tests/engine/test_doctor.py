"""What doctor says of machines that lack something."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from synthgen.engine import doctor
from synthgen.engine.doctor import Check
from synthgen.engine.probe import check_device
from synthgen.errors import InputError

LDD = """
\tlinux-vdso.so.1 (0x00007ffd)
\tlibXi.so.6 => not found
\tlibSM.so.6 => not found
\tlibX11.so.6 => /lib/x86_64-linux-gnu/libX11.so.6 (0x00007f)
"""


def test_missing_libraries_are_named_with_their_packages() -> None:
    missing = doctor.missing_libraries(LDD)
    assert missing == ["libSM.so.6", "libXi.so.6"]
    said = "ImportError: libGL.so.1: cannot open shared object file: No such file or directory"
    assert doctor.missing_libraries(said) == ["libGL.so.1"]

    def debian(name: str) -> str | None:
        return "/usr/bin/apt-get" if name == "apt-get" else None

    def fedora(name: str) -> str | None:
        return "/usr/bin/dnf" if name == "dnf" else None

    assert doctor.install_command(missing, debian) == "as root: apt-get update && apt-get install -y libsm6 libxi6"
    assert doctor.install_command(missing, fedora) == "as root: dnf install -y libSM libXi"
    assert "find the package of libnew.so.9" in doctor.install_command(["libnew.so.9"], debian)
    assert doctor.install_command(missing, lambda _: None)


def test_every_library_has_a_package_on_both_systems() -> None:
    assert doctor.DEBIAN_PACKAGES.keys() == doctor.FEDORA_PACKAGES.keys()


def test_libraries_of_a_file(tmp_path: Path) -> None:
    assert doctor.check_libraries(lambda: Path(sys.executable).resolve()).ok
    assert not doctor.check_libraries(lambda: None).ok


@pytest.mark.parametrize(
    ("program", "ok", "words"),
    [
        ('print(\'{"ok": true, "versions": {"blender": "4.5.15"}}\')', True, "blender 4.5.15"),
        ('print(\'{"ok": true, "versions": {}, "devices": {"cuda": ["A", "B"]}}\')', True, "cpu, cuda (A, B)"),
        (
            'print(\'{"ok": false, "error": "ImportError: libXi.so.6: cannot open shared object file"}\')',
            False,
            "libXi",
        ),
        ("import sys; sys.exit('no such module')", False, "no such module"),
        ("import os; os._exit(139)", False, "exit code 139"),
    ],
)
def test_blender_s_start(program: str, ok: bool, words: str) -> None:
    checks = doctor.check_blender((sys.executable, "-c", program))
    assert all(check.ok == ok for check in checks) and any(words in check.what for check in checks)


def answering(devices: str) -> tuple[str, ...]:
    return sys.executable, "-c", f'print(\'{{"ok": true, "devices": {devices}}}\')'


def test_devices() -> None:
    check_device("cpu", ("no such program",))
    for device in ("gpu", "cuda"):
        check_device(device, answering('{"cuda": ["A"]}'))
    with pytest.raises(
        InputError, match=r"no device for 'metal': Blender finds cuda; look at its driver.*--device cpu"
    ):
        check_device("metal", answering('{"cuda": ["A"]}'))
    with pytest.raises(InputError, match="finds no graphics processor"):
        check_device("gpu", answering("{}"))
    with pytest.raises(InputError, match=r"Blender does not start here: no libXi; run: synthgen doctor"):
        check_device("gpu", (sys.executable, "-c", "import sys; sys.exit('no libXi')"))
    with pytest.raises(InputError, match="no kind of device 'tpu'; one of: cpu, gpu, optix"):
        check_device("tpu")


def test_packs_and_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "none"))
    (base,) = [c for c in doctor.check_packs() if c.name == "pack base"]
    assert not base.ok and "synthgen assets fetch base" in base.mend
    assert doctor.check_disk(tmp_path / "not" / "there", "cache").what.endswith(f"free in {tmp_path / 'not' / 'there'}")
    monkeypatch.setattr(doctor, "LEAST_DISK", 2**70)
    assert not doctor.check_disk(tmp_path, "cache").ok


def test_python(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_python().ok
    monkeypatch.setattr(doctor, "PYTHON", (3, 99))
    assert "python3.99" in doctor.check_python().mend
    assert str(Check("a", False, "b", "c")) == "problem  a: b; c"
