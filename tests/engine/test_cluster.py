"""Training on worker processes: the result of one machine, whatever happens to the workers."""

import importlib
import logging
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import dask
import numpy as np
import pytest
from distributed.utils import format_dashboard_link
from helpers import assert_unchanged, make_network, parameters_of

import bp_helpers as bp
from bp_helpers import cluster as on_cluster
from bp_helpers.cluster import install_dask, local_cluster, train_on_cluster

N = 13
PATIENT = 240  # seconds for a step where nothing goes wrong: the machine may be busy
HOME = os.getpid()


def small(loss=None, dtype=np.float64, *more):
    """A network and its data; more layers go in front."""
    rng = np.random.default_rng(0)
    network = make_network([3, 4, 2], [bp.Tanh()], loss or bp.SoftmaxCrossEntropy(), rng, dtype)
    network = bp.Network([*more, *network.layers], network.loss)
    return network, rng.normal(size=(N, 3)).astype(dtype), rng.integers(0, 2, N)


def alone(network, optimizer, x, y, steps):
    """The same training on one machine: every step on all rows."""
    losses = []
    for _ in range(steps):
        losses.append(network.loss_value(x, y))
        network.backward()
        optimizer.step()
    return losses


def assert_same(network, other, tolerance=1e-12):
    wanted = parameters_of(other)
    for name, value in network.parameters.items():
        assert value.dtype == wanted[name].dtype
        np.testing.assert_allclose(value, wanted[name], rtol=0, atol=tolerance)


def on_a_worker(act):
    """A layer that does something before it hands its input on, but not in this process."""

    class Acting(bp.Identity):
        def forward(self, x):
            if os.getpid() != HOME:
                act()
            return super().forward(x)

    return Acting()


def once(folder, act):
    """Do something the first time only, in whichever process that is."""
    flag = Path(folder, "once")
    flag.touch()

    def acting():
        try:
            flag.unlink()
        except FileNotFoundError:
            return
        act()

    return acting


@pytest.fixture(scope="module")
def four():
    """Four worker processes."""
    with on_cluster._started(4) as started:
        yield started


@contextmanager
def dask_process(*command, **options):
    """A process of `dask` that is killed at the end, frozen or not."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen([sys.executable, "-m", "dask", *command], **quiet, **options)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@contextmanager
def worker_of(address, package):
    """A process that works for the scheduler there, with the bp_helpers that stands in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(package)}
    command = ["worker", address, "--no-nanny", "--nthreads", "1"]
    with dask_process(*command, cwd=package, env=environment) as worker:
        yield worker


