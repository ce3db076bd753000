"""The catalogue of mistakes, by id.

Where two mistakes give the same numbers, the earlier is named: first what goes wrong in an update,
for whoever writes one, then in the order of the way back.
"""

from bp_helpers.exercises.mistake import Mistake
from bp_helpers.exercises.mistakes_chain_rule import CHAIN_RULE
from bp_helpers.exercises.mistakes_clinic import CLINIC
from bp_helpers.exercises.mistakes_cost import CHECKPOINTS, COUNTING, FORWARD_MODE
from bp_helpers.exercises.mistakes_depth import NORM, SCALE, SKIP
from bp_helpers.exercises.mistakes_error import ERROR
from bp_helpers.exercises.mistakes_forward import FORWARD
from bp_helpers.exercises.mistakes_graph import GRAPH
from bp_helpers.exercises.mistakes_kind import KIND
from bp_helpers.exercises.mistakes_learning import ADAM, EPOCHS, PARTS, PUBLISHED
from bp_helpers.exercises.mistakes_machines import MICRO_BATCHES, SENDING
from bp_helpers.exercises.mistakes_measuring import MEASURING
from bp_helpers.exercises.mistakes_order import IN_THE_CALL, LEARNING, WHOLE_PASS
from bp_helpers.exercises.mistakes_product import HAND_BACK, OWN_GRADIENTS
from bp_helpers.exercises.mistakes_slope import SLOPE

CATALOGUE: dict[str, Mistake] = {
    mistake.id: mistake
    for mistakes in (
        PUBLISHED, EPOCHS, ADAM, PARTS, SCALE, SKIP, NORM, LEARNING, ERROR, SLOPE, OWN_GRADIENTS,
        HAND_BACK, WHOLE_PASS, GRAPH, FORWARD, CHAIN_RULE, CLINIC, MEASURING, COUNTING,
        FORWARD_MODE, CHECKPOINTS, MICRO_BATCHES, SENDING, KIND, IN_THE_CALL,
    )
    for mistake in mistakes
}  # fmt: skip
