"""A release: one version everywhere, a lock file in step, an archive that can be made again."""

import hashlib
import re
import tomllib
from contextlib import suppress
from importlib import metadata
from zipfile import ZipFile

import pytest
import yaml
from frictionless import Package
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from relations import address, archive
from relations.dataset import DATA, ROOT, package, table

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# --- one version, one date ----------------------------------------------------------------------


def test_one_version_everywhere():
    newest = re.search(r"^## (\S+) \((.*)\)$", read("CHANGELOG.md"), re.MULTILINE)
    cited = re.search(r"^> .* Version (\S+), (\d{4})\.$", read("README.md"), re.MULTILINE)
    citation = yaml.safe_load(read("CITATION.cff"))
    versions = {
        "pyproject.toml": PROJECT["version"],
        "data/datapackage.json": package()["version"],
        "CITATION.cff": str(citation["version"]),
        "CHANGELOG.md": newest[1],
        "README.md": cited[1],
    }
    assert len(set(versions.values())) == 1, versions
    dates = {
        "data/datapackage.json": package()["created"][:10],
        "CITATION.cff": str(citation["date-released"]),
        "CHANGELOG.md": newest[2],
    }
    assert len(set(dates.values())) == 1, dates
    assert newest[2].startswith(cited[2]), "the year of the citation in README.md"


# --- packages -----------------------------------------------------------------------------------


def locked() -> dict[str, str]:
    """Each package of the lock file with its lines."""
    text = re.sub(r"^\s*#.*\n", "", read("requirements.txt"), flags=re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", text.strip())
    return {re.match(r"[\w.-]+(?===)", block).group(): block for block in blocks}


@pytest.mark.parametrize("dependency", PROJECT["dependencies"])
def test_each_direct_dependency_is_locked_within_its_bounds(dependency):
    wanted, lock = Requirement(dependency), locked()
    assert wanted.name in lock, f"{wanted.name} is not in requirements.txt. Run: make lock"
    version = re.search(r"==(\S+)", lock[wanted.name])[1]
    assert version in wanted.specifier, f"{wanted} is locked at {version}. Run: make lock"


def needed() -> set[str]:
    """Names of the packages that the direct dependencies lead to, on whatever system."""
    found: set[tuple[str, str]] = set()
    queue = [Requirement(dependency) for dependency in PROJECT["dependencies"]]
    while queue:
        wanted = queue.pop()
        name = canonicalize_name(wanted.name)
        for extra in {"", *wanted.extras} - {extra for known, extra in found if known == name}:
            found.add((name, extra))
            with suppress(metadata.PackageNotFoundError):  # another system's
                more = map(Requirement, metadata.requires(name) or [])
                queue += [one for one in more if not optional(one) or asked(one, extra)]
    return {name for name, _ in found}


def optional(requirement: Requirement) -> bool:
    return "extra" in str(requirement.marker or "")


def asked(requirement: Requirement, extra: str) -> bool:
    return requirement.marker.evaluate({"extra": extra})


def test_no_package_is_locked_that_nothing_needs():
    assert locked().keys() - needed() == set(), "Run: make lock"


def test_each_locked_package_has_hashes_and_no_address():
    for name, block in locked().items():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), name
        assert "://" not in block, name


def test_the_lock_file_says_how_it_is_renewed():
    assert re.match(r"(#.*\n)*#\s+make lock\n", read("requirements.txt"))


# --- the archive --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return archive.write(tmp_path_factory.mktemp("archive") / "dataset.zip")


def test_the_same_files_give_the_same_bytes(dataset, tmp_path):
    digests = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (dataset, archive.write(tmp_path / "again.zip"))
    }
    assert len(digests) == 1
    stamps = {entry.date_time for entry in ZipFile(dataset).infolist()}
    assert stamps == {(*map(int, package()["created"][:10].split("-")), 0, 0, 0)}


def test_the_archive_holds_the_dataset_and_nothing_else(dataset):
    with ZipFile(dataset) as files:
        held = {name: files.read(name) for name in files.namelist()}
    assert held.keys() == {path.name for path in DATA.iterdir()} | set(archive.COMPANIONS)
    for name, data in held.items():
        assert data == ((ROOT if name in archive.COMPANIONS else DATA) / name).read_bytes(), name


def test_frictionless_reads_the_archive_as_it_is(dataset):
    # Its rows are those of data/, byte for byte, which the tests of the dataset have validated.
    read_back = Package(str(dataset))
    assert read_back.resource_names == [item["name"] for item in package()["resources"]]
    assert len(read_back.get_resource("eras").read_rows()) == len(table("eras"))


# --- addresses ----------------------------------------------------------------------------------


def test_reports_open_a_form_that_asks_where():
    for form in re.findall(r"template=(\w+\.yml)", address.report("chapters/index")):
        fields = yaml.safe_load(read(f".github/ISSUE_TEMPLATE/{form}"))["body"]
        assert "where" in {field.get("id") for field in fields}, form


def test_the_branch_of_the_buttons_is_the_one_that_is_published():
    workflow = yaml.load(read(".github/workflows/publish.yml"), Loader=yaml.BaseLoader)
    assert workflow["on"]["push"]["branches"] == [address.BRANCH]