@contextmanager
def scheduler_with_a_worker():
    """A scheduler in a process of its own, with one worker; its process and its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = ["scheduler", "--host", "127.0.0.1", "--port", port, "--dashboard-address", ":0"]
    with dask_process(*command) as scheduler:
        address = f"tcp://127.0.0.1:{port}"
        with worker_of(address, Path(bp.__file__).parent.parent):
            yield scheduler, address


@pytest.fixture
def other_version(tmp_path):
    """A folder with this package, but of another version."""
    package = shutil.copytree(Path(bp.__file__).parent, tmp_path / "other/bp_helpers")
    init = (package / "__init__.py").read_text(encoding="utf-8")
    init = init.replace(f'__version__ = "{bp.__version__}"', '__version__ = "0.0.9"')
    (package / "__init__.py").write_text(init, encoding="utf-8")
    return package.parent


@pytest.mark.parametrize(
    ("count", "joined"), [(1, "a"), (2, "(ab)"), (3, "((ab)c)"), (5, "(((ab)(cd))e)")]
)
def test_parts_are_joined_pair_by_pair(count, joined):
    """So that no machine has to take in all of them."""
    parts = "abcde"[:count]
    assert on_cluster.joined_by_pairs(parts, lambda one, other: f"({one}{other})") == joined


# ---- the same as one machine --------------------------------------------------------------------

SPLITS = [[13], [7, 6], [1, 11, 1], [4, 3, 3, 3], [0, 12, 0, 1], [1] * 13, None]


@pytest.mark.slow
@pytest.mark.parametrize("shards", SPLITS, ids=str)
def test_the_result_is_that_of_one_machine(four, shards):
    network, x, y = small()
    other, _, _ = small()
    losses = alone(other, bp.Momentum(other, 0.3), x, y, 5)
    optimizer = bp.Momentum(network, 0.3)
    history = train_on_cluster(
        network, optimizer, x, y, 5, cluster=four, shards=shards, timeout=PATIENT
    )
    assert_same(network, other)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-12)
    assert optimizer.steps == len(history.accuracy) == len(history.seconds) == 5
    assert history.accuracy[0] == pytest.approx(small()[0].measure(x, y)[1])
    assert len(history.done_again) == 5


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_so_it_is_with_any_number_of_workers(count):
    network, x, y = small()
    other, _, _ = small()
    losses = alone(other, bp.Momentum(other, 0.3), x, y, 3)
    started = local_cluster(count)
    try:
        optimizer = bp.Momentum(network, 0.3)
        history = train_on_cluster(network, optimizer, x, y, 3, cluster=started, timeout=PATIENT)
        assert len(started.workers) == count
    finally:
        started.close()
    assert_same(network, other)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_other_losses_optimizers_and_dtypes_as_well(four, dtype):
    network, x, _ = small(bp.SquaredError(), dtype)
    other, _, _ = small(bp.SquaredError(), dtype)
    y = np.tanh(x[:, :2])
    alone(other, bp.GradientDescent(other, 0.3), x, y, 4)
    history = train_on_cluster(
        network,
        bp.GradientDescent(network, 0.3),
        x,
        y,
        4,
        cluster=four.scheduler_address,
        timeout=PATIENT,
    )
    assert_same(network, other, 1e-12 if dtype == np.float64 else 1e-6)
    assert history.accuracy == [None] * 4


@pytest.mark.slow
def test_without_a_cluster_one_is_started_and_ended(capsys):
    network, x, y = small()
    other, _, _ = small()
    alone(other, bp.Adam(other), x.tolist(), y, 2)
    train_on_cluster(
        network, bp.Adam(network), x.tolist(), y, 2, workers=1, progress=True, timeout=PATIENT
    )
    assert_same(network, other)
    said = capsys.readouterr().out
    assert said.startswith("Dask shows its workers at http://127.0.0.1:")
    assert "step 2 of 2, loss" in said


@pytest.mark.slow
def test_the_link_leads_to_a_page_about_the_workers(four, capsys):
    network, x, y = small()
    train_on_cluster(
        network, bp.Adam(network), x, y, 1, cluster=four, progress=True, timeout=PATIENT
    )
    link = re.search(r"http://\S+", capsys.readouterr().out)[0]
    with urllib.request.urlopen(link, timeout=30) as page:
        said = page.read().decode("utf-8")
    with four.get_client() as client:
        workers = client.scheduler_info()["workers"]
    assert len(workers) == 4
    assert all(address in said for address in workers)


class Shown:
    """What a client says of a dashboard at this address, as Dask's configuration has it."""

    def __init__(self, host="127.0.0.1"):
        self.host = host

    @property
    def dashboard_link(self):
        return format_dashboard_link(self.host, 8787)


def absent(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)


def present(monkeypatch, folder, package):
    (folder / f"{package}.py").touch()
    monkeypatch.syspath_prepend(folder)


