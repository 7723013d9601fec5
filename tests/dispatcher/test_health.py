"""Live, ready, counted, described."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.calls import Caller


async def test_a_process_that_lives_says_so(anyone: Caller) -> None:
    assert await anyone.get("/healthz") == {"status": "ok"}


async def test_without_redis_it_is_ready_but_degraded(anyone: Caller) -> None:
    assert await anyone.get("/readyz") == {"status": "degraded", "postgres": "ok", "redis": "away"}


async def test_requests_are_counted_by_route_template(anyone: Caller) -> None:
    await anyone.get("/healthz")
    answer = await anyone.send("GET", "/metrics", expect=200)
    assert b'doorstep_http_requests_total{method="GET",route="/healthz",status="200"} 1.0' in answer.content


async def test_the_openapi_document_is_valid(anyone: Caller) -> None:
    document = await anyone.get("/openapi.json")
    OpenAPIV31SpecValidator(document).validate()


async def test_every_bound_is_written_in_words_of_json_schema(anyone: Caller) -> None:
    def words(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from value
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from words(item)

    assert not {"ge", "gt", "le", "lt"} & set(words(await anyone.get("/openapi.json")))


async def test_operation_ids_are_unique(anyone: Caller) -> None:
    document = await anyone.get("/openapi.json")
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


async def test_an_unknown_path_is_a_problem(anyone: Caller) -> None:
    answer = await anyone.send("GET", "/v1/nothing", expect=404)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["code"] == "no_such_route"


async def test_a_wrong_method_names_the_right_ones(anyone: Caller) -> None:
    answer = await anyone.send("DELETE", "/healthz", expect=405)
    assert answer.headers["Allow"] == "GET"
    assert answer.json["code"] == "wrong_method"


async def test_an_unknown_query_parameter_is_named(anyone: Caller) -> None:
    answer = await anyone.get("/healthz", params={"verbose": "1"}, expect=422)
    assert answer["errors"] == [{"in": "query", "loc": "verbose", "msg": "There is no such parameter."}]


@pytest.mark.parametrize("header", ["Content-Security-Policy", "X-Content-Type-Options", "X-Request-ID"])
async def test_every_answer_has_security_headers_and_an_id(anyone: Caller, header: str) -> None:
    for path in ("/healthz", "/v1/nothing"):
        assert header in (await anyone.send("GET", path)).headers


async def test_the_docs_page_and_its_files_are_local(anyone: Caller) -> None:
    page = await anyone.send("GET", "/docs", expect=200)
    assert b"http" not in page.content.replace(b"https://", b"http")
    for name in ("docs.js", "swagger-ui.css", "swagger-ui-bundle.js"):
        assert f"/docs/{name}".encode() in page.content
        await anyone.send("GET", f"/docs/{name}", expect=200)
    await anyone.send("GET", "/docs/app.py", expect=422)
