"""The document: pages, embedded fonts, text that can be read back, signature, and what verification says of it."""

import asyncio
import hashlib
from datetime import date, timedelta
from io import BytesIO

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificate
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import func, select

from bot import clock
from bot.policies import documents, numbers, pki, service, signing, verify
from bot.policies.rules import PolicyStatus
from bot.policies.signing import Integrity, Pkcs12Signer, SandboxSigner, Stamp, check
from bot.store import transaction
from bot.store.tables.policies import PolicyDocument
from bot.store.tables.store import VaultReveal
from tests.policies.sales import FakeSales
from tests.policies.test_issue import confirmed, issue

RARE = "𠮷䶮𬭎㛃"


async def made(sales: FakeSales, **values: object) -> tuple[str, bytes]:
    """Number and PDF of a policy that was just issued."""
    policy_no = await issue(await confirmed(sales, **values))
    return policy_no, (await documents.make(policy_no)).pdf


def text_of(pdf: bytes) -> str:
    """The text as a reader copies it, without the line breaks that depend on the layout."""
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


async def test_the_document_says_what_was_sold(database, sales):
    policy_no, pdf = await made(sales)
    text = text_of(pdf)
    starts = clock.today() + timedelta(days=1)
    for said in (
        policy_no,
        "禾屿随行综合意外伤害保险（互联网）",
        "禾屿人寿保险股份有限公司",
        "王小禾",
        "990000199603120010",
        "13800138000",
        "李·艾力",
        f"{starts.year}年{starts.month}月{starts.day}日 零时",
        "169.00 元",
        "50万元",
        "每日100元",
        "3.7 高风险运动",
        "沙箱演示 · 不具法律效力",
        "95X68",
    ):
        assert said in text, said


async def test_it_has_a_schedule_and_the_full_terms(database, sales):
    _, pdf = await made(sales)
    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) >= 2
    assert reader.metadata.author == "禾屿人寿保险股份有限公司"
    assert "1.1 保险合同的构成" in text_of(pdf)


async def test_rare_characters_of_names_are_shown_and_can_be_copied(database, sales):
    _, pdf = await made(sales, holder=f"王{RARE}")
    assert f"王{RARE}" in text_of(pdf)


async def test_a_character_in_no_font_is_shown_as_missing(database, sales):
    _, pdf = await made(sales, holder="王\U00024c1e")
    assert "王〓" in text_of(pdf)


async def test_a_name_cannot_bring_markup_into_the_document(database, sales):
    _, pdf = await made(sales, holder='王<b>&amp;<img src="x"/>')
    assert '王<b>&amp;<img src="x"/>' in text_of(pdf)


async def test_all_fonts_are_embedded_subsets(database, sales):
    _, pdf = await made(sales, holder=f"王{RARE}")
    fonts = {}
    for page in PdfReader(BytesIO(pdf)).pages:
        for reference in page["/Resources"]["/Font"].values():
            font = reference.get_object()
            fonts[font["/BaseFont"]] = font
    assert len(fonts) >= 3
    for name, font in fonts.items():
        assert "+" in name and "/FontFile2" in font["/FontDescriptor"], name
        assert "/ToUnicode" in font
    assert len(pdf) < 600_000


async def test_a_product_with_cash_values_shows_them(database, sales):
    long = {"code": "P2", "plan": None, "sum_insured_yuan": 500_000, "term": "whole_life", "payment_period": "20"}
    _, pdf = await made(sales, **long, ends_on=None)
    text = text_of(pdf)
    assert "第 20 年" in text and "基本保险金额 500,000 元" in text
    until = clock.today() + timedelta(days=15)
    assert f"15 天犹豫期，至 {until.year}年{until.month}月{until.day}日 止" in text


async def test_a_document_is_made_once_even_when_asked_for_at_once(database, sales):
    policy_no = await issue(await confirmed(sales))
    stored = await asyncio.gather(*(documents.make(policy_no) for _ in range(3)))
    assert len({document.sha256 for document in stored}) == 1
    async with transaction(read_only=True) as session:
        assert (await session.execute(select(func.count()).select_from(PolicyDocument))).scalar_one() == 1
    assert stored[0].sha256 == hashlib.sha256(stored[0].pdf).hexdigest()


async def test_every_reveal_for_the_document_is_audited(database, sales):
    policy_no, _ = await made(sales)
    async with transaction(read_only=True) as session:
        query = select(VaultReveal.actor).where(VaultReveal.purpose == documents.PURPOSE)
        actors = set((await session.execute(query)).scalars())
    assert actors == {f"policy:{policy_no}"}