@pytest.fixture
def on_a_hub(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    absent(monkeypatch, "jupyter_server_proxy")
    absent(monkeypatch, "bokeh")


@pytest.mark.usefixtures("on_a_hub")
def test_on_a_hub_a_link_to_this_machine_leads_nowhere_and_none_is_given():
    said = on_cluster._where_workers_are_shown(Shown())
    assert "cannot be opened from here" in said
    assert "127.0.0.1" not in said


@pytest.mark.usefixtures("on_a_hub")
def test_on_a_hub_that_passes_it_on_the_link_is_that_of_the_hub(monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "jupyter_server_proxy")
    present(monkeypatch, tmp_path, "jupyter_server_proxy")
    said = on_cluster._where_workers_are_shown(Shown())
    assert said.endswith("hub, followed by /user/ada/proxy/8787/info/main/workers.html")
    assert Shown().dashboard_link == "http://127.0.0.1:8787/status"  # for all others, as before


@pytest.mark.usefixtures("on_a_hub")
def test_what_a_hub_has_set_itself_and_another_machines_link_stay_as_they_are():
    said = on_cluster._where_workers_are_shown(Shown("10.0.0.5"))
    assert said == "Dask shows its workers at http://10.0.0.5:8787/info/main/workers.html"
    with dask.config.set({"distributed.dashboard.link": "https://hub.example/{port}/status"}):
        said = on_cluster._where_workers_are_shown(Shown())
    assert said == "Dask shows its workers at https://hub.example/8787/info/main/workers.html"


def test_in_colab_no_link_is_given_either(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert "cannot be opened from here" in on_cluster._where_workers_are_shown(Shown())


def test_with_bokeh_the_link_is_that_of_the_page_with_curves(monkeypatch, tmp_path):
    present(monkeypatch, tmp_path, "bokeh")
    said = on_cluster._where_workers_are_shown(Shown())
    assert said == "Dask shows its workers at http://127.0.0.1:8787/status"


def test_where_there_are_no_processes_the_parts_take_turns(monkeypatch, capsys):
    monkeypatch.setattr(on_cluster, "has_processes", lambda: False)
    assert local_cluster(3) is None
    for shards in (None, [7, 6], [0, 13], (7, np.uint8(6)), np.array([7, 6]), range(6, 8)):
        network, x, y = small()
        other, _, _ = small()
        losses = alone(other, bp.Momentum(other, 0.3), x, y, 3)
        optimizer = bp.Momentum(network, 0.3)
        history = train_on_cluster(network, optimizer, x, y, 3, workers=3, shards=shards)
        assert_same(network, other)
        np.testing.assert_allclose(history.loss, losses, rtol=1e-12)
        assert "one after another" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="one process alone cannot be interrupted there")
def test_workers_outlive_the_button_that_stops_a_cell(four):
    """It interrupts all that the kernel has started, and they were gone for the next training."""
    with four.get_client() as client:
        before = client.run(os.getpid)
        for pid in before.values():
            os.kill(pid, signal.SIGINT)
        network, x, y = small()
        history = train_on_cluster(
            network, bp.Adam(network), x, y, 2, cluster=four, timeout=PATIENT
        )
        assert history.done_again == [0, 0]
        assert client.run(os.getpid) == before


@pytest.mark.slow
def test_one_row_is_enough_and_the_time_may_have_no_end(four):
    """Of 1e12 seconds, Python said that its clock cannot count them."""
    network, x, y = small()
    history = train_on_cluster(
        network, bp.Adam(network), x[:1], y[:1], 2, cluster=four, timeout=1e300
    )
    assert len(history.loss) == 2


# ---- faults -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_worker_that_dies_in_the_middle_of_a_step_changes_nothing(four, tmp_path):
    network, x, y = small(None, float, on_a_worker(once(tmp_path, lambda: os._exit(1))))
    other, _, _ = small()
    alone(other, bp.Momentum(other, 0.3), x, y, 4)
    history = train_on_cluster(
        network, bp.Momentum(network, 0.3), x, y, 4, cluster=four, timeout=PATIENT
    )
    assert_same(network, other)
    assert sum(history.done_again) >= 1
    assert len(history.loss) == 4


@pytest.mark.slow
def test_twenty_kills_at_random_moments_change_nothing_and_lose_no_step(four):
    from distributed import Client

    network, x, y = small()
    other, _, _ = small()
    rng, killed = random.Random(0), []

    def kill():
        with Client(four, set_as_default=False) as client:
            while len(killed) < 20:
                time.sleep(rng.uniform(0, 0.2))
                alive = [w.process.pid for w in four.workers.values() if w.process]
                if alive and len(client.nthreads()) > 1:
                    with suppress(ProcessLookupError, TypeError):  # it is dead already
                        os.kill(rng.choice(alive), signal.SIGKILL)
                        killed.append(time.monotonic())

    killer = threading.Thread(target=kill)
    killer.start()
    optimizer, count, again = bp.Momentum(network, 0.05), 0, 0
    while killer.is_alive():
        history = train_on_cluster(network, optimizer, x, y, 10, cluster=four, timeout=240)
        count, again = count + len(history.loss), again + sum(history.done_again)
    alone(other, bp.Momentum(other, 0.05), x, y, count)
    assert_same(network, other)
    assert (len(killed), optimizer.steps) == (20, count)
    assert again > 0


@pytest.mark.slow
def test_one_that_joins_late_takes_part():
    seen = set()

    class Growing(bp.Momentum):
        def step(self):
            super().step()
            if self.steps == 2:
                late.scale(2)
                late.wait_for_workers(2)

    with on_cluster._started(1) as late:
        network, x, y = small()
        other, _, _ = small()
        alone(other, bp.Momentum(other, 0.3), x, y, 4)
        source = on_cluster._OnWorkers
        sent = source._send_replicas

        def watched(self, step, end):
            sent(self, step, end)
            seen.add(len(self.replicas))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(source, "_send_replicas", watched)
            train_on_cluster(network, Growing(network, 0.3), x, y, 4, cluster=late)
    assert_same(network, other)
    assert seen == {1, 2}


@pytest.mark.slow
def test_a_slow_worker_is_waited_for(four, tmp_path):
    network, x, y = small(None, float, on_a_worker(once(tmp_path, lambda: time.sleep(1))))
    history = train_on_cluster(network, bp.Adam(network), x, y, 2, cluster=four, timeout=PATIENT)
    assert history.done_again == [0, 0]
    assert max(history.seconds) > 1


@pytest.mark.slow
def test_a_step_may_take_more_than_half_of_its_time(four):
    """It was begun again at half time, while the workers were still busy with its first try."""
    network, x, y = small(None, float, on_a_worker(lambda: time.sleep(7)))
    history = train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=four, timeout=11)
    assert history.done_again == [0]
    assert history.seconds[0] > 7


