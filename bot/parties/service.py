"""What other features use of the rules about people: one place to import from."""

from bot.parties.ages import age_on, anniversary, days_old
from bot.parties.bank import Card, check_card, check_renewal_card, passes_luhn
from bot.parties.contact import Address, check_address, check_email, check_name, check_phone
from bot.parties.identity import (
    Identity,
    check_document,
    check_identity_number,
    check_valid_until,
    normalise_number,
)
from bot.parties.people import (
    Share,
    check_death_sum,
    check_insured_age,
    check_policyholder_age,
    check_related_ages,
    check_relation,
    check_tax_residence,
    death_limit,
    needs_special_care,
    share_out,
)
from bot.parties.regions import is_region, regions

__all__ = [
    "Address",
    "Card",
    "Identity",
    "Share",
    "age_on",
    "anniversary",
    "check_address",
    "check_card",
    "check_death_sum",
    "check_document",
    "check_email",
    "check_identity_number",
    "check_insured_age",
    "check_name",
    "check_phone",
    "check_policyholder_age",
    "check_related_ages",
    "check_relation",
    "check_renewal_card",
    "check_tax_residence",
    "check_valid_until",
    "days_old",
    "death_limit",
    "is_region",
    "needs_special_care",
    "normalise_number",
    "passes_luhn",
    "regions",
    "share_out",
]
