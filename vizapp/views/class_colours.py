"""Ten colours for ten digits.

Chosen by random search for the largest difference between any two of them, in CIELAB, as normal and as colour-deficient
eyes see them (Machado, Oliveira & Fernandes 2009), each with a contrast of 3:1 to the page. What a colour means is
always written beside it, too.
"""

from __future__ import annotations

_CLASSES = {
    "light": (
        ("#136896", "#2fa552", "#824204", "#5b2453", "#b1839f"),
        ("#b3355d", "#393b1f", "#889720", "#292b8b", "#8a86e6"),
    ),
    "dark": (
        ("#33b4f0", "#95ffac", "#828103", "#a66798", "#82ae90"),
        ("#d05255", "#d9eafe", "#f2ed70", "#5b74df", "#e8a265"),
    ),
}
CLASS_COLOURS: dict[str, tuple[str, ...]] = {theme: (*low, *high) for theme, (low, high) in _CLASSES.items()}
"""By theme, "light" and "dark": the colours of 0 to 9, as #rrggbb."""
