"""Speech JSON: a speech as one line of JSON, versioned, checked value by value when it is read."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from packager.dates import Date
from packager.errors import SpeechFormatError
from packager.speech import Block, BlockKind, Cut, Inline, InlineKind, Picture, Provenance, Speech

FORMAT = 1
"""The format number of Speech JSON; it changes whenever an old reader would go wrong."""


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 §2.2 leaves out of its characters."""
_SHA256 = re.compile("[0-9a-f]{64}")
DEPTH = 150
"""Runs inside runs that Speech JSON may hold; readers follow XML to 120, Markdown to 100."""


BytesOf = Callable[[str], bytes | None]
"""The bytes of a picture by its SHA-256, as `pictures.bytes_of` gives them."""


def speech_to_json(speech: Speech, bytes_of: BytesOf = lambda _: None) -> dict[str, Any]:
    """The whole speech as plain values; `text` beside `content` is there for other programs.

    Pictures are named by their digests; those of which `bytes_of` gives the bytes hold them as
    `data`, in base64.
    """
    made = speech.provenance
    pictures = [_picture_to_json(picture, bytes_of) for picture in speech.pictures]
    return {
        "format": FORMAT,
        "id": speech.id,
        "title": speech.title,
        "speaker": speech.speaker,
        "kind": speech.kind,
        "occasion": speech.occasion,
        "place": speech.place,
        "language": speech.language,
        "date": speech.date.to_json() if speech.date else None,
        "topics": list(speech.topics),
        "blocks": [_block_to_json(block) for block in speech.blocks],
        **({"pictures": pictures} if pictures else {}),
        "provenance": {
            "outlet": made.outlet,
            "url": made.url,
            "captured": made.captured,
            "path": made.path,
            "sha256": made.sha256,
            "reader": made.reader,
            "reader_version": made.reader_version,
            "cut": [
                {"kind": cut.kind, "words": cut.words, "first_words": cut.first_words}
                for cut in made.cut
            ],
        },
    }


def dump_speech(speech: Speech, bytes_of: BytesOf = lambda _: None) -> str:
    """The speech as one line of JSON (a JSON line); `bytes_of` as for `speech_to_json`.

    >>> from packager.speech import Block, BlockKind, Provenance, Speech, plain
    >>> one = Speech("x-1", "To the Lamplighters", (Block(BlockKind.P, plain("Good evening.")),),
    ...              Provenance("a.txt", "0" * 64, "text", "1"))
    >>> load_speech(dump_speech(one)) == one
    True
    """
    return json.dumps(speech_to_json(speech, bytes_of), ensure_ascii=False)


def load_speech(line: str | bytes, keep: Callable[[bytes], object] = lambda _: None) -> Speech:
    """The speech of one line of JSON, exactly as it was dumped; the bytes of its pictures, where
    the line holds them, go to `keep`.

    Raises `SpeechFormatError` where the line is not JSON, not a speech, or of another format.
    """
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SpeechFormatError(f"not JSON: {str(error)[:120]}") from error
    if not isinstance(data, dict) or "blocks" not in data:
        raise SpeechFormatError("no Speech JSON: an object with 'blocks' is expected")
    if data.get("format") != FORMAT:
        raise SpeechFormatError(
            f"Speech JSON of format {data.get('format')!r}", hint=f"this version reads {FORMAT}"
        )
    try:
        speech = _speech_from_json(data)
        for one in data.get("pictures", []):
            if "data" in one:
                keep(_bytes(one["data"], one["sha256"]))
        return speech
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise SpeechFormatError(f"Speech JSON with a wrong value: {error!r}") from error


