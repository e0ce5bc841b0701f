"""How long a video or a sound plays, read from its own headers."""

from __future__ import annotations

import os
import struct
import wave
from typing import BinaryIO

_BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Kilobits a second of layer III, MPEG-1 and MPEG-2 (ISO/IEC 11172-3 and 13818-3)."""


def seconds_of(file: BinaryIO, media_type: str) -> int | None:
    """Whole seconds, at least 1, of a seekable MP4, MP3, WAV or Ogg; None when its headers do not say."""
    try:
        length = {
            "video/mp4": _mpeg_4,
            "audio/mp4": _mpeg_4,
            "audio/mpeg": _mp3,
            "audio/wav": _wav,
            "audio/ogg": _ogg,
        }[media_type](file)
    except (KeyError, struct.error, wave.Error, EOFError, ZeroDivisionError, IndexError, ValueError):
        return None
    return max(round(length), 1) if length and 0 < length < 7 * 86_400 else None


def _mpeg_4(file: BinaryIO) -> float | None:
    """Duration over time scale of the movie header (ISO/IEC 14496-12, 8.2.2)."""
    end = file.seek(0, os.SEEK_END)
    at = 0
    for _box in range(1_000):
        if at + 8 > end:
            return None
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        header = 8
        if size == 1:
            (size,), header = struct.unpack(">Q", file.read(8)), 16
        if kind == b"moov":
            at += header
        elif kind == b"mvhd":
            body = file.read(32)
            scale, duration = struct.unpack(">IQ", body[20:32]) if body[0] == 1 else struct.unpack(">II", body[12:20])
            return int(duration) / int(scale)
        elif size < header:
            return None
        else:
            at += size
    return None


def _wav(file: BinaryIO) -> float:
    file.seek(0)
    with wave.open(file) as sound:
        return float(sound.getnframes() / sound.getframerate())


def _mp3(file: BinaryIO) -> float | None:
    """Frames of the Xing/Info header, else size over the first frame's bit rate."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(10)
    start = 0
    if head[:3] == b"ID3":
        start = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
    file.seek(start)
    frame = file.read(4096)
    at = next(i for i in range(len(frame) - 4) if frame[i] == 0xFF and frame[i + 1] & 0xE6 == 0xE2)
    first, second = frame[at + 1], frame[at + 2]
    one = first >> 3 & 3 == 3
    rate = (44_100, 48_000, 32_000)[second >> 2 & 3] // {3: 1, 2: 2, 0: 4}[first >> 3 & 3]
    marker = max(frame.find(b"Xing", at, at + 64), frame.find(b"Info", at, at + 64))
    if marker >= 0:
        flags, frames = struct.unpack(">II", frame[marker + 4 : marker + 12])
        if flags & 1:
            return int(frames) * (1152 if one else 576) / rate
    bits = (_BITRATES_1 if one else _BITRATES_2)[second >> 4] * 1000
    return (size - start - at) * 8 / bits


def _ogg(file: BinaryIO) -> float | None:
    """The last page's position over the sampling rate (48,000 for Opus; RFC 7845)."""
    file.seek(0)
    head = file.read(64)
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65_536))
    tail = file.read()
    at = tail.rfind(b"OggS")
    (position,) = struct.unpack("<q", tail[at + 6 : at + 14])
    if b"OpusHead" in head:
        return int(position) / 48_000
    at = head.find(b"\x01vorbis")
    (rate,) = struct.unpack("<I", head[at + 12 : at + 16]) if at >= 0 else (0,)
    return int(position) / int(rate)
