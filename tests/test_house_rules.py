"""The rules of the house that no linter knows, and for each a proof that it bites."""

import ast
import json
import re
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

REPOSITORY: Final = Path(__file__).resolve().parents[1]
LONGEST_MODULE_LINES: Final = 400
LARGEST_FILE_BYTES: Final = 1_000_000
BUILT_CLIENT: Final = "workspace/client/dist/"
CLIENT_SOURCES: Final = "workspace/client/src/"
MAY_PRINT: Final = ("workspace/cli/", "benchmarks/")
EMPTY_NAMES: Final = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})
EMPTY_WORDS: Final = frozenset({"Manager", "Helper", "Data", "Info"})

# Put together, so that these lines do not break the rule that they state.
MACHINE_PATH: Final = re.compile(r"(?<![\w./-])/" + "(?:work|root|home)" + "/")
REGISTRY: Final = re.compile(
    "|".join(
        re.escape(".".join(labels))
        for labels in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("yarnpkg", "com"),
            ("npmmirror", "com"),
            ("crates", "io"),
        )
    )
)

Rule = Callable[[str, str], list[str]]
"""Takes a path within the repository and the text of the file, returns what is wrong."""


@cache
def git_files() -> list[str]:
    """Return the tracked files that are there."""
    command = ["git", "-c", f"safe.directory={REPOSITORY}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no checkout, so nobody can say which files are tracked")
    return [name for name in listed.stdout.split("\0") if name and (REPOSITORY / name).is_file()]


def texts(*suffixes: str) -> Iterable[tuple[str, str]]:
    """Yield path and text of the tracked text files, all or those that end so."""
    for name in git_files():
        if suffixes and not name.endswith(suffixes):
            continue
        content = (REPOSITORY / name).read_bytes()
        if b"\0" not in content:
            yield name, content.decode()


def broken(rule: Rule, files: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name}: {what}" for name, text in files for what in rule(name, text)]


def too_long(name: str, text: str) -> list[str]:
    count = len(text.splitlines())
    is_module = name.endswith(".py") or name.startswith(CLIENT_SOURCES)
    return [f"{count} lines"] if is_module and count > LONGEST_MODULE_LINES else []


def more_than_a_docstring(name: str, text: str) -> list[str]:
    if Path(name).name != "__init__.py":
        return []
    tree = ast.parse(text)
    fine = len(tree.body) == 1 and bool(ast.get_docstring(tree))
    return [] if fine else ["holds something else than one docstring"]


def empty_name(name: str, _text: str) -> list[str]:
    stem = Path(name).stem.strip("_").lower()
    return [f"{stem} says nothing"] if stem in EMPTY_NAMES else []


def empty_word(name: str, text: str) -> list[str]:
    if not name.endswith(".py"):
        declared = re.findall(r"\b(?:class|interface|type)\s+([A-Z]\w*)", text)
    else:
        declared = [it.name for it in ast.walk(ast.parse(text)) if isinstance(it, ast.ClassDef)]
    return [
        f"class {one}" for one in declared if EMPTY_WORDS & set(re.findall(r"[A-Z][a-z0-9]*", one))
    ]


def machine_path(_name: str, text: str) -> list[str]:
    return [f"line {number}" for number in lines_with(MACHINE_PATH, text)]


def registry(_name: str, text: str) -> list[str]:
    return [f"line {number}" for number in lines_with(REGISTRY, text)]


def lines_with(pattern: re.Pattern[str], text: str) -> list[int]:
    return [at for at, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def loose_pin(_name: str, text: str) -> list[str]:
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line and not re.fullmatch(r"[\w.\[\]-]+==[\w.!+]+", line)]


def resolved_package(_name: str, text: str) -> list[str]:
    packages = json.loads(text).get("packages", {})
    return [package for package, row in packages.items() if "resolved" in row]


def unpinned_package(_name: str, text: str) -> list[str]:
    packages = json.loads(text).get("packages", {})
    return [package for package, row in packages.items() if package and "integrity" not in row]


