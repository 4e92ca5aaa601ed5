"""What answers outside the app without being a page: our style and script, and whether the server is up."""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse
from starlette.responses import Response as Answer

ASSETS: Final = Path(__file__).with_name("assets")
_NAMES: Final = frozenset(file.name for file in ASSETS.iterdir())


async def asset(request: Request) -> Answer:
    """Our style and our script."""
    name = request.path_params["asset"]
    return FileResponse(ASSETS / name) if name in _NAMES else PlainTextResponse("There is nothing here.", 404)


async def healthy(_request: Request) -> Answer:
    """Whether the server is up."""
    return PlainTextResponse("ok")
