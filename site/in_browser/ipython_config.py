"""What IPython reads at its start in the browser."""

c = get_config()  # type: ignore[name-defined] # noqa: F821
c.InteractiveShellApp.extensions = ["on_demand", "bp_helpers.kernel_extension"]
