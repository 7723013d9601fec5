"""What phones report."""

import hashlib
from datetime import datetime
from typing import Any

import orjson
from pydantic import ValidationError

from services.dispatcher.payloads.reports import REPORT, ReportAnswer, ReportAnswers, ReportIn, ReportsIn
from services.dispatcher.problems import field_errors, problem_of
from services.dispatcher.refusals import Broken
from services.dispatcher.request import Request
from services.dispatcher.wording import TOO_DEEP
from shared.domain.clock import corrected_time, utc_now
from shared.domain.errors import DomainError, FieldError, Invalid, NotAllowed
from shared.domain.phone import sees_medical_facts
from shared.domain.reports import Answer, Answered, Report
from shared.log import describe, get_logger
from shared.operations.reports import take_report
from shared.store.outage import is_outage

_log = get_logger(__name__)


async def post_reports(request: Request, body: ReportsIn) -> ReportAnswers:
    """A batch of what happened, carried out item by item in the order given; safe to send again.

    Each item has an id made by the phone: said again, it gets the first answer. An item that is refused, or is no report at all, carries
    its problem and never stops the others. An item whose problem has a status of 500 or more was not kept: send it again later.
    Members share phones: a phone that says in `member_id` whose reports these are never tells them in another's name.
    """
    if body.member_id not in (None, request.actor.id):
        raise NotAllowed("These reports are another member's.")
    return ReportAnswers(
        items=[await _take(request, body.sent_at, index, item) for index, item in enumerate(body.reports)]
    )


async def _take(request: Request, sent_at: datetime, index: int, item: Any) -> ReportAnswer:
    said: ReportIn | None = None
    try:
        said, content = _read(item, f"reports.{index}")
        report = _report(request, sent_at, said, item, content)
        described, wakes = await take_report(request.connection, report, _describe)
    except DomainError as error:
        return ReportAnswer(id=said.id if said else None, status=Answered.REFUSED, problem=problem_of(error))
    except Exception as error:
        if is_outage(error):
            raise
        _log.error("report_broke", request_id=request.id, **describe(error))
        problem = problem_of(Broken(), request_id=request.id)
        return ReportAnswer(id=said.id if said else None, status=Answered.REFUSED, problem=problem)
    if wakes:
        request.nudge(report.district_id)
    return ReportAnswer.model_validate_json(orjson.dumps(described))


def _read(item: Any, loc: str) -> tuple[ReportIn, bytes]:
    """The report, and its text in one spelling. Raises Invalid naming every bad field."""
    try:
        content = orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        raise Invalid(errors=(FieldError(in_="body", loc=loc, msg=TOO_DEEP),)) from None
    try:
        return REPORT.validate_json(content, strict=True), content
    except ValidationError as error:
        raise Invalid(errors=tuple(_placed(bad, loc) for bad in field_errors(error, "body"))) from None


def _placed(bad: FieldError, loc: str) -> FieldError:
    """The field's place in the whole body; pydantic says before it which report it took the item for."""
    _, _, field = bad.loc.partition(".")
    return FieldError(in_=bad.in_, loc=f"{loc}.{field}" if field else loc, msg=bad.msg)


def _report(request: Request, sent_at: datetime, said: ReportIn, item: Any, content: bytes) -> Report:
    """Order is judged by receipt, item by item; the phone's clock is corrected by the receipt of the whole."""
    actor = request.actor
    return Report(
        id=said.id,
        member_id=actor.id,
        district_id=next(iter(actor.districts)),
        role=actor.role or "",
        kind=said.report,
        said=said.as_said(),
        body=item,
        body_hash=hashlib.sha256(content).digest(),
        device_at=said.at,
        corrected_at=corrected_time(said.at, sent_at, request.now),
        received_at=utc_now(),
    )


def _describe(report: Report, answer: Answer) -> dict[str, Any]:
    """The answer as it is kept and sent. Whoever may not know medical facts is not told what a fever brought about."""
    medical = sees_medical_facts(report.role)
    described = ReportAnswer(
        id=report.id,
        status=answer.status,
        problem=problem_of(answer.error) if answer.error is not None else None,
        needs_review=list(answer.needs_review),
        outcome=answer.outcome if medical else None,
        made_task_ids=list(answer.made_task_ids) if medical else [],
    )
    return described.model_dump(mode="json")
