"""Packages for the tests, written by hand: a name and its content make a zip."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image


def packed(files: dict[str, str | bytes]) -> bytes:
    """A zip of these files."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    """A small picture."""
    buffer = BytesIO()
    Image.new("RGB", size, "white").save(buffer, form)
    return buffer.getvalue()


def small_course(**changed: str | bytes) -> dict[str, str | bytes]:
    """A course of two modules and three lessons with a picture and an attachment."""
    return {
        "course.md": "---\nslug: tea\ntitle: 茶的常识\nsummary: 怎样泡好一杯茶。\nlanguage: zh\ncategory: 生活\n---\n",
        "01-start/module.md": "# 开始\n",
        "01-start/01-kinds.md": "---\ntitle: 茶的种类\n---\n六大茶类。\n\n![茶叶](../media/leaf.png)\n",
        "01-start/02-water.md": "---\ntitle: 水温\nattachments: [../media/table.csv]\n---\n见[上一课](01-kinds.md)。\n",
        "02-practice/01-brew.md": "# 动手\n\n1. 烧水\n",
        "media/leaf.png": picture(),
        "media/table.csv": "茶类,水温\n绿茶,80\n",
        **{name.replace("__", "/"): content for name, content in changed.items()},
    }
