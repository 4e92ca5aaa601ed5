"""What answers outside the app without being a page: our style and script, and whether the server is up."""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse
from starlette.responses import Response as Answer

ASSETS: Final = Path(__file__).with_name("assets")


async def asset(request: Request) -> Answer:
    """Our style and our script."""
    file = ASSETS / request.path_params["asset"]
    if file.parent != ASSETS or not file.is_file():
        return PlainTextResponse("There is nothing here.", 404)
    return FileResponse(file)


async def healthy(_request: Request) -> Answer:
    """Whether the server is up."""
    return PlainTextResponse("ok")
