"""What is in this environment, as a CycloneDX 1.6 bill of materials on standard output."""

import json
from importlib.metadata import Distribution, distributions


def component(one: Distribution) -> dict[str, object]:
    """One installed distribution: its name, version, address in the package world, licence."""
    name, version = one.metadata["Name"], one.version
    licence = one.metadata.get("License-Expression") or one.metadata.get("License") or ""
    told: dict[str, object] = {
        "type": "library",
        "bom-ref": f"{name}=={version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
    }
    if licence and len(licence) < 200:
        told["licenses"] = [{"license": {"name": licence.splitlines()[0]}}]
    return told


def main() -> None:
    """Sorted, without times: the same environment gives the same bytes."""
    found = {one.metadata["Name"].lower(): one for one in distributions()}
    own = found.pop("onefile")
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component(own) | {"type": "application"}},
        "components": [component(found[name]) for name in sorted(found)],
    }
    print(json.dumps(bill, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
