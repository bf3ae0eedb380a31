"""People outside who do not exist, as many as wanted: the same ones every time.

Their numbers begin with 08-465 00 4, which is set aside for fiction, and are too long to reach
anybody. Their addresses end in example.com.
"""

from __future__ import annotations

import random
from collections.abc import Iterator


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    "Alva Arvid Birgitta Bo Cornelia Dag Ebba Einar Elin Elof Emrik Ester Folke Freja Frideborg "
    "Gerda Greta Gunnar Gösta Hedvig Helge Hjalmar Hulda Håkan Idun Inga Ivar Jerker Jonna Kerstin "
    "Knut Kåre Lage Lovisa Majken Malte Märta Mårten Nanna Nore Olga Orvar Petronella Pär Ragnhild "
    "Rune Signe Sigvard Sixten Solveig Sture Svante Sören Tage Tora Torsten Tyra Ulf Ulrika Urban "
    "Valdemar Vendela Viking Viola Yngve Åke Åsa Örjan Östen Ann-Marie Karl-Oskar Zoë José"
)
BEGINNINGS = _words(
    "Al Asp Berg Björk Blom Bor Dal Ek Eld Fors Frid Gran Grön Gyll Häll Hag Hed Holm Häst Kall "
    "Klint Kron Käll Land Lilj Lind Ljung Lund Malm Mo Nord Ny Näs Palm Ros Rud Sand Segel Sjö "
    "Skog Sten Strand Ström Sund Söder Tall Torn Udd Vall Vester Vik Väster Wall Ängs Åker Ög Öst "
    "Östers"
)
ENDINGS = _words(
    "berg blad borg by dahl ell en ensson fors gren gård hult holm ing kvist lid lind ljung lund "
    "man mark mo qvist ros rot sjö skog skär stam stedt ström strand stråle torp vall vik åker ö"
)
TRADES = _words(
    "Bygg Måleri Snickeri Rör El Bageri Redovisning Transport Åkeri Fastighet Trädgård Tryckeri "
    "Mekaniska Optik Läkarhus Resebyrå Järn Hotell Konsult Glas Plåt Möbel Livs Färg"
)
FORMS = ("AB", "HB", "& Co", "i Ängstorp AB", "i Södervik AB", "Syd", "Nord")
TITLES = _words(
    "Inköpare Säljare Platschef Ekonom Projektledare Tekniker Jurist Växeltelefonist Snickare "
    "Arkitekt Målare Lagerchef VD Samordnare Elektriker Kundtjänst Rådgivare Skötare"
)
DEPARTMENTS = _words("Inköp Försäljning Ekonomi Lager Kundtjänst Juridik Drift Personal Utveckling")
PLAIN = str.maketrans("åäöéèÅÄÖ", "aaoeeaao")


def surnames() -> list[str]:
    """Every beginning with every ending."""
    return [first + last for first in BEGINNINGS for last in ENDINGS if first[-1] != last[0]]


def outsiders(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """{name, title, department, company, phone, mobile, email, note} of each, all of them text."""
    chance = random.Random(seed)
    lasts = surnames()
    companies = [
        f"{chance.choice(lasts)}s {chance.choice(TRADES)} {chance.choice(FORMS)}"
        for _ in range(max(20, count // 8))
    ]
    for number in range(count):
        first, last = chance.choice(FIRST), chance.choice(lasts)
        company = chance.choice(companies)
        local = f"{first}.{last}{number}".lower().translate(PLAIN)
        yield {
            "name": f"{first} {last}",
            "title": chance.choice(TITLES),
            "department": chance.choice(DEPARTMENTS),
            "company": company,
            "phone": f"08-465 00 4{number // 1000 % 100:02d} {number % 1000:03d}",
            "mobile": f"+46 8 465 00 4{(number + 500) // 1000 % 100:02d} {number % 1000:03d}"
            if number % 3 == 0
            else "",
            "email": f"{local}@example.com",
            "note": f"Kund sedan {1990 + number % 36}" if number % 10 == 0 else "",
        }
