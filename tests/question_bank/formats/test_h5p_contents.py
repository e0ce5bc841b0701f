"""H5P contents as their programs write them: first versions, places, cards, and what has no like here."""

from __future__ import annotations

import json
from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_h5p import choices, dragged, only, options, read_h5p


def alone(content: Any) -> Reading:
    """A `content.json` without its package."""
    return read(json.dumps(content).encode(), "content.json")


def noted(reading: Reading) -> str:
    return " ".join(map(str, reading.warnings))


def inside(library: str, params: Any, **more: Any) -> dict[str, Any]:
    return {"library": library, "params": params, **more}


# First versions


def test_tips_and_pictures_of_the_first_versions_are_taken() -> None:
    content = choices("a", "b", image={"path": "images/old.png"})
    content["answers"][0]["tip"] = {"tip": "It is the first."}
    reading = read_h5p("H5P.MultiChoice", content)
    assert reading.questions[0].hints == ("<em>a</em>: It is the first.",)
    assert "images/old.png is missing" in noted(reading)


@pytest.mark.parametrize(
    ("told", "kind"),
    [({"singleAnswer": False}, "multiple_choice"), ({"singleAnswer": True}, "single_choice"), ({}, "single_choice")],
)
def test_the_first_versions_say_whether_one_answer_is_enough(told: Any, kind: str) -> None:
    assert only("H5P.MultiChoice", choices("a", "b", behaviour=told)).kind == kind
    assert only("H5P.MultiChoice", choices("a", "b", **told)).kind == kind


def test_one_point_for_all_is_told_in_the_first_versions_too() -> None:
    reading = read_h5p("H5P.MultiChoice", choices("a", "b", "c", right=(0, 2), singlePoint=True))
    assert ("only when all is right" in noted(reading), reading.questions[0].mark) == (True, 1000)


def test_whether_an_option_is_right_may_be_a_word() -> None:
    answers = [{"text": "a", "correct": "true"}, {"text": "b", "correct": "false"}, {"text": "c", "correct": 0}]
    assert options(only("H5P.MultiChoice", {"question": "q", "answers": answers})) == [("a", 1), ("b", 0), ("c", 0)]
    reading = read_h5p("H5P.MultiChoice", {"question": "q", "answers": [{"text": "a", "correct": "maybe"}]})
    assert "“maybe” is neither true nor false" in str(reading.refused[0].reason)


def test_bare_lists_of_statements_are_a_summary() -> None:
    reading = read_h5p("H5P.Summary", {"intro": "i", "summaries": [["r", "w"], [""], ["only one"]]})
    assert [options(one) for one in reading.questions] == [[("r", 1), ("w", 0)]]
    assert [(one.where, "only one statement" in str(one.reason)) for one in reading.refused] == [("/1", True)]


# Texts


def test_a_slash_parts_nothing_of_dragged_words() -> None:
    content = {"taskDescription": "t", "textField": "It goes at 90 *km/h:speed* here", "distractors": "*m/s*"}
    found = only("H5P.DragText", content)
    assert [one["html"] for one in found.content["choices"]] == ["km/h", "m/s"]
    assert found.hints == ("speed",)


def test_a_sound_that_is_not_there_is_not_missed() -> None:
    for files, told in (([], False), ([{"path": "audios/a.mp3"}], True)):
        media = {"type": inside("H5P.Audio 1.5", {"controls": True, "files": files})}
        reading = read_h5p("H5P.DragText", {"taskDescription": "t", "textField": "*a* b", "media": media})
        assert ("video or sound" in noted(reading)) == told


def test_what_tells_only_the_score_explains_nothing() -> None:
    said = [{"from": 0, "to": 100, "feedback": "You got @score of @total points."}]
    reading = read_h5p("H5P.Blanks", {"text": "t", "questions": ["*a* b"], "overallFeedback": said})
    assert (reading.questions[0].explanation_html, reading.warnings) == ("", [])


def test_highlights_of_advanced_blanks_are_only_text() -> None:
    content = {"blanksText": "The !!old!! cat ___", "blanksList": [{"correctAnswerText": "sleeps"}]}
    assert only("H5P.AdvancedBlanks", {"content": content}).stem_html == "The old cat ____"


