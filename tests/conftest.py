"""How hard the property tests try: HYPOTHESIS_PROFILE is ``default`` or ``long``."""

import os

from hypothesis import settings

# The same examples on every run and every machine: a change that fails has itself to blame.
settings.register_profile("default", max_examples=100, deadline=None, derandomize=True, database=None)

# For `make fuzz`: new examples each time, and a failing one is kept so that the next run starts with it.
settings.register_profile("long", max_examples=20_000, deadline=None, derandomize=False, print_blob=True)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
