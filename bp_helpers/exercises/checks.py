"""One check per exercise: give it your function, it answers."""

from __future__ import annotations

from bp_helpers.exercises import probes, results
from bp_helpers.exercises.exercise import Exercise
from bp_helpers.exercises.graphs import with_other_blame

MEASURED = "agree with bp_helpers and with measured gradients."
LAYERS = "5 layers of different shapes, batches of 1 to 5,"
NETWORKS = "6 networks of different shapes, batches of 1 to 5,"

# ---- 01: the chain rule ----

check_composition = Exercise(
    "slope",
    probes.numbers(x=[0.7, -1.3, 0.4, 2.1]),
    results.one("dy/dx"),
    asks="Check `slope(x)`: dy/dx of y = sin(x**2 + 1) ** 3, a float.",
    why="every stage stretches the change once, so the three slopes are multiplied, each taken at "
    "what came into its stage.",
    compared="4 points agree with the exact slopes and with measured ones.",
    step="composition",
)
check_reused_input = Exercise(
    "circuit_gradient",
    probes.numbers(a=[2.0, -1.5, 0.3], b=[3.0, 0.8, -2.2]),
    results.several("da", "db"),
    asks="Check `circuit_gradient(a, b)`: (dy/da, dy/db) for p = a * b, s = a + b, y = p * s.",
    why="along a path the slopes multiply, and the two paths of each input add up.",
    compared="3 points agree with the exact slopes and with measured ones.",
)

# ---- 02: forward ----

check_dense = Exercise(
    "dense",
    probes.single_layers("X", "W", "b"),
    results.one("Z"),
    asks="Check `dense(X, W, b)`: Z, shape (N, n_out).",
    why="the product adds up every input of an example times its weight, and each neuron's one "
    "bias is added for all examples.",
    compared=f"{LAYERS} agree with bp_helpers.",
)
check_forward = Exercise(
    "forward",
    probes.networks("X", "layers"),
    results.activations,
    asks="Check `forward(X, layers)`: [A0, A1, ..., AL] of sigmoid layers, A0 being X.",
    why="each layer takes what the one before it made, and all of it is kept to go back with.",
    compared=f"{NETWORKS} agree with bp_helpers.",
    direction="going forward",
    long=True,
)

# ---- 03: the error at the output ----

check_delta_squared_error = Exercise(
    "delta_squared_error",
    probes.single_layers("Z", "Y"),
    results.one("delta"),
    asks="Check `delta_squared_error(Z, Y)`: delta of sigmoid outputs, shape (N, n).",
    why="the slope of the loss at A, with its 1/N, goes through the slope of the sigmoid to Z.",
    compared=f"{LAYERS} {MEASURED}",
)
check_delta_cross_entropy = Exercise(
    "delta_cross_entropy",
    probes.classes(),
    results.one("delta"),
    asks="Check `delta_cross_entropy(Z, Y)`: delta of softmax outputs, Y one-hot, shape (N, n).",
    why="the slopes of the logarithm and of the softmax cancel, and what is left is probability "
    "minus target, once over N.",
    compared=f"4 batches of 1 to 5 examples {MEASURED}",
)
check_one_over_n = Exercise(
    "weight_gradients",
    probes.single_layers("X", "Y", "W", "b"),
    results.several("dW", "db"),
    asks="Check `weight_gradients(X, Y, W, b)`: (dW, db) of one sigmoid layer, squared error.",
    why="the 1/N comes in once, with the loss, and both gradients get it from there.",
    compared=f"{LAYERS} {MEASURED}",
    long=True,
)

# ---- 04: going back ----