def test_an_essay_tells_its_length_and_other_spellings_of_keywords() -> None:
    content = {
        "taskDescription": "Write.",
        "keywords": [{"keyword": "colour", "alternatives": ["color"]}],
        "behaviour": {"minimumLength": 50},
    }
    reading = read_h5p("H5P.Essay", content)
    assert "colour/color" in reading.questions[0].content["marker_html"]
    assert "50 to ∞ characters" in noted(reading)


def test_a_free_text_earns_its_points() -> None:
    assert only("H5P.FreeTextQuestion", {"question": "Why?", "maxScore": 4}).mark == 4000


# Sets


def test_empty_questions_of_a_set_are_not_missed() -> None:
    content = {"choices": [{"question": "q", "answers": ["r", "w"]}, {"subContentId": "x"}], "behaviour": {}}
    reading = alone(content)
    assert (len(reading.questions), reading.refused) == (1, [])


def test_a_starred_answer_says_what_to_do() -> None:
    reading = alone({"choices": [{"question": "q", "answers": ["near", "*far"]}], "behaviour": {}})
    assert str(reading.refused[0].reason) == (
        "H5P takes the first answer (near) for the right one, but *far begins with *."
        " Put the right one first and take the * away."
    )


def test_titles_come_along_but_not_those_that_nobody_gave() -> None:
    given = inside("H5P.TrueFalse 1.8", {"question": "q", "correct": "true"}, metadata={"title": "Tea &amp; milk"})
    untitled = {**given, "metadata": {"title": "Untitled True/False Question"}}
    of_its_type = {**given, "metadata": {"title": "True/false", "contentType": "True/False"}}
    reading = read_h5p("H5P.QuestionSet", {"questions": [given, untitled, of_its_type]})
    assert [one.title for one in reading.questions] == ["Tea & milk", "", ""]


def test_what_stands_around_questions_is_told() -> None:
    item = inside("H5P.TrueFalse 1.8", {"question": "q", "correct": "true"})
    quiz = {"introPage": {"introduction": "<p>Read this.</p>"}, "questions": [item]}
    assert "introduction above the questions" in noted(read_h5p("H5P.QuestionSet", quiz))
    column = {"content": [{"content": inside("H5P.QuestionSet 1.20", quiz)}]}
    assert "introduction above the questions" in noted(read_h5p("H5P.Column", column))
    reading = read_h5p("H5P.InteractiveVideo", {"interactiveVideo": {"assets": {"interactions": [{"action": item}]}}})
    assert "video that the questions stand in" in noted(reading)


def test_a_question_without_words_takes_the_text_above_it() -> None:
    above = inside("H5P.AdvancedText 1.1", {"text": "<p>Which swims?</p>"})
    item = inside("H5P.MultiChoice 1.16", {**choices("Cod", "Cat"), "question": "<p>-</p>"})
    reading = read_h5p("H5P.Column", {"content": [{"content": above}, {"content": item}, {"content": item}]})
    assert [as_json(one)["stem"] for one in reading.questions] == ["<p>Which swims?</p>", "-"]
    assert ("the text above it was taken" in noted(reading), "stands beside it" in noted(reading)) == (True, True)


def test_what_a_slide_says_of_its_solution_explains_it() -> None:
    item = inside("H5P.TrueFalse 1.8", {"question": "q", "correct": "true"})
    slide = {"elements": [{"action": item, "solution": "<p>Because.</p>"}]}
    reading = read_h5p("H5P.CoursePresentation", {"presentation": {"slides": [slide]}})
    assert as_json(reading.questions[0])["explanation"] == "Because."


def on_a_slide(*actions: Any) -> Reading:
    slide = {"elements": [{"action": one} for one in actions]}
    return read_h5p("H5P.CoursePresentation", {"presentation": {"slides": [slide]}})


def test_what_stands_on_the_slide_of_a_question_stands_above_it() -> None:
    heading = inside("H5P.AdvancedText 1.1", {"text": "<h2>Test your knowledge of the sources you have found</h2>"})
    passage = inside("H5P.AdvancedText 1.1", {"text": "<p>You found a book that was published by a university.</p>"})
    item = inside("H5P.TrueFalse 1.8", {"question": "Is it academic?", "correct": "true"})
    reading = on_a_slide(heading, passage, item)
    assert as_json(reading.questions[0])["stem"] == (
        "<p>You found a book that was published by a university.</p><p>Is it academic?</p>"
    )
    assert "was put above it" in noted(reading)
    reading = on_a_slide(passage, item, item)
    assert [one.stem_html for one in reading.questions] == ["Is it academic?", "Is it academic?"]
    assert "on its slide was left out" in noted(reading)


