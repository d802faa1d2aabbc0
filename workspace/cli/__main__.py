"""``python -m workspace.cli``: the same as the `commissure` command."""

from workspace.cli.main import main

if __name__ == "__main__":  # worker processes import this module under another name
    main()
