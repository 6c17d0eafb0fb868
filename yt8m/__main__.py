"""`python -m yt8m`."""

import sys

try:
    from yt8m.cli import main

    main()
except KeyboardInterrupt:  # interrupted while importing; later interrupts are reported by click
    sys.exit(130)
