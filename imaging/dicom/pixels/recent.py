"""The latest results of a slow function, shared by threads."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps a bounded number of results; each is computed once, whoever asks first.

    Parameters
    ----------
    limit : int
        How many are kept; the one that was asked for longest ago goes first.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[K, Future[V]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, compute: Callable[[], V]) -> V:
        """Return the result for `key`; a thread that comes second waits for the first.

        Raises
        ------
        Exception
            Whatever `compute` raises, to all that wait for it; it is not kept.
        """
        with self._lock:
            known = self._kept.get(key)
            if known is None:
                future: Future[V] = Future()
                self._kept[key] = future
                if len(self._kept) > self._limit:
                    self._kept.popitem(last=False)
            else:
                self._kept.move_to_end(key)
        if known is not None:
            return known.result()
        try:
            future.set_result(compute())
        except BaseException as error:
            with self._lock:
                self._kept.pop(key, None)
            future.set_exception(error)
            raise
        return future.result()
