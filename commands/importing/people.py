"""Who wrote there, as [people] of site.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commands.front_matter import toml_text
from core.words import plain_key

if TYPE_CHECKING:
    from commands.importing.models import ImportedAuthor
    from core.site import Site


@dataclass
class People:
    """Those whom site.toml knows, and those who are new."""

    site: Site
    new: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    # ^ by key: the name, and the role by language, the latest that was written
    _keys: dict[str, str] = field(default_factory=dict)

    def key(self, author: ImportedAuthor, lang: str) -> str:
        """Return somebody's key; who isn't known yet is taken down."""
        name = " ".join(author.name.split())[:200]
        folded = name.casefold()
        if not self._keys:
            known = self.site.known["people"]  # by key and name, of those who left too
            self._keys = {name.casefold(): key for name, key in known.items()}
        if folded not in self._keys:
            wish = plain_key(name)
            key, number = wish, 1
            while self.site.word("people", key) or key in self.new:
                number += 1
                key = f"{wish}-{number}"
            self._keys[folded] = key
            self.new[key] = (name, {})
        key = self._keys[folded]
        if key in self.new and author.role:
            self.new[key][1][lang] = " ".join(author.role.split())[:200]
        return key

    def toml(self) -> str:
        """Return the new ones as tables for site.toml."""
        tables = []
        for key, (name, roles) in sorted(self.new.items()):
            lines = [f"[people.{key}]", f"name = {toml_text(name)}"]
            words = {lang: roles[lang] for lang in self.site.languages if lang in roles}
            if words and len(self.site.languages) == 1:
                lines.append(f"role = {toml_text(next(iter(words.values())))}")
            elif words:
                by_language = ", ".join(
                    f"{lang} = {toml_text(role)}" for lang, role in words.items()
                )
                lines.append(f"role = {{{by_language}}}")
            tables.append("\n".join(lines))
        return "\n\n".join(tables)
