"""Frames as the page unpacks them."""

from bp_helpers.explorers.frames import Snapshot, joined, pieces


def unpacked(groups):
    """Each frame as value, line and picture: what the page makes of them."""
    bases = {}
    for group in groups:
        if "svg" in group:
            bases[group["base"]] = pieces(group["svg"])
        for frame in group["frames"]:
            own = list(bases[group["base"]])
            texts = frame["texts"].split('"')
            for place, text in zip(group["places"], texts, strict=bool(group["places"])):
                own[place] = text
            yield Snapshot(frame["value"], frame["shown"], joined(own))