def test_pictures_and_places_on_a_slide_are_not_mistaken() -> None:
    graph = inside("H5P.Image 1.1", {"file": {"path": "graph.png"}, "alt": "A graph"})
    adornment = inside("H5P.Image 1.1", {"file": {"path": "leaf.png"}, "decorative": True})
    marked = inside("H5P.AdvancedText 1.1", {"text": "<p>Write [[1]] where the first of the words is to stand.</p>"})
    words = inside("H5P.DragText 1.10", {"taskDescription": "t", "textField": "a *b* c"})
    reading = on_a_slide(graph, adornment, words)
    assert ("graph.png is missing" in noted(reading), "leaf.png" in noted(reading)) == (True, False)
    reading = on_a_slide(marked, words)
    assert (len(reading.questions), "on its slide was left out" in noted(reading)) == (1, True)


@pytest.mark.parametrize("said", ["You got @score of @total", "You got :numcorrect of :maxscore correct", "@percent %"])
def test_a_score_explains_nothing(said: str) -> None:
    content = {**choices("a", "b"), "overallFeedback": [{"from": 0, "to": 100, "feedback": said}]}
    assert not only("H5P.MultiChoice", content).explanation_html


# Places


def test_the_task_of_a_drag_may_be_its_title() -> None:
    content = dragged(["Bee", "Trout"], [("Air", [0]), ("Water", [1])])
    item = inside("H5P.DragQuestion 1.14", content, metadata={"title": "Where do they live?"})
    assert read_h5p("H5P.Column", {"content": [{"content": item}]}).questions[0].stem_html == "Where do they live?"


def test_what_can_not_be_dragged_stands_above() -> None:
    content = dragged(["Sort the animals", "Bee", "Trout"], [("Air", [1]), ("Water", [2])])
    content["question"]["task"]["elements"][0]["dropZones"] = []
    listed = as_json(only("H5P.DragQuestion", content))
    assert [(one["text"], one["match"]) for one in listed["answers"]] == [("Bee", "Air"), ("Trout", "Water")]
    assert listed["stem"] == "<p>Sort the animals</p>t"


def test_for_one_place_things_are_chosen() -> None:
    reading = read_h5p("H5P.DragQuestion", dragged(["Milk", "Tea", "Sand"], [("", [0, 1])]))
    found = reading.questions[0]
    assert (found.kind, options(found)) == ("multiple_choice", [("Milk", 0.5), ("Tea", 0.5), ("Sand", 0)])
    assert (found.mark, "one place only" in noted(reading)) == (2000, True)


def test_a_thing_that_can_be_copied_may_belong_to_several_places() -> None:
    content = dragged(["Sun", "Moon"], [("Day", [0]), ("Noon", [0]), ("Night", [1])])
    assert "several places" in str(read_h5p("H5P.DragQuestion", content).refused[0].reason)
    content["question"]["task"]["elements"][0]["multiple"] = True
    listed = as_json(only("H5P.DragQuestion", content))
    assert [(one["text"], one["match"]) for one in listed["answers"]] == [
        ("Day", "Sun"),
        ("Noon", "Sun"),
        ("Night", "Moon"),
    ]


def test_a_place_for_one_thing_with_two_right_ones_is_refused() -> None:
    content = dragged(["Bee", "Bat", "Trout"], [("Air", [0, 1]), ("Water", [2])])
    content["question"]["task"]["dropZones"][0]["single"] = True
    assert "takes one thing only" in str(read_h5p("H5P.DragQuestion", content).refused[0].reason)


def test_hidden_names_tips_of_old_and_penalties_are_told() -> None:
    content = dragged(["Bee", "Trout"], [("Bee", [0]), ("Water", [1])])
    content["question"]["task"]["dropZones"][0] |= {"showLabel": False, "tip": {"tip": "buzz"}}
    content["behaviour"] = {"applyPenalties": True}
    reading = read_h5p("H5P.DragQuestion", content)
    assert reading.questions[0].hints == ("<em>Bee</em>: buzz",)
    assert ("give answers away" in noted(reading), "take points away" in noted(reading)) == (True, True)


