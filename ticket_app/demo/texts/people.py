"""The companies, departments, teams and people of the demo data."""

from __future__ import annotations

from ticket_app.core.platform.vocabulary import Role
from ticket_app.demo.texts.models import DemoCompany, DemoPerson

DEPARTMENTS = ("Customer Support", "Engineering", "Finance", "Operations", "Internal IT")
TEAMS = ("Sales", "Tech", "Finance", "Music", "Admin")

COMPANIES = (
    DemoCompany("Lotus Bay Hotels", "lotusbay.example", ("Lotus Bay Phuket", "Lotus Bay Samui")),
    DemoCompany(
        "Kestrel Coffee Roasters", "kestrel.example", ("Kestrel Dockside", "Kestrel Old Town")
    ),
    DemoCompany(
        "Marlowe & Finch", "marlowefinch.example", ("the Regent Street store", "the Leeds store")
    ),
    DemoCompany("Nordlicht Therme GmbH", "nordlicht.example", ("Therme Lübeck", "Therme Husum")),
    DemoCompany("Maison Verger", "verger.example", ("la boutique de Lyon", "l'atelier de Nantes")),
    DemoCompany(
        "Siam Orchid Dining", "siamorchid.example", ("Siam Orchid Thonglor", "Siam Orchid Ari")
    ),
    DemoCompany("Harbour Lane Gyms", "harbourlane.example", ("the Bristol gym", "the Cardiff gym")),
    DemoCompany(
        "Brightwater Clinics", "brightwater.example", ("the North clinic", "the Quay clinic")
    ),
    DemoCompany("Atlas Freight", "atlasfreight.example", ("Depot 4", "the Rotterdam office")),
    DemoCompany("Pico Games", "picogames.example", ("the studio", "the QA floor")),
    DemoCompany(
        "Greenfield Schools Trust", "greenfield.example", ("Hillside School", "Abbey School")
    ),
)

PEOPLE = (
    DemoPerson("ada", "Ada", "Moreau", Role.SUPER_ADMIN, "", "Operations"),
    DemoPerson("mia", "Mia", "Castellanos", Role.MANAGER, "", "Customer Support"),
    DemoPerson("sam", "Sam", "Whitfield", Role.AGENT, "Tech", "Customer Support"),
    DemoPerson("kim", "Kim", "Tanaka", Role.AGENT, "Music", "Customer Support"),
    DemoPerson("leo", "Leo", "Brandt", Role.AGENT, "Finance", "Finance"),
    DemoPerson("nok", "Nok", "Srisai", Role.AGENT, "Sales", "Operations"),
    DemoPerson("priya", "Priya", "Raman", Role.AGENT, "Admin", "Internal IT"),
    DemoPerson("uma", "Uma", "Lindqvist", Role.USER, "lotusbay.example", None),
    DemoPerson("bob", "Bob", "Okafor", Role.USER, "kestrel.example", None),
    DemoPerson("anong", "Anong", "Wattana", Role.USER, "siamorchid.example"),
    DemoPerson("somchai", "สมชาย", "ใจดี", Role.USER, "siamorchid.example"),
    DemoPerson("greta", "Greta", "Hoffmann", Role.USER, "nordlicht.example"),
    DemoPerson("juergen", "Jürgen", "Weiß", Role.USER, "nordlicht.example"),
    DemoPerson("claire", "Claire", "Dubois", Role.USER, "verger.example"),
    DemoPerson("etienne", "Étienne", "Garnier", Role.USER, "verger.example"),
    DemoPerson(
        "konstantinia",
        "Konstantinia-Alexandra",
        "Papadimitrakopoulou",
        Role.USER,
        "brightwater.example",
    ),
    DemoPerson("tom.hale", "Tom", "Hale", Role.USER, "brightwater.example"),
    DemoPerson("rosa", "Rosa", "Delgado", Role.USER, "lotusbay.example"),
    DemoPerson("viktor", "Viktor", "Sorokin", Role.USER, "lotusbay.example"),
    DemoPerson("hannah", "Hannah", "Pryce", Role.USER, "kestrel.example"),
    DemoPerson("dele", "Dele", "Adeyemi", Role.USER, "kestrel.example"),
    DemoPerson("oliver", "Oliver", "Finch", Role.USER, "marlowefinch.example"),
    DemoPerson("beth", "Beth", "Marlowe", Role.USER, "marlowefinch.example"),
    DemoPerson("ravi", "Ravi", "Chandran", Role.USER, "marlowefinch.example"),
    DemoPerson("gwen", "Gwen", "Llewellyn", Role.USER, "harbourlane.example"),
    DemoPerson("marcus", "Marcus", "Boateng", Role.USER, "harbourlane.example"),
    DemoPerson("ines", "Inês", "Carvalho", Role.USER, "atlasfreight.example"),
    DemoPerson("pieter", "Pieter", "van den Berg", Role.USER, "atlasfreight.example"),
    DemoPerson("yuki", "Yuki", "Arai", Role.USER, "picogames.example"),
    DemoPerson("jonas", "Jonas", "Ekström", Role.USER, "picogames.example"),
    DemoPerson("leila", "Leila", "Haddad", Role.USER, "picogames.example"),
    DemoPerson("fiona", "Fiona", "MacLeod", Role.USER, "greenfield.example"),
    DemoPerson("desmond", "Desmond", "Clarke", Role.USER, "greenfield.example"),
    DemoPerson("nadia", "Nadia", "Rahman", Role.USER, "atlasfreight.example"),
)
