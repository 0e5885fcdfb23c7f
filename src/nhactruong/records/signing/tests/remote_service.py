"""A remote signing service in this process, written from the published CSC API 1.0.4: no stand-in
for a real one's rights and audits, but its requests, answers, refusals and one-time activation data.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web
from asn1crypto import algos
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.sign.signers import SimpleSigner

from nhactruong.records.signing.engine.identity import SigningIdentity

TOKEN: Final = "ma-cua-co-quan-thu"  # of the service below
PIN: Final = "Ma-Mo-Khoa-61"
CREDENTIAL: Final = "CHUNG-THU-01"
_SHA256: Final = algos.DigestAlgorithmId("sha256").dotted
_ECDSA: Final = algos.SignedDigestAlgorithmId("sha256_ecdsa").dotted


@dataclass
class RemoteService:
    """The service: its address, whose key it keeps, what it is told to do wrong."""

    identity: SigningIdentity
    most_at_once: int = 4
    url: str = ""
    #: `down` answers 503, `other_key` with signatures of another key, `silent` not at all.
    fault: str = ""
    asked: list[str] = field(default_factory=list)
    _open: dict[str, frozenset[str]] = field(default_factory=dict)

    def application(self) -> web.Application:
        """Its endpoints."""
        made = web.Application(middlewares=[self._door])
        for name, answer in (
            ("info", self._info),
            ("credentials/list", self._list),
            ("credentials/info", self._credential),
            ("credentials/authorize", self._authorize),
            ("signatures/signHash", self._sign),
        ):
            made.router.add_post(f"/csc/v1/{name}", answer)
        return made

    @web.middleware
    async def _door(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(request.path.removeprefix("/csc/v1/"))
        if self.fault == "down":
            return _refused(503, "server_error")
        if self.fault == "silent":
            await asyncio.sleep(60)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _refused(401, "invalid_token")
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _info(self, request: web.Request) -> web.Response:
        return web.json_response({"specs": "1.0.4.0", "name": "Dịch vụ thử", "region": "VN"})

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response({"credentialIDs": [CREDENTIAL]})

    async def _credential(self, request: web.Request) -> web.Response:
        if (await request.json()).get("credentialID") != CREDENTIAL:
            return _refused(400, "invalid_request")
        ders = (self.identity.certificate_der, *self.identity.chain_der)
        return web.json_response(
            {
                "key": {"status": "enabled", "algo": [_ECDSA], "len": 256},
                "cert": {
                    "status": "valid",
                    "certificates": [base64.b64encode(one).decode() for one in ders],
                },
                "authMode": "explicit",
                "PIN": {"presence": "true", "format": "A", "label": "PIN"},
                "SCAL": "2",
                "multisign": self.most_at_once,
            }
        )

    async def _authorize(self, request: web.Request) -> web.Response:
        asked = await request.json()
        wanted = asked.get("hash") or []
        if asked.get("credentialID") != CREDENTIAL or asked.get("numSignatures") != len(wanted):
            return _refused(400, "invalid_request")
        if len(wanted) > self.most_at_once:
            return _refused(400, "invalid_request")
        if asked.get("PIN") != PIN:
            return _refused(400, "invalid_pin")
        sad = secrets.token_urlsafe(16)
        self._open[sad] = frozenset(wanted)
        return web.json_response({"SAD": sad, "expiresIn": 300})

    async def _sign(self, request: web.Request) -> web.Response:
        asked = await request.json()
        # Activation data opens the key once, for the digests it was given for.
        allowed = self._open.pop(asked.get("SAD", ""), frozenset())
        wanted = asked.get("hash") or []
        fits = (
            asked.get("credentialID") == CREDENTIAL
            and asked.get("hashAlgo") == _SHA256
            and asked.get("signAlgo") == _ECDSA
            and set(wanted) == allowed
        )
        if not wanted or not fits:
            return _refused(400, "invalid_request")
        made = [base64.b64encode(self._by_key(base64.b64decode(one))).decode() for one in wanted]
        return web.json_response({"signatures": made})

    def _by_key(self, digest: bytes) -> bytes:
        if self.fault == "other_key":
            key = ec.generate_private_key(ec.SECP256R1())
        else:
            signer = self.identity.signer_factory()
            assert isinstance(signer, SimpleSigner)
            loaded = load_der_private_key(signer.signing_key.dump(), None)
            assert isinstance(loaded, ec.EllipticCurvePrivateKey)
            key = loaded
        return key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


def _refused(status: int, error: str) -> web.Response:
    return web.json_response({"error": error, "error_description": error}, status=status)


@contextmanager
def running(identity: SigningIdentity) -> Iterator[RemoteService]:
    """The service at an address of this machine."""
    service, ready, over = RemoteService(identity), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        runner = web.AppRunner(service.application(), shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        service.url = f"http://127.0.0.1:{port}"
        ready.set()
        await over.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(30)
    try:
        yield service
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(30)
        loop.close()
