"""Pictures of the tests' own, drawn from nothing, and a page that shows them."""

from __future__ import annotations

import io

from PIL import Image

TITLE = "Speech to the Lamplighters of Orrin"
WORDS = (
    "Friends of the harbour, you lit the lamps when the pilots had given us up for lost.",
    "The oil is dear this winter, and the boats that bring it come later every year.",
    "I ask you to keep one lamp in three alight until the herring have gone by the point.",
    "Nobody will be sent home in the dark, and nobody will be asked to row without a light.",
)


def picture(
    form: str = "JPEG",
    size: tuple[int, int] = (400, 300),
    *,
    mode: str = "RGB",
    shade: int = 0,
    **options: object,
) -> bytes:
    """A picture with soft colours in a form that Pillow writes; `shade` tells it from others."""
    grey = Image.radial_gradient("L").resize(size)
    colours = Image.merge("RGB", (grey, grey.rotate(90), grey.point(lambda v: (v + shade) % 256)))
    out = io.BytesIO()
    if mode in ("RGBA", "LA"):
        colours.putalpha(grey)
    colours.convert(mode).save(out, form, **options)
    return out.getvalue()


def figure(address: str, alt: str | None = "The harbour at dusk", caption: str = "") -> str:
    """A figure of a page."""
    said = "" if alt is None else f' alt="{alt}"'
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="{address}"{said}>{below}</figure>'


def page(*parts: str, title: str = TITLE) -> str:
    """A saved article: paragraphs of `WORDS`, with what stands behind each of them; the first of
    `parts` stands behind the headline."""
    rest = [*parts, *[""] * (len(WORDS) + 1 - len(parts))]
    text = "".join(f"<p>{words}</p>\n{part}\n" for words, part in zip(WORDS, rest[1:], strict=True))
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title></head><body>"
        f'<nav><a href="/"><img src="p/logo.png" alt="The Orrin Gazette"></a></nav>'
        f"<article><h1>{title}</h1>\n{rest[0]}\n{text}</article>"
        '<footer><img src="p/x.jpg" alt="Subscribe"></footer></body></html>'
    )
