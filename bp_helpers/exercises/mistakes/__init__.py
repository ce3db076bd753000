"""The catalogue of mistakes, by id.

Where two mistakes give the same numbers, the earlier is named: first what goes wrong in an update,
for whoever writes one, then in the order of the way back.
"""

from bp_helpers.exercises.mistakes.adam import ADAM
from bp_helpers.exercises.mistakes.any_line import ANY_LINE
from bp_helpers.exercises.mistakes.chain_rule import CHAIN_RULE
from bp_helpers.exercises.mistakes.clinic import CLINIC
from bp_helpers.exercises.mistakes.cost import CHECKPOINTS, COUNTING, FORWARD_MODE
from bp_helpers.exercises.mistakes.depth import NORM, SCALE, SKIP
from bp_helpers.exercises.mistakes.descent import LEARNING, PUBLISHED
from bp_helpers.exercises.mistakes.epochs import EPOCHS
from bp_helpers.exercises.mistakes.forward import FORWARD
from bp_helpers.exercises.mistakes.going_back import HAND_BACK, OWN_GRADIENTS, WHOLE_PASS
from bp_helpers.exercises.mistakes.graph import GRAPH
from bp_helpers.exercises.mistakes.in_the_call import IN_THE_CALL
from bp_helpers.exercises.mistakes.machines import MICRO_BATCHES, PARTS, SENDING
from bp_helpers.exercises.mistakes.measuring import MEASURING
from bp_helpers.exercises.mistakes.mistake import Mistake
from bp_helpers.exercises.mistakes.output_error import ERROR
from bp_helpers.exercises.mistakes.slope import SLOPE

CATALOGUE: dict[str, Mistake] = {
    **PUBLISHED, **EPOCHS, **ADAM, **PARTS, **SCALE, **SKIP, **NORM, **LEARNING, **ERROR, **SLOPE,
    **OWN_GRADIENTS, **HAND_BACK, **WHOLE_PASS, **GRAPH, **FORWARD, **CHAIN_RULE, **CLINIC,
    **MEASURING, **COUNTING, **FORWARD_MODE, **CHECKPOINTS, **MICRO_BATCHES, **SENDING, **ANY_LINE,
    **IN_THE_CALL,
}  # fmt: skip
