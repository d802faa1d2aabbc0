"""Whatever Commissure needs at run time is under a licence that asks for no more than a notice."""

import json
import re
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

REPOSITORY: Final = Path(__file__).resolve().parents[1]

PERMISSIVE: Final = frozenset(
    {
        "0bsd",
        "apache-2.0",
        "bsd-2-clause",
        "bsd-3-clause",
        "cc0-1.0",
        "isc",
        "mit",
        "mit-0",
        "mit-cmu",
        "psf-2.0",
        "python-2.0",
        "zlib",
    }
)
"""SPDX identifiers."""

SPELLINGS: Final = {
    "apache": "apache-2.0",
    "apache 2.0": "apache-2.0",
    "apache license 2.0": "apache-2.0",
    "apache software license": "apache-2.0",
    "bsd": "bsd-3-clause",
    "bsd license": "bsd-3-clause",
    "isc license": "isc",
    "isc license (iscl)": "isc",
    "mit license": "mit",
    "python software foundation license": "psf-2.0",
}
"""What packages wrote before SPDX, and what they mean by it."""

KNOWN: Final = {"apsw": "0bsd"}
"""What a package says in words that no table holds; apsw: "any-OSI", at the user's choice."""

KNOWN_OF_CLIENT: Final = {"node_modules/rechoir": "MIT"}
"""Build tools whose lock entry is silent, by the LICENSE file that they carry."""

REFUSED: Final = re.compile(
    r"\b[AL]?GPL|affero|lesser general|general public|non-?commercial", re.IGNORECASE
)


def closure(name: str) -> dict[str, Distribution]:
    """Return what `name` needs in this environment, itself included and extras left out."""
    found: dict[str, Distribution] = {}
    pending = [name]
    while pending:
        key = re.sub(r"[-_.]+", "-", pending.pop()).lower()
        if key in found:
            continue
        found[key] = distribution(key)
        needs = [Requirement(text) for text in found[key].requires or ()]
        pending += [
            one.name for one in needs if one.marker is None or one.marker.evaluate({"extra": ""})
        ]
    return found


def stated(package: Distribution) -> list[str]:
    """Return the licences that a package states: its expression, else classifiers, else text."""
    head = package.metadata
    if expressions := head.get_all("License-Expression"):
        return [str(one) for one in expressions]
    classifiers = [
        row.rpartition(" :: ")[2]
        for row in head.get_all("Classifier") or ()
        if row.startswith("License :: ") and not row.endswith(":: OSI Approved")
    ]
    text = "".join(head.get_all("License") or ()).strip()
    return classifiers or ([text.splitlines()[0].strip()] if text else [])


def is_permissive(licence: str) -> bool:
    """Return whether a licence, or an SPDX expression of several, asks for no more than notice."""
    if REFUSED.search(licence) and " OR " not in licence:
        return False
    return any(
        all(known(part) for part in choice.split(" AND "))
        for choice in re.sub(r"^\((.*)\)$", r"\1", licence).split(" OR ")
    )


def known(licence: str) -> bool:
    word = licence.strip().lower()
    return SPELLINGS.get(word, word) in PERMISSIVE


def not_permissive(packages: Iterable[tuple[str, list[str]]]) -> list[str]:
    wrong = []
    for name, licences in packages:
        said = [KNOWN[name]] if name in KNOWN else licences
        if not said or not all(is_permissive(one) for one in said):
            wrong.append(f"{name}: {', '.join(said) or 'says nothing'}")
    return wrong


def test_every_dependency_is_under_a_permissive_licence() -> None:
    needed = closure("commissure")
    assert {"numpy", "vtk", "trame", "multidict"} <= needed.keys()
    assert not_permissive((name, stated(one)) for name, one in needed.items()) == []


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-only",
        "LGPL-2.1-or-later",
        "GNU Affero General Public License v3",
        "GNU Lesser General Public License v3 (LGPLv3)",
        "CC-BY-NC-4.0",
        "Free for non-commercial use",
        "MIT AND GPL-2.0-only",
        "Proprietary",
        "",
    ],
)
def test_a_licence_that_asks_for_more_is_found(licence: str) -> None:
    assert len(not_permissive([("it", [licence])])) == 1


def test_a_package_that_says_nothing_is_found() -> None:
    assert not_permissive([("it", [])]) == ["it: says nothing"]


@pytest.mark.parametrize(
    "licence", ["MIT", "Apache-2.0 AND MIT", "GPL-2.0-only OR MIT", "(MIT OR Apache-2.0)"]
)
def test_a_choice_is_as_good_as_its_best_and_a_sum_as_its_worst(licence: str) -> None:
    assert is_permissive(licence)


def test_a_dependency_that_is_absent_is_told() -> None:
    with pytest.raises(PackageNotFoundError):
        closure("no-such-distribution-of-ours")


def test_every_exception_by_hand_is_still_needed() -> None:
    needed = closure("commissure")
    for name in KNOWN:
        assert not_permissive([(f"{name} itself", stated(needed[name]))])


def test_nothing_that_builds_the_client_is_under_a_copyleft_licence() -> None:
    lock = json.loads((REPOSITORY / "workspace/client/package-lock.json").read_text())
    licences = {
        package: str(row.get("license", KNOWN_OF_CLIENT.get(package, "")))
        for package, row in lock["packages"].items()
        if not row.get("link")
    }
    assert len(licences) > 20
    assert [
        name
        for name, licence in licences.items()
        if not licence or (REFUSED.search(licence) and " OR " not in licence)
    ] == []


def test_our_own_licence_is_apache_2() -> None:
    text = (REPOSITORY / "LICENSE").read_text()
    assert text.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert "END OF TERMS AND CONDITIONS" in text
    assert stated(distribution("commissure")) == ["Apache-2.0"]
