"""`python -m nhactruong.assembly.cli` is the same as `nhactruong`."""

import sys

from nhactruong.assembly.cli import main

if __name__ == "__main__":
    sys.exit(main())
