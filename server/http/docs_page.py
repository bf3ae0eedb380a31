"""The description of the HTTP side as a page: plain HTML, no script, nothing from elsewhere."""

from __future__ import annotations

import json
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5c6b7c; --line: #dde3ea;
  --paper: #ffffff; --well: #f5f7fa; --mark: #0b7285 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa8b8; --line: #2c3643;
  --paper: #12171e; --well: #1a212b; --mark: #66d9e8 } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1rem 6rem; max-width: 60rem; background: var(--paper);
  color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
h1 { font-size: 2rem; margin: 0 0 .25rem } h2 { margin: 3rem 0 .5rem; text-transform: capitalize }
p { margin: .25rem 0 1rem } .soft { color: var(--soft) } a { color: var(--mark) }
nav a { margin-right: 1rem; text-transform: capitalize; display: inline-block }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0;
  overflow: hidden }
summary { cursor: pointer; padding: .6rem .9rem; display: flex; gap: .75rem;
  align-items: baseline; flex-wrap: wrap }
summary:hover, details[open] > summary { background: var(--well) }
summary:focus-visible { outline: 2px solid var(--mark); outline-offset: -2px }
.method { font: 600 .8rem ui-monospace, monospace; color: var(--mark); min-width: 4.2rem }
.path { font: 600 .95rem ui-monospace, monospace; overflow-wrap: anywhere }
.inside { padding: .25rem .9rem 1rem }
h3 { font-size: .8rem; letter-spacing: .04em; text-transform: uppercase; color: var(--soft);
  margin: 1rem 0 .35rem }
table { border-collapse: collapse; width: 100%; font-size: .92rem }
td { border-top: 1px solid var(--line); padding: .35rem .75rem .35rem 0; vertical-align: top }
td:first-child { font: .9rem ui-monospace, monospace; white-space: nowrap }
code { font: .88rem ui-monospace, monospace; overflow-wrap: anywhere }
"""


def page(document: dict[str, Any]) -> str:
    """The whole page."""
    info = document["info"]
    tags = document["tags"]
    links = "".join(f'<a href="#{escape(tag["name"])}">{escape(tag["name"])}</a>' for tag in tags)
    sections = "".join(_section(tag, document) for tag in tags)
    types = "".join(_type(*each) for each in document["components"]["schemas"].items())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])} API</title>"
        '<link rel="stylesheet" href="/api/docs.css"></head><body>'
        f"<h1>{escape(info['title'])} API</h1>"
        f'<p class="soft">Version {escape(info["version"])}, '
        '<a href="/api/openapi.json">OpenAPI 3.1</a></p>'
        f"<p>{escape(info['description'])}</p>"
        "<p>Send <code>Authorization: Bearer</code> with a token, or the cookie of a signed-in "
        "browser. Refusals are problems (RFC 9457) in the person's language.</p>"
        f'<nav>{links}<a href="#types">Types</a></nav>{sections}'
        f'<h2 id="types">Types</h2>{types}</body></html>\n'
    )


def _section(tag: dict[str, Any], document: dict[str, Any]) -> str:
    parts = [
        _operation(method, path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
        if tag["name"] in said["tags"]
    ]
    name = escape(tag["name"])
    about = f'<p class="soft">{escape(tag["description"])}</p>'
    return f'<h2 id="{name}">{name}</h2>{about}{"".join(parts)}'


def _operation(method: str, path: str, said: dict[str, Any]) -> str:
    inside = []
    if not said["security"]:
        inside.append("<p>No sign-in needed.</p>")
    if said["parameters"]:
        rows = [
            (each["name"], f"{_kind(each['schema'])} · {each['in']}", each["required"])
            for each in said["parameters"]
        ]
        inside.append(f"<h3>Address</h3>{_table(rows)}")
    for content, body in said.get("requestBody", {}).get("content", {}).items():
        inside.append(f"<h3>Body: {escape(content)}</h3>{_fields(body['schema'])}")
    answers = [(status, _answer(each), True) for status, each in said["responses"].items()]
    inside.append(f"<h3>Answers</h3>{_table(answers)}")
    return (
        f'<details><summary><span class="method">{method.upper()}</span>'
        f'<span class="path">{escape(path)}</span><span>{escape(said["summary"])}</span></summary>'
        f'<div class="inside">{"".join(inside)}</div></details>'
    )


def _answer(response: dict[str, Any]) -> str:
    kinds = [_kind(each["schema"]) for each in response.get("content", {}).values()]
    return " · ".join([escape(response["description"]), *kinds])


def _type(name: str, schema: dict[str, Any]) -> str:
    about = escape(schema.get("description", ""))
    return (
        f'<details id="type-{escape(name)}"><summary><span class="path">{escape(name)}</span>'
        f'<span class="soft">{about}</span></summary><div class="inside">{_fields(schema)}</div>'
        "</details>"
    )


def _fields(schema: dict[str, Any]) -> str:
    if "properties" not in schema:
        return f"<p>{_kind(schema)}</p>"
    required = schema.get("required", [])
    rows = [(name, _kind(each), name in required) for name, each in schema["properties"].items()]
    return _table(rows)


def _table(rows: list[tuple[str, str, bool]]) -> str:
    """Rows of name, description in HTML, and whether it must be there."""
    cells = [
        f"<tr><td>{escape(name)}{'' if needed else '?'}</td><td>{kind}</td></tr>"
        for name, kind, needed in rows
    ]
    return f"<table>{''.join(cells)}</table>"


def _kind(schema: dict[str, Any]) -> str:
    """A schema in few words, as HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#type-{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        shown = [f"<code>{escape(json.dumps(each))}</code>" for each in schema["enum"][:8]]
        return " | ".join(shown) + (" | …" if len(schema["enum"]) > len(shown) else "")
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"map to {_kind(schema['additionalProperties'])}"
    words = [str(schema.get("format") or schema.get("type") or "anything")]
    limits = {"minLength": "≥", "maxLength": "≤", "minimum": "≥", "maximum": "≤"}
    words += [f"{mark} {schema[key]}" for key, mark in limits.items() if key in schema]
    about = f" · {escape(schema['description'])}" if "description" in schema else ""
    return escape(" ".join(words)) + about
