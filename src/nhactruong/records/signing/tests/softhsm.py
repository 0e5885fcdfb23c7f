"""A token in software (SoftHSM 2) with the key of a test identity: PKCS #11 without a device."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from pyhanko.sign.signers import SimpleSigner

from nhactruong.records.signing.engine.identity import SigningIdentity

#: Where Debian and Fedora lay the library.
_MODULES: Final = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
)
#: How the library is told of its settings, and the name of their file in a folder of tokens.
SETTINGS: Final = "SOFTHSM2_CONF"
FILE: Final = "softhsm2.conf"
PIN: Final = "Pin-482913-k"
_OFFICER_PIN: Final = "90817263"
KEY_ID: Final = "a1"


@dataclass(frozen=True)
class SoftToken:
    """A token that is plugged in: its library and its label."""

    module: Path
    label: str


def module() -> Path:
    """The library, as the system's package lays it."""
    return next((path for path in _MODULES if path.exists()), _MODULES[0])


@contextmanager
def plugged_in(
    folder: Path, identity: SigningIdentity, *, label: str = "Thiết bị ký 01"
) -> Iterator[SoftToken]:
    """A token in `folder` with the key and certificate of a test identity, seen by our children."""
    library = module()
    (folder / "tokens").mkdir(parents=True, exist_ok=True)
    settings = folder / FILE
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    key = folder / "key.pem"
    signer = identity.signer_factory()
    assert isinstance(signer, SimpleSigner)
    key.write_bytes(
        load_der_private_key(signer.signing_key.dump(), None).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    before = os.environ.get(SETTINGS)
    os.environ[SETTINGS] = str(settings)
    try:
        _run("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", _OFFICER_PIN)
        _run("--import", str(key), "--token", label, "--label", "k", "--id", KEY_ID, "--pin", PIN)
        key.unlink()
        _put_certificate(library, label, identity.certificate_der)
        yield SoftToken(library, label)
    finally:
        if before is None:
            del os.environ[SETTINGS]
        else:
            os.environ[SETTINGS] = before


def _run(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


def _put_certificate(module: Path, label: str, der: bytes) -> None:
    """In a child: a PKCS #11 library keeps the settings it was first loaded with."""
    program = (
        "import sys, pkcs11\n"
        "from pkcs11.util.x509 import decode_x509_certificate\n"
        "module, label, pin, key_id = sys.argv[1:]\n"
        "der = sys.stdin.buffer.read()\n"
        "token = pkcs11.lib(module).get_token(token_label=label)\n"
        "with token.open(rw=True, user_pin=pin) as session:\n"
        "    attributes = decode_x509_certificate(der)\n"
        "    attributes[pkcs11.Attribute.ID] = bytes.fromhex(key_id)\n"
        "    attributes[pkcs11.Attribute.TOKEN] = True\n"
        "    session.create_object(attributes)\n"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(module), label, PIN, KEY_ID],
        input=der,
        check=True,
        capture_output=True,
    )
