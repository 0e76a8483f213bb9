"""How fast is the event store beside its peers, measured in one run on one machine?"""

import sys
from pathlib import Path

# The agency's own client is another distribution: used here as pytest does, from its source.
sys.path.insert(0, str(Path(__file__).parents[2] / "contracts" / "client" / "src"))
