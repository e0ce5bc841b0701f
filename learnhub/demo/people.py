"""Who lives in the demo organisation: a committee, its branches and their members, the same every time."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from learnhub.audit.trail import SYSTEM
from learnhub.identity.models import Member, MemberState
from learnhub.identity.passwords import hash_password
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.organisations import roles, units
from learnhub.organisations.mapping.models import UnitPlace
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import Role

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文辉志林晓宇欣怡子轩浩然思远雨桐一诺梓涵佳琪"
    "嘉懿天佑书瑶可心博文立诚致远知行望舒景行若水清和安宁长庚怀瑾承泽云帆"
)
COMPOUND = ("欧阳", "上官", "司马", "诸葛")

SIZES = {"small": (60, 16, 2), "medium": (60, 16, 2), "large": (60, 16, 2)}
EXTRA_BRANCHES = {"small": 0, "medium": 40, "large": 2_000}
BRANCH_SIZE = {"small": 0, "medium": 48, "large": 50}

BRANCHES = (
    ("B1", "机关第一支部"),
    ("B2", "驻滇西项目支部"),
    ("B3", "离退休人员支部"),
)

PLACES = {"HQ": (102.712, 25.046), "B1": (102.718, 25.038), "B2": (99.168, 25.112), "B3": (103.797, 25.491)}
"""Where the first units are; those of the larger sizes lie around the committee."""


@dataclass
class People:
    """The units and members that the rest of the demo is told about."""

    committee: Unit
    branches: list[Unit]
    members: list[Member]
    """Everybody, in the order of their numbers."""
    unit_of: dict[int, int]
    administrator: Member
    secretaries: list[Member]
    instructors: list[Member]
    member: Member
    """The one who signs in as `member`."""


def settle(size: str, password: str, now: datetime, seed: random.Random) -> People:
    """Make the units, the members and the roles."""
    committee = units.new_unit("HQ", "云岭科技集团党委", now, kind="committee")
    branches = [units.new_unit(code, name, now, parent=committee) for code, name in BRANCHES]
    counts = list(SIZES[size])
    for n in range(EXTRA_BRANCHES[size]):
        branches.append(units.new_unit(f"B{n + 4}", f"第{n + 4}支部", now, parent=committee))
        counts.append(BRANCH_SIZE[size])
    _place(committee, branches)
    members, unit_of = _members(committee, branches, counts, now, seed)
    named = _name_accounts(members, unit_of, branches, password, now)
    _grant(named, committee, branches, now)
    return People(committee, branches, members, unit_of, **named)


def _place(committee: Unit, branches: list[Unit]) -> None:
    """Places for all units; those that nobody wrote down lie on a spiral around the committee, denser in the middle."""
    east, north = PLACES[committee.code]
    for number, unit in enumerate([committee, *branches]):
        angle, away = number * 2.399963, 1.6 * (number / (len(branches) + 1)) ** 0.5
        spiral = (round(east + away * math.cos(angle), 6), round(north + 0.8 * away * math.sin(angle), 6))
        longitude, latitude = PLACES.get(unit.code, spiral)
        db.session.add(UnitPlace(unit_id=unit.id, longitude=longitude, latitude=latitude))


def person_name(seed: random.Random) -> str:
    """A made-up name: one surname in forty is compound, one given name in four has one character."""
    surname = seed.choice(COMPOUND) if seed.random() < 0.025 else seed.choice(SURNAMES)
    length = 1 if seed.random() < 0.25 else 2
    return surname + "".join(seed.choice(GIVEN) for _ in range(length))


def _members(
    committee: Unit, branches: list[Unit], counts: list[int], now: datetime, seed: random.Random
) -> tuple[list[Member], dict[int, int]]:
    today = local_date(now, house.zone)
    homes = [committee.id] * 4 + [
        branch.id for branch, count in zip(branches, counts, strict=True) for _ in range(count)
    ]
    rows: list[dict[str, Any]] = []
    belongings: list[dict[str, Any]] = []
    unit_of: dict[int, int] = {}
    for n, unit_id in enumerate(homes, start=1):
        member_id = new_id()
        unit_of[member_id] = unit_id
        rows.append(
            {
                "id": member_id,
                "number": f"YL{n:06d}",
                "sign_in_name": f"YL{n:06d}",
                "name": person_name(seed),
                "state": MemberState.ACTIVE,
                "test": False,
                "created_at": now,
            }
        )
        joined = today - timedelta(days=seed.randint(200, 3000))
        belongings.append(
            {
                "id": new_id(),
                "member_id": member_id,
                "unit_id": unit_id,
                "is_primary": True,
                "post": "",
                "starts_on": joined,
            }
        )
    db.session.execute(insert(Member), rows)
    db.session.execute(insert(Membership.__table__), belongings)  # type: ignore[arg-type]
    ids = [row["id"] for row in rows[:100]]
    found = {member.id: member for member in db.session.query(Member).where(Member.id.in_(ids))}
    first = [found[member_id] for member_id in ids]
    rest = [Member(**row) for row in rows[100:]]
    return first + rest, unit_of


def _name_accounts(
    members: list[Member], unit_of: dict[int, int], branches: list[Unit], password: str, now: datetime
) -> dict[str, Any]:
    def of(unit: Unit) -> list[Member]:
        return [member for member in members[:100] if unit_of[member.id] == unit.id]

    first, second, third = (of(branch) for branch in branches[:3])
    chosen = {
        "administrator": members[0],
        "instructors": [members[1], members[2], first[1], second[1]],
        "secretaries": [first[0], second[0], third[0]],
        "member": first[2],
    }
    accounts = (
        ("admin", members[0], "管理员·高远"),
        ("secretary", first[0], "书记·林静"),
        ("instructor", members[1], "讲师·周致远"),
        ("member", first[2], "学员·王晓"),
    )
    for sign_in_name, member, name in accounts:
        member.sign_in_name, member.name = sign_in_name, name.split("·")[1]
        member.password_hash, member.password_changed_at = hash_password(password), now
    db.session.flush()
    return dict(chosen)


def _grant(named: dict[str, Any], committee: Unit, branches: list[Unit], now: datetime) -> None:
    roles.grant(SYSTEM, named["administrator"], Role.ADMINISTRATOR, committee, now)
    for secretary, branch in zip(named["secretaries"], branches[:3], strict=True):
        roles.grant(SYSTEM, secretary, Role.SECRETARY, branch, now)
    for instructor in named["instructors"]:
        roles.grant(SYSTEM, instructor, Role.INSTRUCTOR, committee, now)


def history_days(now: datetime, days: int = 90) -> list[date]:
    """The days of the demo's past, oldest first, today left out."""
    today = local_date(now, house.zone)
    return [today - timedelta(days=n) for n in range(days, 0, -1)]
