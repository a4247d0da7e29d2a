"""The form of the parties as this product needs it; asked again, it shows masks and lets sealed values stay."""

from typing import Any, Dict, List, Mapping, Optional

from bot.applications import texts
from bot.applications.sale import Sale
from bot.catalogue import service as catalogue
from bot.catalogue.models import Product
from bot.store import vault
from bot.store.tables.applications import ApplicationParty

Field = Dict[str, Any]
Section = Dict[str, Any]
DEATH_BENEFITS = ("accident_death", "death")
OTHERS = ("spouse", "parent", "child")
RANKS = ("1", "2", "3")
OURS = ("sealed", "other_only", "death_benefit_only")
COLUMN_OF_FIELD = {"name": "name_token", "id_number": "id_token", "phone": "phone_token", "email": "email_token"}


def pays_on_death(product: Product) -> bool:
    """Whether death is insured, so that the insured must consent to the sum (Insurance Law, art. 34)."""
    return product.beneficiaries.benefit in DEATH_BENEFITS


async def parties_form(sale: Sale) -> List[Section]:
    """The sections of the form, with options of this product and masks of what was entered before."""
    sections = [
        await _section(sale, section)
        for section in texts.form("parties")["sections"]
        if sale.product.beneficiaries.designated or not section.get("beneficiaries_only")
    ]
    return sections


async def _section(sale: Sale, section: Mapping[str, Any]) -> Section:
    fields = [
        await _field(sale, field, section.get("show_if"))
        for field in section["fields"]
        if pays_on_death(sale.product) or not field.get("death_benefit_only")
    ]
    shown: Section = {"title": section["title"], "fields": fields}
    if "repeat" in section:
        shown["repeat"] = section["repeat"]
    return shown


async def _field(sale: Sale, field: Mapping[str, Any], show_if: Optional[Mapping[str, Any]]) -> Field:
    shown: Field = {name: value for name, value in field.items() if name not in OURS}
    if isinstance(field.get("options"), str):
        shown["options"] = _options(sale.product, str(field["options"]))
    if field.get("hint") == "phone_hint":
        shown["hint"] = texts.form("parties")["phone_hint"]
    if field.get("other_only"):
        shown["show_if"] = {"field": "insured_relation", "equals": list(OTHERS)}
    elif show_if:
        shown["show_if"] = dict(show_if)
    return await _with_earlier(sale, shown, bool(field.get("sealed")))


def _options(product: Product, kind: str) -> List[Dict[str, str]]:
    if kind == "id_kinds":
        kinds: List[Dict[str, str]] = texts.form("parties")["people"]["id_kinds"]
        return kinds
    if kind == "occupations":
        return [{"value": one.name, "label": _occupation(one)} for one in catalogue.occupations()]
    if kind == "tax_residence":
        return [{"value": code, "label": title} for code, title in texts.labels("tax_residence").items()]
    if kind == "ranks":
        return [{"value": rank, "label": texts.label("values", "rank", rank=rank)} for rank in RANKS]
    relations = product.insured_relations if kind == "relations" else product.beneficiaries.relations
    return [{"value": code, "label": texts.label("relations", code)} for code in relations]


def _occupation(occupation: Any) -> str:
    if occupation.occupation_class is None:
        return texts.label("values", "occupation_refused", name=occupation.name)
    return texts.label("values", "occupation", name=occupation.name, occupation_class=occupation.occupation_class)


async def _with_earlier(sale: Sale, field: Field, sealed: bool) -> Field:
    """A sealed value that was entered before shows its mask and may stay empty; others come as the default."""
    role, _, name = field["name"].partition("_")
    party = {"holder": sale.policyholder, "insured": sale.insured}.get(role)
    if party is None or (field.get("show_if") and party.relation == "self"):
        return _with_known(sale, field)
    if sealed:
        token = getattr(party, COLUMN_OF_FIELD.get(name, f"{name}_token"))
        mask = await vault.masked(sale.session, str(token)) if token else ""
        kept = {"required": False, "hint": texts.form("parties")["keep_hint"], "placeholder": mask}
        return {**field, **kept} if token else field
    default = _default(party, name)
    return {**field, "default": default} if default else field


def _with_known(sale: Sale, field: Field) -> Field:
    """What was said before the form: the occupation from the quote."""
    occupation = sale.application.factors.get("occupation")
    is_occupation = field["name"] == "insured_occupation" and occupation
    return {**field, "default": occupation} if is_occupation else field


def _default(party: ApplicationParty, name: str) -> Any:
    if name == "region" and party.region:
        return dict(zip(("province", "city", "district"), party.region.split("/"), strict=True))
    value = getattr(party, name, None)
    return str(value) if value is not None else None
