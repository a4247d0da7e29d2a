"""Starts Rasa with this connector as its only channel."""

import logging
import os
from pathlib import Path

from bot.settings import ROOT, Settings


def serve(config: Settings, model: Path) -> None:
    """Serve the model on 127.0.0.1 until a signal comes; without a model it answers 503.

    Telemetry and Rasa's own HTTP interface stay off. Importing Rasa takes some seconds, so it is done here.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import skops.io  # noqa: F401  (looks through every module loaded so far: first 1 s, behind TensorFlow 6 s)

    import rasa.utils.common  # isort: skip
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.log_utils import configure_structlog

    level = logging.getLevelName(config.log_level.upper())
    rasa.utils.common.configure_logging_and_warnings(level, warn_only_once=True)
    configure_structlog(level)
    endpoints = AvailableEndpoints.read_endpoints(str(config.endpoints_file))
    endpoints.action.url = config.actions_webhook
    serve_application(
        model_path=str(model),
        interface="127.0.0.1",
        port=config.rasa_port,
        credentials=str(ROOT / "credentials.yml"),
        endpoints=endpoints,
        enable_api=False,
    )
