"""HTTP of the rules about people: the regions that an address form offers."""

from typing import List

from pydantic import BaseModel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.openapi import describe
from bot.parties.regions import regions

blueprint = Blueprint("parties", url_prefix="/api")


class District(BaseModel):
    """A district."""

    name: str


class City(BaseModel):
    """A city with its districts."""

    name: str
    children: List[District]


class Province(BaseModel):
    """A province with its cities."""

    name: str
    children: List[City]


class RegionTree(BaseModel):
    """Every province of mainland China."""

    regions: List[Province]


@blueprint.get("/regions")
@describe("省、市、区", tag="catalogue", responses={200: RegionTree})
async def read_regions(request: Request) -> HTTPResponse:
    """Provinces, cities and districts; the same for a day, so browsers may keep it."""
    tree = [
        {"name": province, "children": [_city(city, districts) for city, districts in cities.items()]}
        for province, cities in regions().items()
    ]
    return json({"regions": tree}, headers={"Cache-Control": "public, max-age=86400"}, ensure_ascii=False)


def _city(name: str, districts: tuple[str, ...]) -> dict[str, object]:
    return {"name": name, "children": [{"name": district} for district in districts]}
