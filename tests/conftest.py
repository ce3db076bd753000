"""What holds for all tests."""

from hypothesis import settings

# Machines are noisy and busy: no deadline; and a failure here is the same failure there.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")
