"""What only few ever ask for, papers and workbooks, costs a replica nothing before it is asked for."""

import subprocess
import sys

from tests.patience import START

HEAVY = ("networkx", "openpyxl", "typst", "fontTools", "segno", "PIL")
ASKED = f"""
import sys
import services.supervision.app
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_a_replica_that_was_asked_for_no_paper_holds_no_typesetter() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=True, timeout=START
    )
    assert done.stdout.strip() == "[]"
