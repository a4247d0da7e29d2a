"""Assembles /openapi.json from what each route says of itself with `@describe`."""

import re
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Type, TypeVar

from pydantic import BaseModel, Field
from pydantic.schema import schema
from sanic import Sanic

Handler = TypeVar("Handler", bound=Callable[..., Any])
Model = Type[BaseModel]

ERRORS_ALWAYS = (429,)
REF = "#/components/schemas/"


class ErrorBody(BaseModel):
    """What every route answers when something is wrong."""

    error: str = Field(description="code of the error")
    message: str = Field(description="sentence for a person, in Chinese")
    fields: Optional[Dict[str, str]] = Field(None, description="sentence for each field at fault")


@dataclass(frozen=True)
class Operation:
    """What a route says of itself."""

    summary: str
    tag: str
    request: Optional[Model] = None
    responses: Mapping[int, Optional[Model]] = field(default_factory=dict)
    query: Optional[Model] = None
    errors: Sequence[int] = ()
    token: bool = False
    media_type: str = "application/json"


def describe(  # noqa: PLR0913
    summary: str,
    *,
    tag: str,
    request: Optional[Model] = None,
    responses: Optional[Mapping[int, Optional[Model]]] = None,
    query: Optional[Model] = None,
    errors: Sequence[int] = (),
    token: bool = False,
    media_type: str = "application/json",
) -> Callable[[Handler], Handler]:
    """Put a route into the API document; write it between the blueprint's decorator and the function.

    `request` and `query` are pydantic models of the JSON body and of the query string; `responses` maps a status to the
    model of its body (None: a body that is not JSON, of `media_type`); `errors` are the statuses with an ErrorBody, 429
    is always one; `token`: needs `Authorization: Bearer <resume_token>`, which adds 401.
    """
    operation = Operation(
        summary, tag, request, dict(responses or {200: None}), query, tuple(errors), token, media_type
    )

    def mark(handler: Handler) -> Handler:
        handler.__openapi__ = operation  # type: ignore[attr-defined]
        return handler

    return mark


def document(app: Sanic, title: str, version: str, server: str) -> Dict[str, Any]:
    """The OpenAPI 3.0 document of every described route of an app."""
    described = list(_described(app))
    models = {ErrorBody} | {m for _, _, operation, _ in described for m in _models(operation)}
    definitions = schema(sorted(models, key=lambda model: model.__name__), ref_prefix=REF)["definitions"]
    paths: Dict[str, Any] = {}
    for path, method, operation, parameters in described:
        paths.setdefault(path, {})[method] = _operation(operation, path, method, parameters)
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": version},
        "servers": [{"url": server}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": definitions,
            "securitySchemes": {"resumeToken": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(app: Sanic) -> Any:
    for route in app.router.routes_all.values():
        operation = getattr(route.handler, "__openapi__", None)
        if operation is None:
            continue
        path = "/" + re.sub(r"<(\w+)(?::[^>]*)?>", r"{\1}", route.path).lstrip("/")
        for method in sorted(m.lower() for m in route.methods if m not in ("OPTIONS", "HEAD")):
            yield path, method, operation, re.findall(r"{(\w+)}", path)


def _models(operation: Operation) -> Tuple[Model, ...]:
    return tuple(m for m in (operation.request, operation.query, *operation.responses.values()) if m is not None)


def _operation(operation: Operation, path: str, method: str, parameters: Sequence[str]) -> Dict[str, Any]:
    described: Dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{method}_{path}").strip("_"),
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [_path_parameter(name) for name in parameters] + _query_parameters(operation.query),
        "responses": _responses(operation),
    }
    if operation.request is not None:
        described["requestBody"] = {"required": True, "content": _json(operation.request)}
    if operation.token:
        described["security"] = [{"resumeToken": []}]
    return described


def _responses(operation: Operation) -> Dict[str, Any]:
    answers: Dict[str, Any] = {}
    for status, model in operation.responses.items():
        content = _json(model) if model else {operation.media_type: {"schema": {"type": "string"}}}
        answers[str(status)] = {"description": "成功", "content": content} if status != 204 else {"description": "成功"}
    if operation.request is not None or operation.query is not None:
        answers["422"] = {"description": "填写有误", "content": _json(ErrorBody)}
    for status in (*operation.errors, *ERRORS_ALWAYS, *((401,) if operation.token else ())):
        answers[str(status)] = {"description": "未能完成", "content": _json(ErrorBody)}
    return answers


def _json(model: Model) -> Dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REF + model.__name__}}}


def _path_parameter(name: str) -> Dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(model: Optional[Model]) -> List[Dict[str, Any]]:
    if model is None:
        return []
    described = model.schema(ref_template=REF + "{model}")
    required = set(described.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": shape}
        for name, shape in described["properties"].items()
    ]
