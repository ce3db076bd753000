"""Data: shapes, fixed splits, untouched files, and the running example's promises."""

import gzip
import hashlib
from importlib.resources import files

import numpy as np
import pytest
from helpers import make_network

import bp_helpers as bp

SETS = {"penguins": bp.load_penguins, "digits": bp.load_digits}
TOYS = {"moons": bp.make_moons, "spirals": bp.make_spirals}

# The whole files, unpacked: packing may differ, their text may not.
SHA256 = {
    "penguins": "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93",
    "digits": "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
}


@pytest.mark.parametrize("name", SETS)
def test_files_are_the_published_ones(name):
    text = gzip.decompress((files("bp_helpers.data") / f"{name}.csv.gz").read_bytes())
    assert hashlib.sha256(text).hexdigest() == SHA256[name]


@pytest.mark.parametrize(
    ("name", "train", "test", "classes", "counts_train", "counts_test"),
    [
        ("penguins", (274, 2), (68, 2), 3, [124, 54, 96], [27, 14, 27]),
        (
            "digits", (1438, 64), (359, 64), 10,
            [150, 144, 144, 143, 148, 143, 149, 137, 133, 147],
            [28, 38, 33, 40, 33, 39, 32, 42, 41, 33],
        ),
    ],
)  # fmt: skip
def test_shapes_and_classes(name, train, test, classes, counts_train, counts_test):
    data = SETS[name]()
    assert (data.x_train.shape, data.x_test.shape) == (train, test)
    assert (data.y_train.shape, data.y_test.shape) == (train[:1], test[:1])
    assert data.x_train.dtype == data.x_test.dtype == np.float64
    assert data.y_train.dtype == data.y_test.dtype == np.int64
    assert len(data.class_names) == classes
    assert len(data.feature_names) == len(set(data.feature_names)) == train[1]
    assert data.mean.shape == data.deviation.shape == train[1:]
    # how many of each class are on each side: another split would hardly have the same counts
    assert np.bincount(data.y_train).tolist() == counts_train
    assert np.bincount(data.y_test).tolist() == counts_test


def test_penguins_without_measurements_are_dropped():
    text = gzip.decompress((files("bp_helpers.data") / "penguins.csv.gz").read_bytes()).decode()
    penguins = bp.load_penguins()
    in_file = len(text.splitlines()) - 1
    assert (in_file, len(penguins.x_train) + len(penguins.x_test)) == (344, 342)
    assert np.bincount([*penguins.y_train, *penguins.y_test]).tolist() == [151, 68, 123]
    assert penguins.class_names == ("Adelie", "Chinstrap", "Gentoo")


