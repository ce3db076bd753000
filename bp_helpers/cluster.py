"""Data-parallel training: each part of the data on a worker, the update in one place.

The gradient of the whole batch is the weighted sum of its parts' gradients, `n_k / N` being the
weight of a part of n_k examples. So every step sends the parameters out to the workers and gets
one gradient back; the result is that of one machine, up to rounding.

The workers are processes of Dask (the package `distributed`), on this machine or on others. Where
there are none, as in a browser, or without that package, the same parts are computed one after
another.
"""

from __future__ import annotations

import asyncio
import copy
import importlib.util
import logging
import multiprocessing
import os
import pickle
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

import bp_helpers
from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers.layers import Layer, parts_of
from bp_helpers.losses import Loss
from bp_helpers.network import Network
from bp_helpers.optimizers import Optimizer
from bp_helpers.training import History, looked_at, note_interruption, with_progress

Part = tuple[npt.NDArray[Any], npt.NDArray[Any]]  # x and y of some of the examples
Sums = list[Any]  # of every parameter the gradient, then the loss and, if there is one, accuracy
Node = TypeVar("Node")

BROWSER = sys.platform == "emscripten"
HUB = "JUPYTERHUB_SERVICE_PREFIX"  # the variable in which a hub, as Binder is one, says where it is
BEHIND_HUB = f"{{{HUB}}}proxy/{{port}}/status"  # in the form of Dask's `distributed.dashboard.link`
POLL = 0.25  # seconds after which one looks whether all workers are still there
LONGEST = 1e6  # seconds, more than a week: clocks cannot count as far as some would ask
SHOWING = 64  # rows that show whether a layer mixes them: all of them may be many
AT_LAST = 5  # seconds for a last word with a scheduler, when the time for the rest is over
INSTALLING = 600  # seconds after which an installation is given up
# Jupyter's button for stopping interrupts the kernel and all that it has started. It is meant for
# the training: a worker that obeyed would be gone for the next one.
UNINTERRUPTED = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
PINNED = Path(__file__).resolve().parent.parent / "requirements/cluster.txt"


@dataclass
class ClusterHistory(History):
    """A `History` with one number per step.

    `seconds` has how long each step took, and `done_again` how often it was begun again, because a
    worker was gone before its share was there.
    """

    seconds: list[float] = field(default_factory=list)
    done_again: list[int] = field(default_factory=list)


def train_on_cluster(
    network: Network,
    optimizer: Optimizer,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    steps: int,
    *,
    cluster: Any = None,
    workers: int = 2,
    shards: Sequence[int] | None = None,
    timeout: float = 60.0,
    progress: bool = False,
) -> ClusterHistory:
    """Train `network` in place for `steps`, each on all rows of `x` and `y`; return the history.

    The rows are cut into `shards`, sizes that add up to N and may be 0; without them, into one part
    for each worker, about equally long. A worker gets its parts once. In each step the parameters
    go out, the parts' gradients are added up pair by pair on the workers, and `optimizer` takes
    its step here. It is the step that `network.backward()` on all rows would lead to, but for
    rounding, whatever the number of workers and wherever the cuts are.

    `cluster` is the address of a Dask scheduler, such as "tcp://10.0.0.5:8786", or what
    `local_cluster` returned. Without one, `workers` processes are started here, and ended at the
    end. Where there are no processes, a line says so, and the parts are computed one after another.

    If a worker is lost, its parts are sent to others and the step is done again from the same
    parameters; one that joins takes part from the next step on. `timeout` is how many seconds to
    wait for the scheduler, and for the gradient of a step: after that a `TimeoutError` says what
    was waited for. When half of them have passed and no worker is at work any more, the answer is
    taken for lost, and the step is begun again.

    A `ValueError` refuses a layer that looks at the whole batch, as `BatchNorm` does, or draws at
    random, a loss that is no mean over the examples, shards that do not fit and a cluster that has
    been closed; a `TypeError` what cannot be copied to a worker and what is no cluster; and a
    `RuntimeError` workers with another version of this package, or without a module that the
    network needs. One with another version that joins after the first step is left out, with a
    warning.

    Nothing but gradients comes back: every step begins with copies of the network as it was at
    the start, but for its parameters. Whatever else a layer changes in `forward` is lost with them.

    `progress=True` shows a bar and where Dask shows its workers. Interrupted, it says where it
    stopped and returns the history so far, as `fit` does.
    """
    steps, workers = _checks.whole(steps, "steps"), _checks.whole(workers, "workers")
    timeout = min(_checks.positive(timeout, "timeout"), LONGEST)
    x, y = looked_at("train_on_cluster", network, optimizer, x, y)
    sizes = _sizes(shards, len(x))
    _refuse_no_cluster(cluster)
    _refuse_what_cannot_be_copied(network)
    _refuse_mixing(copy.deepcopy(network), x[:SHOWING], y[:SHOWING])
    _keep_one_row(network, x, y)
    history = ClusterHistory()
    try:
        with _source(network, x, y, sizes, cluster, workers, timeout) as source:
            source.introduce(progress)
            for step in with_progress(steps, "step", history) if progress else range(steps):
                _take_step(step, network, optimizer, source, history)
    except KeyboardInterrupt:
        note_interruption(history, len(history.done_again), steps, "step", optimizer)
    return history


