"""Zip archives in all their honest forms, and laws of unpacking."""

import contextlib
import io
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.errors import ImagingError
from imaging.sources.opening import opened_sources
from imaging.sources.recognizing import is_archive
from tests.imaging.sources.crafted_archives import HEAD, Member, archive

NAMES = st.text(
    st.characters(exclude_characters="/\\:\0", categories=["L", "N"]), min_size=1, max_size=12
)
TREES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=4).map("/".join),
    st.binary(max_size=3000).filter(lambda content: not is_archive(content)),
    max_size=12,
)
PACKING = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])


def without_files_as_folders(tree: dict[str, bytes]) -> dict[str, bytes]:
    """Drop names under which another name lies: a disk could not hold both."""
    return {
        name: content
        for name, content in tree.items()
        if not any(other.startswith(f"{name}/") for other in tree)
    }


def zipped(tree: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", packing) as target:
        for name, content in tree.items():
            target.writestr(name, content)
    return written.getvalue()


def opened(path: Path) -> dict[str, bytes]:
    """Return name and bytes of everything that is found in a path."""
    with opened_sources([path]) as sources:
        return {
            sources.shown(file).removeprefix(f"{path}/"): file.read_bytes()
            for file in sources.files
        }


@settings(deadline=None, max_examples=60)
@given(tree=TREES.map(without_files_as_folders), packing=PACKING)
def test_a_tree_of_files_comes_out_of_an_archive_as_it_went_in(
    tree: dict[str, bytes], packing: int
) -> None:
    tree = without_files_as_folders({**tree, "an image": HEAD})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tree"
        path.write_bytes(zipped(tree, packing))
        assert opened(path) == tree


WHOLE = zipped({f"DICOM/IM{n}": HEAD + bytes(range(n, 50 + n)) * 20 for n in range(4)})


@st.composite
def corrupted(draw: st.DrawFn) -> bytes:
    """Return an archive with bytes changed, and perhaps a piece cut out or doubled."""
    content = bytearray(WHOLE)
    for _ in range(draw(st.integers(1, 6))):
        content[draw(st.integers(4, len(content) - 1))] = draw(st.integers(0, 255))
    start, length = draw(st.integers(4, len(content))), draw(st.integers(0, 80))
    match draw(st.sampled_from(["keep", "cut", "double"])):
        case "cut":
            del content[start : start + length]
        case "double":
            content[start:start] = content[start : start + length]
    return bytes(content)


@settings(deadline=None, max_examples=250)
@given(content=corrupted())
def test_a_corrupted_archive_is_opened_or_refused_and_touches_nothing_else(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        around = Path(folder)
        scratch = around / "a" / "b" / "scratch"
        scratch.mkdir(parents=True)
        path = around / "given.zip"
        path.write_bytes(content)
        with (
            contextlib.suppress(ImagingError),  # nothing else may come out
            opened_sources([path], scratch=scratch) as sources,
        ):
            assert all(file.is_relative_to(scratch) for file in sources.members)
        left = {str(file.relative_to(around)) for file in around.rglob("*")}
        assert left == {"given.zip", "a", "a/b", "a/b/scratch"}
        assert path.read_bytes() == content


def test_files_are_in_one_order_however_they_were_packed(tmp_path: Path) -> None:
    tree = {f"{n}": HEAD + bytes([n]) for n in (3, 1, 2)}
    for name in ("b.zip", "a.zip"):
        (tmp_path / name).write_bytes(zipped(tree))
    (tmp_path / "ab").write_bytes(HEAD)
    with opened_sources([tmp_path]) as sources:
        shown = [Path(sources.shown(file)).relative_to(tmp_path) for file in sources.files]
    assert [str(one) for one in shown] == [
        *("a.zip/1", "a.zip/2", "a.zip/3", "ab", "b.zip/1", "b.zip/2", "b.zip/3")
    ]


def test_an_archive_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "study.dcm").write_bytes(zipped({"IM1": HEAD}))
    (tmp_path / "picture.zip").write_bytes(HEAD)
    assert opened(tmp_path) == {"study.dcm/IM1": HEAD, "picture.zip": HEAD}


def test_an_image_whose_preamble_begins_like_an_archive_is_an_image(tmp_path: Path) -> None:
    image = b"PK\x03\x04" + HEAD[4:]
    (tmp_path / "IM1").write_bytes(image)
    assert opened(tmp_path) == {"IM1": image}


def test_an_archive_without_images_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "IM1").write_bytes(HEAD)
    document = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>" * 500}
    (tmp_path / "letter.docx").write_bytes(zipped(document))
    (tmp_path / "room.commissure").write_bytes(zipped({"log.jsonl": b"{}\n", "surfaces/ab": b"1"}))
    with opened_sources([tmp_path], scratch=tmp_path) as sources:
        assert sources.files == (tmp_path / "IM1",)
        assert [(note.code, note.refused) for note in sources.notes] == [
            ("no_image_in_archive", False)
        ] * 2
        assert [Path(note.shown).name for note in sources.notes] == [
            *("letter.docx", "room.commissure")
        ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.nii", (348).to_bytes(4, "little") + bytes(400)),
        ("a.nii.gz", b"\x1f\x8b" + bytes(50)),
        ("a.nrrd", b"NRRD0004\n"),
        ("a.mha", b"ObjectType = Image\n"),
        ("IM1", b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100" + bytes(200)),
        ("IM2", b"\x08\x00\x00\x00\x04\x00\x00\x00" + bytes(200)),
    ],
)
def test_images_of_every_kind_make_an_archive_worth_unpacking(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / "study.zip"
    path.write_bytes(zipped({"readme.txt": b"hello", name: content}))
    assert opened(path) == {"readme.txt": b"hello", name: content}


def test_an_archive_in_an_archive_is_unpacked_too(tmp_path: Path) -> None:
    path = tmp_path / "study.zip"
    path.write_bytes(zipped({"s1.zip": zipped({"IM1": HEAD}), "s2.zip": zipped({"IM2": HEAD})}))
    assert opened(path) == {"s1.zip/IM1": HEAD, "s2.zip/IM2": HEAD}


def test_what_begins_like_an_archive_and_is_none_is_told_beside_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "study.zip"
    path.write_bytes(zipped({"IM1": HEAD, "broken.zip": b"PK\x03\x04"}))
    with opened_sources([path]) as sources:
        assert [sources.shown(file) for file in sources.files] == [f"{path}/IM1"]
        assert [(note.shown, note.code) for note in sources.notes] == [
            (f"{path}/broken.zip", "damaged_archive")
        ]


def test_members_of_one_name_all_come_out(tmp_path: Path) -> None:
    contents = [HEAD + b"one", HEAD + b"two", HEAD + b"three"]
    path = tmp_path / "study.zip"
    path.write_bytes(archive([Member(b"IM1", content) for content in contents]))
    assert opened(path) == dict(zip(["IM1", "IM1 (2)", "IM1 (3)"], contents, strict=True))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_naive_reader_keeps_one_of_the_members_of_one_name(tmp_path: Path) -> None:
    content = archive([Member(b"IM1", HEAD + b"one"), Member(b"IM1", HEAD + b"two")])
    with zipfile.ZipFile(io.BytesIO(content)) as target:
        target.extractall(tmp_path)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [HEAD + b"two"]


@pytest.mark.parametrize(
    ("name", "flags", "shown"),
    [
        ("Kopf/Schädel".encode(), 1 << 11, "Kopf/Schädel"),
        ("Kopf/Schädel".encode(), 0, "Kopf/Schädel"),
        ("Kopf/Schädel".encode("cp437"), 0, "Kopf/Schädel"),
        ("Kopf/Schädel".encode("latin-1"), 0, "Kopf/SchΣdel"),  # 0xE4 in the old code page
        ("Kopf/Schädel".encode("latin-1"), 1 << 11, "Kopf/Schädel"),
        (b"Kopf\\Schaedel", 0, "Kopf/Schaedel"),
        (b"./Kopf//Schaedel", 0, "Kopf/Schaedel"),
    ],
)
def test_names_in_old_alphabets_are_names(
    tmp_path: Path, name: bytes, flags: int, shown: str
) -> None:
    path = tmp_path / "study.zip"
    path.write_bytes(archive([Member(name, flags=flags)]))
    assert opened(path) == {shown: HEAD}


def test_folders_comments_and_sizes_told_afterwards_are_understood(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        """Cannot be rewound, so that sizes follow the members (data descriptors)."""

        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *_: int) -> int:
            raise OSError

    written = Pipe()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        target.mkdir("DICOM")
        target.writestr("DICOM/IM1", HEAD)
        target.comment = b"PK\x05\x06 is no end here"
    path = tmp_path / "study.zip"
    path.write_bytes(written.getvalue())
    assert opened(path) == {"DICOM/IM1": HEAD}


def test_members_in_zip64_form_are_understood(tmp_path: Path) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for n in range(3):
            with target.open(f"IM{n}", "w", force_zip64=True) as member:
                member.write(HEAD)
    path = tmp_path / "study.zip"
    path.write_bytes(written.getvalue())
    assert opened(path) == {f"IM{n}": HEAD for n in range(3)}


def test_more_members_than_16_bits_count_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "study.zip"
    path.write_bytes(archive([Member(b"IM1"), *[Member(b"d/", b"")] * 66_000]))
    assert opened(path) == {"IM1": HEAD}


def test_a_directory_in_zip64_form_with_large_numbers_is_understood(tmp_path: Path) -> None:
    """Sizes and offset of an entry lie in its extra field, as beyond 4 GiB."""
    member = Member(b"IM1")
    local = member.local()
    marks = bytearray(member.entry(0))
    struct.pack_into("<2L", marks, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", marks, 30, 28)
    struct.pack_into("<L", marks, 42, 0xFFFFFFFF)
    extra = struct.pack("<2H3Q", 1, 24, len(HEAD), len(HEAD), 0)
    directory = bytes(marks) + extra
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), len(local), 0)
    path = tmp_path / "study.zip"
    path.write_bytes(local + directory + end)
    assert opened(path) == {"IM1": HEAD}


def test_unpacking_tells_its_progress_in_bytes(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = tmp_path / "study.zip"
    path.write_bytes(zipped({f"IM{n}": HEAD + bytes(1000) for n in range(5)}))
    with opened_sources([path], lambda *step: told.append(step)):
        pass
    unpacking = [(done, total) for label, done, total in told if label == "Unpacking"]
    total = 5 * (len(HEAD) + 1000)
    assert unpacking[-1] == (total, total)
    assert unpacking == sorted(unpacking)


def test_unpacked_files_are_gone_afterwards_whatever_happens(tmp_path: Path) -> None:
    path = tmp_path / "study.zip"
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    path.write_bytes(zipped({"IM1": HEAD}))

    def fail() -> None:
        with opened_sources([path], scratch=scratch) as sources:
            assert [file.read_bytes() for file in sources.files] == [HEAD]
            assert [folder.stat().st_mode & 0o077 for folder in scratch.iterdir()] == [0]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(scratch.iterdir()) == []