async def test_a_document_that_came_a_day_late_moves_the_cooling_off_period(database, sales):
    sale = await confirmed(sales, code="P2", plan=None, term="whole_life", payment_period="20", ends_on=None)
    policy_no = await issue(sale)
    async with transaction() as session:
        policy = await service.by_number(session, policy_no)
        policy.delivered_on, policy.cooling_off_until = date(2026, 1, 1), date(2026, 1, 16)
    await documents.make(policy_no)
    async with transaction(read_only=True) as session:
        policy = await service.by_number(session, policy_no)
    assert policy.cooling_off_until == clock.today() + timedelta(days=15)


async def test_the_signature_is_valid_and_covers_everything(database, sales):
    _, pdf = await made(sales)
    assert await check(pdf, signing.signer().trust_roots()) is Integrity.INTACT


async def test_tampering_is_noticed(database, sales):
    _, pdf = await made(sales)
    roots = signing.signer().trust_roots()
    middle = len(pdf) // 2
    flipped = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    appended = PdfWriter(BytesIO(pdf), incremental=True)
    appended.add_metadata({"/Subject": "别的保单"})
    changed = BytesIO()
    appended.write(changed)
    for tampered in (flipped, changed.getvalue(), pdf[:-100], pdf + b"\n% more"):
        assert await check(tampered, roots) is not Integrity.INTACT
        assert not (await verify.by_pdf(tampered)).valid


async def test_files_that_are_no_policies_are_told_apart(database, sales, own_var_dir):
    _, pdf = await made(sales)
    unsigned = BytesIO()
    canvas = Canvas(unsigned)
    canvas.drawString(100, 100, "not signed")
    canvas.save()
    stranger = SandboxSigner(own_var_dir / "strangers")
    foreign = await stranger.sign(unsigned.getvalue(), Stamp("a", "b"))
    unknown = await signing.signer().sign(unsigned.getvalue(), Stamp("a", "b"))
    expected = {
        b"": "verify_not_a_pdf",
        b"%PDF-1.7 nonsense": "verify_not_a_pdf",
        b"\x00" * 5000: "verify_not_a_pdf",
        unsigned.getvalue(): "verify_unsigned",
        foreign: "verify_untrusted",
        unknown: "verify_unknown_document",
        pdf: "verify_valid",
    }
    assert {file: (await verify.by_pdf(file)).code for file in expected} == expected


async def test_an_insurers_pkcs12_file_signs_too(database, own_var_dir):
    files = pki.sandbox_files(own_var_dir / "insurer")
    bundle = pkcs12.serialize_key_and_certificates(
        b"insurer",
        load_pem_private_key(files.key.read_bytes(), None),
        load_pem_x509_certificate(files.certificate.read_bytes()),
        [load_pem_x509_certificate(files.root.read_bytes())],
        BestAvailableEncryption(b"passphrase"),
    )
    path = own_var_dir / "insurer.p12"
    path.write_bytes(bundle)
    blank = BytesIO()
    canvas = Canvas(blank)
    canvas.drawString(100, 100, "policy")
    canvas.save()
    signers = [Pkcs12Signer(path, "passphrase"), SandboxSigner(own_var_dir / "insurer")]
    for signer in signers:
        signed = await signer.sign(blank.getvalue(), Stamp("签发", "示例市"))
        assert await check(signed, signer.trust_roots()) is Integrity.INTACT
    assert [signer.sandbox for signer in signers] == [False, True]


async def test_the_sandbox_certificate_says_what_it_is(own_var_dir):
    files = pki.sandbox_files(own_var_dir / "pki")
    name = load_pem_x509_certificate(files.certificate.read_bytes()).subject.rfc4514_string()
    assert "沙箱" in name and "仅供演示" in name
    assert files.key.stat().st_mode & 0o077 == 0
    assert pki.sandbox_files(own_var_dir / "pki").certificate.read_bytes() == files.certificate.read_bytes()


async def test_number_and_name_are_checked_without_telling_more(database, sales):
    policy_no, _ = await made(sales, holder="买买提·艾力")
    async with transaction(read_only=True) as session:
        good = await verify.by_number(session, f" {policy_no.lower()} ", "买买提 • 艾力")
        wrong_name = await verify.by_number(session, policy_no, "王小禾")
        no_such = await verify.by_number(session, numbers.make(2026, 99, 1), "王小禾")
        malformed = await verify.by_number(session, "HY123", "王小禾")
    assert good.valid and good.policy["holder_masked"] == "买" + "*" * 5
    assert "990000199603120010" not in str(good.body())
    assert wrong_name.body() == no_such.body() == {**no_such.body(), "valid": False, "code": "verify_no_match"}
    assert malformed.code == "verify_number_malformed"


async def test_a_policy_that_is_over_is_genuine_but_not_valid(database, sales):
    policy_no, pdf = await made(sales)
    async with transaction() as session:
        await service.end(session, policy_no, PolicyStatus.SURRENDERED)
    verdict = await verify.by_pdf(pdf)
    assert (verdict.valid, verdict.code, verdict.policy["status"]) == (False, "verify_over", "已退保")
