"""A worker gives its answer, or one sentence; the parent outlives whatever happens to it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from imaging.array_files import ArrayFile, read_array
from imaging.errors import RefusedSeriesError, WorkerError
from imaging.worker import Limits, run_in_worker
from tests.imaging import worker_jobs
from tests.imaging.worker_jobs import Sum, Total


def test_a_result_comes_back_as_the_type_that_the_function_returns() -> None:
    assert run_in_worker(worker_jobs.add, Sum(2, 3)) == Total(5)


def test_a_function_named_by_text_gives_plain_values() -> None:
    assert run_in_worker("tests.imaging.worker_jobs:add", {"a": 2, "b": 3}) == {"value": 5}


def test_a_name_in_latin_1_comes_and_goes_as_it_is() -> None:
    name = os.fsdecode(b"k\xf6pf/\x1b.dcm")
    assert run_in_worker(worker_jobs.echo, [name]) == [name]


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    run_in_worker(worker_jobs.add, Sum(2, 3), on_progress=lambda *step: told.append(step))
    assert told[0] == ("Adding", 0, 3)
    assert told[-1] == ("Adding", 3, 3)


def test_an_array_is_mapped_and_outlives_its_file(tmp_path: Path) -> None:
    file: ArrayFile = run_in_worker(worker_jobs.squares, str(tmp_path))
    array = read_array(tmp_path, file)
    (tmp_path / file.name).unlink()
    assert np.array_equal(array, np.arange(10) ** 2)
    assert not array.flags.writeable


def test_an_array_other_than_announced_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(3))
    with pytest.raises(WorkerError, match="not what it announced"):
        read_array(tmp_path, ArrayFile("a.npy", "<f8", (4,)))


def test_a_pickle_in_place_of_an_array_is_not_opened(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(WorkerError, match="cannot be read"):
        read_array(tmp_path, ArrayFile("a.npy", "|O", (1,)))


def test_an_expected_error_keeps_class_message_and_code() -> None:
    with pytest.raises(RefusedSeriesError, match=r"^a slice is missing; export again$") as error:
        run_in_worker(worker_jobs.refuse, None)
    assert error.value.code == "missing_slice"


def test_an_os_error_keeps_its_number_and_file() -> None:
    with pytest.raises(FileNotFoundError) as error:
        run_in_worker(worker_jobs.misplace, None)
    assert error.value.filename == "/no/where"


def test_a_fault_of_our_own_is_a_worker_error_with_its_traceback_as_a_note() -> None:
    with pytest.raises(WorkerError, match="KeyError") as error:
        run_in_worker(worker_jobs.stumble, None)
    assert error.value.code == "fault"
    assert "stumble" in error.value.__notes__[0]


@pytest.mark.parametrize("job", [worker_jobs.sleep, worker_jobs.hold_lock])
def test_the_time_limit_holds(job: object) -> None:
    began = time.monotonic()
    with pytest.raises(WorkerError, match="longer than 1 seconds") as error:
        run_in_worker(
            f"tests.imaging.worker_jobs:{job.__name__}",  # type: ignore[attr-defined]
            60 if job is worker_jobs.sleep else None,
            limits=Limits(seconds=1),
        )
    assert error.value.code == "time_limit"
    assert time.monotonic() - began < 10


def test_the_memory_limit_holds() -> None:
    with pytest.raises(WorkerError, match=r"more memory than its 2\.0 GiB") as error:
        run_in_worker(worker_jobs.take_memory, 3 * 2**30, limits=Limits(memory_bytes=2 * 2**30))
    assert error.value.code == "memory_limit"


@pytest.mark.parametrize("job", [worker_jobs.die, worker_jobs.leave])
def test_a_worker_that_dies_is_one_sentence(job: object) -> None:
    with pytest.raises(WorkerError, match="before it was done") as error:
        run_in_worker(job, None)  # type: ignore[arg-type]
    assert error.value.code == "died"


def test_a_worker_that_babbles_is_refused() -> None:
    with pytest.raises(WorkerError, match="no sense"):
        run_in_worker(worker_jobs.babble, None)


def test_a_worker_cannot_name_any_class_it_likes() -> None:
    with pytest.raises(WorkerError) as error:
        run_in_worker(worker_jobs.name_a_class, None)
    assert error.value.code == "fault"


def test_cancelling_kills_the_worker(tmp_path: Path) -> None:
    cancelled = threading.Event()
    pid_file = tmp_path / "pid"

    def cancel_once_it_runs() -> bool:
        if pid_file.exists() and pid_file.read_text():
            cancelled.set()
        return cancelled.is_set()

    with pytest.raises(WorkerError) as error:
        run_in_worker(worker_jobs.tell_pid, str(pid_file), cancelled=cancel_once_it_runs)
    assert error.value.code == "cancelled"
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_what_progress_raises_ends_the_worker_and_goes_on_to_the_caller() -> None:
    def stop(_label: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_in_worker(worker_jobs.sleep, 60, on_progress=stop)
    assert time.monotonic() - began < 10


def test_a_worker_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    code = (
        "from imaging.worker import run_in_worker\n"
        f"run_in_worker('tests.imaging.worker_jobs:tell_pid', {str(pid_file)!r})\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    until(lambda: pid_file.exists() and bool(pid_file.read_text()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    child = Path(f"/proc/{pid_file.read_text()}")
    until(lambda: not child.exists() or "Z" in (child / "stat").read_text().split()[2])


def until(condition: "object") -> None:
    deadline = time.monotonic() + 20
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def test_noise_of_libraries_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_in_worker(worker_jobs.print_noise, None) == 5
    assert capfd.readouterr() == ("", "")
