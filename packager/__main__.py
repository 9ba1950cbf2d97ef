"""`python -m packager` is the command line."""

from packager.cli import main

if __name__ == "__main__":
    main()
