"""Manners towards a service, and what is said where it fails."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from synthgen.assets.online.settings import load_service
from synthgen.assets.online.transfer import WrongContent, fetch
from synthgen.assets.online.web import BLOCK, NoConnection, NotThere, Web
from synthgen.errors import InputError
from tests.assets.online.conftest import Reply, Site

BODY = bytes(range(256)) * 1000
TAG = {"ETag": '"v1"'}
HALF = 2 * BLOCK
KEEP_GAP = Web._keep_gap


@pytest.fixture
def web(site: Site) -> Web:
    return Web(load_service("polyhaven"), lambda _: None)


def test_a_busy_service_is_asked_again_when_it_says(web: Web, site: Site) -> None:
    site.put("/polyhaven/x", Reply(status=429, headers={"Retry-After": "7"}), Reply(status=503), {"a": 1})
    assert web.json("/x").value == {"a": 1}
    assert site.slept == [7.0, 2.0]


def test_a_date_to_come_back_at(web: Web, site: Site) -> None:
    at = email.utils.formatdate(time.time() + 30, usegmt=True)
    site.put("/polyhaven/x", Reply(status=429, headers={"Retry-After": at}), {})
    web.json("/x")
    (waited,) = site.slept
    assert 25 < waited <= 30


def test_a_service_that_stays_busy(web: Web, site: Site) -> None:
    site.put("/polyhaven/x", Reply(status=500))
    with pytest.raises(InputError, match=r"Poly Haven is busy \(status 500\); try again later"):
        web.json("/x")
    assert site.slept == [1.0, 2.0, 4.0]
    site.put("/polyhaven/x", Reply(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(InputError, match="it asks to wait 3600 s"):
        web.json("/x")
    assert len(site.slept) == 3, "nobody waits an hour"


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (Reply(status=404), NotThere, "Poly Haven has nothing there"),
        (Reply(status=403), InputError, r"Poly Haven refuses \(status 403\)"),
        (Reply(b"<html>hello"), InputError, r"does not answer in JSON \(it begins with '<html>hello'\)"),
        (Reply(b"[" * 100_000), InputError, "does not answer in JSON"),
        (Reply(b"\xff\xfe"), InputError, "does not answer in JSON"),
        (Reply(b"x" * 99, headers={"Content-Encoding": "gzip"}), InputError, "cannot be read"),
        (Reply(status=302, headers={"Location": "ftp://elsewhere"}), InputError, "cannot be read"),
        (Reply(status=302, headers={"Location": "x"}), InputError, "cannot be read"),
        (Reply(status=302, headers={"Location": "http://["}), InputError, "cannot be read"),
    ],
)
def test_bad_answers(web: Web, site: Site, reply: Reply, kind: type[InputError], says: str) -> None:
    site.put("/polyhaven/x", reply)
    with pytest.raises(kind, match=says) as caught:
        web.json("/x")
    assert "\n" not in str(caught.value)


def test_no_network(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    monkeypatch.setenv("SYNTHGEN_POLYHAVEN", "http://127.0.0.1:9")
    web = Web(load_service("polyhaven"), lambda _: None)
    with pytest.raises(NoConnection, match="no connection to Poly Haven") as caught:
        web.json("/x")
    assert "is the network up?" in str(caught.value) and len(site.slept) == 3


def test_an_answer_that_breaks_is_asked_for_again(web: Web, site: Site) -> None:
    site.put("/polyhaven/x", Reply(b'{"a": 1}', cut=3), {"a": 1})
    assert web.json("/x").value == {"a": 1}


def test_an_answer_without_end(web: Web, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(web.manners.limits), "answer", property(lambda _: 1000), raising=False)
    site.put("/polyhaven/x", b" " * 2000)
    with pytest.raises(InputError, match="are answered"):
        web.json("/x")


def test_few_requests_a_second(web: Web, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Web, "_keep_gap", KEEP_GAP)
    site.put("/polyhaven/x", {})
    for _ in range(4):
        web.json("/x")
    assert len(site.slept) == 3 and site.slept[-1] > 0.5, "nothing sleeps here, so the gaps add up"


@pytest.mark.parametrize(
    ("address", "becomes"),
    [
        ("https://dl.polyhaven.org/file/a.jpg", "{}/files/file/a.jpg"),
        ("https://DL.polyhaven.org/file/a.jpg", "{}/files/file/a.jpg"),
        ("https://dl.polyhaven.org.evil.example/a.jpg", "https://dl.polyhaven.org.evil.example/a.jpg"),
        ("/assets", "{}/polyhaven/assets"),
    ],
)
def test_addresses_in_answers_go_to_the_mirror_too(web: Web, site: Site, address: str, becomes: str) -> None:
    assert web.address(address) == becomes.format(site.address)


@pytest.mark.parametrize("value", ["ftp://x", "mirror.example", "http://", "http://[", "/folder"])
def test_an_address_in_the_environment_that_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SYNTHGEN_POLYHAVEN", value)
    with pytest.raises(InputError, match=r"SYNTHGEN_POLYHAVEN: .* is not an address"):
        load_service("polyhaven")


def test_a_file_that_breaks_off_goes_on_where_it_broke(web: Web, site: Site, tmp_path: Path) -> None:
    site.put(
        "/polyhaven/f",
        Reply(BODY, headers=TAG, cut=HALF),
        Reply(BODY, headers=TAG, cut=HALF // 2),
        Reply(BODY, headers=TAG),
    )
    fetch(web, "/f", tmp_path / "f", size=len(BODY))
    assert (tmp_path / "f").read_bytes() == BODY
    assert [p.name for p in tmp_path.iterdir()] == ["f"]
    asked = [headers.get("Range") for _, _, headers in site.asked]
    assert asked[0] is None and asked[1] == "bytes=131072-" and asked[2] == "bytes=196608-"


def keep_half(site: Site, web: Web, target: Path) -> None:
    site.put("/polyhaven/f", Reply(BODY, headers=TAG, cut=HALF), Reply(BODY[:0], headers=TAG, cut=0, status=500))
    with pytest.raises(InputError):
        fetch(web, "/f", target)
    site.asked.clear()


def test_the_next_run_goes_on(web: Web, site: Site, tmp_path: Path) -> None:
    keep_half(site, web, tmp_path / "f")
    site.put("/polyhaven/f", Reply(BODY, headers=TAG))
    fetch(web, "/f", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == BODY
    assert site.asked[0][2]["Range"] == "bytes=131072-" and site.asked[0][2]["If-Range"] == '"v1"'


@pytest.mark.parametrize("how", ["changed", "no ranges", "no version", "shorter", "whole already", "other beginning"])
def test_what_came_before_is_taken_only_if_it_is_the_same_file(web: Web, site: Site, tmp_path: Path, how: str) -> None:
    keep_half(site, web, tmp_path / "f")
    part, mark = tmp_path / "f.part", tmp_path / "f.mark"
    body, tag, size = BODY, TAG, None
    if how == "changed":
        body, tag = b"new" + BODY, {"ETag": '"v2"'}
    elif how == "no ranges":
        site.ranges = False
    elif how == "no version":
        mark.write_text("")
    elif how == "shorter":
        body = BODY[:5000]
    elif how == "whole already":
        part.write_bytes(BODY)
    else:
        part.write_bytes(b"?" * HALF)
        size = len(BODY)
    site.put("/polyhaven/f", Reply(body, headers=tag))
    fetch(web, "/f", tmp_path / "f", size=size)
    expected = b"?" * HALF + BODY[HALF:] if how == "other beginning" else body
    assert (tmp_path / "f").read_bytes() == expected


def test_a_checksum_finds_another_beginning(web: Web, site: Site, tmp_path: Path) -> None:
    import hashlib

    keep_half(site, web, tmp_path / "f")
    (tmp_path / "f.part").write_bytes(b"?" * HALF)
    site.put("/polyhaven/f", Reply(BODY, headers=TAG))
    fetch(web, "/f", tmp_path / "f", md5=hashlib.md5(BODY).hexdigest())
    assert (tmp_path / "f").read_bytes() == BODY and len(site.asked) == 2


def test_a_connection_that_always_breaks(web: Web, site: Site, tmp_path: Path) -> None:
    site.put("/polyhaven/f", Reply(BODY, cut=HALF))
    with pytest.raises(NoConnection, match="breaks again and again"):
        fetch(web, "/f", tmp_path / "f")
    assert 4 <= len(site.asked) <= 6 and not (tmp_path / "f").exists()


@pytest.mark.parametrize("size", [10, len(BODY) + 1])
def test_a_file_of_another_size(web: Web, site: Site, tmp_path: Path, size: int) -> None:
    site.put("/polyhaven/f", Reply(BODY, headers=TAG))
    with pytest.raises(WrongContent, match="bytes"):
        fetch(web, "/f", tmp_path / "f", size=size)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_or_too_large(
    web: Web, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotThere):
        fetch(web, "/f", tmp_path / "f")
    monkeypatch.setattr(type(web.manners.limits), "file", property(lambda _: 1000), raising=False)
    site.put("/polyhaven/f", Reply(BODY))
    with pytest.raises(InputError, match="more than the 1000 that it may"):
        fetch(web, "/f", tmp_path / "f")


def test_progress_of_a_large_file(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    tell: Callable[[str], None] = said.append
    monkeypatch.setattr("synthgen.assets.online.transfer._TOLD", 1 << 16)
    site.put("/polyhaven/f", Reply(BODY))
    fetch(Web(load_service("polyhaven"), tell), "/f", tmp_path / "f")
    assert said and said[0].startswith("f: 0 of 0 MiB")
