"""A picture on file, as text that a page can hold."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Final

from rag_rules.errors import ScorecardError
from rag_rules.files.tables import printable

__all__ = ["data_uri"]

#: bytes: a logo should not weigh more than the page it stands on
_MOST: Final = 200_000
#: what a file of each kind begins with; SVG is not among them, since it can hold scripts
_STARTS: Final = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif"}


def data_uri(path: Path) -> str:
    """The picture at ``path`` as a data URI; raises ``ScorecardError`` for what is no picture, and for large ones."""
    name = printable(path.name)
    size = path.stat().st_size
    if size > _MOST:
        raise ScorecardError(f"the picture “{name}” has {size:,} bytes; it may have {_MOST:,}")
    data = path.read_bytes()
    kinds = [kind for start, kind in _STARTS.items() if data.startswith(start)]
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        kinds.append("webp")
    if not kinds:
        raise ScorecardError(f"“{name}” is not a picture that pages can hold", expected=("PNG", "JPEG", "GIF", "WebP"))
    return f"data:image/{kinds[0]};base64,{b64encode(data).decode('ascii')}"
