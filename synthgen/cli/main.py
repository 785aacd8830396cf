"""The command line: one file a verb, each imported here and each importing what it needs only when it runs."""

from __future__ import annotations

import errno
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import typer

from synthgen.cli import assets, doctor, generate, lint, package, plan, preview, schema, validate, verify
from synthgen.cli.streams import drain, prepare
from synthgen.errors import EXIT_BUG, EXIT_DONE, EXIT_INCOMPLETE, EXIT_INPUT, EXIT_INTERRUPTED, SynthgenError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_REFUSALS = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG),
    *(errno.ELOOP, errno.EIO, errno.EMFILE, errno.ENFILE),
)
"""What a system says where it does not let a program read or write: a matter of the user's, not a bug."""

app = typer.Typer(
    name="synthgen",
    help="Synthetic panoptic datasets with exact labels: a YAML recipe in, rendered COCO-panoptic out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for verb in (generate, package, plan, preview, lint, schema, validate, verify, doctor):
    app.command(verb.NAME)(verb.command)
app.add_typer(assets.app, name="assets")


@app.callback(invoke_without_command=True)
def _top(
    version: bool = typer.Option(False, "--version", help="Prints the version and ends."),
) -> None:
    if version:
        from synthgen import __version__

        print(__version__)
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and exits: the exit codes are those of `errors`."""
    argv = list(sys.argv[1:] if arguments is None else arguments)
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, _interrupt)
    prepare()
    code = EXIT_DONE
    try:
        code = _run(argv)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has had enough
        drain(sys.stdout)
    except OSError as error:
        code = _refused(error) or _bug(error, argv)
        drain(sys.stdout)
    sys.exit(code)


def _run(argv: list[str]) -> int:
    command = typer.main.get_command(app)
    try:
        # Not by calling `command`: that has its own ideas of exit codes for interrupts and closed pipes.
        with command.make_context("synthgen", argv) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except KeyboardInterrupt:
        print("interrupted; nothing is half written, and the same call goes on where this one stopped", file=sys.stderr)
        return EXIT_INTERRUPTED
    except SynthgenError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:
        if hasattr(error, "format_message"):  # the option parser's: wrong usage
            return _usage(error)
        return _refused(error) or _bug(error, argv)
    return EXIT_DONE


def _usage(error: Exception) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        if context is not None:
            print(context.get_help(), file=sys.stderr)
        return EXIT_INPUT
    command = context.command_path if context is not None else "synthgen"
    message = str(error.format_message()).rstrip(".")  # type: ignore[attr-defined]
    print(f"{command}: {message}; see `{command} --help`", file=sys.stderr)
    return EXIT_INPUT


def _refused(error: Exception) -> int:
    """Says, in one message, that the system did not let us read or write; 0 where the error is of another kind."""
    if not isinstance(error, OSError) or error.errno not in (*_FULL, *_REFUSALS):
        return 0
    where = f"{error.filename2 or error.filename}: " if error.filename else ""
    full = error.errno in _FULL
    hint = "make room, and the same call goes on" if full else "choose a place that you may read and write"
    print(f"{where}{error.strerror}; {hint}", file=sys.stderr)
    return EXIT_INCOMPLETE if full else EXIT_INPUT


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _bug(error: Exception, argv: list[str]) -> int:
    """Writes a report that can be attached to an issue, and names it."""
    from synthgen import __version__

    report = "\n".join(
        [
            f"synthgen {__version__}, Python {sys.version}, {sys.platform}",
            f"arguments: {argv}",
            f"folder: {os.environ.get('PWD', '')}",
            "",
            *traceback.format_exception(error),
        ]
    )
    print(f"a bug in synthgen: {type(error).__name__}: {error}", file=sys.stderr)
    try:
        handle, name = tempfile.mkstemp(prefix="synthgen-crash-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(report)
    except OSError:  # no place for temporary files, or no room
        print(report, file=sys.stderr)
    else:
        print(f"report: {name}", file=sys.stderr)
    return EXIT_BUG


if __name__ == "__main__":
    main()
