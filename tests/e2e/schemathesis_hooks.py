"""Loaded by schemathesis itself: which refusals of well-formed requests are right.

JSON Schema cannot say that a slot must be one of the district's or that a shift ends after it begins. Such requests are answered 422, by
meaning. One that our own reading of requests refuses, before any meaning, stays a failure: the document promised too much.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
import schemathesis
from aiohttp.test_utils import make_mocked_request
from hypothesis import strategies as st
from pydantic import TypeAdapter
from schemathesis.openapi.checks import RejectedPositiveData

from services.dispatcher.contract import Route, Signature, signature_of
from services.dispatcher.parsing import arguments, read_json
from services.dispatcher.refusals import MalformedBody, WrongContentType
from services.dispatcher.routes import ROUTES
from shared.domain.errors import Invalid

_ROUTES: dict[str, tuple[Route, Signature]] = {
    route.handler.__name__: (route, signature_of(route.handler)) for route in ROUTES
}
# Times that a pattern with the first and last year of work leaves over, among others.
schemathesis.openapi.format(
    "date-time",
    st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)).map(datetime.isoformat)  # noqa: DTZ001
    | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(datetime.isoformat),  # noqa: DTZ001
)
_NUL = "Text must not contain the character NUL."


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Drop what is refused by meaning alone, or is no fault of ours."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    return not (_is_a_quirk(response) or _is_well_formed(case, response.request))


def _is_a_quirk(response: Any) -> bool:
    """Whether every bad field is one of these.

    No pattern forbids NUL in the document: it would stand at every text. For a header whose pattern asks for more than letters and
    digits schemathesis can think of nothing but an empty one. An id that is null in one answer it puts as None into the next path.
    """
    request = response.request
    empty_header = "" in request.headers.values()
    none_in_path = "None" in urlsplit(request.url).path.split("/")
    errors = orjson.loads(response.content)["errors"]
    return bool(errors) and all(
        error["msg"] == _NUL or (error["in"] == "header" and empty_header) or (error["in"] == "path" and none_in_path)
        for error in errors
    )


def _is_well_formed(case: Any, request: Any) -> bool:
    """Whether the dispatcher's own reading takes the request."""
    route, signature = _ROUTES[case.operation.definition.raw["operationId"]]
    url = urlsplit(request.url)
    found = zip(route.path.split("/"), url.path.split("/"), strict=True)
    names = {name[1:-1]: unquote(value) for name, value in found if name.startswith("{")}
    content = request.body.encode() if isinstance(request.body, str) else request.body or b""
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
    raw = make_mocked_request(request.method, f"{url.path}?{url.query}", headers=headers, match_info=names)
    try:
        given = arguments(raw, route, signature, content)
        model = route.media.get(raw.content_type)
        if signature.takes_raw_body and model is not None:
            read_json(TypeAdapter(model), given["body"].content)
    except (Invalid, MalformedBody, WrongContentType):
        return False
    return True
