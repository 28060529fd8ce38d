import logging
import logging.config

import pytest

from compete.logs import logging_config, without_secrets

TOKEN = "Zk3_pQ8-aXyVb7Lm2NcR4dTt"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"GET /in/{TOKEN} 302", "GET /in/Zk3… 302"),
        (f"GET /desk/PORT-2022/{TOKEN}/sheet", "GET /desk/PORT-2022/Zk3…/sheet"),
        # One that was cut or mistyped tells most of the true one.
        ("GET /c/Zk3_pQ8-aXyV 404", "GET /c/Zk3… 404"),
        ("GET /r/Zk3_pQ8-aXyV/photo.jpg", "GET /r/Zk3…/photo.jpg"),
        ("GET /hall/WALK/Zk3_pQ8-aXyV/data", "GET /hall/WALK/Zk3…/data"),
        ("GET /m/Zk3pQ8aXyV 200", "GET /m/Zk3… 200"),
        ("GET /hall/PORT-2022", None),
        (f"GET /in?token={TOKEN}&next=/desk", "GET /in?token=Zk3…&next=/desk"),
        ("GET /static/js/a-rather-long-name-of-a-module.js", None),
        ("GET /desk/PORT-2022/events", None),
    ],
)
def test_secret_links_are_cut_and_the_rest_is_kept(written: str, kept: str | None) -> None:
    assert without_secrets(written) == (kept or written)


def test_what_is_written_has_no_secret_links(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logger = logging.getLogger("compete.tests.logs")
    root = logging.getLogger()
    kept = root.handlers[:], root.level
    try:
        logging.config.dictConfig(logging_config("info"))
        logger.info("refused %s for %s", f"/in/{TOKEN}", "J1")
        logger.debug("not worth a line")
    finally:
        root.handlers[:], root.level = kept
    written = capsys.readouterr().err
    assert "refused /in/Zk3… for J1" in written
    assert "INFO" in written
    assert "not worth" not in written
