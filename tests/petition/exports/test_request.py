"""A requested export, as the data of a button and as the details of a job."""

from datetime import date

import pytest

from chatbot.petition.exports.request import ExportRequest, from_code, to_code


@pytest.mark.parametrize("what", ["signatures", "log", "delivery"])
@pytest.mark.parametrize("language", ["ko", "qps", "pt_BR", "zh_Hant_TW", "ca_valencia"])
def test_request_survives_a_button_and_a_job(what, language: str) -> None:
    request = ExportRequest(what, "xlsx", language, date(2026, 11, 24), date(2026, 11, 30), "KR")
    assert from_code(to_code(request)) == request == ExportRequest.from_details(request.to_details())
    assert len(f"export:make:{to_code(request)}:{'x' * 11}") <= 64


@pytest.mark.parametrize("code", ["s.csv.ko.20261101.20261130.KR", "l.xlsx.en...", "d.pdf.ko..."])
def test_button_of_an_earlier_version_is_read(code: str) -> None:
    request = from_code(code)
    assert request is not None
    assert to_code(request) == code


@pytest.mark.parametrize("code", ["s.csv..20261101..", "s.csv.k-o...", "s.csv.../../...", f"s.csv.{'x' * 13}..."])
def test_button_without_a_language_is_not_read(code: str) -> None:
    assert from_code(code) is None
