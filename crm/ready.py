"""`/ready/`: may traffic come here? Asked by load balancers and by people who have just upgraded."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle import guards

logger = logging.getLogger(__name__)


@never_cache
@require_safe
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, is migrated and guards its log; else 503 and what is not so."""
    answer = {"database": "ok", "migrations": "unknown", "guards": "unknown"}
    try:
        answer["migrations"] = _migrations()
        answer["guards"] = _guards()
    except Error as error:
        # The class only: the words may carry addresses and names.
        logger.warning("not ready: the database does not answer (%s)", type(error).__name__)
        answer["database"] = "no answer"
    is_ready = set(answer.values()) == {"ok"}
    return JsonResponse({"ready": is_ready, **answer}, status=200 if is_ready else 503)


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        logger.warning("not ready: %d migrations are not applied", len(pending))
    return "pending" if pending else "ok"


def _guards() -> str:
    missing = guards.missing(connection)
    if missing:
        logger.warning("not ready: guards are missing: %s", ", ".join(missing))
    return "missing" if missing else "ok"
