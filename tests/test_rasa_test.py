"""`rasa test` on the test stories: the dialogue goes where they say."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.launch.model import ensure_model
from bot.settings import ROOT


@pytest.mark.model
@pytest.mark.timeout(600)
def test_the_dialogue_follows_the_test_stories(tmp_path):
    rasa = Path(sys.executable).with_name("rasa")
    model = ensure_model(ROOT / "models")
    command = [rasa, "test", "core", "--fail-on-prediction-errors", "--model", model, "--out", tmp_path]
    done = subprocess.run(
        [*command, "--stories", "tests/test_stories.yml"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert not (tmp_path / "failed_test_stories.yml").read_text().strip().startswith("version")
