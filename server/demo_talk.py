"""What the demo's people have said to each other."""

# ruff: noqa: E501, RUF001  # each line is one thing said, with a dash where Swedish has one

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """Something said, so many working days ago; *reply* is the number of an earlier line."""

    days: int
    clock: str
    who: str
    body: str
    reply: int | None = None
    reactions: tuple[tuple[str, str], ...] = ()
    pinned: bool = False


Lines = tuple[Line, ...]

GENERAL: Lines = (
    Line(5, "08:02", "astrid", "God morgon! Välkomna till **Växel**. Här i *Allmänt* skriver vi sådant som rör alla.",
         reactions=(("birger", "👋"), ("rebecka", "👋")), pinned=True),
    Line(5, "08:05", "rebecka", "God morgon! Skönt att slippa mejlen för småsaker."),
    Line(5, "08:11", "birger", "Instämmer. Var hittar jag sommarschemat?"),
    Line(5, "08:14", "astrid", "Det kommer på fredag. Tills vidare gäller förra årets:\n\n- **v. 27–28** jag\n- **v. 28–30** Birger\n- **v. 30–31** Rebecka", reply=2),
    Line(5, "08:15", "birger", "Tack! 🙏"),
    Line(4, "09:31", "rebecka", "Hissen står still igen. Besökare får ta trapporna i dag, jag sätter upp en lapp."),
    Line(4, "09:33", "astrid", "Tack @rebecka. Jag ringer fastighetsskötaren.", reply=5,
         reactions=(("rebecka", "👍"),)),
    Line(4, "13:48", "astrid", "Hissen går igen. De bytte en dörrsensor.", reactions=(("rebecka", "🎉"), ("birger", "🎉"))),
    Line(3, "10:00", "birger", "Fika om en kvart? Det finns kanelbullar från bageriet på hörnet.",
         reactions=(("astrid", "❤️"), ("rebecka", "☕"))),
    Line(3, "10:02", "rebecka", "Kommer så fort jag har kopplat klart!"),
    Line(2, "15:20", "astrid", "Påminnelse till @alla: brandövning **på torsdag kl. 10**. Samling vid cykelstället, ta trappan.",
         pinned=True, reactions=(("birger", "👍"), ("rebecka", "👍"))),
    Line(2, "15:26", "rebecka", "Jag ställer om växeln under tiden, så att ingen ringer förgäves. Telefonsvararen läser upp när vi är tillbaka."),
    Line(1, "08:07", "birger", "Är det någon som har lånat adaptern till stora mötesrummet?"),
    Line(1, "08:21", "rebecka", "Den ligger i receptionen, någon lämnade in den i går kväll.", reply=12),
    Line(1, "08:22", "birger", "Räddaren i nöden, hämtar den nu."),
    Line(1, "16:40", "astrid", "Bra vecka hittills. Offerten till verkstaden i Örebro gick i väg, tack för allt jobb @birger!",
         reactions=(("rebecka", "🎉"), ("birger", "😊"))),
)  # fmt: skip  # talk reads best line by line

SUPPORT: Lines = (
    Line(4, "10:05", "rebecka", "En kund frågade efter öppettiderna i mellandagarna. Vad svarar vi?"),
    Line(4, "10:12", "astrid", "Öppet den **27 och 28** kl. 9–15, stängt i övrigt. Det står på webben från i eftermiddag.", reply=0,
         reactions=(("rebecka", "👍"),), pinned=True),
    Line(3, "14:30", "birger", "Om någon ringer om faktura `20418`: den är krediterad, ny skickas på måndag."),
    Line(3, "14:31", "rebecka", "Noterat!"),
    Line(2, "09:17", "rebecka", "Tre samtal i kö nu, och alla gäller leveransen till Västerås. Vet vi något?"),
    Line(2, "09:24", "birger", "Bilen är försenad två timmar, punktering. Så här kan vi säga:\n\n> Leveransen kommer i eftermiddag mellan 13 och 15. Vi ber om ursäkt för besväret."),
    Line(2, "09:25", "rebecka", "Perfekt, tack @birger.", reply=5, reactions=(("birger", "💪"),)),
    Line(1, "11:02", "rebecka", "Statistik från i går: **84 samtal**, 79 besvarade, medelväntan 21 s."),
    Line(1, "11:10", "astrid", "Fantastiskt fint jobbat!", reactions=(("rebecka", "😊"),)),
)  # fmt: skip  # talk reads best line by line

SALES: Lines = (
    Line(3, "08:45", "astrid", "Hur ser det ut med Örebro?"),
    Line(3, "08:52", "birger", "Bra! De vill ha offert på 24 platser, Business till ledningen och Pro till resten. Skickar ett utkast till dig i dag."),
    Line(3, "15:36", "birger", "Utkastet ligger i mappen nu. Titta gärna på raden om startavgift."),
    Line(2, "07:58", "astrid", "Läst. Stryk startavgiften om de binder sig på två år, annars är den toppen.", reply=2,
         reactions=(("birger", "👍"),)),
    Line(2, "08:30", "birger", "Gjort, och skickad."),
    Line(1, "16:38", "astrid", "De ringde just: *de tackar ja!*", reactions=(("birger", "🎉"),)),
    Line(1, "16:39", "birger", "Vilken avslutning på dagen 🥳"),
    Line(1, "16:42", "astrid", "Kan du ta uppstartsmötet med dem på måndag kl. 13?"),
)  # fmt: skip  # talk reads best line by line

FRONT_DESK: Lines = (
    Line(1, "13:05", "rebecka", "En montör från elfirman sökte dig. Han ringer igen efter tre."),
    Line(1, "13:20", "birger", "Tack! Koppla honom gärna till mobilen, jag sitter i bilen då.", reactions=(("rebecka", "👍"),)),
)  # fmt: skip  # talk reads best line by line

CHECKLIST: Lines = (
    Line(2, "09:00", "cecilia", "Att göra före månadsskiftet:\n\n1. Stäm av kundreskontran\n2. Periodisera hyran\n3. Skicka underlag till revisorn", pinned=True),
    Line(1, "16:15", "cecilia", "Punkt 1 är klar. ~~Periodisera hyran~~ också."),
)  # fmt: skip  # talk reads best line by line

# Name, topic, members (the first one makes the room), and what they say.
GROUPS: tuple[tuple[str, str, tuple[str, ...], Lines], ...] = (
    ("Allmänt", "Sådant som rör alla", ("astrid", "birger", "rebecka"), GENERAL),
    ("Kundtjänst", "Vad vi svarar när det ringer", ("rebecka", "astrid", "birger"), SUPPORT),
)
DIRECT: tuple[tuple[str, str, Lines], ...] = (
    ("birger", "astrid", SALES),
    ("rebecka", "birger", FRONT_DESK),
)
NOTES: tuple[tuple[str, str, Lines], ...] = (("cecilia", "cecilia", CHECKLIST),)
