"""`python -m bot.nlu.report [model]`: the figures of the understanding as Markdown, or into docs/understanding.md."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from bot.nlu.evaluation import Figures, Tally, load_parser, measure
from bot.settings import ROOT

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HELDOUT = ROOT / "tests" / "nlu" / "heldout.yml"
PAGE = ROOT / "docs" / "understanding.md"


def newest_model(folder: Path) -> Path:
    """Return the model trained last; raises FileNotFoundError when there is none."""
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise FileNotFoundError(f"no trained model in {folder}")
    return models[-1]


def _rows(tallies: Iterable[tuple[str, Tally]]) -> list[str]:
    return [
        f"| `{name}` | {tally.right + tally.missed} | {tally.precision:.2f} | {tally.recall:.2f} | {tally.f1:.2f} |"
        for name, tally in tallies
    ]


def as_markdown(figures: Figures) -> str:
    """Return summary and tables of the figures."""
    summary = [
        "| what | figure |",
        "|---|---|",
        f"| intents, accuracy | {figures.accuracy:.3f} |",
        f"| right answer of `faq/*` and `chitchat/*` | {figures.answers.recall:.3f} |",
        f"| foreign sentences answered as if ours | {figures.foreign_share_answered:.3f} |",
        f"| entities, F1 | {figures.entity_f1:.3f} |",
    ]
    head = ["", "| {} | sentences | precision | recall | F1 |", "|---|---|---|---|---|"]
    intents = [line.format("intent") for line in head] + _rows(sorted(figures.intents.items()))
    entities = [line.format("entity") for line in head] + _rows(sorted(figures.entities.items()))
    return "\n".join([*summary, *intents, *entities])


def write_page(page: Path, table: str) -> None:
    """Put the table between the marks of the page; raises ValueError when a mark is missing."""
    text = page.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    page.write_text(f"{before}\n{table}\n{after}", encoding="utf-8")


def main() -> None:
    """Read the arguments, measure, print; with --write also renew the page, with --errors list the misses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", type=Path, help="a trained model; default: the newest in models/")
    parser.add_argument("--heldout", type=Path, default=HELDOUT)
    parser.add_argument("--write", action="store_true", help="write the tables into docs/understanding.md")
    parser.add_argument("--errors", action="store_true", help="list every miss")
    arguments = parser.parse_args()
    figures = measure(load_parser(arguments.model or newest_model(ROOT / "models")), arguments.heldout)
    print(as_markdown(figures))
    if arguments.errors:
        for kind, text, expected, got in figures.errors:
            print(f"{kind}: {text} | expected {expected} | got {got}")
    if arguments.write:
        write_page(PAGE, as_markdown(figures))


if __name__ == "__main__":
    main()