def local_cluster(workers: int = 2) -> Any:
    """Start `workers` processes on this machine; return their `distributed.LocalCluster`.

    Give it to `train_on_cluster` as its `cluster`, and end it with its method `close()`; another
    call ends it as well. Where there are no processes, it is None, with which `train_on_cluster`
    can do too.
    """
    workers = _checks.whole(workers, "workers")
    if not has_processes():
        return None
    while _kept:
        _kept.pop().close()
    _kept.append(_started(workers))
    return _kept[0]


_kept: list[Any] = []  # the cluster that local_cluster started last


def has_processes() -> bool:
    """Return whether there can be worker processes: not in a browser, and not without Dask."""
    return not BROWSER and importlib.util.find_spec("distributed") is not None


def install_dask() -> None:
    """Install Dask for this Python if it is missing, and say what came of it."""
    if BROWSER:
        print("A browser has no processes, so nothing is installed.")
    elif has_processes():
        print("Dask is installed.")
    else:
        print("Installing Dask: 13 MB, this once.")
        said = _pip_install("-r", str(PINNED)) if PINNED.exists() else ""
        if not has_processes():  # these versions may not go with what else is installed
            said = _pip_install("distributed") or said
        if has_processes():
            print("Dask is installed.")
        else:
            print(
                "Dask could not be installed. All goes on without it, one part after the other. "
                "To try again, type in a terminal:\n"
                f'"{sys.executable}" -m pip install distributed\n'
                f"The last that pip said:\n{said}"
            )


def _pip_install(*wanted: str) -> str:
    """Install what is wanted, and return the last lines of what pip complained about."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", *wanted]
    try:
        said = subprocess.run(pip, capture_output=True, text=True, timeout=INSTALLING).stderr
    except subprocess.TimeoutExpired:
        said = f"nothing that would end in {INSTALLING / 60:g} minutes."
    importlib.invalidate_caches()
    return "\n".join(said.strip().splitlines()[-5:])


# ---- The mathematics ----------------------------------------------------------------------------


def cut(x: npt.NDArray[Any], y: npt.NDArray[Any], shards: Sequence[int]) -> list[Part]:
    """Return the parts of x and y of these sizes, without those that are empty."""
    ends = np.cumsum(shards)
    pairs = zip(ends - shards, ends, strict=True)
    return [(x[start:end], y[start:end]) for start, end in pairs if end > start]


@dataclass
class Replica:
    """What a worker keeps: a copy of the network, and its parts of the n examples."""

    network: Network
    parts: list[Part]
    n: int

    def sums(self, parameters: list[Array]) -> Sums:
        """Return the sums over its examples, with these parameters."""
        network = copy.deepcopy(self.network)  # the kept one may be in use in another thread
        for array, value in zip(network.parameters.values(), parameters, strict=True):
            array[...] = value
        return joined_by_pairs(
            [sums_of_part(network, x, y, len(x) / self.n) for x, y in self.parts], add
        )


def sums_of_part(network: Network, x: npt.NDArray[Any], y: npt.NDArray[Any], share: float) -> Sums:
    """Return a part's mean gradients, loss and accuracy, each times its share of the examples."""
    loss, accuracy = network.measure(x, y, in_training=True)
    network.parameter_gradients()
    means: Sums = [*network.gradients.values(), loss]
    return [share * mean for mean in (means if accuracy is None else [*means, accuracy])]


