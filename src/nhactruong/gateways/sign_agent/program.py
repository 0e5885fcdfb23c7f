"""`nhactruong-sign-agent`: the loopback server, its API for the office's page, its page for the PIN."""

from __future__ import annotations

import argparse
import base64
import binascii
import html
import json
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, urlsplit

from asn1crypto import x509

from nhactruong.gateways.sign_agent.desk import MOST_PAPERS, Desk, Paper, Request, Stage
from nhactruong.kernel.errors import DomainError
from nhactruong.records.signing.engine.digest_words import digest_words
from nhactruong.records.signing.providers import token

PORT: Final = 38765
_LOOPBACK: Final = "127.0.0.1"
_LARGEST_BODY: Final = 4 * 1024 * 1024
_LONGEST_TITLE: Final = 1_000
_LONGEST_PIN: Final = 64
_REQUEST: Final = re.compile(r"/v1/signatures/([A-Za-z0-9_-]{10,40})")
_CONFIRM: Final = re.compile(r"/confirm/([A-Za-z0-9_-]{10,40})")
_PAGE_RULES: Final = (
    "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


class Refused(Exception):
    """An answer other than 200, with its code for the page."""

    def __init__(self, status: HTTPStatus, code: str, sentence: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.sentence = status, code, sentence


class Agent(ThreadingHTTPServer):
    """The server of one PC: for whom it works, which library it asks, what waits."""

    daemon_threads = True

    def __init__(self, module: Path, offices: Sequence[str], port: int) -> None:
        self.module = module
        self.offices = frozenset(_origin(one) for one in offices)
        super().__init__((_LOOPBACK, port), _Answer)
        self.desk = Desk(self._sign)

    @property
    def own_origin(self) -> str:
        """Where its own pages stand."""
        return f"http://{_LOOPBACK}:{self.server_port}"

    def _sign(self, request: Request, pin: str) -> list[bytes]:
        return token.sign(
            self.module,
            token=request.token,
            key_id=request.key_id,
            to_be_signed=[paper.to_be_signed for paper in request.papers],
            pin=pin,
        )


class _Answer(BaseHTTPRequestHandler):
    server: Agent
    server_version = "nhactruong-sign-agent"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30
    _HEADERS: ClassVar[dict[str, str]] = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }

    def do_OPTIONS(self) -> None:
        """Whether the office's page may ask; a browser asks this before it asks anything else."""
        try:
            office = self._office()
        except Refused as refusal:
            self._tell(refusal.status, {"code": refusal.code})
            return
        self._send(
            HTTPStatus.NO_CONTENT,
            b"",
            {
                **self._for_office(office),
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Allow-Headers": "content-type",
                "Access-Control-Allow-Private-Network": "true",
                "Access-Control-Max-Age": "600",
            },
        )

    def do_GET(self) -> None:
        """Certificates, the state of a request, the page that asks for the PIN."""
        self._answered(self._got)

    def do_POST(self) -> None:
        """A request to sign from the office, or the PIN from the page of this program."""
        self._answered(self._posted)

    def _answered(self, work: Any) -> None:
        try:
            self._require_own_host()
            work(urlsplit(self.path).path)
        except Refused as refusal:
            self._tell(refusal.status, {"code": refusal.code, "title": refusal.sentence})
        except DomainError as error:
            self._tell(HTTPStatus.CONFLICT, {"code": error.code, "title": error.sentence})

    def _got(self, path: str) -> None:
        if found := _CONFIRM.fullmatch(path):
            self._page(self._request(found[1]))
            return
        self._office()
        if path == "/v1/certificates":
            self._tell(HTTPStatus.OK, {"certificates": self._certificates()})
        elif found := _REQUEST.fullmatch(path):
            self._tell(HTTPStatus.OK, _as_data(self._request(found[1])))
        else:
            raise Refused(HTTPStatus.NOT_FOUND, "agent.not_found")

    def _posted(self, path: str) -> None:
        if found := _CONFIRM.fullmatch(path):
            self._confirmed(self._request(found[1]))
            return
        office = self._office()
        if path != "/v1/signatures":
            raise Refused(HTTPStatus.NOT_FOUND, "agent.not_found")
        request = _request_of(office, self._json())
        if not self.server.desk.put(request):
            raise Refused(
                HTTPStatus.CONFLICT, "agent.busy", "Một lần ký khác đang chờ PIN trên máy này."
            )
        address = f"{self.server.own_origin}/confirm/{request.public_id}"
        self._tell(HTTPStatus.ACCEPTED, {"id": request.public_id, "confirm_url": address})

    # Who asks -----------------------------------------------------------------------------

    def _require_own_host(self) -> None:
        """A name that leads here by a trick of DNS is not ours."""
        port = self.server.server_port
        if self.headers.get("Host") not in (f"{_LOOPBACK}:{port}", f"localhost:{port}"):
            raise Refused(HTTPStatus.FORBIDDEN, "agent.host")

    def _office(self) -> str:
        office = self.headers.get("Origin", "")
        if office not in self.server.offices:
            raise Refused(HTTPStatus.FORBIDDEN, "agent.origin")
        return office

    def _request(self, public_id: str) -> Request:
        request = self.server.desk.find(public_id)
        if request is None:
            raise Refused(
                HTTPStatus.NOT_FOUND,
                "agent.no_request",
                "Lần ký này đã hết hạn. Đồng chí về trang ký và ký lại.",
            )
        return request

    # The page -----------------------------------------------------------------------------

    def _page(self, request: Request, fault: str = "") -> None:
        nonce = secrets.token_urlsafe(12)
        body = _confirm_page(request, fault, nonce).encode()
        rules = {"Content-Security-Policy": _PAGE_RULES.format(nonce=nonce)}
        self._send(HTTPStatus.OK, body, rules, "text/html; charset=utf-8")

    def _confirmed(self, request: Request) -> None:
        sent = parse_qs(self._body().decode("utf-8", "replace"))
        is_ours = self.headers.get("Origin") == self.server.own_origin
        key = sent.get("key", [""])[0]
        if not is_ours or not secrets.compare_digest(key.encode(), request.form_key.encode()):
            raise Refused(HTTPStatus.FORBIDDEN, "agent.form")
        if sent.get("act") == ["cancel"]:
            self.server.desk.cancel(request)
            self._page(request)
            return
        pin = sent.get("pin", [""])[0]
        if not 0 < len(pin) <= _LONGEST_PIN:
            self._page(request, "Đồng chí nhập PIN của thiết bị ký.")
            return
        try:
            self.server.desk.sign(request, pin)
        except DomainError as error:
            self._page(request, error.sentence)
            return
        self._page(request)

    # What is read and told ----------------------------------------------------------------

    def _certificates(self) -> list[dict[str, str]]:
        return [
            {
                "token": one.token,
                "key_id": one.key_id,
                "certificate": base64.b64encode(one.certificate_der).decode(),
            }
            for one in token.certificates(self.server.module)
        ]

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "agent.body")
        return self.rfile.read(int(length))

    def _json(self) -> Any:
        body = self._body()
        if not self.headers.get("Content-Type", "").startswith("application/json"):
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "agent.media_type")
        try:
            return json.loads(body)
        except ValueError:
            raise Refused(HTTPStatus.BAD_REQUEST, "agent.json") from None

    def _for_office(self, office: str) -> dict[str, str]:
        return {"Access-Control-Allow-Origin": office, "Vary": "Origin"}

    def _tell(self, status: HTTPStatus, data: dict[str, Any]) -> None:
        office = self.headers.get("Origin", "")
        more = self._for_office(office) if office in self.server.offices else {}
        self._send(status, json.dumps(data).encode(), more)

    def _send(
        self,
        status: HTTPStatus,
        body: bytes,
        more: dict[str, str],
        media_type: str = "application/json",
    ) -> None:
        self.send_response(status)
        for name, value in {**self._HEADERS, **more}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # the library's name
        """Nothing: addresses name requests, and nobody reads a log on a signer's PC."""


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.netloc:
        raise ValueError(address)
    return f"{parts.scheme}://{parts.netloc}"


