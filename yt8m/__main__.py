"""`python -m yt8m`."""

import sys

try:
    from yt8m.cli import main

    main()
except KeyboardInterrupt:  # while it was still importing: later ones are click's to tell of
    sys.exit(130)
