"""The list of components (CycloneDX JSON) of what a running installation consists of.

From uv.lock without tests and checks, by cyclonedx-bom; licences and the files kept under vendor/
are added. Usage: python scripts/sbom.py reports/sbom.json
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import third_party_licences as licences


def pinned(packages: list[licences.Package]) -> str:
    """The packages as a requirements file with hashes."""
    return "\n".join(
        " ".join([f"{p.name}=={p.version}", *(f"--hash=sha256:{digest}" for digest in p.sha256)])
        for p in packages
    )


def vendored(part: dict[str, Any]) -> dict[str, Any]:
    """A component of vendor/MANIFEST.toml as CycloneDX has it."""
    name = part["origin"].removeprefix("npm:").replace("@", "%40")
    return {
        "type": "data",
        "bom-ref": f"vendor:{part['origin']}",
        "name": part["name"],
        "version": part["version"],
        "purl": f"pkg:npm/{name}@{part['version']}",
        "licenses": [{"license": {"id": part["licence"]}}],
        "components": [
            {
                "type": "file",
                "bom-ref": f"vendor:{file['file']}",
                "name": file["file"],
                "hashes": [{"alg": "SHA-256", "content": file["sha256"]}],
            }
            for file in part["file"]
        ],
    }


def main(target: Path) -> None:
    """Write the list to `target`; ends with an error when it does not keep to the schema."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    packages = licences.locked_packages(licences.read_lock(), groups=False)
    made = subprocess.run(
        [
            str(Path(sys.executable).with_name("cyclonedx-py")),
            "requirements",
            "--pyproject",
            str(licences.ROOT / "pyproject.toml"),
            "--output-format=JSON",
            "--spec-version=1.6",
            "-",
        ],
        input=pinned(packages),
        capture_output=True,
        text=True,
        check=True,
    )
    listed = json.loads(made.stdout)
    for component in listed["components"]:
        component.pop("description", None)
        spdx = licences.licence_of(component["name"])
        key = {"expression": spdx} if " " in spdx else {"license": {"id": spdx}}
        component["licenses"] = [key]
    listed["components"] += [vendored(part) for part in licences.read_components() if part["ships"]]
    text = json.dumps(listed, ensure_ascii=False, indent=2)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        raise SystemExit(f"sbom: {fault}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"Đã ghi {len(listed['components'])} thành phần vào {target}.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
