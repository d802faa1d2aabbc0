"""What the documents say can be done: every command, example, target and link is tried."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer.exceptions import TyperException

from workspace.cli.main import build_app

REPOSITORY: Final = Path(__file__).resolve().parents[1]
DOCUMENTS: Final = sorted(
    [
        *(REPOSITORY / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")),
        *(REPOSITORY / "docs").rglob("*.md"),
        *(REPOSITORY / "sessions").rglob("*.md"),
    ]
)
GUIDES: Final = sorted((REPOSITORY / "docs/how-to").glob("*.md"))
FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE: Final = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
SERVING: Final = frozenset({"open", "serve", "demo"})
PLACEHOLDERS: Final = re.compile(r"(?<![\w./])(?:PATH|ID)(?![\w./])")
"""Words that stand for something of the reader's own; with them a command is parsed, not run."""
COMMISSURE: Final = (sys.executable, "-m", "workspace.cli")
COARSE: Final = ("--spacing-mm", "6")


def name_of(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def fences(text: str, language: str) -> Iterator[str]:
    return (body for tag, body in FENCE.findall(text) if tag == language)


def fenced_commands(text: str) -> list[str]:
    """Return the lines of plain blocks that call us, without the remark that follows them."""
    lines = [line for body in fences(text, "") for line in body.splitlines()]
    return [re.split(r"\s{2,}", it.strip())[0] for it in lines if it.startswith("commissure ")]


def commands(text: str) -> list[str]:
    """Return every call of ours in a document, alternatives written out one by one."""
    prose = FENCE.sub("", text)
    inline = [span for span in INLINE.findall(prose) if span.startswith("commissure ")]
    return [one for line in (*fenced_commands(text), *inline) for one in written_out(line)]


def written_out(line: str) -> list[str]:
    """Return one command for each verb of ``room list|create``; of other choices the first."""
    words = line.replace("...", "").split()
    if len(words) > 2 and words[1] == "room":
        return [" ".join([*words[:2], verb, *words[3:]]) for verb in words[2].split("|")]
    return [" ".join(word.split("|")[0] for word in words)]


def parse(command: str) -> None:
    """Resolve verb, arguments and options; a verb alone is a mention and need not be complete.

    Raises
    ------
    TyperException
        There is no such verb or option, or something is missing.
    """
    group: Any = typer.main.get_command(build_app())
    words = shlex.split(command)[1:]
    path: list[str] = []
    while hasattr(group, "commands") and words and not words[0].startswith("-"):
        path.append(words.pop(0))
        found = group.commands.get(path[-1])
        if found is None:
            raise TyperException(f"no such verb: {' '.join(path)}")
        group = found
    if words or not path:
        group.make_context(path[-1] if path else "commissure", words)


def make_targets() -> set[str]:
    text = (REPOSITORY / "Makefile").read_text()
    return set(re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE))


def missing_links(document: Path, text: str) -> list[str]:
    targets = [target.partition("#")[0] for target in LINK.findall(FENCE.sub("", text))]
    local = [target for target in targets if target and not re.match(r"[a-z]+:", target)]
    return [target for target in local if not (document.parent / target).exists()]


def named_targets(text: str) -> list[str]:
    code = [*INLINE.findall(FENCE.sub("", text)), *"\n".join(fences(text, "")).splitlines()]
    return [words[1] for words in map(str.split, code) if words[:1] == ["make"] and len(words) > 1]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_of_the_document_is_one_of_ours(document: Path) -> None:
    wrong = []
    for command in commands(document.read_text()):
        try:
            parse(command)
        except TyperException as error:
            wrong.append(f"{command}: {error}")
    assert wrong == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    assert missing_links(document, document.read_text()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_target_of_make_that_the_document_names_exists(document: Path) -> None:
    assert set(named_targets(document.read_text())) <= make_targets()


@pytest.mark.parametrize(
    "command",
    [
        "commissure dance",
        "commissure room dance",
        "commissure inspect PATH --jsn",
        "commissure surface PATH --engine bone",
        "commissure sample ball --spacing-mm",
    ],
)
def test_a_command_that_is_none_of_ours_is_found(command: str) -> None:
    with pytest.raises(TyperException):
        parse(command)


def test_commands_links_and_targets_are_found_where_they_stand() -> None:
    text = "Say `commissure serve`, see [this](nowhere.md#at) and run `make tea`.\n```\n"
    text += "commissure inspect PATH... --json      what is in there\n"
    text += "commissure room list|verify\nmake coffee\n```\n"
    found = ["commissure inspect PATH --json", "commissure room list", "commissure room verify"]
    assert commands(text) == [*found, "commissure serve"]
    assert missing_links(REPOSITORY / "README.md", text) == ["nowhere.md"]
    assert named_targets(text) == ["tea", "coffee"]


def test_there_is_something_to_try() -> None:
    assert len(GUIDES) >= 5
    assert sum(len(commands(document.read_text())) for document in DOCUMENTS) > 40


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which a document touches nobody's rooms."""
    private = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "share")}
    return {**os.environ, **private, "PYTHONPATH": str(REPOSITORY)}


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_the_commands_of_the_guide_run_one_after_the_other(
    guide: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    room = ""
    for line in fenced_commands(guide.read_text()):
        words = shlex.split(line.replace("ROOM", room or "ROOM"))[1:]
        if PLACEHOLDERS.search(line):
            continue
        if words[0] in SERVING:
            room = serve_for_a_moment(words, tmp_path, environment) or room
            continue
        if words[0] == "sample" and "--spacing-mm" not in words and "--list" not in words:
            words += COARSE
        ended = run(words, tmp_path, environment)
        assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr
        if "--json" in words:
            json.loads(ended.stdout)


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_the_python_of_the_guide_runs(
    guide: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    for example in fences(guide.read_text(), "python"):
        subprocess.run([sys.executable, "-c", example], cwd=tmp_path, env=environment, check=True)


def test_readme_and_guides_agree_on_the_state_after_a_move(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """The guide on rooms promises one hash from export, import and verify."""
    run(["room", "create", "one", "--data", "here"], tmp_path, environment)
    hashes = {
        json.loads(run([*words, "--json"], tmp_path, environment).stdout)["state_hash"]
        for words in (
            ["room", "export", "one", "--data", "here", "--out", "one.commissure"],
            ["room", "import", "one.commissure", "--data", "there"],
            ["room", "verify", "one", "--data", "there"],
        )
    }
    assert len(hashes) == 1


def run(
    words: list[str], folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMISSURE, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )


def serve_for_a_moment(words: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Run a verb that serves until it says that it is ready, and return the room, if it is one."""
    command = [*COMMISSURE, *words, "--port", "0", "--json"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            ready: dict[str, Any] = json.loads(server.stdout.readline())
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=60)
    return str(ready.get("room", ""))
