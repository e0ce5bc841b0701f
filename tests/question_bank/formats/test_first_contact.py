"""Shapes that files drawn in the styles of Chinese platforms and teachers showed: marks in keys, verdicts, sheets."""

from __future__ import annotations

import io

import openpyxl
import pytest

from question_bank.formats import read
from question_bank.formats.reading import Reading
from tests.question_bank.formats.test_unseen_shapes import read_text, told


def of_sheets(**sheets: list[list[str | int | None]]) -> Reading:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return read(out.getvalue(), "bank.xlsx")


def test_a_key_may_say_what_each_answer_earns() -> None:
    reading = read_text(
        "一、选择题\n1. 鸟类的体温特点是（ ）\nA. 恒温  B. 变温\n2. 两栖动物有（ ）\nA. 青蛙  B. 蛇  C. 蟾蜍\n"
        "二、填空题\n3. 鱼用____呼吸。\n4. 鲸用____呼吸，生活在____里。\n"
        "答案：\n1. A（2分）\n2. AC（3分）\n3. 鳃（1分）\n4. 肺（1分）；海（2分）\n"
    )
    assert [one[2] for one in told(reading)] == [
        ["*恒温", "变温"],
        ["*青蛙", "蛇", "*蟾蜍"],
        [["鳃"]],
        [["肺"], ["海"]],
    ]
    assert [one.mark for one in reading.questions] == [2000, 3000, 1000, 3000]
    assert reading.warnings == []


@pytest.mark.parametrize("verdict", ["正确", "错误", "回答错误", "答对了"])
def test_the_verdict_of_a_platform_is_no_part_of_the_last_option(verdict: str) -> None:
    reading = read_text(
        f"1\n【单选题】(5分)\n光合作用发生在（ ）。\nA.\n线粒体\nB.\n叶绿体\n{verdict}\n本题总得分：5分\n"
        "正确答案：B\n\n"
        "2\n【单选题】(5分)\n呼吸作用发生在（ ）。\nA.\n线粒体\nB.\n细胞壁\n"
        f"{verdict}\n正确答案：A\n"
    )
    assert [one[2] for one in told(reading)] == [["线粒体", "*叶绿体"], ["*线粒体", "细胞壁"]]
    assert [one.mark for one in reading.questions] == [5000, 5000]


def test_the_line_to_write_on_may_show_its_answer() -> None:
    reading = read_text(
        "1. 我国的首都是 [单选题] *\n○A. 上海\n○B. 北京(正确答案)\n\n2. 最大的岛屿是 [填空题] *\n"
        "_________(答案：台湾岛)\n"
    )
    assert [one[2] for one in told(reading)] == [["上海", "*北京"], [["台湾岛"]]]


def test_a_sheet_may_have_nothing_but_questions_and_answers_of_blanks() -> None:
    reading = of_sheets(
        判断题=[["题干", "答案"], ["鲸是鱼", "错"]],
        填空题=[["题干", "答案1", "答案2"], ["鱼用___呼吸，鸟用___呼吸", "鳃", "肺"]],
    )
    assert (told(reading)[1], reading.warnings) == (("fill_in", "鱼用___呼吸，鸟用___呼吸", [["鳃"], ["肺"]]), [])


def test_a_column_that_is_what_somebody_got_is_told() -> None:
    rows: list[list[str | int | None]] = [
        ["题目", "选项", "答案", "得分", "我的答案"],
        ["最小的质数", "A.1\nB.2", "B", 2, "B"],
    ]
    reading = of_sheets(题库=rows)
    assert [one.mark for one in reading.questions] == [1000]
    assert ["得分" in str(one) for one in reading.warnings] == [True]
    rows[0][3] = "分值"
    assert (of_sheets(题库=rows).questions[0].mark, of_sheets(题库=rows).warnings) == (2000, [])