def test_places_with_one_hidden_name_are_told_apart_by_the_picture() -> None:
    content = dragged(["Bee", "Trout"], [("1", [0]), ("1", [1])])
    for zone in content["question"]["task"]["dropZones"]:
        zone["showLabel"] = False
    assert "told apart by the picture" in str(read_h5p("H5P.DragQuestion", content).refused[0].reason)


# Cards, words and orders


def test_paragraphs_are_marked_as_the_file_says() -> None:
    paragraphs = ["<p>1</p>", "<p>2</p>", "<p>3</p>"]
    for mode, scoring, mark in (("transitions", "adjacent_pairs", 2000), ("positions", "per_place", 3000)):
        content = {"taskDescription": "t", "paragraphs": paragraphs, "behaviour": {"scoringMode": mode}}
        found = only("H5P.SortParagraphs", content)
        assert (found.content.get("scoring", "per_place"), found.mark) == (scoring, mark)


def test_pairs_of_pictures_are_a_matching() -> None:
    cards = [
        {"image": {"path": "a.png"}, "imageAlt": "cow", "match": {"path": "b.png"}, "matchAlt": "calf"},
        {"image": {"path": "c.png"}, "imageAlt": "hen", "match": {"path": "d.png"}, "matchAlt": "chick"},
    ]
    listed = as_json(alone({"taskDescription": "Match", "cards": cards, "behaviour": {}}).questions[0])
    assert [(one["text"], one["match"]) for one in listed["answers"]] == [("cow", "calf"), ("hen", "chick")]
    del cards[0]["match"]
    reading = read_h5p("H5P.ImagePair", {"taskDescription": "Match", "cards": cards})
    assert "matched with themselves" in str(reading.refused[0].reason)


def test_words_and_their_translations_are_asked_for() -> None:
    content = {"description": "Translate", "words": "water/sea:w,vann/hav:v__n\nnothing\n", "sourceLanguage": "en"}
    reading = alone({**content, "targetLanguage": "nb"})
    listed = as_json(reading.questions[0])
    assert (listed["stem"], [one["text"] for one in listed["answers"]]) == (
        "<p>Translate</p>water/sea",
        ["vann", "hav"],
    )
    assert listed["hints"] == ["v__n"]
    assert "“nothing” is not a word" in str(reading.refused[0].reason)


def test_cards_keep_slashes_that_part_nothing() -> None:
    found = only("H5P.Flashcards", {"cards": [{"text": "Always", "answer": "24\\/7/day &amp; night"}, {"tip": ""}]})
    assert [one["text"] for one in found.content["answers"]] == ["24/7", "day & night"]


def test_crosswords_say_what_is_to_be_done_and_what_is_lost() -> None:
    words = [{"clue": "Not dry", "answer": "wet"}, {"clue": "", "answer": ""}]
    content = {
        "taskDescription": "Solve",
        "words": words,
        "solutionWord": "rain",
        "behaviour": {"applyPenalties": True},
    }
    reading = read_h5p("H5P.Crossword", content)
    assert [as_json(one)["stem"] for one in reading.questions] == ["<p>Solve</p>Not dry"]
    assert ("take points away" in noted(reading), "make together" in noted(reading)) == (True, True)


def test_options_that_come_one_by_one_stand_together() -> None:
    content = {"question": "q", "answers": [{"text": "a", "correct": True}, {"text": "b", "correct": False}]}
    reading = read_h5p("H5P.DiscreteOptionMultiChoice", content)
    assert (options(reading.questions[0]), "one by one" in noted(reading)) == ([("a", 1), ("b", 0)], True)


def test_options_that_are_heard_are_refused() -> None:
    media = [inside(f"H5P.{name}", {"file": {"path": "x"}, "alt": name}) for name in ("Image 1.1", "Audio 1.5")]
    reading = read_h5p("H5P.MultiMediaChoice", {"question": "q", "options": [{"media": one} for one in media]})
    assert "videos or sounds" in str(reading.refused[0].reason)


# What holds others, and what has no like here