@pytest.mark.slow
def test_one_that_hangs_is_not_waited_for_longer_than_said(four, tmp_path):
    network, x, y = small(None, float, on_a_worker(once(tmp_path, lambda: time.sleep(4))))
    before = parameters_of(network)
    with pytest.raises(TimeoutError, match=r"step 1 has no gradient after 1 s.*as step 0 "):
        train_on_cluster(network, bp.Adam(network), x, y, 2, cluster=four, timeout=1)
    assert_unchanged(before, network)


@pytest.mark.slow
def test_an_answer_that_dask_has_lost_is_asked_for_again(four, monkeypatch):
    """Its future is of a key that no scheduler knows: it never comes to an end."""
    from distributed import Future

    answers = iter([lambda workers: Future("of nobody", workers.client)])
    added_up = on_cluster._OnWorkers._added_up
    monkeypatch.setattr(
        on_cluster._OnWorkers, "_added_up", lambda self: next(answers, added_up)(self)
    )
    network, x, y = small()
    other = small()[0]
    history = train_on_cluster(network, bp.Adam(network), x, y, 2, cluster=four, timeout=20)
    alone(other, bp.Adam(other), x, y, 2)
    assert_same(network, other)
    assert history.done_again[0] >= 1


@pytest.mark.slow
def test_an_answer_that_is_long_in_coming_is_still_fetched(four):
    """Dask fetches at most five answers at a time: one that has to wait for its turn is not lost.

    A fetching that was given up while it waited would be one that Dask waits for ever after.
    """
    network, x, y = small()
    with on_cluster._connected(four, 4, PATIENT) as client:
        source = on_cluster._OnWorkers(client, network, x, y, None, PATIENT)
        workers, turns = source._present(time.monotonic() + PATIENT), client._gather_semaphore
        for _ in range(5):
            client.sync(turns.acquire)

        def give_back():
            for _ in range(5):
                client.loop.add_callback(turns.release)

        later = threading.Timer(4 * on_cluster.POLL, give_back)
        later.start()
        for number in (-2, -3):
            future = source._submit(abs, number, on=workers)
            assert source._answer(future, workers, time.monotonic() + PATIENT) == -number
        later.join()


