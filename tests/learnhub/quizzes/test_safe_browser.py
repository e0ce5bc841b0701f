"""Safe Exam Browser's hashes and Config Key, by its documentation."""

from __future__ import annotations

import hashlib
import plistlib

from learnhub.quizzes.conduct import safe_browser

KEY = "81aad4ab9dfd447cc479e6a4a7c9a544e2cafc7f3adeb68b2a21efad68eca4dc"


def test_e32_the_hash_is_of_the_address_without_its_fragment_and_the_key() -> None:
    url = "https://learn.example/attempts/7?page=2"
    expected = hashlib.sha256(f"{url}{KEY}".encode()).hexdigest()
    assert safe_browser.request_hash(url + "#q3", KEY) == expected
    assert safe_browser.is_right(url, ["0" * 64, KEY], f" {expected.upper()} ")
    assert not safe_browser.is_right(url, [KEY], None)
    assert not safe_browser.is_right(url, [], expected)
    assert not safe_browser.is_right(url + "&x=1", [KEY], expected)


def test_seb_json_is_sorted_whatever_the_case_without_space_or_escapes() -> None:
    settings = {
        "b": True,
        "A": 7,
        "originatorVersion": "SEB_OSX_2.1",
        "empty": {},
        "list": [],
        "c": {"z": 'a\\.b/c?d="中"', "Y": False, "none": {}},
    }
    assert safe_browser.seb_json(settings) == '{"A":7,"b":true,"c":{"Y":false,"z":"a\\.b/c?d="中""},"list":[]}'


def test_the_file_is_a_property_list_of_the_same_settings() -> None:
    settings = safe_browser.settings_for("https://learn.example/quizzes/fire")
    again = plistlib.loads(safe_browser.config_file(settings))
    assert again == settings
    assert safe_browser.config_key(again) == safe_browser.config_key(settings)
    assert settings["URLFilterRules"][0]["expression"] == "learn.example"