def stray_print(name: str, text: str) -> list[str]:
    if not name.endswith(".py") or name.startswith(MAY_PRINT):
        return []
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [
        f"line {call.lineno}"
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]


MODULES: Final = (".py", ".ts", ".vue")

RULES: Final[dict[str, tuple[Rule, tuple[str, ...], tuple[str, str]]]] = {
    "no_module_is_longer_than_400_lines": (
        too_long,
        MODULES,
        ("workspace/client/src/all.vue", "\n" * 401),
    ),
    "an_init_file_holds_one_docstring": (
        more_than_a_docstring,
        (".py",),
        ("imaging/__init__.py", '"""Images."""\nfrom imaging.volume import Volume\n'),
    ),
    "every_module_has_a_name_that_says_what_is_in_it": (
        empty_name,
        MODULES,
        ("imaging/dicom/_utils.py", ""),
    ),
    "every_class_has_a_name_that_says_what_it_is": (
        empty_word,
        MODULES,
        ("sessions/room.py", "class RoomManager:\n    pass\n"),
    ),
    "no_file_names_a_path_of_a_machine": (
        machine_path,
        (),
        ("docs/guide.md", "see /" + "home/ana/scans"),
    ),
    "no_file_names_a_package_registry": (
        registry,
        (),
        ("constraints.txt", "--index-url https://" + "pypi" + ".org/simple"),
    ),
    "constraints_are_names_and_versions": (
        loose_pin,
        ("constraints.txt",),
        ("constraints.txt", "numpy @ https://mirror.example/numpy.whl\n"),
    ),
    "the_client_s_lock_holds_no_address_of_a_package": (
        resolved_package,
        ("package-lock.json",),
        ("package-lock.json", '{"packages": {"a": {"resolved": "https://mirror.example/a"}}}'),
    ),
    "the_client_s_lock_holds_a_checksum_of_every_package": (
        unpinned_package,
        ("package-lock.json",),
        ("package-lock.json", '{"packages": {"": {}, "a": {"version": "1"}}}'),
    ),
    "only_the_command_line_and_benchmarks_print": (
        stray_print,
        (".py",),
        ("imaging/volume.py", "def show():\n    print(1)\n"),
    ),
}
"""What is true of the house, the rule that looks, where it looks, and a sample that breaks it."""


@pytest.mark.parametrize("sentence", RULES)
def test_it_is_true_of_the_house_that(sentence: str) -> None:
    rule, suffixes, _ = RULES[sentence]
    assert broken(rule, texts(*suffixes)) == []


@pytest.mark.parametrize("sentence", RULES)
def test_a_file_that_breaks_the_rule_is_found_for(sentence: str) -> None:
    rule, suffixes, (name, text) = RULES[sentence]
    assert name.endswith(suffixes) or not suffixes
    assert len(rule(name, text)) == 1


@pytest.mark.parametrize("suffix", MODULES)
def test_there_are_modules_to_look_at(suffix: str) -> None:
    assert len(list(texts(suffix))) > 5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sessions/room.py", "class Metadatum: ...\nclass DataclassInfoless: ..."),
        ("src/a.ts", "export interface PanelInfo { a: number }"),
    ],
)
def test_words_are_looked_for_and_not_letters(name: str, text: str) -> None:
    found = empty_word(name, text)
    assert len(found) == (1 if name.endswith(".ts") else 0)


def test_no_tracked_file_is_larger_than_a_megabyte_except_in_the_built_client() -> None:
    sizes = {name: (REPOSITORY / name).stat().st_size for name in git_files()}
    assert too_large(sizes) == []


def test_a_file_of_more_than_a_megabyte_is_found() -> None:
    sizes = {"docs/film.gif": 1_000_001, f"{BUILT_CLIENT}all.js": 2_000_000, "a.png": 1_000_000}
    assert too_large(sizes) == ["docs/film.gif: 1000001 bytes"]


def too_large(sizes: dict[str, int]) -> list[str]:
    return [
        f"{name}: {size} bytes"
        for name, size in sizes.items()
        if size > LARGEST_FILE_BYTES and not name.startswith(BUILT_CLIENT)
    ]