def test_a_key_below_a_question_with_blanks_is_a_key_and_no_answer_of_it() -> None:
    paper = "1. 鱼用____呼吸。\n2. 鸟用____呼吸。\n3. 鲸用____呼吸，生活在____里。\n答案：\n1. 鳃\n2. 肺\n3. 肺；海\n"
    assert [one[2] for one in told(read_text(paper))] == [[["鳃"]], [["肺"]], [["肺"], ["海"]]]


def test_a_line_of_something_else_among_the_answers_of_blanks_is_refused() -> None:
    reading = read_text("1. 鲸用____呼吸，生活在____里。\n答案：肺；海\n鲸是哺乳动物\n")
    assert (reading.questions, len(reading.refused)) == ([], 1)


def test_a_hint_of_a_paper_is_a_hint_where_one_may_try_again() -> None:
    reading = read_text(
        "1. 李白的字是什么？（ ）\nA. 太白  B. 子美\n提示：与金星有关\n答案：A\n2. 苏轼号____。\n提示：在黄州所取\n"
        "答案：东坡居士\n3. 简述苏轼的贡献。\n提示：从诗、词、文三方面作答\n参考答案：诗词文皆为大家。\n"
    )
    assert [one[2] for one in told(reading)[:2]] == [["*太白", "子美"], [["东坡居士"]]]
    assert [one.hints for one in reading.questions] == [("与金星有关",), ("在黄州所取",), ()]
    assert "从诗、词、文三方面作答" in reading.questions[2].stem_html


def test_options_may_be_counted_by_circled_numbers() -> None:
    reading = read_text(
        "1. 1KB等于多少字节？\n① 1000  ② 1024  ③ 512\n答案：②\n"
        "2. 无线网络技术有（ ）\n① 蓝牙；② WiFi；③ 光纤\n答案：①②\n"
        "3. 种菜的步骤？\n①浇水 ②播种 ③收割\n答案：②①③\n"
    )
    assert told(reading) == [
        ("single_choice", "1KB等于多少字节？", ["1000", "*1024", "512"]),
        ("multiple_choice", "无线网络技术有（ ）", ["*蓝牙", "*WiFi", "光纤"]),
        ("ordering", "种菜的步骤？", ["*播种", "*浇水", "*收割"]),
    ]
    assert len(reading.warnings) == 3
    reading = read_text("1. 步骤有？\n①浇水 ②播种 ③收割\n答案：①②③\n2. 种菜先做什么？\n答案：②\n")
    assert (reading.questions, len(reading.refused)) == ([], 2)


def test_letters_that_do_not_run_on_are_an_order_where_one_is_asked_for() -> None:
    reading = read_text(
        "1. 将下列朝代按时间先后排序：A.唐 B.汉 C.宋 D.明\n答案：BACD\n2. 哪些是朝代？A.唐 B.汉 C.宋\n答案：CAB\n"
    )
    assert [one[0] for one in told(reading)] == ["ordering", "multiple_choice"]
    assert told(reading)[0][2] == ["*汉", "*唐", "*宋", "*明"]


def test_parts_under_names_that_tell_no_kind_are_headings() -> None:
    reading = read_text(
        "一、选择题（共2小题，每小题3分）\n１．读音正确的是（　　）\nＡ．倔强　Ｂ．憎恶\n２．没有错别字的是（　　）\n"
        "Ａ．再接再厉　Ｂ．迫不急待\n二、默写（每空1分）\n３．海内存知己，＿＿＿＿。\n三、看拼音写词语（每空2分）\n"
        "４．xué xí：＿＿＿＿\n参考答案\n１．Ｂ　２．Ａ　３．天涯若比邻　４．学习\n"
    )
    assert [one[2] for one in told(reading)] == [
        ["倔强", "*憎恶"],
        ["*再接再厉", "迫不急待"],
        [["天涯若比邻"]],
        [["学习"]],
    ]
    assert [one.mark for one in reading.questions] == [3000, 3000, 1000, 2000]


