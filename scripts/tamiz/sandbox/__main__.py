"""`python -m tamiz.sandbox`: the sandbox alone, for a test that needs its own process."""

import argparse
import sys
from functools import partial
from pathlib import Path

from tamiz.sandbox import Script, read_script, serve

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The ad platforms on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state-file", type=Path)
    parser.add_argument("--faults", type=Path)
    asked = parser.parse_args()
    say = partial(print, file=sys.stdout, flush=True)
    script = read_script(asked.faults) if asked.faults else Script()
    serve(asked.port, state_file=asked.state_file, script=script, ready=say)