@pytest.mark.slow
def test_a_scheduler_that_goes_away_or_has_no_workers_is_not_waited_for_either():
    class Closing(bp.GradientDescent):
        def step(self):
            super().step()
            short.close()

    network, x, y = small()
    with on_cluster._started(0) as short:
        with pytest.raises(TimeoutError, match=r"from 0 worker\(s\)"):
            train_on_cluster(network, bp.Adam(network), x, y, 2, cluster=short, timeout=1)
        short.scale(1)
        with pytest.raises(TimeoutError, match=r"step 2 .* as step 1 left it"):
            train_on_cluster(network, Closing(network, 1), x, y, 2, cluster=short, timeout=10)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "within"),
    [
        ("tcp://127.0.0.1:9", " within 1 s"),
        ("127.0.0.1:9", " within 1 s"),
        ("nonsense", ""),  # refused at once: there is nothing to call
        ("tcp://", ""),
        ("carrier://pigeon:1", ""),
    ],
)
def test_an_address_where_nobody_answers_is_said_in_a_sentence(address, within):
    network, x, y = small()
    started = time.monotonic()
    with pytest.raises(TimeoutError, match=f"no Dask scheduler answered at {address}{within}:"):
        train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=address, timeout=1)
    assert time.monotonic() - started < 100  # and not for ever, however busy the machine is


@pytest.fixture
def no_scheduler(request, four):
    """The address of something that is no scheduler."""
    if request.param == "a worker":
        yield next(worker.worker_address for worker in four.workers.values())
    elif request.param == "the dashboard":
        yield four.dashboard_link.replace("http", "tcp").removesuffix("/status")
    elif request.param == "with TLS":
        yield four.scheduler_address.replace("tcp", "tls")
    else:
        with socket.create_server(("127.0.0.1", 0)) as mute:

            def answer():
                with suppress(OSError):  # the end of the test
                    while True:
                        mute.accept()[0].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

            if request.param == "of the web":
                threading.Thread(target=answer, daemon=True).start()
            yield f"tcp://127.0.0.1:{mute.getsockname()[1]}"
            mute.shutdown(socket.SHUT_RDWR)  # ends what waits in accept


@pytest.mark.slow
@pytest.mark.timeout(60)  # Dask's client would wait for ever
@pytest.mark.parametrize(
    "no_scheduler", ["mute", "of the web", "a worker", "the dashboard", "with TLS"], indirect=True
)
def test_what_answers_and_is_no_scheduler_is_said_in_a_sentence(no_scheduler):
    network, x, y = small()
    wanted = (
        f"no Dask scheduler answered at {no_scheduler}( within 1 s)?: .* as the scheduler prints it"
    )
    with pytest.raises(TimeoutError, match=wanted):
        train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=no_scheduler, timeout=1)


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
@pytest.mark.parametrize("sent", ["SIGSTOP", "SIGKILL"])
def test_a_scheduler_that_freezes_or_dies_is_said_in_a_sentence_and_no_other(sent):
    """It is lost after the first step; and nobody logs how that looks from inside Dask."""

    class Losing(bp.Momentum):
        def step(self):
            super().step()
            if self.steps == 1:
                scheduler.send_signal(getattr(signal, sent))

    class Listening(logging.Handler):
        def emit(self, record):
            heard.append(record.getMessage())

    heard, listening, log = [], Listening(), logging.getLogger("distributed.client")
    log.addHandler(listening)
    network, x, y = small()
    other, _, _ = small()
    alone(other, bp.Momentum(other, 0.3), x, y, 1)
    try:
        with scheduler_with_a_worker() as (scheduler, address):
            awake, _, _ = small()
            train_on_cluster(awake, bp.Adam(awake), x, y, 1, cluster=address, timeout=60)
            wanted = "step 2 .* from a scheduler that does not answer.* as step 1 left it"
            with pytest.raises(TimeoutError, match=wanted):
                train_on_cluster(network, Losing(network, 0.3), x, y, 3, cluster=address, timeout=5)
            assert_same(network, other)
            with pytest.raises(TimeoutError, match="no Dask scheduler answered"):
                train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=address, timeout=1)
    finally:
        log.removeHandler(listening)
    assert heard == []
    assert log.filters == []


