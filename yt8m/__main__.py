"""`python -m yt8m`."""

from yt8m.cli import main

main()
