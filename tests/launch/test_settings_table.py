"""Every setting is documented, and the page is the present one."""

from bot.launch.settings_table import DOCUMENT, table
from bot.settings import Settings


def test_every_setting_says_what_it_means():
    assert [name for name, field in Settings.__fields__.items() if not field.field_info.description] == []


def test_page_of_settings_is_up_to_date():
    assert DOCUMENT.read_text(encoding="utf-8") == table(), "run: python -m bot settings"