@pytest.mark.slow
def test_a_worker_with_another_version_is_refused(four, other_version):
    with worker_of(four.scheduler_address, other_version):
        four.wait_for_workers(5, 60)
        network, x, y = small()
        before = parameters_of(network)
        wanted = f"has bp_helpers 0.0.9, and here is bp_helpers {bp.__version__}"
        with pytest.raises(RuntimeError, match=wanted):
            train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=four, timeout=PATIENT)
        assert_unchanged(before, network)


@pytest.mark.slow
def test_one_with_another_version_that_joins_late_is_left_out_and_that_is_said_once(other_version):
    class Growing(bp.Momentum):
        def step(self):
            super().step()
            if self.steps == 2:
                stack.enter_context(worker_of(late.scheduler_address, other_version))
                late.wait_for_workers(2, 60)

    network, x, y = small()
    other, _, _ = small()
    alone(other, bp.Momentum(other, 0.3), x, y, 5)
    with on_cluster._started(1) as late, ExitStack() as stack:
        optimizer = Growing(network, 0.3)
        with pytest.warns(UserWarning, match="has bp_helpers 0.0.9.*left out") as said:
            train_on_cluster(network, optimizer, x, y, 5, cluster=late, timeout=PATIENT)
    assert_same(network, other)
    assert [each.filename for each in said if each.category is UserWarning] == [__file__]


@pytest.mark.slow
def test_a_worker_without_the_package_is_refused():
    with on_cluster._started(1) as bare, bare.get_client() as client:
        client.run(lambda: sys.modules.__setitem__("bp_helpers", None))
        network, x, y = small()
        with pytest.raises(RuntimeError, match="has no bp_helpers, and here is"):
            train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=bare)


@pytest.mark.slow
def test_what_a_layer_raises_comes_back_as_it_is(four):
    def refuse():
        raise OSError("the layer's own trouble")

    network, x, y = small(None, float, on_a_worker(refuse))
    with pytest.raises(OSError, match="own trouble"):
        train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=four, timeout=PATIENT)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_layer_that_ends_every_worker_is_suspected():
    network, x, y = small(None, float, on_a_worker(lambda: os._exit(1)))
    before = parameters_of(network)
    wanted = r"; [1-9]\d* were lost meanwhile, .* again [1-9]\d* time\(s\) \(does a layer end its"
    with on_cluster._started(2) as short, pytest.raises(TimeoutError, match=wanted):
        train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=short, timeout=6)
    assert_unchanged(before, network)


@pytest.mark.slow
@pytest.mark.timeout(120)  # it was tried until the time was over, for no reason that anybody gave
def test_a_layer_from_a_module_that_only_this_machine_has_is_refused(monkeypatch, tmp_path):
    code = "import bp_helpers\nclass Own(bp_helpers.Identity): pass"
    (tmp_path / "only_here.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    network, x, y = small(None, float, importlib.import_module("only_here").Own())
    with scheduler_with_a_worker() as (_, address):
        with pytest.raises(RuntimeError, match="put that module on every machine"):
            train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=address, timeout=PATIENT)
        network, x, y = small()
        train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=address, timeout=PATIENT)


