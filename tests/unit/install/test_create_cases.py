"""Every kind of source, architecture and hypervisor: the definition is the expected one, fits libvirt's schema and is taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import libvirt
import pytest
from lxml import etree

from app.install import check, finish
from app.xmldoc import Document
from tests.unit.install import create_cases
from tests.unit.install.create_cases import CASES, EXPECTED, definition, prepared

SCHEMA = Path("/usr/share/libvirt/schemas/domain.rng")


@pytest.fixture(scope="session", autouse=True)
def _regenerated(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--regenerate", default=False):
        create_cases.store_systems()
        EXPECTED.mkdir(exist_ok=True)


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    if not SCHEMA.exists():
        pytest.skip("libvirt's schemas are not installed")
    return etree.RelaxNG(etree.parse(str(SCHEMA)))


@pytest.fixture(scope="module")
def practice() -> Iterator[libvirt.virConnect]:
    connection = libvirt.open("test:///default")
    yield connection
    connection.close()


def stages(name: str) -> dict[str, str]:
    """The definition at the beginning and, if it is another one, after the installation; by the expected file's name."""
    first = definition(name)
    last = finish.final(first)
    return {f"{name}.xml": first} | ({f"{name}.final.xml": last} if last != first else {})


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, schema: etree.RelaxNG, practice: libvirt.virConnect, request: pytest.FixtureRequest) -> None:
    made = stages(name)
    for file, text in made.items():
        if request.config.getoption("--regenerate", default=False):
            (EXPECTED / file).write_text(text)
        assert text == (EXPECTED / file).read_text()
        assert schema.validate(etree.fromstring(text)), schema.error_log
    assert {path.name for path in EXPECTED.glob(f"{name}.*")} <= {*made, f"{name}.xml"}
    if Document.parse(made[f"{name}.xml"]).get("@type") == "test":
        practice.defineXML(made[f"{name}.xml"]).undefine()


@pytest.mark.parametrize("name", CASES)
def test_nothing_stands_in_the_way(name: str) -> None:
    plan, host = prepared(name)
    assert [problem.text for problem in check.problems(plan, host) if problem.blocks] == []


def test_no_expected_file_without_its_case() -> None:
    stems = {path.name.partition(".")[0] for path in EXPECTED.glob("*.xml")}
    assert stems == set(CASES)
    assert len(CASES) >= 40
