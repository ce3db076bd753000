"""What a kernel of this environment reads at its start."""

c = get_config()  # type: ignore[name-defined] # noqa: F821
# Among the extra ones, so that a learner's own list of extensions does not take its place.
c.InteractiveShellApp.extra_extensions = ["bp_helpers.kernel_extension"]