# ---- at the door --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"shards": [7, 5]}, ValueError, "add up to 12 and x has 13 rows"),
        ({"shards": [14, -1]}, ValueError, "whole numbers of at least 0"),
        ({"shards": [6.5, 6.5]}, ValueError, "whole numbers of at least 0"),
        ({"shards": []}, ValueError, "add up to 0"),
        ({"shards": 13}, ValueError, "it must be a list of whole numbers"),
        ({"shards": {6, 7}}, ValueError, "it must be a list of whole numbers"),
        ({"shards": "67"}, ValueError, "it must be a list of whole numbers"),
        ({"shards": iter([6, 7])}, ValueError, "it must be a list of whole numbers"),
        ({"shards": np.array([[6, 7]])}, ValueError, "it must be a list of whole numbers"),
        ({"shards": np.array([6.0, 7.0])}, ValueError, "it must be a list of whole numbers"),
        ({"cluster": 3}, TypeError, "cluster is 3: it must be the address of a Dask scheduler"),
        ({"cluster": ""}, TypeError, "cluster is '': it must be the address of a Dask scheduler"),
        ({"cluster": " "}, TypeError, "cluster is ' ': it must be the address"),
        ({"steps": 0}, ValueError, "steps is 0"),
        ({"workers": 0}, ValueError, "workers is 0"),
        ({"timeout": 0}, ValueError, "timeout is 0"),
        ({"x": np.zeros((12, 3))}, ValueError, "12 predictions and 13 labels"),
        ({"optimizer": None}, TypeError, "train_on_cluster got None as its optimizer"),
        ({"optimizer": bp.Adam(small()[0])}, ValueError, "made for another network"),
    ],
)
def test_bad_input_is_refused_and_nothing_moves(given, kind, message):
    network, x, y = small()
    before = parameters_of(network)
    usual = {"network": network, "optimizer": bp.Adam(network), "x": x, "y": y, "steps": 1}
    with pytest.raises(kind, match=message):
        train_on_cluster(**{**usual, **given})
    assert_unchanged(before, network)


@pytest.mark.slow
def test_a_client_and_a_closed_cluster_are_refused():
    network, x, y = small()
    no_cluster = pytest.raises(TypeError, match="it must be the address of a Dask scheduler")
    with on_cluster._started(0) as short, short.get_client() as client, no_cluster:
        train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=client)
    with pytest.raises(ValueError, match=r"has been closed: start one with local_cluster\(\)"):
        train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=short)


DRAWN = np.random.default_rng(2)  # a generator that is no layer's own


class Noise(bp.Identity):
    """Draws from its own generator, or from one that stands elsewhere."""

    def __init__(self, rng=None):
        if rng:
            self.rng = rng

    def forward(self, x):
        return super().forward(x) + getattr(self, "rng", DRAWN).normal(0, 0.1, np.shape(x))


class RareDropout(Noise):
    """Draws, and in this test no draw leaves anything out."""

    def forward(self, x):
        return bp.Identity.forward(self, x) * (self.rng.random(np.shape(x)) > 1e-12)


class Dropout(Noise):
    def predict(self, x):
        return np.asarray(x)


class Centred(bp.Identity):
    def forward(self, x):
        return super().forward(x - np.mean(x, axis=0))


class Fading(bp.Identity):
    passes = 0

    def forward(self, x):
        self.passes += 1
        return super().forward(x) / self.passes


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (bp.BatchNorm(3), "so it may look at the whole batch or draw at random"),
        (Dropout(np.random.default_rng(0)), "so it may look at the whole batch or draw at random"),
        (Noise(np.random.default_rng(0)), "draws at random"),
        (Noise(), "draws at random"),
        (RareDropout(np.random.default_rng(0)), "draws at random"),
        (Centred(), "looks at the whole batch"),
        (Fading(), "changes by itself"),
    ],
    ids=str,
)
def test_a_layer_is_refused_that_makes_something_else_of_the_parts(layer, why):
    """With random noise, every step had the same draw, and on every worker."""
    inside = bp.Residual([bp.Dense(3, 3, rng=np.random.default_rng(0)), layer])
    for whole in (layer, inside):
        network, x, y = small(None, float, whole)
        before = parameters_of(network)
        with pytest.raises(ValueError, match=rf"{re.escape(str(layer))}.*, which .*{why}"):
            train_on_cluster(network, bp.Adam(network), x, y, 1)
        assert_unchanged(before, network)


