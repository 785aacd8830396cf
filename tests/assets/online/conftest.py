"""A server that plays the services, and what it has to give."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

HERE = Path(__file__).parent


def recorded(name: str) -> Any:
    return json.loads((HERE / "recorded" / f"{name}.json").read_text())


def documented(name: str) -> Any:
    return json.loads((HERE / "documented" / f"{name}.json").read_text())


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@dataclass
class Reply:
    """cut: break the connection off after so many bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Site:
    """What the server answers: by path, the replies in order, the last one for good. asked: what it was asked for."""

    address: str = ""
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    ranges: bool = True

    def put(self, path: str, *replies: Reply | bytes | object) -> None:
        self.replies[path] = [reply(r) for r in replies]

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]

    def put_file(self, address: str, body: bytes) -> dict[str, Any]:
        """A file of Poly Haven's, at its true address; gives what the API says of it."""
        self.put("/files" + urlsplit(address).path, Reply(body, headers={"ETag": f'"{len(body)}"'}))
        return {"url": address, "size": len(body), "md5": hashlib.md5(body).hexdigest()}


def reply(what: Reply | bytes | object) -> Reply:
    if isinstance(what, Reply):
        return what
    return Reply(what if isinstance(what, bytes) else json.dumps(what).encode())


class Handler(BaseHTTPRequestHandler):
    def __init__(self, *args: Any, site: Site, **more: Any):
        self.site = site
        super().__init__(*args, **more)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        self.site.asked.append((parts.path, query, dict(self.headers)))
        for key in (self.path, *(f"{parts.path}?{k}={v}" for k, v in query.items()), parts.path):
            if key in self.site.replies:
                queue = self.site.replies[key]
                self.answer(queue.pop(0) if len(queue) > 1 else queue[0])
                return
        self.answer(Reply(b"no such thing", 404))

    def answer(self, reply: Reply) -> None:
        body, status, headers = reply.body, reply.status, dict(reply.headers)
        wanted = self.headers.get("Range")
        if status == 200 and wanted and self.site.ranges and self.headers.get("If-Range") == headers.get("ETag"):
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            status = 206 if start < len(body) else 416
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            if status == 416:
                headers["Content-Range"] = f"bytes */{len(body)}"
            body = body[start:]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if reply.cut is None else body[: reply.cut])

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    """The server; all providers ask it, nothing waits, and the cache is empty."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, site=site))
    thread = threading.Thread(target=partial(server.serve_forever, 0.01), daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    for name in ("POLYHAVEN", "AMBIENTCG", "GSO", "OBJAVERSE"):
        monkeypatch.setenv(f"SYNTHGEN_{name}", f"{site.address}/{name.lower()}")
    monkeypatch.setenv("SYNTHGEN_POLYHAVEN_FILES", f"{site.address}/files")
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("synthgen.assets.online.web.sleep", site.slept.append)
    monkeypatch.setattr("synthgen.assets.online.web.Web._keep_gap", lambda _: None)
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