def add(one: Sums, other: Sums) -> Sums:
    """Return the sums of two sets of examples as those of all of them."""
    return [a + b for a, b in zip(one, other, strict=True)]


def joined_by_pairs(parts: Sequence[Node], join: Callable[[Node, Node], Node]) -> Node:
    """Return all parts joined: pair by pair, then the pairs, in the same order on every machine."""
    while len(parts) > 1:
        pairs = [parts[k : k + 2] for k in range(0, len(parts), 2)]
        parts = [join(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return parts[0]


def _take_step(
    step: int,
    network: Network,
    optimizer: Optimizer,
    source: _InTurn | _OnWorkers,
    history: ClusterHistory,
) -> None:
    started = time.perf_counter()
    sums, again = source.gradient(step)
    gradients = network.gradients
    for name, value in zip(gradients, sums, strict=False):  # loss and accuracy come after them
        gradients[name] = value
    optimizer.step()
    loss, *accuracy = sums[len(gradients) :]
    history.loss.append(float(loss))
    history.accuracy.append(float(accuracy[0]) if accuracy else None)
    history.seconds.append(time.perf_counter() - started)
    history.done_again.append(again)


# ---- At the door --------------------------------------------------------------------------------


@_checks.quietly
def _refuse_mixing(network: Network, x: npt.NDArray[Any], y: npt.NDArray[Any]) -> None:
    """Refuse a layer or a loss that makes of two halves something else than of the whole."""
    for layer in (part for whole in network.layers for part in parts_of(whole)):
        if type(layer).predict is not Layer.predict:
            why = "behaves otherwise in use than in training, so it may look at the whole batch or "
            raise _mixing(layer, why + "draw at random")
    halves = [rows for rows in np.array_split(np.arange(len(x)), 2) if len(rows)]
    output: npt.NDArray[Any] = x
    for layer in network.layers:
        before = _generators(layer)
        whole = np.asarray(layer.forward(output))
        parts = np.concatenate([layer.forward(output[rows]) for rows in halves])
        if not _nearly_equal(parts, whole) or _generators(layer) != before:
            raise _mixing(layer, "looks at the whole batch, draws at random or changes by itself")
        output = whole
    value = network.loss.forward(output, y)
    means = [len(r) / len(x) * network.loss.forward(output[r], y[r]) for r in halves]
    if not _nearly_equal(sum(means), value):
        raise _mixing(network.loss, "is no mean over the examples or draws at random")


def _generators(layer: Layer) -> list[bytes]:
    """Return the states of the random generators that the layer has as attributes."""
    attributes = [value for part in parts_of(layer) for value in vars(part).values()]
    return [pickle.dumps(each) for each in attributes if isinstance(each, np.random.Generator)]


def _nearly_equal(one: npt.ArrayLike, other: npt.ArrayLike) -> bool:
    """Return whether these differ by no more than rounding can do, also in float32."""
    tolerance = 1e-6 + 1e-4 * np.abs(other).max()
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=0, atol=tolerance)


def _mixing(part: Layer | Loss, why: str) -> ValueError:
    return ValueError(
        f"train_on_cluster got a network with {part}, which {why}: what it makes of the parts of "
        "a batch is not what it makes of the whole, and no weighting makes up for that. Train this "
        "network on one machine, with fit, or put something else in its place"
    )


def _refuse_what_cannot_be_copied(network: Network) -> None:
    for part in [*(each for layer in network.layers for each in parts_of(layer)), network.loss]:
        try:
            copy.deepcopy(part)
            if has_processes():
                from distributed.protocol.pickle import dumps

                dumps(part)
        except Exception as error:
            raise TypeError(
                f"train_on_cluster got a network with {part}, of which no copy can be sent to a "
                f"worker: {error}. Make what cannot be copied, such as a lock or an open file, "
                "inside of forward, and keep it nowhere; or train this network on one machine, "
                "with fit"
            ) from error


def _sizes(shards: Sequence[int] | None, n: int) -> list[int] | None:
    """Return the sizes as a list, if they are whole numbers that add up to n."""
    if shards is None:
        return None
    sizes = shards.tolist() if isinstance(shards, np.ndarray) else shards
    if not isinstance(sizes, Sequence) or any(
        isinstance(s, bool) or not isinstance(s, (int, np.integer)) or s < 0 for s in sizes
    ):
        raise ValueError(f"shards is {shards!r}: it must be a list of whole numbers of at least 0")
    if sum(map(int, sizes)) != n:
        raise ValueError(f"shards add up to {sum(sizes)} and x has {n} rows: they must be equal")
    return [*map(int, sizes)]


def _refuse_no_cluster(cluster: Any) -> None:
    if cluster is None or (isinstance(cluster, str) and cluster.strip()):
        return
    if not hasattr(cluster, "scheduler_address"):
        raise TypeError(
            f"cluster is {cluster!r}: it must be the address of a Dask scheduler, such as "
            '"tcp://10.0.0.5:8786", or what local_cluster returned'
        )
    if cluster.status.name in ("closing", "closed"):
        raise ValueError("this cluster has been closed: start one with local_cluster()")


def _equal(n: int, parts: int) -> list[int]:
    return [len(rows) for rows in np.array_split(np.arange(n), parts)]


def _keep_one_row(network: Network, x: npt.NDArray[Any], y: npt.NDArray[Any]) -> None:
    """Let the network remember one row, not all: it is sent as it is, and has gradients then."""
    network.measure(x[:1], y[:1], in_training=True)
    network.parameter_gradients()


# ---- Where the parts are computed ---------------------------------------------------------------


class _InTurn:
    """All parts in this process, one after another."""

    def __init__(self, network: Network, parts: list[Part]) -> None:
        self.network = network
        self.replica = Replica(network, parts, sum(len(x) for x, _ in parts))

    def introduce(self, progress: bool) -> None:
        why = "this is a browser" if BROWSER else "the package distributed is not installed"
        print(f"No processes here ({why}): the parts are computed one after another.")

    def gradient(self, step: int) -> tuple[Sums, int]:
        return self.replica.sums([*self.network.parameters.values()]), 0


@contextmanager
def _source(
    network: Network,
    x: npt.NDArray[Any],
    y: npt.NDArray[Any],
    shards: list[int] | None,
    cluster: Any,
    workers: int,
    timeout: float,
) -> Iterator[_InTurn | _OnWorkers]:
    """Give what computes the parts: workers, or where there can be none, this process."""
    if not has_processes():
        yield _InTurn(network, cut(x, y, shards or _equal(len(x), workers)))
    else:
        with _connected(cluster, workers, timeout) as client:
            yield _OnWorkers(client, network, x, y, shards, timeout)


class _LostError(Exception):
    """Before all shares were there, a worker was gone or new, or nothing more was heard."""


class _OnWorkers:
    """The parts on the workers of a cluster: the data stays there, parameters go out.

    All that is asked of Dask is `submit`, which does not wait, and then for one result. So there is
    one place that waits, and it looks up now and then whether it still makes sense.
    """

    def __init__(
        self,
        client: Any,
        network: Network,
        x: npt.NDArray[Any],
        y: npt.NDArray[Any],
        shards: list[int] | None,
        timeout: float,
    ) -> None:
        self.client, self.network, self.x, self.y = client, network, x, y
        self.shards, self.timeout = shards, timeout
        self.workers: list[str] = []  # that have a replica
        self.replicas: list[Any] = []  # their futures
        self.ours = f"bp_helpers {bp_helpers.__version__}"
        self.versions: dict[str, str] = {}  # of the workers that have been asked
        self.lost = 0  # how many of those are gone

    def introduce(self, progress: bool) -> None:
        if progress:
            print(_where_workers_are_shown(self.client))

    def gradient(self, step: int) -> tuple[Sums, int]:
        """Return the sums over all examples, and how often they were begun again."""
        end, again, self.lost = time.monotonic() + self.timeout, 0, 0
        while True:
            try:
                self._send_replicas(step, end)
                return self._answer(self._added_up(), self.workers, end), again
            except (_LostError, futures.CancelledError, OSError):
                self._refuse_unreadable()
                self.workers, again = [], again + 1  # what they had is sent anew
                if time.monotonic() > end or self.client.status == "closed":
                    raise TimeoutError(
                        f"step {step + 1} has no gradient after {self.timeout:g} s, from "
                        f"{self._count()}{self._losses(again - 1)}: check the workers and the "
                        "scheduler, or give them more time with timeout=... The network stands as "
                        f"step {step} left it"
                    ) from None
            except _LayerError as refused:
                raise refused.error from None

    def _send_replicas(self, step: int, end: float) -> None:
        """Send network and data to the workers, unless they are those of the step before."""
        while not (present := self._of_our_version(step, self._present(end), end)):
            if time.monotonic() > end:
                raise _LostError
            time.sleep(POLL)
        if present == self.workers:
            return
        parts = cut(self.x, self.y, self.shards or _equal(len(self.x), len(present)))
        dealt = {worker: parts[k :: len(present)] for k, worker in enumerate(present)}
        self.replicas = [
            self._submit(Replica, self.network, own, len(self.x), on=[worker])
            for worker, own in dealt.items()
            if own
        ]
        self.workers = present

    def _refuse_unreadable(self) -> None:
        if any(replica.status == "error" for replica in self.replicas):
            raise RuntimeError(
                "the cluster could not read the network: if a layer or the loss is from a module "
                "of your own, put that module on every machine, also on the scheduler's, or write "
                "the class in the notebook; and let all have the same versions of Python and Dask"
            ) from None

    def _added_up(self) -> Any:
        """Return the future of the sums over all examples."""
        parameters = [*self.network.parameters.values()]
        shares = [
            self._submit(Replica.sums, replica, parameters, on=self.workers)
            for replica in self.replicas
        ]
        return joined_by_pairs(
            shares, lambda one, other: self._submit(add, one, other, on=self.workers)
        )

    def _of_our_version(self, step: int, workers: list[str], end: float) -> list[str]:
        """Return the workers with our version; others are refused, or left out after a step."""
        # eval is on every worker; a function of ours would be looked for in its bp_helpers
        asked = {
            worker: self._submit(eval, "__import__('bp_helpers').__version__", on=[worker])
            for worker in workers
            if worker not in self.versions
        }
        found = {worker: self._version(asked[worker], workers, end) for worker in asked}
        for worker, version in found.items():
            if version != self.ours:
                trouble = f"the worker {worker} has {version}, and here is {self.ours}: "
                way_out = "install the same version there, and restart that worker"
                if step == 0:
                    raise RuntimeError(trouble + way_out)
                # the level is that of the line that called train_on_cluster
                warnings.warn(f"{trouble}it is left out. To use it, {way_out}", stacklevel=6)
        self.versions |= found
        return [worker for worker in workers if self.versions[worker] == self.ours]

    def _version(self, future: Any, workers: list[str], end: float) -> str:
        try:
            return f"bp_helpers {self._answer(future, workers, end)}"
        except _LayerError:
            return "no bp_helpers"

    def _present(self, end: float) -> list[str]:
        """Return the workers that are there, without those that are left out."""
        there = self._asked("ncores", end)
        asked, self.versions = self.versions, {k: v for k, v in self.versions.items() if k in there}
        self.lost += len(asked) - len(self.versions)
        return sorted(each for each in there if self.versions.get(each, self.ours) == self.ours)

    def _count(self) -> str:
        try:
            return f"{len(self._present(time.monotonic() + AT_LAST))} worker(s)"
        except _LostError:
            return "a scheduler that does not answer"

    def _losses(self, again: int) -> str:
        if not self.lost:
            return ""
        return (
            f"; {self.lost} were lost meanwhile, and the step was begun again {again} time(s) "
            "(does a layer end its process, or need too much memory?)"
        )

    def _at_work(self, workers: list[str], end: float) -> bool:
        """Return whether one of the workers is computing something, as far as can be found out."""
        try:
            return not self._asked("call_stack", end).keys().isdisjoint(workers)
        except _LostError:
            return False

    def _asked(self, what: str, end: float) -> dict[str, Any]:
        """Return what the scheduler answers for each worker.

        The client's own methods, such as `nthreads`, would wait for ever for one that has stopped.
        """
        scheduler = self.client.scheduler
        if scheduler is None:  # the client has closed, with its scheduler, for good
            raise _LostError
        left = max(0, end - time.monotonic())
        try:
            answer: dict[str, Any] = self.client.sync(
                getattr(scheduler, what), callback_timeout=left
            )
        except (OSError, RuntimeError) as error:  # the latter where the client is being closed
            raise _LostError from error
        return answer

    def _submit(self, function: Callable[..., Any], *arguments: Any, on: list[str]) -> Any:
        return self.client.submit(function, *arguments, workers=on, pure=False)

    def _answer(self, future: Any, workers: list[str], end: float) -> Any:
        """Wait for a future as long as these are the workers, and return its result.

        `future.result(timeout=...)` would be shorter. But where its time is over in the moment
        before it fetches, Dask's client (2026.8) keeps the fetching that was given up, and waits
        for that one in whatever it is asked later: from then on it gives no result at all.
        """
        from distributed import KilledWorker

        fetching = asyncio.run_coroutine_threadsafe(
            self.client.gather(future, asynchronous=True), self.client.loop.asyncio_loop
        )
        late, grace = time.monotonic() + self.timeout / 2, self.timeout / 8
        try:
            while not futures.wait([fetching], timeout=POLL).done:
                now = time.monotonic()
                # Dask may lose an answer when workers come and go: that must not cost all the time.
                if now > late - grace and self._at_work(workers, now + grace):
                    late = now + grace
                if now > min(late, end) or self._present(end) != workers:
                    raise _LostError
        except _LostError:
            if self.client.status != "closed":
                future.cancel()  # or it would be waited for until the client is closed
            raise
        try:
            return fetching.result()
        except Exception as error:
            if future.status == "error" and not isinstance(error, KilledWorker):
                raise _LayerError(error) from None
            raise _LostError from error


class _LayerError(Exception):
    """What a layer raised on a worker; no fault of the cluster."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


# ---- Dask ---------------------------------------------------------------------------------------


def _started(workers: int) -> Any:
    import dask
    from distributed import LocalCluster

    methods = multiprocessing.get_all_start_methods()
    if "forkserver" in methods:  # all workers come from one process that has imported Dask: quick
        dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        memory_limit=0,  # none: what a notebook needs is the learner's to decide
        dashboard_address="127.0.0.1:0",  # any port that is free, and for this machine only
        silence_logs=logging.CRITICAL,  # a lost worker is news for the history, not for stderr
        preload=[UNINTERRUPTED],  # each worker runs it first
    )


@contextmanager
def _connected(cluster: Any, workers: int, timeout: float) -> Iterator[Any]:
    """Give a client of the cluster, or of one that lasts as long as it does."""
    import dask
    from distributed import Client

    with ExitStack() as stack:
        stack.enter_context(
            dask.config.set(
                {
                    "distributed.comm.timeouts.connect": timeout,
                    "distributed.admin.large-graph-warning-threshold": "1TB",  # sent on purpose
                }
            )
        )
        log = logging.getLogger("distributed.client")
        log.addFilter(_is_news)
        stack.callback(log.removeFilter, _is_news)
        if cluster is None:
            cluster = stack.enter_context(_started(workers))
        address, started = getattr(cluster, "scheduler_address", cluster), time.monotonic()
        try:
            if isinstance(cluster, str):
                _refuse_no_scheduler(cluster, timeout)
            client = Client(cluster, timeout=timeout, set_as_default=False)
        except Exception as error:
            # what could not be called is OSError; what was called and then silent, TimeoutError
            alone = isinstance(error, OSError) and not isinstance(error, TimeoutError)
            waited = time.monotonic() - started > timeout / 2  # or it was refused at once
            within = f" within {timeout:g} s" if waited else ""
            which = (
                "" if alone else ", as the scheduler prints it; a dashboard or worker has another"
            )
            raise TimeoutError(
                f"no Dask scheduler answered at {address}{within}: start one there with `dask "
                "scheduler`, or check the address, which looks like "
                f'"tcp://10.0.0.5:8786"{which}. Without cluster=..., processes on this machine do '
                "the work"
            ) from error
        stack.callback(_close, client)
        yield client


def _is_news(record: logging.LogRecord) -> bool:
    """Return False for what a step's own error says better: the scheduler is lost or frozen."""
    given_up = record.exc_info and record.exc_info[0] is asyncio.CancelledError
    return not given_up and not str(record.msg).startswith("Failed to reconnect to scheduler")


def _refuse_no_scheduler(address: str, timeout: float) -> None:
    """Raise some exception if it is not a scheduler that answers at this address.

    `Client` would wait for ever for one that takes the call and says nothing.
    """
    from distributed import Security
    from distributed.core import rpc

    async def kind() -> Any:
        secured = Security().get_connection_args("client")  # as Dask's configuration says
        async with rpc(address, timeout=timeout, connection_args=secured) as far:
            return (await far.identity())["type"]

    # In a thread, for a notebook has a loop of its own. The call itself may take all of the time.
    thread = futures.ThreadPoolExecutor(1)
    asking = asyncio.wait_for(kind(), 1.25 * timeout)
    try:
        found = thread.submit(asyncio.run, asking).result()
    finally:
        thread.shutdown(wait=False)  # who interrupts it does not wait for the end of that time
    if found != "Scheduler":
        raise TypeError(f"what answers is a {found}")


def _close(client: Any) -> None:
    """Close the client, if need be without the scheduler's consent."""
    try:
        client.close(timeout=AT_LAST)
    except TimeoutError:  # the scheduler does not take what is on its way to it
        if client.scheduler_comm:
            client.loop.add_callback(client.scheduler_comm.abort)
        with suppress(TimeoutError):
            client.close(timeout=AT_LAST)


def _where_workers_are_shown(client: Any) -> str:
    """Return a sentence with the address of Dask's pages, or why no browser can open them.

    Of a machine far away, a browser cannot open what is for that machine only. A hub passes it on
    if it has jupyter-server-proxy.
    """
    import dask

    link: str = client.dashboard_link
    if "//127.0.0.1:" in link:
        if HUB in os.environ and importlib.util.find_spec("jupyter_server_proxy"):
            with dask.config.set({"distributed.dashboard.link": BEHIND_HUB}):
                link = f"the address of this hub, followed by {client.dashboard_link}"
        elif HUB in os.environ or "google.colab" in sys.modules:
            return (
                "Dask's pages about its workers cannot be opened from here: they are on the "
                "machine of this notebook, and nothing passes them on to your browser."
            )
    if importlib.util.find_spec("bokeh") is None:  # the page with curves needs it
        link = link.replace("/status", "/info/main/workers.html")
    return f"Dask shows its workers at {link}"
