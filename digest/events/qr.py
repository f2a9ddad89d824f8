"""A page's address as a QR code, for a slide or a poster."""

import io

import segno

CONTENT_TYPE = "image/svg+xml"


def svg(address: str) -> bytes:
    """An SVG without style or script: black on white in every colour scheme, since phones read no inverted codes."""
    picture = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(picture, kind="svg", scale=8, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return picture.getvalue()