def _request_of(office: str, sent: Any) -> Request:
    try:
        papers = [
            Paper(_title(one["title"]), base64.b64decode(one["to_be_signed"], validate=True))
            for one in sent["papers"]
        ]
        certificate = base64.b64decode(sent["certificate"], validate=True)
        signer = str(x509.Certificate.load(certificate).subject.native.get("common_name", ""))
        request = Request(office, str(sent["token"]), str(sent["key_id"]), signer, papers)
        bytes.fromhex(request.key_id)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        raise Refused(HTTPStatus.BAD_REQUEST, "agent.request") from None
    if not 0 < len(papers) <= MOST_PAPERS or not all(one.to_be_signed for one in papers):
        raise Refused(HTTPStatus.BAD_REQUEST, "agent.request")
    return request


def _title(text: Any) -> str:
    if not isinstance(text, str) or len(text) > _LONGEST_TITLE:
        raise ValueError(text)
    return text


def _as_data(request: Request) -> dict[str, Any]:
    data: dict[str, Any] = {"state": request.stage.value}
    if request.stage is Stage.SIGNED:
        data["signatures"] = [base64.b64encode(one).decode() for one in request.signatures]
    return data


def _confirm_page(request: Request, fault: str, nonce: str) -> str:
    say = html.escape
    papers = "".join(
        _part("paper", title=say(one.title), digest=digest_words(one.to_be_signed))
        for one in request.papers
    )
    if request.stage is Stage.WAITING:
        told = _part("fault", fault=say(fault)) if fault else ""
        body = _part("question", fault=told, key=request.form_key)
    else:
        body = _part(request.stage.value)
    return _part(
        "page",
        nonce=nonce,
        office=say(request.office),
        signer=say(request.signer),
        count=str(len(request.papers)),
        token=say(request.token),
        papers=papers,
        body=body,
    )


def _part(name: str, **values: str) -> str:
    """A part of `pages/`, whose `${...}` take HTML that is already escaped."""
    return _parts()[name].substitute(values)


@cache
def _parts() -> Mapping[str, Template]:
    folder = Path(__file__).with_name("pages")
    return {file.stem: Template(file.read_text("utf-8")) for file in folder.glob("*.html")}


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until stopped; the exit code."""
    parser = argparse.ArgumentParser(
        prog="nhactruong-sign-agent",
        description="Trợ lý ký số trên máy của người ký: nối trang ký với thiết bị cắm ở máy này.",
    )
    parser.add_argument("--module", required=True, type=Path, help="thư viện PKCS#11 của thiết bị")
    parser.add_argument(
        "--office", required=True, action="append", help="địa chỉ văn phòng, ví dụ https://…"
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"cổng trên máy này ({PORT})")
    given = parser.parse_args(argv)
    if not given.module.is_file():
        return _refused(f"Không có thư viện {given.module}.")
    try:
        agent = Agent(given.module, given.office, given.port)
    except ValueError as error:
        return _refused(f"--office không nhận “{error}”; ghi như https://vanphong.example.")
    except OSError:
        return _refused(f"Cổng {given.port} đang có chương trình khác dùng.")
    sys.stdout.write(f"Trợ lý ký số chạy ở {agent.own_origin}. Dừng: Ctrl-C\n")
    sys.stdout.flush()
    try:
        agent.serve_forever()
    except KeyboardInterrupt:
        agent.server_close()
    return 0


def _refused(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
