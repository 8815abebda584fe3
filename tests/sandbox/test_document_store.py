from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.document_store import DocumentStore


@pytest.fixture
def documents(tmp_path: Path) -> DocumentStore:
    return DocumentStore(tmp_path / "folder" / "store.sqlite3")


def test_put_get_replace_delete(documents: DocumentStore) -> None:
    documents.put("cup", "1", {"size": "small", "für": "Zoë"})
    documents.put("cup", "2", {"size": "large"})
    documents.put("cup", "1", {"size": "middle"})
    documents.put("pot", "1", {"lid": True})
    assert documents.get("cup", "1") == {"size": "middle"}
    assert documents.all("cup") == [{"size": "middle"}, {"size": "large"}]
    assert documents.delete("cup", "1") and not documents.delete("cup", "1")
    assert documents.get("cup", "1") is None
    assert documents.get("pot", "1") == {"lid": True}


def test_since_shows_what_changed_then_or_later(documents: DocumentStore) -> None:
    for id, at in (("a", 30.0), ("b", 10.0), ("c", 20.0)):
        documents.put("cup", id, {"id": id}, at)
    assert [one["id"] for one in documents.all("cup", since=20.0)] == ["a", "c"]
    documents.put("cup", "b", {"id": "b"}, 40.0)
    assert [one["id"] for one in documents.all("cup", since=30.0)] == ["a", "b"]


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    first = DocumentStore(tmp_path / "store.sqlite3")
    first.put("cup", "1", {"size": "small"})
    assert first.next_number("cup") == 1
    first.close()
    second = DocumentStore(tmp_path / "store.sqlite3")
    assert second.get("cup", "1") == {"size": "small"}
    assert second.next_number("cup") == 2


def test_a_failed_transaction_leaves_nothing(documents: DocumentStore) -> None:
    documents.put("cup", "1", {"size": "small"})
    with pytest.raises(ZeroDivisionError), documents.transaction():
        documents.put("cup", "1", {"size": "large"})
        with documents.transaction():
            documents.put("cup", "2", {"size": "large"})
        raise ZeroDivisionError
    assert documents.all("cup") == [{"size": "small"}]
    with documents.transaction():
        documents.put("cup", "2", {"size": "large"})
    assert len(documents.all("cup")) == 2


def test_threads_take_turns(documents: DocumentStore) -> None:
    documents.put("jar", "1", {"beans": 0})

    def add(_: int) -> int:
        with documents.transaction():
            jar = documents.get("jar", "1") or {}
            documents.put("jar", "1", {"beans": jar["beans"] + 1})
        return documents.next_number("bean")

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(add, range(200)))
    assert documents.get("jar", "1") == {"beans": 200}
    assert sorted(numbers) == list(range(1, 201))
