"""The program `seventy`: ends without a traceback when Ctrl+C comes before its command runs."""

from signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal


def seventy() -> None:
    """Run the command line. Until all of it is loaded there is nothing that Ctrl+C has to wait for."""
    heard = getsignal(SIGINT)
    if heard is default_int_handler:  # started by `nohup` or in the background it is ignored, and stays so
        signal(SIGINT, SIG_DFL)
    from dashboard.cli import app  # noqa: PLC0415 - the seconds this takes are what Ctrl+C falls into

    signal(SIGINT, heard)
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    seventy()
