"""Values that a server may change without meaning to: texts, numbers and times. All of them are valid."""

COMBINED = (
    "Ame\u0301lie Ñandú ﬁ Ａ１ x² Ⅳ ΩΣς МиХ ẞß 折返し עברית 🏃🏽\u200d♀️ a  b <b>&amp;</b> \"'` \\ \\n %20 %s {} ${x}"
)
"""Whatever changes one of the usual texts, except by their whole form or length, also changes this one."""

_DIGITS = "0123456789" * 26

LONG = _DIGITS[:255] + "Z"
"""256 characters, and the last one is not like the others."""

USUAL = (
    COMBINED,
    "Ame\u0301lie Zoe\u0308",
    "Amélie Zoë Ñandú",
    "ﬁnish Ａ１ x² Ⅳ ½ ㎞",
    "👩\u200d👩\u200d👧\u200d👦 🏃🏽\u200d♀️ 🇪🇸",
    "עברית العربية",
    "MiXeD cAsE ÄÖÜ ẞß İı Σς",
    "Финиш Τέρμα 折返し",
    "two  spaces   inside",
    "<b>&amp;</b> <!-- -->",
    "\"'`´ \\ / \\n \\u0041",
    "%s %d %20 %% a+b&c=d;#?{}${x}",
    "007",
    "1e5",
    "12E3",
    "1.0",
    "0",
    "0.0",
    "null",
    "true",
    "NaN",
    "2024-02-29",
    _DIGITS[:24] + "Z",
    _DIGITS[:32] + "Z",
)
"""Texts that a client may well send."""

UNUSUAL = (LONG, " spaces at both ends ", "", _DIGITS[:64] + "Z", _DIGITS[:128] + "Z")
"""Texts that a server may refuse, because it limits them; if it accepts one, it must keep it."""

FEW = (COMBINED, LONG, " spaces at both ends ", "007", "")
"""The most telling of all, for a run that can afford only a few."""

NUMBERS = (0, 1, 2, 5, 9, 10, 100, 1000, 2_147_483_647)
LARGE_NUMBERS = (2_147_483_648, 4_294_967_296, 9_007_199_254_740_991)
"""Numbers beyond 32 bits, which a server may refuse."""

TIMES = (
    "2024-02-29T00:00:00.000Z",
    "2024-02-29T23:59:59.999Z",
    "2023-12-31T23:59:59.999Z",
    "2024-01-01T00:00:00.000Z",
    "2024-05-01T08:00:00.010Z",
    "2024-05-01T08:00:00.500Z",
    "2024-05-01T08:00:00.500Z",
    "2024-10-27T00:30:00.100Z",
    "2024-05-01T08:00:00.001Z",
    "2000-02-29T12:00:00.120Z",
    "2038-01-19T03:14:08.000Z",
    "1999-12-31T23:59:59.990Z",
)
"""Leap days, the ends of years, equal times, and milliseconds that end in 0."""
