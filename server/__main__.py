"""Entry point of the `tendesks` command, and of `python -m server`."""

from server.cli.program import app


def main() -> None:
    """Read the command line, do what it says, and exit with a code of server.cli.exits."""
    app(prog_name="tendesks")


if __name__ == "__main__":
    main()