def test_a_task_in_english_sets_the_mark_of_its_part() -> None:
    reading = read_text(
        "I. Choose the best answer (2 points each)\n1. She ____ home.\nA) go  B) goes\n"
        "2. They ____ home.\nA) go  B) goes\n"
        "Keys:\n1-2 BA\n"
    )
    assert [(one[2], draft.mark) for one, draft in zip(told(reading), reading.questions, strict=True)] == [
        (["go", "*goes"], 2000),
        (["*go", "goes"], 2000),
    ]


def test_a_key_may_go_by_the_parts_of_the_paper() -> None:
    reading = read_text(
        "第一部分 单选题（每题1分）\n1. 奥运会举办于\nA. 2004 B. 2008\n2. 冬奥会举办于\nA. 2018 B. 2022\n"
        "第二部分 判断题（每题2分）\n1. 乒乓球是我国国球。\n答案\n第一部分：1.B 2.B\n第二部分：1.对\n"
    )
    assert [one[2] for one in told(reading)] == [["2004", "*2008"], ["2018", "*2022"], [True]]


def test_a_document_may_tick_right_options_at_their_ends() -> None:
    reading = read_text(
        "**1. 火警电话是（ ）**（5分）\n\n- 110\n- 119 ✅\n- 120\n\n**2. 可以乘电梯逃生。**（5分）\n\n- 对\n- 错 ✅\n"
    )
    assert [(one[2], draft.mark) for one, draft in zip(told(reading), reading.questions, strict=True)] == [
        (["110", "*119", "120"], 5000),
        ([False], 5000),
    ]


def test_a_mark_beside_the_type_in_a_table_is_the_mark() -> None:
    reading = of_sheets(
        题库=[
            ["题型", "试题", "答案"],
            ["判断题（2分）", "冰浮在水面上", "对"],
            ["填空题（每题3分）", "水由____和氧组成", "氢"],
        ]
    )
    assert [one.mark for one in reading.questions] == [2000, 3000]


def test_answers_above_the_numbers_are_of_the_questions_below_them() -> None:
    one, other = "1. 诗仙指的是\nA. 杜甫\nB. 李白\n", "2. 诗圣指的是\nA. 杜甫\nB. 白居易\n"
    read_above = read_text(f"【答案】B\n{one}\n【答案】A\n{other}")
    assert [found[2] for found in told(read_above)] == [["杜甫", "*李白"], ["*杜甫", "白居易"]]
    assert (read_above.refused, read_above.warnings) == ([], [])
    below = read_text(f"{one}【答案】B\n\n{other}【答案】A\n")
    assert told(below) == told(read_above)


def test_an_explanation_may_end_in_the_answer() -> None:
    reading = read_text(
        "1.说法错误的是（ ）\nA.细胞是基本单位\nB.病毒由细胞构成\n【解析】病毒没有细胞结构，B错误。故选B。\n"
        "2.属于真核生物的是（ ）\nA.酵母菌\nB.大肠杆菌\n【解析】酵母菌是真菌，选项A对。\n"
    )
    assert [found[2] for found in told(reading)] == [["细胞是基本单位", "*病毒由细胞构成"]]
    assert (len(reading.refused), ["end of the explanation: B" in str(one) for one in reading.warnings]) == (1, [True])


def test_a_type_alone_may_stand_between_a_number_and_its_question() -> None:
    reading = read_text(
        "1.\n单选题\n职业道德的核心是（ ）。\nA 爱岗敬业\nB 为人民服务\n正确答案：B\n分值：2.0\n\n"
        "2.\n判断题\n职业道德具有强制性。\nA 正确\nB 错误\n正确答案：B\n分值：1.0\n"
    )
    assert [found[2] for found in told(reading)] == [["爱岗敬业", "*为人民服务"], [False]]
    assert [one.mark for one in reading.questions] == [2000, 1000]
