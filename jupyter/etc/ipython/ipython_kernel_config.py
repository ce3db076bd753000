"""What a kernel of this environment reads at its start."""

import os
import sys

c = get_config()  # type: ignore[name-defined] # noqa: F821
# Among the extra ones, so that a learner's own list of extensions does not take its place.
c.InteractiveShellApp.extra_extensions = ["bp_helpers.kernel_extension"]

# Modules beside a notebook can be imported, but come last: one that a learner saved as random.py or
# numpy.py must not take the place of those that the course needs. IPython leaves the entry alone.
if "" not in sys.path:
    sys.path.append("")

# start.py set it for JupyterLab and its kernels; a script that a learner runs may import from its
# own folder.
os.environ.pop("PYTHONSAFEPATH", None)
