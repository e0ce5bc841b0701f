"""The demo's written answers: a quiz with an essay and a case, some answers marked and some that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from learnhub.audit.trail import Actor
from learnhub.authorship.models import Ownership, Work
from learnhub.demo.people import People
from learnhub.identity.models import Member
from learnhub.journeys import mark_by_hand, submit_quiz
from learnhub.kernel.db import db
from learnhub.quizzes import answers, attempts, hand_marks, papers
from learnhub.quizzes.hand_marks import Given
from learnhub.quizzes.models import Mode, Quiz
from question_bank import authoring
from question_bank.authoring import QuestionDraft

RUBRIC = [
    {
        "title": "要素齐全",
        "levels": [
            {"text": "时间、地点、对象、事项、要求都有", "points": "4"},
            {"text": "缺一项", "points": "2"},
            {"text": "缺两项以上", "points": "0"},
        ],
    },
    {
        "title": "语言得体",
        "levels": [
            {"text": "简明、准确、合乎公文语体", "points": "3"},
            {"text": "大体通顺", "points": "2"},
            {"text": "口语或含糊之处较多", "points": "0"},
        ],
    },
    {
        "title": "格式规范",
        "levels": [{"text": "标题、主送、落款正确", "points": "3"}, {"text": "有差错", "points": "1"}],
    },
]


@dataclass(frozen=True)
class Paper:
    """What a member of the demo hands in: hours ago, the notice, the essay of the case, and its statement."""

    hours: int
    notice: str
    why: str
    answer: str


PAPERS = (
    Paper(
        52,
        "关于召开季度安全例会的通知\n各支部：\n定于本周五下午三点在三楼会议室召开季度安全例会，请各支部安全员参加，"
        "并带上本季度检查记录。如不能参加，请于周四前向党委办公室请假。\n党委办公室",
        "先断电，再用干粉灭火器。水会导电，所以不能用水。",
        "false",
    ),
    Paper(
        27,
        "通知\n大家好，周五开会，请准时来。\n办公室",
        "应该马上离开房间，去找同事帮忙。",
        "false",
    ),
    Paper(
        20,
        "关于召开季度安全例会的通知\n各支部安全员：\n本季度安全例会定于11月28日（星期五）15:00在三楼会议室召开，内容为通报检查情况、"
        "部署冬季防火工作。请准时参加。\n党委办公室",
        "电器着火时要先切断电源，然后用二氧化碳或干粉灭火器灭火，同时报警。",
        "false",
    ),
    Paper(3, "请安全员周五下午来开例会，地点三楼会议室。", "用水扑灭。", "true"),
)


def hand_in(people: People, now: datetime) -> None:
    """Members hand their papers in; the instructor has marked the first one."""
    begun = now - timedelta(days=6)
    quiz = _quiz(people, begun)
    sitters = [one for one in people.members[40:] if one.id not in {each.id for each in people.instructors}]
    for paper, member in zip(PAPERS, sitters, strict=False):
        _sit(quiz, member, paper, now - timedelta(hours=paper.hours))
    _mark(quiz, sitters[0], Actor(people.instructors[0]), now - timedelta(hours=24))


def _quiz(people: People, now: datetime) -> Quiz:
    bank = authoring.create_bank("demo-written", "写作与案例", now)
    db.session.add(Ownership(work=Work.BANK, work_id=bank.id, unit_id=people.committee.id, since=now))
    ids = authoring.add_questions(bank, [_essay(), _case()], now)
    quiz = Quiz(
        slug="written",
        title="公文写作 · 练笔",
        introduction_html="写一份通知，再分析一个案例。答案由讲师评阅。",
        unit_id=people.committee.id,
        paper={"questions": [{"id": str(ids[0]), "mark": 10_000}, {"id": str(ids[1]), "mark": 5_000}]},
        mode=Mode.TEST,
        created_at=now,
    )
    db.session.add(quiz)
    db.session.flush()
    return quiz


def _essay() -> QuestionDraft:
    return QuestionDraft(
        "essay",
        "<p>党委办公室定于本周五下午三点在三楼会议室召开季度安全例会，各支部安全员参加。请写一份会议通知。</p>",
        {"least": 60, "most": 300, "rubric": RUBRIC, "marker_html": "<p>主送机关写“各支部”或安全员均可。</p>"},
        title="会议通知",
        mark=10_000,
        category="公文写作",
    )


def _case() -> QuestionDraft:
    questions = [
        {
            "kind": "true_false",
            "stem_html": "<p>这时可以用水灭火。</p>",
            "mark": 1_000,
            "content": {"answer": False},
        },
        {"kind": "essay", "stem_html": "<p>正确的做法是什么？为什么？</p>", "mark": 4_000, "content": {"most": 200}},
    ]
    stem = "<p>小李加班时，办公室的插线板冒烟，随后起火，旁边的显示器还亮着。</p>"
    return QuestionDraft("case", stem, {"questions": questions}, title="插线板起火", mark=5_000, category="安全")


def _sit(quiz: Quiz, member: Member, paper: Paper, at: datetime) -> None:
    attempt = submit_quiz.start(quiz, member, at)
    content = papers.asked(papers.slot_of(attempt.layout, 2).version_id).content
    statement, why = (one["key"] for one in content["questions"])
    given = (
        (1, {"text": paper.notice}),
        (2, {"answers": {statement: {"choice": paper.answer}, why: {"text": paper.why}}}),
    )
    for slot, response in given:
        answers.save(member.id, attempt.id, slot, response, 1, None, None, at + timedelta(minutes=12 * slot))
    submit_quiz.hand_in(member.id, attempt.id, at + timedelta(minutes=31))


def _mark(quiz: Quiz, member: Member, marker: Actor, at: datetime) -> None:
    attempt = attempts.of_member(member.id, quiz.id)[0]
    (notice,) = hand_marks.of_slot(attempt, 1)
    best = {one["key"]: one["levels"][0]["key"] for one in notice.rubric}
    best[notice.rubric[1]["key"]] = notice.rubric[1]["levels"][1]["key"]
    mark_by_hand.mark(marker, attempt, 1, [Given("", None, best)], "要素齐全。“如不能参加”一句可以更简洁。", 0, at)
    (why,) = hand_marks.of_slot(attempt, 2)
    mark_by_hand.mark(marker, attempt, 2, [Given(why.key, 4_000)], "很好，先断电是关键。", 0, at)
