"""Which column of a roster holds what: the header found under titles and notes, its words known by their synonyms."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from learnhub.kernel.cells import folded
from learnhub.kernel.words import Message, _


class Field(StrEnum):
    """What a roster can say of a member."""

    NUMBER = "number"
    NAME = "name"
    UNIT = "unit"
    POST = "post"
    PHONE = "phone"
    EMAIL = "email"
    SINCE = "since"


ByHand = Mapping["Field", int | None]
"""Columns that somebody chose: the number of a field's column, None for "not in this file"."""
FIELD_NAMES: dict[Field, Message] = {
    Field.NUMBER: _("Number"),
    Field.NAME: _("Name"),
    Field.UNIT: _("Unit"),
    Field.POST: _("Post"),
    Field.PHONE: _("Phone"),
    Field.EMAIL: _("E-mail"),
    Field.SINCE: _("Belongs to the unit from"),
}
SYNONYMS: dict[Field, str] = {
    Field.NUMBER: (
        "工号 编号 学号 人员编号 职工号 员工号 员工编号 学员编号 党员编号 会员编号 "
        "证件号 身份证号 身份证 身份证号码 number id "
        "memberid employeeid employeenumber studentid studentnumber usernumber identifier "
        "账号 用户名 登录名 username account login"
    ),
    Field.NAME: "姓名 名字 学员姓名 党员姓名 员工姓名 人员姓名 真实姓名 name fullname membername",
    Field.UNIT: (
        "部门 组织 所在组织 所在支部 所在党支部 单位 所在单位 所属组织 所属部门 所属单位 所属支部 党支部 支部 "
        "组织路径 组织名称 部门名称 unit department organisation organization branch group"
    ),
    Field.POST: "身份 职务 岗位 党内职务 职位 post position title",
    Field.PHONE: "手机 手机号 手机号码 电话 联系电话 联系方式 移动电话 phone mobile telephone cell phonenumber",
    Field.EMAIL: "邮箱 电子邮箱 邮件 电子邮件 邮箱地址 email mail emailaddress",
    Field.SINCE: "加入日期 起始日期 开始日期 转入日期 加入时间 since startson startdate joinedon",
}
ROLES = {folded(word) for word in "角色 权限 系统角色 管理员 role roles permission isadmin".split()}
"""Columns that a roster may have and that are never read: an import grants nothing."""
HEADER_WITHIN = 40
"""Rows in which the header is looked for: titles and notes may stand above it."""
_KNOWN = {folded(word): (field, place) for field, words in SYNONYMS.items() for place, word in enumerate(words.split())}
_DECORATION = re.compile(r"[*＊#:：_\-\s]|[（(\[【][^）)\]】]*[）)\]】]")


def plain(title: str) -> str:
    """A header's title without decorations such as `*` and （必填）, for comparing."""
    return folded(_DECORATION.sub("", title))


def columns_of(titles: Sequence[str]) -> dict[Field, int]:
    """The column of each field that the titles name. Of two that name one field the nearer synonym counts: 工号
    before 身份证号."""
    best: dict[Field, tuple[int, int]] = {}
    for at, title in enumerate(titles):
        known = _KNOWN.get(plain(title)) if title else None
        if known is not None and (known[0] not in best or known[1] < best[known[0]][0]):
            best[known[0]] = (known[1], at)
    return {field: at for field, (_place, at) in best.items()}


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[Field, int]] | None:
    """The first of the rows that names most fields, and what it names; None when none names a number or a name."""
    best: tuple[int, dict[Field, int]] | None = None
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        found = columns_of(row)
        if not {Field.NUMBER, Field.NAME} & set(found):
            continue
        if best is None or len(found) > len(best[1]):
            best = (at, found)
    return best


def likely_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Where a header stands that names nothing known: the first row with two or more short texts."""
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        texts = [cell for cell in row if cell and len(cell) <= 20 and not cell.isdigit()]
        if len(texts) >= 2:
            return at
    return None


def mapped(by_words: Mapping[Field, int], by_hand: ByHand, width: int) -> dict[Field, int]:
    """What the words found, and over it what somebody chose."""
    columns = dict(by_words)
    for field, at in by_hand.items():
        if at is None:
            columns.pop(field, None)
        elif 0 <= at < width:
            columns[field] = at
    return columns


def detail_columns(
    titles: Sequence[str], names: Mapping[str, str], by_hand: Mapping[str, int | None], taken: Collection[int]
) -> dict[str, int]:
    """The columns of the organisation's own fields, by key: those of that name that hold nothing else, or as chosen."""
    found: dict[str, int] = {}
    for at, title in enumerate(titles):
        key = names.get(plain(title)) if title and at not in taken else None
        if key is not None:
            found.setdefault(key, at)
    for key, chosen in by_hand.items():
        found.pop(key, None)
        if chosen is not None and 0 <= chosen < len(titles) and key in names.values():
            found[key] = chosen
    return found


def asks_for_roles(titles: Sequence[str]) -> bool:
    """Whether a column speaks of roles."""
    return any(plain(title) in ROLES for title in titles if title)
