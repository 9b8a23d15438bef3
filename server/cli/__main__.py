"""``python -m crisisgov.server.cli``, the same as the command ``crisisgov``."""

from crisisgov.server.cli import main

if __name__ == "__main__":
    main()
