"""The table of settings in docs/settings.md, written from the settings themselves."""

from pathlib import Path

from bot.settings import ROOT, Settings

DOCUMENT = ROOT / "docs" / "settings.md"

HEAD = """\
# Settings

Each is an environment variable, or a line of `.env` at the top of the repository. Secrets are made once by the first
`make run` into `var/secrets.env`; keep a copy of that file. This page is written by `python -m bot settings`.

| variable | default | meaning |
|---|---|---|
"""


def table() -> str:
    """The whole page as Markdown."""
    rows = (
        f"| `HEYU_{name.upper()}` | {_default(field.default, field.required)} | {field.field_info.description} |\n"
        for name, field in Settings.__fields__.items()
    )
    return HEAD + "".join(rows)


def _default(value: object, required: object) -> str:
    if required:
        return "made by the first run"
    if value is None or value == []:
        return ""
    return f"`{value.relative_to(ROOT)}`" if isinstance(value, Path) else f"`{value}`"