def _speech_from_json(data: dict[str, Any]) -> Speech:
    made = data["provenance"]
    cuts = tuple(
        Cut(_string(c["kind"]), _count(c["words"]), _string(c["first_words"])) for c in made["cut"]
    )
    blocks = tuple(_block_from_json(block) for block in _list(data["blocks"]))
    _words("".join(block.text for block in blocks))
    for key in ("written", "reason"):
        _maybe((data.get("date") or {}).get(key))
    return Speech(
        id=_words(data["id"]),
        title=_words(data["title"]),
        speaker=_maybe(data.get("speaker")),
        kind=_maybe(data.get("kind")),
        occasion=_maybe(data.get("occasion")),
        place=_maybe(data.get("place")),
        language=_maybe(data.get("language")),
        date=Date.from_json(data["date"]) if data.get("date") else None,
        topics=tuple(_string(topic) for topic in _list(data.get("topics", []))),
        blocks=blocks,
        pictures=tuple(_picture_from_json(one) for one in _list(data.get("pictures", []))),
        provenance=Provenance(
            path=_string(made["path"]),
            sha256=_string(made["sha256"]),
            reader=_string(made["reader"]),
            reader_version=_string(made["reader_version"]),
            outlet=_maybe(made.get("outlet")),
            url=_maybe(made.get("url")),
            captured=_maybe(made.get("captured")),
            cut=cuts,
        ),
    )


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a string is expected, not {value!r}")
    value.encode()  # half a surrogate pair is no character; raises ValueError
    if _CONTROL.search(value):
        raise ValueError("a control character, which no book can hold")
    return value


def _words(value: object) -> str:
    if not (text := _string(value)).strip():
        raise ValueError("id, title and text may not be empty")
    return text


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"a whole number is expected, not {value!r}")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"a list is expected, not {value!r}")
    return value


def _maybe(value: object) -> str | None:
    return None if value is None else _string(value)


def _block_to_json(block: Block) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": str(block.kind), "text": block.text}
    for key in ("language", "speaker", "marker", "ident"):
        if getattr(block, key) is not None:
            out[key] = getattr(block, key)
    if block.level != 1:
        out["level"] = block.level
    out["content"] = [_inline_to_json(part) for part in block.content]
    return out


def _block_from_json(data: dict[str, Any]) -> Block:
    return Block(
        kind=BlockKind(data["kind"]),
        content=tuple(_inline_from_json(part) for part in data["content"]),
        language=_maybe(data.get("language")),
        speaker=_maybe(data.get("speaker")),
        marker=_maybe(data.get("marker")),
        ident=_maybe(data.get("ident")),
        level=_count(data.get("level", 1)),
    )


def _picture_to_json(picture: Picture, bytes_of: BytesOf) -> dict[str, Any]:
    out: dict[str, Any] = asdict(picture)
    if (data := bytes_of(picture.sha256)) is not None:
        out["data"] = base64.b64encode(data).decode()
    return {key: value for key, value in out.items() if value is not None}


def _bytes(written: str, sha256: str) -> bytes:
    data = base64.b64decode(_string(written), validate=True)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError("the bytes of a picture are not those of its SHA-256")
    return data


def _picture_from_json(data: dict[str, Any]) -> Picture:
    sha256 = _string(data["sha256"])
    if not _SHA256.fullmatch(sha256):
        raise ValueError("a SHA-256 is 64 hex digits")
    return Picture(
        at=_count(data["at"]),
        path=_string(data["path"]),
        sha256=sha256,
        media_type=_string(data["media_type"]),
        width=_count(data["width"]),
        height=_count(data["height"]),
        alt=_maybe(data.get("alt")),
        caption=_string(data.get("caption", "")),
    )


def _inline_to_json(part: Inline) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": str(part.kind), "text": part.text}
    if part.content:
        out["content"] = [_inline_to_json(inner) for inner in part.content]
    if part.target is not None:
        out["target"] = part.target
    if part.language is not None:
        out["language"] = part.language
    return out


def _inline_from_json(data: dict[str, Any], depth: int = 1) -> Inline:
    if depth > DEPTH:
        raise ValueError(f"runs in runs, more than {DEPTH} deep")
    return Inline(
        kind=InlineKind(data["kind"]),
        text=_string(data["text"]),
        content=tuple(_inline_from_json(inner, depth + 1) for inner in data.get("content", [])),
        target=_maybe(data.get("target")),
        language=_maybe(data.get("language")),
    )
