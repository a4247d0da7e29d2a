"""A whole purchase over the wire, from the first question to a signed policy that anyone can check."""

import pytest

from tests.journeys.buyer import Buyer
from tests.journeys.customer import Customer
from tests.journeys.purchase import HOLDER, P2, P4, Wish

pytestmark = [pytest.mark.stack, pytest.mark.model, pytest.mark.timeout(900)]


@pytest.mark.parametrize("wish", [P4, P2], ids=["P4", "P2"])
async def test_a_policy_is_bought_downloaded_and_verified(customer: Customer, wish: Wish) -> None:
    buyer = Buyer(customer, wish, phone="13800138000" if wish is P4 else "13900139000")
    bought = await buyer.buy()
    assert bought.pdf.startswith(b"%PDF")
    asked = {"policy_no": bought.policy_no, "holder_name": HOLDER["holder_name"]}
    checked = (await customer.request("POST", "/api/policies/verify", json=asked)).json()
    assert checked["valid"], checked
    by_file = await customer.request("POST", "/api/policies/verify", files={"file": ("p.pdf", bought.pdf)})
    assert by_file.json()["valid"], by_file.text
    altered = bought.pdf.replace(b"/Producer", b"/Producex", 1)
    forged = await customer.request("POST", "/api/policies/verify", files={"file": ("p.pdf", altered)})
    assert altered == bought.pdf or not forged.json()["valid"]
    assert customer.whole_until() == max(customer.messages)
