"""YAML that says what it means: no anchors or aliases, no key twice, no number in disguise."""

import re
from pathlib import Path
from typing import Any

import yaml
from typing_extensions import override

from tamiz.errors import ConfigError

LARGEST = 1_000_000  # bytes of a file that somebody wrote by hand
# What the next reader of YAML takes for a number (0189, 1e5) is one here, too, and so refused
# where a text should stand.
NUMBER = re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?")


class _Loader(yaml.SafeLoader):
    """A safe loader that takes no key twice, and nothing that stands for something else.

    With anchors and aliases a file of a few lines can stand for millions.
    """

    @override
    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            line = event.start_mark.line + 1
            raise ConfigError(f"line {line}: & and * are not taken: write what they stand for")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST:
        raise ConfigError(f"is larger than {LARGEST:,} bytes: name another file")
    return file.read_text(encoding="utf-8")


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if key.tag == "tag:yaml.org,2002:merge":
            raise ConfigError(f"line {line}: << is not taken: write what it stands for")
        if str(key.value) in seen:
            raise ConfigError(f"line {line}: this key is there twice: keep one")
        seen.add(str(key.value))
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", NUMBER, list("-+0123456789"))


def read_yaml(file: Path) -> object:
    """Return what stands in a YAML (or JSON) file; None where it is empty.

    Raises ConfigError with the file, the line and what to do, and never repeats what is written
    there: it may be a secret.
    """
    try:
        return yaml.load(_text(file), Loader=_Loader)  # noqa: S506 - it is a SafeLoader
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}): mend its rights") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: is not UTF-8: save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        # The parser's own words quote the line, in which a secret may stand.
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{file}: line {line}: is no YAML: mend its indents and quotes") from None
    except yaml.YAMLError:
        raise ConfigError(f"{file}: holds characters that YAML does not take: remove them") from (
            None
        )
    except (ValueError, RecursionError):
        raise ConfigError(f"{file}: holds what YAML cannot read: write texts in quotes") from None
    except ConfigError as problem:
        raise ConfigError(f"{file}: {problem}") from None