check_hand_back = Exercise(
    "hand_back",
    probes.single_layers("delta", "W"),
    results.one("dA"),
    asks="Check `hand_back(delta, W)`: dA of the layer before, shape (N, n_in).",
    why="every input gets, from each output it fed, that output's blame times the weight between "
    "them, and the shares add up.",
    compared=f"{LAYERS} {MEASURED}",
)
check_hidden_delta = Exercise(
    "hidden_delta",
    probes.single_layers("dA", "Z"),
    results.one("delta"),
    asks="Check `hidden_delta(dA, Z)`: delta of a sigmoid layer, shape (N, n).",
    why="blame at A becomes blame at Z by the slope of the activation there, neuron by neuron.",
    compared=f"{LAYERS} {MEASURED}",
)
check_relu_delta = Exercise(
    "relu_delta",
    probes.single_layers("dA", "Z"),
    results.one("delta"),
    asks="Check `relu_delta(dA, Z)`: delta of a ReLU layer, shape (N, n).",
    why="the slope of ReLU is 1 where Z is above 0 and 0 below, so blame passes where the neuron "
    "was on.",
    compared=f"{LAYERS} {MEASURED}",
)
check_own_gradients = Exercise(
    "own_gradients",
    probes.single_layers("a_in", "delta"),
    results.several("dW", "db"),
    asks="Check `own_gradients(a_in, delta)`: (dW, db), shapes (n_in, n_out) and (n_out,).",
    why="a weight's share is what came in through it times the blame, a bias's is the blame, both "
    "added up over the examples.",
    compared=f"{LAYERS} {MEASURED}",
)
check_gradients_of = Exercise(
    "gradients",
    probes.networks("X", "Y", "layers"),
    results.layer_pairs,
    asks="Check `gradients(X, Y, layers)`: [(dW, db), ...], first layer first.",
    why="one pass back gives each layer its share and hands the rest to the layer before.",
    compared=f"{NETWORKS} {MEASURED}",
    long=True,
)
check_input_gradient = Exercise(
    "input_gradient",
    probes.networks("X", "Y", "layers"),
    results.one("dX"),
    asks="Check `input_gradient(X, Y, layers)`: dX, shape (N, n0).",
    why="the first layer hands blame back like every other, and there it is the slope along the "
    "input.",
    compared=f"{NETWORKS} {MEASURED}",
    long=True,
)
check_pixel_gradient = Exercise(
    "blame_for_pixels",
    probes.single_layers("delta1", "W1"),
    results.one("dX"),
    asks="Check `blame_for_pixels(delta1, W1)`: dX, shape (N, pixels).",
    why="a pixel is blamed by every hidden neuron it fed, through the weight between them.",
    compared=f"{LAYERS} {MEASURED}",
)

# ---- 05: learning ----

# the lines that make a step of what the backward pass has found
UPDATING = frozenset({
    "train", "step_count", "rate_in", "training_step", "step_size", "update", "update_W",
    "update_b", "published_loss", "bias_that_stays", "weights_too_early", "loss_after_step",
    "loss_of_one",
})  # fmt: skip

check_training_step = Exercise(
    "training_step",
    probes.networks("X", "Y", "layers", "learning_rate"),
    results.changes,
    asks="Check `training_step(X, Y, layers, learning_rate)`: new layers [(W, b), ...].",
    why="all gradients are found with the old parameters, and then every one of these moves "
    "against its own.",
    compared=f"{NETWORKS} {MEASURED}",
    long=True,
)
check_training = Exercise(
    "train",
    probes.trainings(),
    results.changes,
    asks="Check `train(X, Y, layers, learning_rate, steps)`: the layers after that many steps.",
    why="each step starts from the layers that the one before it made, with fresh gradients.",
    compared=f"{NETWORKS} agree with bp_helpers after 1 to 5 steps.",
    long=True,
    one_of_two_in=UPDATING,
)
check_worked_example = Exercise(
    "published_loss",
    probes.published_steps(),
    results.one("loss"),
    asks="Check `published_loss(X, Y, W1, b1, W2, b2, eta)`: the loss after the published step.",
    why="it is the published slip: the blame went back through weights that had already changed.",
    compared="the worked example gives 0.291027924, as printed, and three other networks agree.",
    long=True,
    one_of_two_in=UPDATING,
)
check_one_epoch = Exercise(
    "one_epoch",
    probes.epochs(),
    results.trained,
    asks="Check `one_epoch(network, optimizer, x, y, batch_size, rng)`: an epoch, in place.",
    why="every row is used once, in one random order, and each slice makes a step of its own.",
    compared="3 networks have the same parameters as after an epoch of fit.",
    direction="from the first layer on",
    going_in_place=("network", "optimizer", "rng"),
    long=True,
)
check_adam_step = Exercise(
    "adam_update",
    probes.adam_steps(),
    results.several("W", "m", "s"),
    asks="Check `adam_update(W, dW, m, s, t, eta)`: (W, m, s) after Adam's step t, from 1 on.",
    why="two running means, of the gradient and of its square, are corrected for their start at 0, "
    "and the one is divided by the root of the other.",
    compared="4 steps agree with the Adam of bp_helpers.",
    direction="in the order that is asked for",
)

