"""Which functions of the product take text, told from its source: so that a new one cannot be left out of the proof.

The rule: every public function, and every public method of a public class, that has a parameter whose annotation names
`str` or `bytes`, on its own or inside another type. What is private is measured through whatever calls it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
TEXT = {"str", "bytes"}
LEFT_OUT = {
    "migrations": "run once, on our own tables",
    "evaluate": "run by developers, on files of their own",
    "demo": "reads our own pages",
}


def functions_of_text(base: Path = BASE) -> set[str]:
    """Their dotted names."""
    return {
        f"{module}.{name}"
        for package in ("news", "digest")
        for file in sorted((base / package).rglob("*.py"))
        if not LEFT_OUT.keys() & set(file.relative_to(base).parts)
        for module in [".".join(file.relative_to(base).with_suffix("").parts).removesuffix(".__init__")]
        for name in of_module(file.read_text(encoding="utf-8"))
    }


def of_module(source: str) -> Iterator[str]:
    """The names within a module, methods with their class."""
    yield from _of_body(ast.parse(source).body, "")


def _of_body(body: list[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _of_body(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            if any(_names(one.annotation) & TEXT for one in given if one):
                yield prefix + node.name


def _names(annotation: ast.expr | None) -> set[str]:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)} if annotation else set()
