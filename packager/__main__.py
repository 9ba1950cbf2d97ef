"""`python -m packager` is the command line."""

from packager.cli import main

main()
