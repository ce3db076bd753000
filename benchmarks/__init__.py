"""Scripts that measure speed. Those that need a browser start it as the tests do."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests" / "shared"))
