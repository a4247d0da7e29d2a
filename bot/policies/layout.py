"""Sets a policy document in A4 with reportlab: schedule, notes, exclusions, cash values, service page, full terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from typing import Any

import segno
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from bot.policies import fonts
from bot.policies.content import Content, Rows, words

INK, MUTED, LINE, TINT, BRAND = map(HexColor, ("#1c2b26", "#5d6d66", "#d5dfda", "#f2f7f4", "#0f6b4f"))
WARNING = HexColor("#a34a00")
SIDE, TOP, BOTTOM = 18 * mm, 27 * mm, 20 * mm
WIDTH = A4[0] - 2 * SIDE
CASH_COLUMNS = 3
FONT = ("FONTNAME", (0, 0), (-1, -1), "Heyu-Regular")


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    settings = {"fontName": "Heyu-Regular", "textColor": INK, "wordWrap": "CJK", **more}
    return ParagraphStyle(name, fontSize=size, leading=leading, **settings)


BODY = _style("body", 9.2, 14.5)
LABEL = _style("label", 8.4, 13, textColor=MUTED)
SMALL = _style("small", 8.2, 13, spaceAfter=3)
TITLE = _style("title", 19, 27, fontName="Heyu-Bold")
LEAD = _style("lead", 9.2, 14.5, textColor=MUTED)
HEADING = _style("heading", 11.5, 17, fontName="Heyu-Bold", textColor=BRAND, spaceBefore=12, spaceAfter=5)
SUBHEADING = _style("subheading", 9.2, 14.5, fontName="Heyu-Bold", spaceBefore=5, keepWithNext=1)
STRIP = _style("strip", 9.6, 14, fontName="Heyu-Bold")
CAPTION = _style("caption", 8.4, 13, textColor=MUTED, alignment=TA_CENTER)
HEAD = _style("head", 8.4, 13, fontName="Heyu-Bold", textColor=BRAND)


def render(content: Content) -> bytes:
    """The PDF, not yet signed. Takes about a second of CPU; not for the event loop."""
    fonts.register()
    text = words()["document"]
    out = BytesIO()
    template = BaseDocTemplate(
        out,
        pagesize=A4,
        leftMargin=SIDE,
        rightMargin=SIDE,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=text["subject"].format(product=content.product.name, policy_no=content.policy_no),
        author=text["author"].format(insurer=content.insurer.name),
        subject=content.policy_no,
        lang="zh-CN",
        initialFontName="Heyu-Regular",
    )
    frame = Frame(SIDE, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
    template.addPageTemplates(PageTemplate("page", [frame], onPage=partial(_decorate, content)))
    template.build(_story(content), canvasmaker=_NumberedCanvas)
    return out.getvalue()


class _NumberedCanvas(Canvas):
    """Writes "page x of y" once it knows y."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Keep the page back until all are known."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages with their numbers."""
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            line = words()["document"]["page"].format(page=number, pages=len(self._pages))
            self.setFont("Heyu-Regular", 7.8)
            self.setFillColor(MUTED)
            self.drawRightString(A4[0] - SIDE, 11 * mm, line)
            super().showPage()
        super().save()


def _decorate(content: Content, canvas: Canvas, _template: BaseDocTemplate) -> None:
    """Head and foot of every page."""
    text = words()["document"]
    top = A4[1] - 15 * mm
    canvas.saveState()
    _mark(canvas, SIDE, top - 1.2 * mm)
    canvas.setFillColor(INK)
    canvas.setFont("Heyu-Bold", 10.5)
    canvas.drawString(SIDE + 8 * mm, top, content.insurer.name)
    canvas.setFont("Heyu-Regular", 8.4)
    canvas.setFillColor(MUTED)
    canvas.drawRightString(A4[0] - SIDE, top, f"{text['kind']}  {content.policy_no}")
    canvas.setStrokeColor(BRAND)
    canvas.setLineWidth(0.9)
    canvas.line(SIDE, top - 4 * mm, A4[0] - SIDE, top - 4 * mm)
    canvas.setFont("Heyu-Regular", 7.8)
    insurer = content.insurer
    foot = text["footer"].format(insurer=insurer.short_name, hotline=insurer.hotline, website=insurer.website)
    canvas.drawString(SIDE, 11 * mm, foot)
    if content.sandbox:
        canvas.setFillColor(WARNING)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 9 * mm, text["sandbox"])
    canvas.restoreState()


def _mark(canvas: Canvas, x: float, y: float) -> None:
    """The brand's mark: an ear of rice, three grains on a stalk."""
    canvas.setFillColor(BRAND)
    canvas.setStrokeColor(BRAND)
    canvas.setLineWidth(0.9)
    canvas.line(x + 3 * mm, y - 0.4 * mm, x + 3 * mm, y + 4.2 * mm)
    for dx, dy, angle in ((0, 4.2, 0), (-1.3, 2.4, 38), (1.3, 2.4, -38)):
        canvas.saveState()
        canvas.translate(x + (3 + dx) * mm, y + dy * mm)
        canvas.rotate(angle)
        canvas.ellipse(-0.75 * mm, -0.3 * mm, 0.75 * mm, 2.1 * mm, stroke=0, fill=1)
        canvas.restoreState()


