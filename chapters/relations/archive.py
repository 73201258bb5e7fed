"""The dataset as one zip: tables, descriptor, codebook, bibliography, terms and citation.

The same files give the same bytes: names in order, one date for all, no trace of the machine.
The descriptor lies at the root, so that Frictionless reads the zip as it is.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from .dataset import DATA, ROOT, package

FOLDER = ROOT / "_build"
COMPANIONS = ("LICENSE-TEXT", "CITATION.cff")


def contents(folder: Path = DATA) -> dict[str, bytes]:
    """Each file of the archive by its name, in order."""
    tables = [item["path"] for item in package(folder)["resources"]]
    files = {
        name: folder / name
        for name in ("datapackage.json", "README.md", "references.bib", *sorted(tables))
    }
    files |= {name: ROOT / name for name in COMPANIONS}
    return {name: path.read_bytes() for name, path in files.items()}


def packed(held: dict[str, bytes], plain: tuple[str, ...] = ()) -> bytes:
    """A zip of files by name, those of `plain` uncompressed, all dated as the dataset is."""
    year, month, day = map(int, package()["created"][:10].split("-"))
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in held.items():
            entry = ZipInfo(name, (year, month, day, 0, 0, 0))
            entry.compress_type = ZIP_STORED if name in plain else ZIP_DEFLATED
            entry.create_system = 3  # Unix, also where the archive is made on Windows
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()


def write(target: Path | None = None) -> Path:
    """Write the archive, by default to ``_build/<name>-<version>.zip``; returns where it lies."""
    described = package()
    target = target or FOLDER / f"{described['name']}-{described['version']}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(packed(contents()))
    return target


if __name__ == "__main__":
    sys.exit(print(f"The dataset: {write()}"))
