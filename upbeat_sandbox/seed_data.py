"""The seed as plain tables. Names were made up for this purpose; a likeness to real ones is chance."""

from datetime import date
from typing import Any


def songs(*titles: str) -> list[dict[str, Any]]:
    return [{"title": title} for title in titles]


ARTISTS: list[tuple[str, list[str], int]] = [
    ("Marlo Venn", ["harbour pop", "indie"], 41_280),
    ("The Quiet Cartographers", ["chamber folk"], 12_904),
    ("Óla Brekkudóttir", ["nordic electronica"], 88_311),
    ("Sable & Thorn", ["dark country"], 6_042),
    ("東雲ランプ", ["city pop"], 53_770),
    ("DJ Kettlewell", ["garden house"], 3_118),
    ("Pilar Anzoátegui Quartet", ["jazz"], 1_905),
]

# The singles share their recordings (ISRCs) with the album that is to come, as singles do.
HARBOUR_LIGHTS = {"title": "Harbour Lights", "seconds": 214, "isrc": "QZUPB2600103"}
SLOW_SEMAPHORE = {"title": "Slow Semaphore", "seconds": 187, "isrc": "QZUPB2600107"}

RELEASES: list[dict[str, Any]] = [
    {
        "title": "Night Ferry North",
        "artists": ["Marlo Venn"],
        "upc": "859713000100",
        "days_after": 0,
        "tracks": [
            {"title": "Gangway", "seconds": 96, "isrc": "QZUPB2600101"},
            {"title": "Night Ferry North", "seconds": 241, "isrc": "QZUPB2600102"},
            HARBOUR_LIGHTS,
            {"title": "Cabin 214", "seconds": 203, "isrc": "QZUPB2600104"},
            {"title": "Salt on the Receiver", "seconds": 226, "isrc": "QZUPB2600105"},
            {"title": "Lower Deck Waltz", "seconds": 178, "isrc": "QZUPB2600106", "explicit": True},
            SLOW_SEMAPHORE,
            {"title": "Duty Free Moon", "seconds": 199, "isrc": "QZUPB2600108"},
            {"title": "Wake", "seconds": 255, "isrc": "QZUPB2600109"},
            {"title": "First Light, Skagen", "seconds": 308, "isrc": "QZUPB2600110"},
        ],
    },
    {
        "title": "Harbour Lights",
        "artists": ["Marlo Venn"],
        "kind": "single",
        "upc": "859713000209",
        "date": date(2026, 6, 12),
        "tracks": [HARBOUR_LIGHTS],
    },
    {
        "title": "Slow Semaphore",
        "artists": ["Marlo Venn"],
        "kind": "single",
        "upc": "859713000308",
        "spotify_upc_digits": 13,
        "date": date(2026, 9, 18),
        "tracks": [SLOW_SEMAPHORE],
    },
    {
        "title": "Paper Harbours",
        "artists": ["Marlo Venn"],
        "upc": "859713000407",
        "date": date(2023, 4, 14),
        "tracks": songs(
            "Moorings",
            "Paper Harbours",
            "Tin Gulls",
            "Left of the Lighthouse",
            "Brackish",
            "Two Anchors",
            "Customs House",
            "Low Water",
        ),
    },
    {
        "title": "An Atlas of Small Rooms",
        "artists": ["The Quiet Cartographers"],
        "upc": "859713000506",
        "date": date(2021, 10, 1),
        "tracks": songs(
            "Pantry",
            "The Box Room",
            "Stairwell (Reprise)",
            "Attic, North-Facing",
            "Under the Sink",
            "Hall of Coats",
            "Spare Key",
            "A Door That Sticks",
            "Landing",
        ),
    },
    {
        "title": "Contour Lines",
        "artists": ["The Quiet Cartographers"],
        "upc": "859713000605",
        "days_after": 7,
        "spotify_upc_digits": 14,
        "tracks": songs(
            "Benchmark",
            "Contour Lines",
            "Trig Point",
            "Sheep Track",
            "Scree",
            "The Key to Symbols",
            "Grid North",
            "Fold Here",
        ),
    },
    {
        "title": "Ísbrot",
        "artists": ["Óla Brekkudóttir"],
        "upc": "859713000704",
        "date": date(2024, 2, 2),
        "spotify_upc_digits": 14,
        "tracks": songs(
            "Þíða",
            "Ísbrot",
            "Hálfa leið",
            "Norðurljósaverksmiðja",
            "Öldurót",
            "Kaldavatn",
            "Vaka",
            "Sólhvörf",
        ),
    },
    {
        "title": "Morgunn",
        "artists": ["Óla Brekkudóttir"],
        "kind": "single",
        "upc": "859713000803",
        "days_after": 3,
        "tracks": songs("Morgunn", "Morgunn (Kettlewell's Greenhouse Mix)"),
    },
    {
        "title": "Gallows Orchard",
        "artists": ["Sable & Thorn"],
        "upc": "859713000902",
        "date": date(2022, 11, 11),
        "tracks": songs(
            "Windfall",
            "Gallows Orchard",
            "Crow Tax",
            "The Hired Hand's Hymn",
            "Rust Wedding",
            "Cider Kings",
            "Bury Me Facing the Road",
            "Last Barn Standing",
        ),
    },
    {
        "title": "終電のラジオ",
        "artists": ["東雲ランプ"],
        "upc": "4571397180010",
        "date": date(2025, 7, 7),
        "tracks": songs(
            "改札",
            "終電のラジオ",
            "自販機の月",
            "ガラスの三叉路",
            "雨宿り",
            "午前四時の信号",
            "遠い屋上",
            "始発",
        ),
    },
    {
        "title": "Compost Disco",
        "artists": ["DJ Kettlewell"],
        "upc": "859713001008",
        "date": date(2025, 5, 30),
        "tracks": [
            *songs(
                "Hose On",
                "Compost Disco",
                "Slug Patrol",
                "Greenhouse Effect(s)",
                "Bean Pole",
                "Wheelbarrow",
                "Aphid House",
                "Leaf Mould",
            ),
            {"title": "Trellis", "artists": ["DJ Kettlewell", "Óla Brekkudóttir"]},
        ],
    },
    {
        "title": "Canción de la Grúa",
        "artists": ["Pilar Anzoátegui Quartet"],
        "upc": "859713001107",
        "date": date(2020, 1, 17),
        "tracks": songs(
            "Obertura en Hormigón",
            "Canción de la Grúa",
            "Andamio",
            "Polvo",
            "Hora del Bocadillo",
            "Nivel de Burbuja",
            "Viga Maestra",
            "Fin de Obra",
        ),
    },
    {
        "title": "Tidewater Tapes, Vol. 1",
        "artists": ["Various Artists"],
        "kind": "compilation",
        "upc": "859713001206",
        "date": date(2024, 12, 6),
        "tracks": [
            {"title": "Tin Gulls (Demo)", "artists": ["Marlo Venn"]},
            {"title": "Spare Key (Live)", "artists": ["The Quiet Cartographers"]},
            {"title": "Vaka (Sleepless Edit)", "artists": ["Óla Brekkudóttir"]},
            {"title": "Crow Tax (Porch Version)", "artists": ["Sable & Thorn"]},
            {"title": "雨宿り (Umbrella Mix)", "artists": ["東雲ランプ"]},
            {"title": "Slug Patrol (Night Shift)", "artists": ["DJ Kettlewell"]},
            {"title": "Polvo (Take 3)", "artists": ["Pilar Anzoátegui Quartet"]},
            {"title": "Both Banks", "artists": ["Marlo Venn", "Sable & Thorn"]},
        ],
    },
]

# owner, name, description, artists whose music is on it
PLAYLISTS: list[tuple[str, str, str, list[str]]] = [
    (
        "Marlo Venn",
        "Songs for the Crossing",
        "What plays in the wheelhouse.",
        ["Marlo Venn", "Sable & Thorn", "The Quiet Cartographers"],
    ),
    (
        "Tidewater Tapes",
        "Tidewater: New & Coming",
        "The label's own picks.",
        ["Marlo Venn", "Óla Brekkudóttir", "DJ Kettlewell"],
    ),
    (
        "Tidewater Tapes",
        "Slow Boats",
        "Music that takes its time.",
        ["The Quiet Cartographers", "Pilar Anzoátegui Quartet"],
    ),
    ("Lotte Amsel", "Küche & Regen", "", ["東雲ランプ", "Óla Brekkudóttir"]),
]
