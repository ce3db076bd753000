"""Explorers: controls, numbers and a picture that moves with them. The one place with widgets."""

from bp_helpers.explorers.backward import BackwardExplorer
from bp_helpers.explorers.bug_clinic import BugClinicExplorer
from bp_helpers.explorers.checkpoints import CheckpointsExplorer
from bp_helpers.explorers.deep_training import DeepTrainingExplorer
from bp_helpers.explorers.depth import DepthExplorer
from bp_helpers.explorers.descent import DescentExplorer
from bp_helpers.explorers.digit import DigitExplorer
from bp_helpers.explorers.explorer import Explorer
from bp_helpers.explorers.forward import ForwardExplorer
from bp_helpers.explorers.graph import GraphExplorer
from bp_helpers.explorers.matrix import MatrixExplorer
from bp_helpers.explorers.number_lines import NumberLinesExplorer
from bp_helpers.explorers.one_step import OneStepExplorer
from bp_helpers.explorers.order import OrderExplorer
from bp_helpers.explorers.output_error import OutputErrorExplorer
from bp_helpers.explorers.paths import PathsExplorer
from bp_helpers.explorers.predict import PredictChoice, PredictNumber
from bp_helpers.explorers.race import RaceExplorer
from bp_helpers.explorers.scaling import ScalingExplorer
from bp_helpers.explorers.shards import ShardsExplorer
from bp_helpers.explorers.softmax_error import SoftmaxErrorExplorer
from bp_helpers.explorers.step_size import StepSizeExplorer
from bp_helpers.explorers.svg_view import SvgView
from bp_helpers.explorers.training import TrainingExplorer
from bp_helpers.explorers.which_end import WhichEndExplorer
from bp_helpers.explorers.whole_network import WholeNetworkExplorer

__all__ = [
    "BackwardExplorer",
    "BugClinicExplorer",
    "CheckpointsExplorer",
    "DeepTrainingExplorer",
    "DepthExplorer",
    "DescentExplorer",
    "DigitExplorer",
    "Explorer",
    "ForwardExplorer",
    "GraphExplorer",
    "MatrixExplorer",
    "NumberLinesExplorer",
    "OneStepExplorer",
    "OrderExplorer",
    "OutputErrorExplorer",
    "PathsExplorer",
    "PredictChoice",
    "PredictNumber",
    "RaceExplorer",
    "ScalingExplorer",
    "ShardsExplorer",
    "SoftmaxErrorExplorer",
    "StepSizeExplorer",
    "SvgView",
    "TrainingExplorer",
    "WhichEndExplorer",
    "WholeNetworkExplorer",
]