# ---- 07: measuring ----

check_numerical_gradient = Exercise(
    "numerical_gradient",
    probes.losses(),
    results.central,
    asks="Check `numerical_gradient(loss, w, h)`: central differences, an array of w's shape.",
    why="every entry is nudged alone, both ways, and the change of the loss divided by how far the "
    "two places lie apart.",
    compared="5 arrays of different shapes, one of whole numbers, agree, and w is as it was.",
    going_in_place=("loss",),  # it remembers where it was asked for
    long=True,
)
check_relative_error = Exercise(
    "relative_error",
    probes.gradients_twice(),
    results.one("error"),
    asks="Check `relative_error(analytic, measured, floor)`: that of the worst entry, a float.",
    why="each difference is measured by the size of what is compared, and the worst one counts.",
    compared="10 pairs of gradients agree, among them zeros, signs turned round and one wrong "
    "entry among many.",
)

# ---- 08: the bug clinic ----

check_symptoms = Exercise(
    "symptoms",
    probes.gradient_pairs(),
    results.several("cosine", "ratio"),
    asks="Check `symptoms(used, true)`: the cosine between two arrays, and the ratio of lengths.",
    why="the cosine tells a wrong direction whatever the lengths are, and the ratio a wrong length "
    "whatever the direction is.",
    compared="4 pairs of gradients, of one axis and of two, agree.",
    direction="in the order that is asked for",
)
check_first_wrong = Exercise(
    "first_wrong",
    probes.going_back(),
    results.answer("name"),
    asks="Check `first_wrong(used, true)`: the name of the first wrong gradient, or None.",
    why="how far off it is, as a share of its length, tells both a wrong direction and a wrong "
    "length, and the search ends at the first.",
    compared="it finds the first wrong one in all 15 cases.",
)
check_dropout_gradients = Exercise(
    "dropout_gradients",
    probes.dropout_layers(),
    results.several("dW2", "db2", "dW1", "db1"),
    asks="Check `dropout_gradients(X, Y, W1, b1, W2, b2, factor)`: dW2, db2, dW1, db1.",
    why="whatever the forward pass multiplies by, the backward pass multiplies by as well, and a "
    "neuron that was off hands nothing on.",
    compared=f"4 networks of different shapes, batches of 1 to 6, {MEASURED}",
    faults=("relu-mask-missing", "dropout-forward-only"),
    long=True,
)

# ---- 09: the price of a gradient ----

check_multiplications = Exercise(
    "backward_multiplications",
    probes.passes_back(),
    results.one("count"),
    asks="Check `backward_multiplications(sizes, examples, with_dX)`: a whole number.",
    why="every layer makes the gradient of its weights and hands its blame back, a multiplication "
    "each for every weight and example; the first one hands nothing back if nobody asks.",
    compared="5 networks of different depths agree, with dX and without.",
)
check_forward_mode = Exercise(
    "forward_mode",
    probes.one_weight(),
    results.one("dW[i, j]"),
    asks="Check `forward_mode(X, Y, layers, k, i, j)`: dL/dW[i, j] of the layer at position k.",
    why="nothing moves before the weight; behind it every layer moves as its weights and slopes "
    "say, and the loss as the outputs' blame says.",
    compared=f"{NETWORKS} {MEASURED}",
    direction="going forward",
    long=True,
)
check_checkpoint = Exercise(
    "with_checkpoint",
    probes.cut_chains(),
    results.layer_pairs,
    asks="Check `with_checkpoint(X, checkpoint, k, dA, layers)`: [(dW, db), ...].",
    why="a stretch needs what came into it and the blame of what came out, and nothing else.",
    compared="5 chains of different shapes, batches of 1 to 5, agree with bp_helpers and with "
    "measured gradients.",
    long=True,
)

