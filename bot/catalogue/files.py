"""Reads the kinds of files that the catalogue is made of, naming file and field in every error."""

import csv
import hashlib
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Tuple, Type, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.catalogue.models import Clause

CLAUSE_HEADING = re.compile(r"^### (?P<number>\d+(?:\.\d+)+) (?P<title>.+)$")
FRONT_MATTER = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)

Model = TypeVar("Model", bound=BaseModel)


class CatalogueError(Exception):
    """The data of the catalogue is wrong; the text names the file and the field."""


def read_yaml(path: Path) -> Dict[str, Any]:
    """A YAML file whose top is a mapping. Raises CatalogueError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise CatalogueError(f"{path}: a mapping is expected")
    return content


def read_csv(path: Path, columns: Tuple[str, ...]) -> Iterator[Dict[str, str]]:
    """The rows of a CSV file with exactly these columns. Raises CatalogueError."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise CatalogueError(f"{path}: columns {reader.fieldnames}, expected {list(columns)}")
        for row in reader:
            if None in row or None in row.values():
                raise CatalogueError(f"{path} line {reader.line_num}: wrong number of cells")
            yield row


def build(model: Type[Model], values: Mapping[str, Any], path: Path) -> Model:
    """A model from values of a file. Raises CatalogueError that names the file and each field at fault."""
    try:
        return model(**values)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise CatalogueError(f"{path}: {faults}") from error


def read_clauses(path: Path, text: str) -> Tuple[Clause, ...]:
    """The clauses of a Markdown text: each `### 2.4 Title` and what follows it. Raises CatalogueError."""
    clauses: List[Clause] = []
    heading, lines = None, []  # type: ignore[var-annotated]
    for line in [*text.splitlines(), "## end"]:
        if line.startswith("#"):
            if heading is not None:
                clauses.append(Clause(number=heading["number"], title=heading["title"], text="\n".join(lines).strip()))
            heading, lines = CLAUSE_HEADING.match(line), []
        else:
            lines.append(line.strip())
    _check_clauses(path, clauses)
    return tuple(clauses)


def _check_clauses(path: Path, clauses: List[Clause]) -> None:
    numbers = [clause.number for clause in clauses]
    repeated = {number for number in numbers if numbers.count(number) > 1}
    if repeated or not numbers:
        raise CatalogueError(f"{path}: clause numbers repeated or absent: {sorted(repeated)}")
    for clause in clauses:
        if not clause.text:
            raise CatalogueError(f"{path}: clause {clause.number} is empty")


def read_front_matter(path: Path) -> Tuple[Dict[str, Any], str]:
    """A Markdown file's YAML head and its body. Raises CatalogueError when the head is missing."""
    match = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise CatalogueError(f"{path}: no head between --- lines")
    return yaml.safe_load(match["head"]), match["body"]


def digest(folder: Path) -> str:
    """SHA-256 over names and bytes of all files of a folder, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        content = path.read_bytes()
        total.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()