def test_questions_behind_hotspots_and_in_types_nobody_knows_are_read() -> None:
    item = inside("H5P.TrueFalse 1.8", {"question": "q", "correct": "true"})
    spots = {"iconType": "icon", "image": {"path": "i.png"}, "hotspots": [{"content": [item]}]}
    assert [one.kind for one in alone(spots).questions] == ["true_false"]
    assert [one.kind for one in read_h5p("H5P.SomethingNew", {"parts": [item]}).questions] == ["true_false"]
    reading = read_h5p("H5P.SomethingNew", {"picture": inside("H5P.Image 1.1", {})})
    assert str(reading.refused[0].reason) == "The content type H5P.SomethingNew can't be read."


@pytest.mark.parametrize(
    "content",
    [
        {"library": {"name": "H5P.TrueFalse", "majorVersion": 1}, "params": {"question": "q", "correct": "true"}},
        {"library": "H5P.TrueFalse-1.8", "params": {"params": {"question": "q", "correct": "true"}, "metadata": {}}},
        {"library": "H5P.TrueFalse 1.8", "jsonContent": '{"question": "q", "correct": "true"}'},
        {"h5p": {"mainLibrary": "H5P.TrueFalse"}, "content": {"question": "q", "correct": "true"}},
        [{"library": "H5P.TrueFalse 1.8", "params": {"question": "q", "correct": "true"}}],
    ],
)
def test_contents_are_unpacked_from_what_stores_them(content: Any) -> None:
    assert [one.kind for one in alone(content).questions] == ["true_false"]


@pytest.mark.parametrize(
    ("library", "why"),
    [
        ("H5P.ImageHotspotQuestion", "point at places"),
        ("H5P.SimpleMultiChoice", "no right answer"),
        ("H5P.SpeakTheWords", "is spoken"),
        ("H5P.Dictation", "sounds can't be shown"),
        ("H5P.FindTheWords", "grid of letters"),
        ("H5P.MemoryGame", "matching"),
        ("H5P.GuessTheAnswer", "typed answer"),
    ],
)
def test_what_has_no_like_here_says_why(library: str, why: str) -> None:
    reading = read_h5p("H5P.Column", {"content": [{"content": inside(f"{library} 1.0", {"image": {"path": "i"}})}]})
    assert [(one.where, why in str(one.reason)) for one in reading.refused] == [("/content/0/content", True)]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ({"iconType": "icon", "hotspots": [{"content": [inside("H5P.Text 1.1", {"text": "t"})]}]}, "H5P.ImageHotspots"),
        (
            {"threeImage": {"scenes": [{"interactions": [{"action": inside("H5P.GoToScene 0.1", {})}]}]}},
            "H5P.GoToScene",
        ),
        ({"dialogs": [{"text": "a", "answer": "b"}], "behaviour": {}}, "H5P.Dialogcards"),
    ],
)
def test_a_content_that_asks_nothing_says_what_it_holds(content: Any, names: str) -> None:
    with pytest.raises(Refused, match=f"asks for an answer that can be marked; it holds {names}"):
        alone(content)


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        ({"questionnaireElements": [{"library": inside("H5P.OpenEndedQuestion 1.0", {"question": "q"})}]}, ["essay"]),
        ({"content": {"blanksText": "a ___", "blanksList": [{"correctAnswerText": "b"}]}}, ["fill_in"]),
        ({"cards": [{"text": "1", "answer": "2"}], "checkAnswerText": "Check"}, ["short_answer"]),
        ({"words": [{"clue": "c", "answer": "d"}], "behaviour": {}, "a11y": {}}, ["short_answer"]),
    ],
)
def test_more_contents_alone_are_known_by_their_shape(content: Any, kinds: list[str]) -> None:
    assert [one.kind for one in alone(content).questions] == kinds


def test_sums_that_are_made_up_as_they_are_asked_are_refused() -> None:
    reading = alone({"quizType": "arithmetic", "arithmeticType": "addition", "maxQuestions": 5, "UI": {}})
    assert "H5P.ArithmeticQuiz" in str(reading.refused[0].reason)


def test_a_content_may_name_its_type_itself() -> None:
    spoken = {
        "title": "Order",
        "mainLibrary": "H5P.SpeakTheWordsSet",
        "params": {"questions": [{"question": "Say it"}]},
    }
    assert "is spoken" in str(alone(spoken).refused[0].reason)
