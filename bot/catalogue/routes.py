"""HTTP of the catalogue: the shelf, one product with its facts and clauses, its documents."""

from typing import Any, Dict, List, Optional

from pydantic import BaseModel, Field
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.catalogue import service
from bot.catalogue.models import (
    Benefit,
    Clause,
    Document,
    Fact,
    Factor,
    Highlight,
    Limits,
    Plan,
    Product,
    StartingPrice,
)
from bot.errors import NotFound
from bot.openapi import describe

blueprint = Blueprint("catalogue", url_prefix="/api/products")


class ProductSummary(BaseModel):
    """A product on the shelf."""

    code: str
    version: str
    name: str
    short_name: str
    kind: str
    insurer: str
    statement: str
    tagline: str
    highlights: List[Highlight]
    starting_price: StartingPrice
    needs_assessment: bool


class ProductList(BaseModel):
    """The shelf."""

    products: List[ProductSummary]


class DocumentSummary(BaseModel):
    """A document without its text."""

    code: str
    kind: str
    title: str
    version: str
    sha256: str


class ProductDetail(ProductSummary):
    """All that is told about a product: facts with the clause that says each, and the clauses."""

    sha256: str
    filing_no: str
    facts: Dict[str, Fact]
    limits: Limits
    plans: List[Plan]
    benefits: List[Benefit]
    factors: List[Factor]
    cooling_off_days: int
    waiting_days: int
    exclusions: List[str] = Field(description="numbers of the clauses that free the insurer")
    clauses: List[Clause]
    documents: List[DocumentSummary]


@blueprint.get("/")
@describe("在售产品", tag="catalogue", responses={200: ProductList})
async def shelf(request: Request) -> HTTPResponse:
    """The products on the online shelf."""
    found = [ProductSummary(**_summary(product)).dict() for product in service.products()]
    return json({"products": found}, ensure_ascii=False)


@blueprint.get("/<code:str>")
@describe("产品详情（事实与条款）", tag="catalogue", responses={200: ProductDetail}, errors=(404,))
async def detail(request: Request, code: str) -> HTTPResponse:
    """One product with its facts and clauses."""
    product = service.product(code)
    documents = [DocumentSummary(**document.dict(exclude={"clauses"})) for document in product.documents]
    told = {name: getattr(product, name) for name in ProductDetail.__fields__ if hasattr(product, name)}
    body = ProductDetail(**{**told, **_summary(product), "documents": documents})
    return json(body.dict(), ensure_ascii=False)


@blueprint.get("/<code:str>/documents/<kind:str>")
@describe("产品文件", tag="catalogue", responses={200: Document}, errors=(404,))
async def document(request: Request, code: str, kind: str) -> HTTPResponse:
    """One document of a product, clause by clause."""
    return json(find_document(code, kind).dict(), ensure_ascii=False)


def find_document(code: str, kind: str, version: Optional[str] = None) -> Document:
    """A document of a product by its kind. Raises NotFound("product_unknown" | "document_unknown")."""
    try:
        return service.product(code, version).document(kind)
    except KeyError as error:
        raise NotFound("document_unknown") from error


def _summary(product: Product) -> Dict[str, Any]:
    names = [name for name in ProductSummary.__fields__ if name != "statement"]
    return {**{name: getattr(product, name) for name in names}, "statement": product.labels["statement"]}
