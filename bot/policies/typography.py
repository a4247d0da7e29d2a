"""Teaches reportlab two things that Chinese documents need; held by tests/policies/test_document.py."""

from __future__ import annotations

from reportlab.lib import textsplit
from reportlab.pdfbase import ttfonts
from reportlab.platypus import paragraph

# Punctuation that must not begin a line; reportlab only knows the Japanese set.
NOT_AT_LINE_START = "，。、；：！？）》〉】〕”’％…—·"


def adapt_reportlab() -> None:
    """Replace two parts of reportlab 5, for this process.

    ToUnicode maps: reportlab writes code points above U+FFFF as five hex digits, which no reader understands, so rare
    characters of names could be seen but neither copied nor searched. Line breaks: punctuation that may not begin a
    line hangs in the margin instead.
    """
    ttfonts.makeToUnicodeCMap = to_unicode_map
    for module in (textsplit, paragraph):
        known = module.ALL_CANNOT_START
        module.ALL_CANNOT_START = known + "".join(sign for sign in NOT_AT_LINE_START if sign not in known)


def to_unicode_map(font_name: str, subset: list[int]) -> str:
    """A ToUnicode CMap (PDF 32000-1, 9.10.3) in blocks of at most 100 entries."""
    entries = [f"<{index:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for index, code in enumerate(subset)]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)