def _story(content: Content) -> list[Flowable]:
    sections = words()["sections"]
    story: list[Flowable] = [
        _text(content.product.name, TITLE),
        _text(words()["document"]["statement"].format(insurer=content.insurer.name), LEAD),
        Spacer(1, 8),
        _strip(content.strip),
        *_section(sections["parties"], _parties(content)),
        *_section(sections["beneficiaries"], _beneficiaries(content)),
        *_section(sections["plan"], _pairs(content.plan, columns=2)),
        *_section(sections["benefits"], _benefits(content)),
        *_section(sections["special_terms"], *_numbered(content.special_terms or [words()["values"]["none"]])),
        *_section(sections["notices"], *_numbered(content.notices)),
        *_exclusions(content),
        *_cash_values(content),
        *_section(sections["trace"], _pairs(content.trace, columns=2)),
        KeepTogether(_service(content)),
        PageBreak(),
        *_terms(content),
    ]
    return story


def _text(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    weight = "Bold" if style.fontName == "Heyu-Bold" else "Regular"
    return Paragraph(fonts.markup(text, weight), style)


def _section(title: str, *content: Flowable) -> list[Flowable]:
    """A heading that stays with what follows it."""
    first, *rest = content
    return [CondPageBreak(28 * mm), KeepTogether([_text(title, HEADING), first]), *rest]


def _numbered(lines: list[str]) -> list[Flowable]:
    if len(lines) == 1:
        return [_text(lines[0], SMALL)]
    return [_text(f"{number}. {line}", SMALL) for number, line in enumerate(lines, start=1)]


def _strip(rows: Rows) -> Table:
    """The four facts that everybody looks for first."""
    cells = [[_text(label, LABEL) for label, _ in rows], [_text(value, STRIP) for _, value in rows]]
    table = Table(cells, colWidths=[WIDTH * share for share in (0.25, 0.25, 0.27, 0.23)])
    table.setStyle(
        [
            FONT,
            ("BACKGROUND", (0, 0), (-1, -1), TINT),
            ("LINEABOVE", (0, 0), (-1, 0), 1.1, BRAND),
            ("LEFTPADDING", (0, 0), (-1, -1), 8),
            ("BOTTOMPADDING", (0, 0), (-1, 0), 0),
            ("TOPPADDING", (0, 1), (-1, 1), 1),
            ("BOTTOMPADDING", (0, 1), (-1, 1), 7),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    return table


def _parties(content: Content) -> Table:
    sections = words()["sections"]
    half = (WIDTH - 6 * mm) / 2
    cells = [
        [_text(sections["policyholder"], SUBHEADING), "", _text(sections["insured"], SUBHEADING)],
        [_pairs(content.policyholder, width=half), "", _pairs(content.insured, width=half)],
    ]
    table = Table(cells, colWidths=[half, 6 * mm, half])
    table.setStyle([*_no_padding(), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return table


def _pairs(rows: Rows, *, width: float = WIDTH, columns: int = 1) -> Table:
    """Label and value, one or two pairs a line."""
    lines = [rows[start : start + columns] for start in range(0, len(rows), columns)]
    label = 24 * mm if columns == 1 else 22 * mm
    cells = []
    for line in lines:
        cell = [part for name, value in line for part in (_text(name, LABEL), _text(value))]
        cells.append(cell + [""] * (columns * 2 - len(cell)))
    table = Table(cells, colWidths=[label, width / columns - label] * columns)
    table.setStyle([*_ruled(), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return table


def _grid(head: list[str], rows: Sequence[tuple[str, ...]], shares: tuple[float, ...]) -> Table:
    cells = [[_text(cell, HEAD) for cell in head]] + [[_text(cell) for cell in row] for row in rows]
    table = Table(cells, colWidths=[WIDTH * share for share in shares], repeatRows=1)
    table.setStyle([*_ruled(), ("BACKGROUND", (0, 0), (-1, 0), TINT), ("LEFTPADDING", (0, 0), (-1, -1), 6)])
    return table


def _ruled() -> list[tuple[Any, ...]]:
    return [
        FONT,
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]


def _no_padding() -> list[tuple[Any, ...]]:
    return [FONT, *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM"))]


def _beneficiaries(content: Content) -> Flowable:
    if not content.beneficiaries:
        return _text(words()["values"]["statutory"])
    return _grid(words()["columns"]["beneficiaries"], content.beneficiaries, (0.14, 0.18, 0.38, 0.18, 0.12))


def _benefits(content: Content) -> Table:
    clause = words()["values"]["clause"]
    rows = [(name, amount, clause.format(number=number)) for name, amount, number in content.benefits]
    return _grid(words()["columns"]["benefits"], rows, (0.26, 0.58, 0.16))


def _exclusions(content: Content) -> list[Flowable]:
    """The exclusions in full, as one must point them out (Insurance Law, art. 17), before the terms repeat them."""
    return _section(words()["sections"]["exclusions"], *_clauses(content.product.document("exclusions").clauses))


def _clauses(clauses: Any) -> list[Flowable]:
    title = words()["values"]["clause_title"]
    flowables: list[Flowable] = []
    for clause in clauses:
        flowables.append(_text(title.format(number=clause.number, title=clause.title), SUBHEADING))
        flowables.extend(_text(line, SMALL) for line in clause.text.splitlines() if line.strip())
    return flowables


def _cash_values(content: Content) -> list[Flowable]:
    title = words()["sections"]["cash_values"]
    if not content.cash_values:
        note = words()["cash_values_unearned"].format(clause=content.product.surrender.clause)
        return _section(title, _text(note, SMALL))
    year = words()["values"]["year"]
    rows = [(year.format(year=number), amount) for number, amount in content.cash_values]
    height = -(-len(rows) // CASH_COLUMNS)
    padded = rows + [("", "")] * (height * CASH_COLUMNS - len(rows))
    lines = [
        tuple(cell for column in range(CASH_COLUMNS) for cell in padded[column * height + line])
        for line in range(height)
    ]
    head = words()["columns"]["cash_values"] * CASH_COLUMNS
    grid = _grid(head, lines, (0.15, 0.55 / 3, 0.15, 0.55 / 3, 0.15, 0.55 / 3))
    return _section(title, _text(words()["cash_values_note"], SMALL), grid)


def _service(content: Content) -> list[Flowable]:
    insurer, text = content.insurer, words()["service"]
    values = {"wechat": insurer.wechat_account, "never": "、".join(insurer.never_asks_for), "insurer": insurer.name}
    lines = [text[key].format(**insurer.dict(), **values) for key in ("claims", "complaints", "caution", "signature")]
    left = [_text(line, SMALL) for line in [*lines, text["verify_text"]]]
    code = Table([[_QrCode(content.verify_url, 30 * mm)], [_text(text["verify"], CAPTION)]], colWidths=[32 * mm])
    code.setStyle([*_no_padding(), ("ALIGN", (0, 0), (-1, -1), "CENTER")])
    table = Table([[left, code]], colWidths=[WIDTH - 38 * mm, 38 * mm])
    table.setStyle(
        [
            FONT,
            ("BOX", (0, 0), (-1, -1), 0.6, LINE),
            ("BACKGROUND", (1, 0), (1, 0), white),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 7),
            ("LEFTPADDING", (0, 0), (0, 0), 8),
        ]
    )
    return [_text(words()["sections"]["service"], HEADING), table]


class _QrCode(Flowable):
    """A QR code drawn as vectors, with the quiet zone that readers need."""

    def __init__(self, url: str, size: float) -> None:
        super().__init__()
        self.width = self.height = size
        self._rows = [list(row) for row in segno.make(url, error="m").matrix_iter(border=2)]

    def draw(self) -> None:
        """Fill the dark modules."""
        module = self.width / len(self._rows)
        self.canv.setFillColor(INK)
        for line, row in enumerate(self._rows):
            for column, dark in enumerate(row):
                if dark:
                    self.canv.rect(column * module, self.height - (line + 1) * module, module, module, stroke=0, fill=1)


def _terms(content: Content) -> list[Flowable]:
    """The full terms that this version was sold on."""
    document = content.product.document("terms")
    return [_text(document.title, TITLE), Spacer(1, 4), *_clauses(document.clauses)]
