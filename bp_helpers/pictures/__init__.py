"""Pictures: plain numbers in, a `Picture` out, which shows itself and says itself in words."""

from bp_helpers.pictures.batch_shares import batch_shares
from bp_helpers.pictures.blame_graph import (
    BlameEdge,
    BlameNode,
    OrderedTurn,
    blame_graph,
    blame_table,
    turns_in_row,
)
from bp_helpers.pictures.bug_clinic import (
    GroupSymptoms,
    TrainingRun,
    symptoms_table,
    two_accuracies,
    two_losses,
)
from bp_helpers.pictures.chain_areas import (
    MOST_AT_ENDS,
    MOST_HIDDEN,
    ChainOrders,
    ChainProduct,
    chain_areas,
    chain_orders,
)
from bp_helpers.pictures.checkpoints import Move, checkpoint_run, checkpoint_verdict
from bp_helpers.pictures.class_errors import ClassError, class_errors
from bp_helpers.pictures.deep_training import Version, gradients_by_layer, training_versions
from bp_helpers.pictures.depth import (
    LAYER_AXIS,
    MOST_LAYERS,
    Slopes,
    layer_sizes,
    slopes_and_factors,
)
from bp_helpers.pictures.descent import DescentPath, LossSurface, descent, losses_on_the_way
from bp_helpers.pictures.digit_paper import digit_paper, digit_read
from bp_helpers.pictures.digits import confusion_matrix, digit_gallery, pixel_blame
from bp_helpers.pictures.factors import Factor, product_bars
from bp_helpers.pictures.formulas import (
    SIGMOIDS,
    NetworkKind,
    Trace,
    entry_name,
    formula,
    split_name,
    value_of,
)
from bp_helpers.pictures.function_step import StepOnFunction, function_step
from bp_helpers.pictures.gradient_bars import gradient_bars
from bp_helpers.pictures.gradient_table import MeasuredGradient, gradient_table
from bp_helpers.pictures.guess import guess_line
from bp_helpers.pictures.landscape import Landscape, descent_in_space
from bp_helpers.pictures.marks import AGREES, DIFFERS
from bp_helpers.pictures.matrix import Product, matrix_product
from bp_helpers.pictures.network_diagram import Highlight, network_diagram
from bp_helpers.pictures.network_graph import GraphNode, network_graph
from bp_helpers.pictures.number_lines import Quantity, line_scale, number_lines, ratio, slopes_table
from bp_helpers.pictures.numerals import (
    MINUS,
    TIMES,
    factor,
    measured,
    number,
    percent,
    plain,
    short,
    times_as_much,
)
from bp_helpers.pictures.output_error import LossPanel, loss_panel
from bp_helpers.pictures.paths import Edges, Path, PathNode, path_ribbons, paths_table
from bp_helpers.pictures.picture import Picture, beside
from bp_helpers.pictures.race import PARAMETERS_AXIS, RaceSize, race_counts, race_table, race_times
from bp_helpers.pictures.scales import FloatArray, Limits, Scale, limits, wider
from bp_helpers.pictures.scaling import StepTimes, step_table, step_times
from bp_helpers.pictures.shards import examples_axis, shard_gradients, shards
from bp_helpers.pictures.size_chart import Duration
from bp_helpers.pictures.slope_product import SlopeCurve, slope_product
from bp_helpers.pictures.step_size import (
    STEP_AXIS,
    Cancellation,
    StepSizes,
    cancellation,
    step_sizes,
)
from bp_helpers.pictures.style import theme_css
from bp_helpers.pictures.surface import Mark, decision_surface, grid
from bp_helpers.pictures.training import gradient_sizes, loss_curve, training_curves

__all__ = [
    "AGREES",
    "DIFFERS",
    "LAYER_AXIS",
    "MINUS",
    "MOST_AT_ENDS",
    "MOST_HIDDEN",
    "MOST_LAYERS",
    "PARAMETERS_AXIS",
    "SIGMOIDS",
    "STEP_AXIS",
    "TIMES",
    "BlameEdge",
    "BlameNode",
    "Cancellation",
    "ChainOrders",
    "ChainProduct",
    "ClassError",
    "DescentPath",
    "Duration",
    "Edges",
    "Factor",
    "FloatArray",
    "GraphNode",
    "GroupSymptoms",
    "Highlight",
    "Landscape",
    "Limits",
    "LossPanel",
    "LossSurface",
    "Mark",
    "MeasuredGradient",
    "Move",
    "NetworkKind",
    "OrderedTurn",
    "Path",
    "PathNode",
    "Picture",
    "Product",
    "Quantity",
    "RaceSize",
    "Scale",
    "SlopeCurve",
    "Slopes",
    "StepOnFunction",
    "StepSizes",
    "StepTimes",
    "Trace",
    "TrainingRun",
    "Version",
    "batch_shares",
    "beside",
    "blame_graph",
    "blame_table",
    "cancellation",
    "chain_areas",
    "chain_orders",
    "checkpoint_run",
    "checkpoint_verdict",
    "class_errors",
    "confusion_matrix",
    "decision_surface",
    "descent",
    "descent_in_space",
    "digit_gallery",
    "digit_paper",
    "digit_read",
    "entry_name",
    "examples_axis",
    "factor",
    "formula",
    "function_step",
    "gradient_bars",
    "gradient_sizes",
    "gradient_table",
    "gradients_by_layer",
    "grid",
    "guess_line",
    "layer_sizes",
    "limits",
    "line_scale",
    "loss_curve",
    "loss_panel",
    "losses_on_the_way",
    "matrix_product",
    "measured",
    "network_diagram",
    "network_graph",
    "number",
    "number_lines",
    "path_ribbons",
    "paths_table",
    "percent",
    "pixel_blame",
    "plain",
    "product_bars",
    "race_counts",
    "race_table",
    "race_times",
    "ratio",
    "shard_gradients",
    "shards",
    "short",
    "slope_product",
    "slopes_and_factors",
    "slopes_table",
    "split_name",
    "step_sizes",
    "step_table",
    "step_times",
    "symptoms_table",
    "theme_css",
    "times_as_much",
    "training_curves",
    "training_versions",
    "turns_in_row",
    "two_accuracies",
    "two_losses",
    "value_of",
    "wider",
]
