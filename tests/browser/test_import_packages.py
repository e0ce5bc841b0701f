"""Questions of Word files and QTI packages are corrected in the browser, and what a file brings does nothing there."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched
from tests.browser.test_import_desk import drop

PICTURE = '<img src="x" onerror="document.title=\'owned\'"'
ATTACK = f'{PICTURE}><script>document.title="owned"</script>'
RIGHT = "1. {name}哪个是电话？\nA. 书\nB. 119\n答案：B"


def word(name: str) -> bytes:
    """A question that is good, and one whose answer names an option that is not there."""
    made = docx.Document()
    for line in (f"1. {name}哪个是水果？", "A. 苹果", "B. 石头", "答案：A"):
        made.add_paragraph(line)
    for line in (f"2. {name}哪个是电话？", "A. 书", "B. 119", "答案：D", f"解析：{ATTACK}"):
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def item(number: int, stem: str) -> str:
    return f"""<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i{number}" title="t"
 adaptive="false" timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single"
 baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody>{stem}<choiceInteraction
 responseIdentifier="RESPONSE" maxChoices="1"><simpleChoice identifier="A">甲</simpleChoice><simpleChoice
 identifier="B">乙</simpleChoice></choiceInteraction></itemBody><responseProcessing
 template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>"""


def package(name: str) -> bytes:
    """The same as a package: the second question has no text."""
    out = io.BytesIO()
    resources = "".join(
        f'<resource identifier="r{n}" type="imsqti_item_xmlv2p1" href="i{n}.xml"><file href="i{n}.xml"/></resource>'
        for n in (1, 2)
    )
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "imsmanifest.xml",
            '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><organizations/>'
            f"<resources>{resources}</resources></manifest>",
        )
        archive.writestr("i1.xml", item(1, f"<p>{name}哪个是水果？{PICTURE}/></p>"))
        archive.writestr("i2.xml", item(2, ""))
    return out.getvalue()


def refused(page: Page) -> Locator:
    return page.locator(".import-item.is-refused")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize(("make", "file"), [(word, "题.docx"), (package, "题.zip")], ids=["word", "qti"])
def test_w10_a_question_of_a_package_is_written_anew_in_place(
    open_browser: Callable[..., BrowserContext], make: Callable[[str], bytes], file: str, scripts: bool
) -> None:
    name = f"{file[2:]}{'有' if scripts else '无'}"
    context = open_browser(viewport=DESK if scripts else PHONE, java_script_enabled=scripts)
    page: Any = watched(context.new_page())
    sign_in(page, "instructor")
    page.goto("/desk/banks/demo/import")
    drop(page, make(name), file)
    expect(refused(page)).to_have_count(1)
    field = refused(page).get_by_label("完整的试题", exact=False)
    field.fill(RIGHT.format(name=name))
    refused(page).get_by_role("button", name="重新识别").click()
    page.wait_for_load_state()
    expect(page.get_by_text("已重新识别，可以导入。")).to_be_visible()
    expect(refused(page)).to_have_count(0)
    assert page.title() != "owned"
    page.locator("form[action$='/accept'] button.btn-primary").click()
    expect(page.locator("form[action$='/undo'] button")).to_be_visible()
    assert page.locator(".stats .value").all_inner_texts() == ["2", "0", "0"]
    page.goto(f"/desk/banks/demo?q={name}")
    page.locator("a.stretched", has_text="电话").first.click()
    expect(page.locator("main")).to_contain_text("119")
    assert page.title() != "owned"
