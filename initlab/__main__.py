"""`python -m initlab` is the command `initlab`."""

from initlab.cli import main

if __name__ == "__main__":
    main()
