"""``python -m junheng.cli``, the same as the command ``junheng``."""

from junheng.cli.app import main

if __name__ == "__main__":
    main()
