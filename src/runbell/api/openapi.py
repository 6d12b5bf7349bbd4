"""What ninja cannot know of the API's document."""

from __future__ import annotations

from typing import Any

from runbell.api.operations import BODIES
from runbell.api.problems import CONTENT_TYPE
from runbell.api.schemas.common import PROBLEM_SUMMARIES

JSON = "application/json"
FIRST_REFUSAL = 400


def complete(document: Any) -> Any:
    """Add the types of request bodies, and give refusals their own media type and a sentence each."""
    for model in BODIES.values():
        document["components"]["schemas"][model.__name__] = model.model_json_schema()
    for methods in document["paths"].values():
        for operation in methods.values():
            _complete_refusals(operation["responses"])
    return document


def _complete_refusals(responses: dict[Any, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= FIRST_REFUSAL and JSON in response.get("content", {}):
            response["content"] = {CONTENT_TYPE: response["content"][JSON]}
            response["description"] = PROBLEM_SUMMARIES[int(status)]