def test_so_is_a_loss_that_is_no_mean():
    class RootOfMean(bp.SquaredError):
        def forward(self, prediction, target):
            return super().forward(prediction, target) ** 0.5

    network, x, _ = small(RootOfMean())
    with pytest.raises(ValueError, match=r"RootOfMean\(\), which is no mean over the examples"):
        train_on_cluster(network, bp.Adam(network), x, np.tanh(x[:, :2]), 1)


@pytest.mark.parametrize("processes", [True, False])
def test_what_cannot_be_copied_is_named(processes, monkeypatch):
    class Locked(bp.Identity):
        def __init__(self):
            self.lock = threading.Lock()

    monkeypatch.setattr(on_cluster, "has_processes", lambda: processes)
    network, x, y = small(None, float, bp.Residual([Locked()]))
    before = parameters_of(network)
    with pytest.raises(TypeError, match=r"Locked\(\), of which no copy .*lock.* inside of forward"):
        train_on_cluster(network, bp.Adam(network), x, y, 1)
    assert_unchanged(before, network)


@pytest.mark.slow
def test_what_only_dask_cannot_send_is_named_too(four):
    """A lock that the layer's class finds by its name goes with it to the workers."""
    lock = threading.Lock()

    class Locking(bp.Identity):
        def forward(self, x):
            with lock:
                return super().forward(x)

    network, x, y = small(None, float, Locking())
    with pytest.raises(TypeError, match=r"Locking\(\), of which no copy can be sent to a worker"):
        train_on_cluster(network, bp.Adam(network), x, y, 1, cluster=four, timeout=PATIENT)


def test_interrupted_it_returns_the_whole_steps(monkeypatch, capsys):
    class Impatient(bp.GradientDescent):
        def step(self):
            if self.steps == 2:
                raise KeyboardInterrupt
            super().step()

    monkeypatch.setattr(on_cluster, "has_processes", lambda: False)
    network, x, y = small()
    history = train_on_cluster(network, Impatient(network, 0.1), x, y, 5)
    assert len(history.loss) == len(history.accuracy) == len(history.seconds) == 2
    assert "Stopped in step 3 of 5" in capsys.readouterr().out


def test_installing_says_what_came_of_it(monkeypatch, capsys):
    install_dask()
    assert capsys.readouterr().out == "Dask is installed.\n"
    monkeypatch.setattr(on_cluster, "BROWSER", True)
    install_dask()
    assert "nothing is installed" in capsys.readouterr().out
    monkeypatch.setattr(on_cluster, "BROWSER", False)
    monkeypatch.setattr(on_cluster, "has_processes", lambda: False)
    lines = [f"line {k} of what went wrong, " + 20 * "in many words," for k in range(9)]
    failed = subprocess.CompletedProcess([], 1, "", "\n".join(lines))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    install_dask()
    said = capsys.readouterr().out
    assert "could not be installed" in said
    assert f'"{sys.executable}" -m pip install distributed\n' in said
    assert said.splitlines()[-5:] == lines[-5:]  # whole, and not all of them

    def endless(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", endless)
    install_dask()
    assert "nothing that would end in 10 minutes" in capsys.readouterr().out


def test_where_the_pinned_versions_do_not_go_others_are_installed(monkeypatch, capsys):
    tried = []

    def only_unpinned(command, **options):
        tried.append(command[-1])
        return subprocess.CompletedProcess(command, 1, "", "ResolutionImpossible")

    monkeypatch.setattr(on_cluster, "has_processes", lambda: "distributed" in tried)
    monkeypatch.setattr(subprocess, "run", only_unpinned)
    install_dask()
    assert tried == [str(on_cluster.PINNED), "distributed"]
    assert capsys.readouterr().out.endswith("Dask is installed.\n")
