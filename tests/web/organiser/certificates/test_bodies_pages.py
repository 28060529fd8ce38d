"""An administrator registers issuing bodies; an organiser chooses one."""

from __future__ import annotations

from flask import Flask

from compete.models import Competition
from compete.services.certificates.issuing_bodies import bodies, body_for, occupations_of
from tests.support.people import visitor

FILED = {"name": "某机构", "kind": "Y", "body_code": "0000", "province": "32", "site": "000123"}


def test_registered_once_and_chosen(app: Flask, forklift: Competition) -> None:
    (occupation,) = occupations_of(forklift)
    code = occupation.code
    organiser, admin = (visitor(app, who, forklift) for who in ("organiser", "admin"))
    scope = f"{code} 叉车司机 5,4,3,2,1"
    assert organiser.post("/desk/bodies", data=FILED | {"scope": scope}).status_code == 404
    assert "还没有评价机构" in organiser.get("/desk/FORK-2022/certificates/body").text
    assert "第 1 行" in admin.post("/desk/bodies", data=FILED | {"scope": "叉车"}).text
    assert admin.post("/desk/bodies", data=FILED | {"scope": scope}).status_code == 302
    again = admin.post("/desk/bodies", data=FILED | {"scope": scope, "name": "另一家"})
    assert again.status_code == 409
    assert "编号会重" in again.text
    other = FILED | {"scope": scope, "name": "另一家", "site": "000124"}
    assert admin.post("/desk/bodies", data=other).status_code == 302
    page = organiser.get("/desk/FORK-2022/certificates/body").text
    assert "另一家" in page
    number = next(body.id for body in bodies() if body.name == "另一家")
    chosen = {"body": str(number)}
    assert organiser.post("/desk/FORK-2022/certificates/body", data=chosen).status_code == 302
    body = body_for(forklift)
    assert body is not None
    assert body.id == number
    filed = {"scope": f"{code} 叉车司机 3"}
    assert organiser.post(f"/desk/bodies/{number}/scope", data=filed).status_code == 404
    assert admin.post(f"/desk/bodies/{number}/scope", data=filed).status_code == 302
    assert "叉车司机 3" in organiser.get("/desk/FORK-2022/certificates/body").text


def test_a_scope_with_a_wrong_line_stays_in_its_field(app: Flask, forklift: Competition) -> None:
    admin = visitor(app, "admin", forklift)
    filed = {"scope": "6-30-05-01 起重装卸机械操作工 5,4"}
    assert admin.post("/desk/bodies", data=FILED | filed).status_code == 302
    (body,) = bodies()
    written = "6-30-05-01 起重装卸机械操作工 5,4,3\n6-30-5-2 门机司机 3\n待核 救援机械操作员 3"
    answer = admin.post(f"/desk/bodies/{body.id}/scope", data={"scope": written})
    assert answer.status_code == 400
    assert f">{written}</textarea>" in answer.text
    assert 'aria-invalid="true"' in answer.text
    # On a phone the field is far down: the head says it too, and leads there.
    assert f'href="#scope-{body.id}"' in answer.text
    assert "第 2 行：“6-30-5-2”不是职业编码" in answer.text
    assert bodies()[0].scope[0]["grades"] == [5, 4]
