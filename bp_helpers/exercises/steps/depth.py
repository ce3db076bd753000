"""Deep networks: the scale of the start, skip connections, batch normalisation."""

from __future__ import annotations

import numpy as np

from bp_helpers._checks import Array
from bp_helpers.exercises.steps.layer import LayerSteps

NORM_EPSILON = 1e-5  # of batch normalisation


class DepthSteps(LayerSteps):
    """Deep networks: the scale of the start, skip connections, batch normalisation."""

    def scale_for(self, slopes: Array) -> float:
        """Return the scale of the start at which these slopes let blame through undiminished."""
        return float(self.scale_against(self.typical_slope(slopes)))

    def typical_slope(self, slopes: Array) -> float:
        """Return by how much the slopes shorten or stretch a long array that they multiply."""
        return float(self.rooted(self.averaged(np.square(slopes))))

    def averaged(self, squares: Array) -> Array:
        """Return the mean of the squared slopes."""
        return np.asarray(np.mean(squares))

    def rooted(self, square: Array) -> Array:
        """Return its root."""
        return np.asarray(np.sqrt(square))

    def scale_against(self, slope: float) -> float:
        """Return the scale that undoes it."""
        return float(np.divide(1, slope))  # also by 0

    def skip_back(self, dY: Array, Z: Array, W: Array) -> Array:
        """Return dX of Y = X + sigmoid(Z), Z = X @ W + b."""
        return self.both_ways(dY, self.hand_back(self.hidden_delta(dY, Z), W))

    def both_ways(self, around: Array, through: Array) -> Array:
        """Return what the path around a layer and the one through it bring, together."""
        return around + through

    def norm_back(self, X: Array, gamma: Array, dY: Array) -> tuple[Array, Array, Array]:
        """Return (dgamma, dbeta, dX) of batch normalisation."""
        deviation = self.norm_deviation(X)
        normal = (X - X.mean(axis=0)) / deviation
        blame = self.norm_blame(dY, gamma)
        inside = blame - self.through_mean(blame) - self.through_variance(blame, normal)
        dX = self.over_deviation(inside, deviation)
        return self.norm_dgamma(dY, normal, X), self.db(dY), dX

    def norm_variance(self, X: Array) -> Array:
        """Return the variance of each column."""
        return np.asarray(X.var(axis=0))

    def norm_deviation(self, X: Array) -> Array:
        """Return what each column is divided by."""
        return np.asarray(np.sqrt(self.norm_variance(X) + NORM_EPSILON))

    def norm_blame(self, dY: Array, gamma: Array) -> Array:
        """Return the blame of the normalised values."""
        return dY * gamma

    def norm_dgamma(self, dY: Array, normal: Array, X: Array) -> Array:
        """Return dL/dgamma."""
        return np.asarray((dY * normal).sum(axis=0))

    def through_mean(self, blame: Array) -> Array:
        """Return what comes back through the mean."""
        return np.asarray(blame.mean(axis=0))

    def through_variance(self, blame: Array, normal: Array) -> Array:
        """Return what comes back through the variance."""
        return np.asarray(normal * (blame * normal).mean(axis=0))

    def over_deviation(self, blame: Array, deviation: Array) -> Array:
        """Return dX from what comes back over all paths."""
        return blame / deviation