# ---- 10: deep networks ----

check_scale = Exercise(
    "scale_for",
    probes.activations_slopes(),
    results.one("scale"),
    asks="Check `scale_for(slopes)`: the scale that keeps the length of the blame, a float.",
    why="scale times the root of the mean squared slope is 1, so what the slopes take the weights "
    "give back.",
    compared="5 activations agree.",
)
check_skip_back = Exercise(
    "skip_back",
    probes.skip_connections(),
    results.one("dX"),
    asks="Check `skip_back(dY, Z, W)`: dX of Y = X + sigmoid(X @ W + b), shape (N, n).",
    why="X reaches Y over two paths, through the layer and around it, and what comes back over "
    "them is added.",
    compared=f"4 layers of different widths, batches of 1 to 5, {MEASURED}",
)
check_norm_back = Exercise(
    "norm_back",
    probes.normalisations(),
    results.several("dgamma", "dbeta", "dX"),
    asks="Check `norm_back(X, gamma, dY)`: (dgamma, dbeta, dX) of batch normalisation.",
    why="an example reaches the output on its own, through the mean and through the variance, and "
    "all three bring blame back.",
    compared=f"4 batches of 2 to 6 examples {MEASURED} No number differs by more than 1e-9.",
    direction="in the order that is asked for",
    long=True,
    within=1e-9,  # as it was published; right ones in float64 differ by less than 1e-12
)

# ---- 11: graphs ----

check_backward = Exercise(
    "backward",
    probes.graphs(),
    results.blames,
    asks="Check `backward(output)`: the `grad` of every number behind `output`, in place.",
    why="all the blame that comes to a number is handed on once, and what arrives is added.",
    compared="6 graphs agree with measured gradients, two of them with blame from an earlier call.",
    step="graph_backward",
    going_in_place=("output",),
    spoil=with_other_blame,
)
check_power = Exercise(
    "power",
    probes.numbers(a=[2.0, 0.5, 3.0, 1.7], b=[3.0, -1.5, 0.5, 2.0]),
    results.several("value", "slope_a", "slope_b"),
    asks="Check `power(a, b)`: the value a ** b, its slope along a and its slope along b.",
    why="each slope is taken with the other number held still: a power of a, or an exponential of "
    "b.",
    compared="4 pairs of numbers agree with measured slopes.",
    direction="in the order that is asked for",
)
check_summed_back = Exercise(
    "summed_back",
    probes.stretched_arrays(),
    results.one("gradient"),
    asks="Check `summed_back(grad, shape)`: the gradient of an array of `shape`, of that shape.",
    why="a number that was copied by broadcasting has as many paths as copies, and paths add.",
    compared="8 shapes agree with measured gradients.",
)

# ---- 12: many machines ----

check_whole_gradient = Exercise(
    "whole_gradient",
    probes.parts_of_batches(),
    results.one("gradient"),
    asks="Check `whole_gradient(gradients, sizes)`: that of the whole batch from its parts' means.",
    why="each part counts by how many examples it has, so every example counts alike.",
    compared="3 batches of two or three parts agree with the whole batch's gradient.",
)
check_accumulated = Exercise(
    "accumulated",
    probes.micro_batches(),
    results.one("gradient"),
    asks="Check `accumulated(gradient, X, Y, size)`: that of all rows, `size` of them at a time.",
    why="each micro-batch counts by its rows, the last one as well, so it is the whole batch's.",
    compared="3 batches agree with bp_helpers and with measured gradients.",
)
check_bytes_sent = Exercise(
    "bytes_sent",
    probes.sending_machines(),
    results.several("middle", "ring"),
    asks="Check `bytes_sent(sizes, examples, machines, bytes_each)`: (middle, ring), in bytes.",
    why="parameters go out and gradients come back, each as large as the network; the data stays "
    "where it is, and in a ring nobody passes on more than a piece at a time.",
    compared="3 networks agree, on 3 to 10 machines.",
    direction="in the order that is asked for",
)

EXERCISES = [thing for thing in list(globals().values()) if isinstance(thing, Exercise)]
