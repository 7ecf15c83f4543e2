"""What the views and the pipelines of one application share."""

import traceback
from dataclasses import dataclass, field
from logging import Logger
from threading import Lock

from flask import Flask, Response

from ...base.errors import InternalError
from ...base.masking import Masker
from ...spec.contract import Contract
from ...world import World
from .access import Guard
from .answers import Renderer
from .recording import Recorder


@dataclass
class Api:
    """The API that an application serves: its contract, its world, and what reads requests and renders answers.

    own_renderer renders the errors that only the mock has, such as those of faults, in the server's dialect. recorder
    is None if no journals are kept. masker removes keys and the admin token from everything that is shown.
    explain: whether answers say which assumptions they depend on. large_body is held while a large body is parsed and
    checked.
    """

    contract: Contract
    guard: Guard
    renderer: Renderer
    own_renderer: Renderer
    world: World
    recorder: Recorder | None
    masker: Masker
    logger: Logger
    explain: bool = False
    large_body: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, app: Flask) -> "Api":
        """The API of an application that create_app has made."""
        api: Api = app.extensions["rufus_mock"]
        return api

    def internal_error(self, error: Exception) -> Response:
        """Log a defect of the mock and make the answer to the request that met it."""
        trace = self.masker("".join(traceback.format_exception(error)))
        self.logger.error("The mock has a defect; please report it.\n%s", trace)
        return self.renderer.error(InternalError())