def test_penguins_are_standardised_by_the_training_rows():
    penguins = bp.load_penguins()
    np.testing.assert_allclose(penguins.x_train.mean(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose(penguins.x_train.std(axis=0), 1, rtol=1e-13)
    millimetres = penguins.x_test * penguins.deviation + penguins.mean
    np.testing.assert_allclose(millimetres, millimetres.round(1), atol=1e-12)  # as in the file
    assert (millimetres.min(axis=0) > [30, 13]).all()
    assert (millimetres.max(axis=0) < [60, 22]).all()


def test_digits_are_pictures_from_paper_to_ink():
    digits = bp.load_digits()
    everything = np.vstack([digits.x_train, digits.x_test])
    assert (everything.min(), everything.max()) == (0, 1)
    assert set(np.unique(everything * 16)) == set(range(17))
    assert digits.class_names == tuple("0123456789")
    assert digits.feature_names[9] == "row 1, column 1"
    # the ink of a nought is a ring, of a one a stroke: the middle is light, or dark
    middle = everything.reshape(-1, 8, 8)[:, 3:5, 3:5].mean(axis=(1, 2))
    labels = np.concatenate([digits.y_train, digits.y_test])
    assert middle[labels == 0].mean() < 0.1 < 0.7 < middle[labels == 1].mean()


@pytest.mark.parametrize("name", SETS)
def test_splits_are_disjoint_complete_and_by_seed(name):
    one, same, other = (SETS[name](seed) for seed in (0, 0, 1))
    for field in ("x_train", "y_train", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(one, field), getattr(same, field))
    assert not np.array_equal(one.y_train, other.y_train)

    def rows(data):
        x = np.vstack([data.x_train, data.x_test]) * data.deviation + data.mean
        y = np.concatenate([data.y_train, data.y_test])
        return sorted(map(tuple, np.column_stack([x, y]).round(6).tolist()))

    assert rows(one) == rows(other)  # nothing twice, nothing lost, however it is dealt


def test_splits_are_the_ones_the_course_was_written_with():
    """A change in NumPy's random streams would change numbers in the notebooks: see it here."""
    assert bp.load_digits().y_train[:10].tolist() == [0, 4, 9, 5, 8, 5, 3, 3, 9, 7]
    assert bp.load_digits().y_test[:10].tolist() == [6, 6, 6, 2, 5, 6, 6, 2, 2, 1]
    penguins = bp.load_penguins()
    assert penguins.y_train[:10].tolist() == [0, 0, 1, 0, 0, 0, 2, 0, 1, 2]
    np.testing.assert_allclose(penguins.mean, [43.76021898, 17.19708029], atol=1e-8)
    x, y = bp.make_moons(400, rng=np.random.default_rng(0))
    np.testing.assert_allclose(x[0], [1.3309053, -0.41484826], atol=1e-8)
    assert y[:5].tolist() == [1, 0, 1, 0, 1]
    x, y = bp.make_spirals(400, rng=np.random.default_rng(0))
    np.testing.assert_allclose(x[0], [0.32846376, -0.79836839], atol=1e-8)
    W = bp.Dense(2, 1, rng=np.random.default_rng(0)).W
    np.testing.assert_allclose(W[:, 0], [0.38738615, -0.65114150], atol=1e-8)


def test_running_example_is_the_rounded_penguin():
    example, penguins = bp.running_example(), bp.load_penguins()
    np.testing.assert_array_equal(example.x[0], penguins.x_train[1].round(2))
    millimetres = penguins.x_train[1] * penguins.deviation + penguins.mean
    np.testing.assert_allclose(millimetres, example.millimetres, rtol=1e-12)
    assert penguins.class_names[penguins.y_train[1]] == "Adelie" == example.output_names[0]
    assert example.y.tolist() == [[1, 0]]
    assert example.output_names == penguins.class_names[:2]
    assert example.input_names == penguins.feature_names


def test_running_example_keeps_its_promises():
    example = bp.running_example()
    parameters = np.concatenate([value.ravel() for value in example.network.parameters.values()])
    assert parameters.size == np.unique(np.abs(parameters)).size == 17
    np.testing.assert_array_equal(parameters, parameters.round(1))
    trace = example.network.trace(example.x, example.y)
    activations = np.concatenate([trace["A1"], trace["A2"]], axis=None)
    assert (activations > 0.2).all()
    assert (activations < 0.8).all()
    del trace["Y"], trace["loss"]
    assert min(np.abs(value).min() for value in trace.values()) > 0.02

    # What is equal for a reason: with one example a bias's gradient is its neuron's delta; the
    # second output's error is the output itself, because its target is 0.
    np.testing.assert_array_equal(trace.pop("db1"), trace["delta1"][0])
    np.testing.assert_array_equal(trace.pop("db2"), trace["delta2"][0])
    assert trace["dA2"][0, 1] == trace["A2"][0, 1]
    trace["dA2"] = trace["dA2"][:, :1]
    # Nothing else is, not even in four decimals and without its sign.
    printed = [f"{abs(v):.4f}" for value in trace.values() for v in value.flat]
    assert len(printed) == len(set(printed)) == 2 + 17 + 5 + 5 + 1 + 2 + 6 + 3 + 3 + 6 + 2


def test_running_example_is_fresh_each_time():
    one, other = bp.running_example(), bp.running_example()
    one.network.layers[0].W += 1
    one.x[...] += 1
    assert other.network.layers[0].W[0, 0] == -0.6
    assert other.x[0, 0] == -0.76


@pytest.mark.parametrize("name", TOYS)
def test_toys_are_seeded_balanced_mixed_and_of_the_promised_shape(name):
    make = TOYS[name]
    x, y = make(401, rng=np.random.default_rng(5))
    assert (x.shape, y.shape, x.dtype, y.dtype) == ((401, 2), (401,), np.float64, np.int64)
    assert np.bincount(y).tolist() == [201, 200]
    assert 50 < y[:200].sum() < 150
    again, _ = make(401, rng=np.random.default_rng(5))
    np.testing.assert_array_equal(x, again)
    assert not np.array_equal(x, make(401, rng=np.random.default_rng(6))[0])
    assert np.abs(x.mean(axis=0)).max() < 0.15
    assert make(1, rng=np.random.default_rng(0))[0].shape == (1, 2)


def test_moons_without_noise_lie_on_two_half_circles():
    x, y = bp.make_moons(200, rng=np.random.default_rng(0), noise=0)
    centres = np.array([[-0.5, -0.25], [0.5, 0.25]])[y]
    np.testing.assert_allclose(np.linalg.norm(x - centres, axis=1), 1, rtol=1e-12)
    assert ((x - centres)[y == 0, 1] >= 0).all()
    assert ((x - centres)[y == 1, 1] <= 0).all()


def test_spirals_without_noise_lie_on_two_arms():
    x, y = bp.make_spirals(200, rng=np.random.default_rng(0), noise=0)
    radius = np.linalg.norm(x, axis=1)
    assert 0.14 < radius.min() < radius.max() <= 1
    angle = 3 * np.pi * radius + np.pi * y  # one and a half turns from the middle to the end
    along_arm = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    np.testing.assert_allclose(x, along_arm, atol=1e-12)


@pytest.mark.parametrize("name", TOYS)
def test_noise_has_the_deviation_asked_for(name):
    clean, noisy = (
        TOYS[name](2000, rng=np.random.default_rng(0), noise=noise)[0] for noise in (0, 0.2)
    )
    assert (noisy - clean).std() == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize("name", TOYS)
def test_no_line_parts_the_toys_but_a_small_network_does(name):
    rng = np.random.default_rng(0)
    x, y = TOYS[name](300, rng=rng)
    columns = np.column_stack([x, np.ones(len(x))])
    line, *_ = np.linalg.lstsq(columns, 2 * y - 1, rcond=None)
    assert np.mean((columns @ line > 0) == y) < 0.95
    network = make_network([2, 16, 16, 2], [bp.Tanh(), bp.Tanh()], bp.SoftmaxCrossEntropy(), rng)
    history = bp.fit(network, bp.Adam(network, 0.02), x, y, epochs=120, batch_size=32, rng=rng)
    assert history.accuracy[-1] > 0.97
