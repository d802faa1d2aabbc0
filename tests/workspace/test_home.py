"""The first page: whose rooms it lists, what may be done to them, and in which language."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sessions.audit.reading import read_trail
from sessions.audit.records import Kind
from sessions.audit.trail import FILE_NAME
from sessions.plan.records import Role
from tests.workspace.served_room import FORM_TOKEN, OTHER_ROOM, ROOM, Guest, Served, furnish, served
from tests.workspace.signing_in import house, sign_in
from workspace.planning.pool import GeometryPool
from workspace.server.entrance import Entrance
from workspace.server.house_key import house_link
from workspace.server.keyring import MOST
from workspace.server.site import Site
from workspace.storage import deleted_in


@pytest.fixture
async def server(tmp_path: Path, pool: GeometryPool) -> AsyncIterator[Served]:
    """Serve two rooms."""
    async with served(tmp_path / "data", pool) as running:
        await furnish(await running.hosting.create(OTHER_ROOM), "<b>Other</b> & more")
        yield running


async def home(guest: Guest, language: str = "en") -> str:
    async with guest.http.get("/", headers={"Accept-Language": language}) as answer:
        assert answer.status == 200
        return await answer.text()


async def act(guest: Guest, path: str, fields: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Send what the page's script sends."""
    token = FORM_TOKEN.search(await home(guest))
    assert token
    headers = {"Origin": guest.origin}
    data = {**fields, "form_token": token[1]}
    async with guest.http.post(path, data=data, headers=headers) as answer:
        body: dict[str, Any] = await answer.json() if answer.content_type.endswith("json") else {}
        return answer.status, body


async def enter_house(guest: Guest, server: Served) -> None:
    path = await house_link(Entrance(), server.hosting.data)
    assert path is not None
    async with guest.http.get(path) as answer:
        assert answer.status == 200


async def test_somebody_who_is_nobody_s_member_sees_no_room(server: Served) -> None:
    async with Guest.arriving(server) as eve:
        text = await home(eve)
        assert "This is a Commissure server" in text
        assert "Two solids" not in text


async def test_a_browser_lists_the_rooms_that_it_joined_and_no_other(server: Served) -> None:
    async with Guest.joining(server, Role.SURGEON) as ana:
        text = await home(ana)
        assert f'href="{ana.path}"' in text
        assert "Two solids" in text
        assert "Other" not in text
        assert "Surgeon" in text
        assert "ch-bin" not in text


async def test_a_member_who_was_shown_out_sees_the_room_no_more(server: Served) -> None:
    async with Guest.joining(server) as ana:
        await server.hosting.expel(ROOM, ana.member_id)
        assert "Two solids" not in await home(ana)


async def test_titles_and_names_with_markup_are_text(server: Served) -> None:
    async with Guest.arriving(server) as eve:
        await eve.join(await server.link(room=OTHER_ROOM), '<img src=x onerror="x">')
        text = await home(eve)
        assert "&lt;b&gt;Other&lt;/b&gt; &amp; more" in text
        assert "<img src=x" not in text
        assert "<b>Other" not in text


async def test_a_patient_is_told_no_names(server: Served) -> None:
    async with (
        Guest.joining(server, Role.SURGEON, "Ana Reis"),
        Guest.joining(server, Role.PATIENT, "Pat") as pat,
    ):
        text = await home(pat)
        assert "Two solids" in text
        assert "Ana Reis" not in text


async def test_whoever_runs_the_server_sees_all_rooms_and_opens_one_as_its_owner(
    server: Served,
) -> None:
    async with Guest.arriving(server) as keeper:
        await enter_house(keeper, server)
        text = await home(keeper)
        assert text.count("data-room=") == 2
        answer = await keeper.post_form("/", "/cases/open", {"room": ROOM})
        assert answer.status == 303
        await keeper.join(answer.headers["Location"], "Ana Reis")
        hosted = await server.hosted()
        assert hosted.room.plan.members[keeper.member_id].role is Role.OWNER
        text = await home(Guest(keeper.http, keeper.origin))
        assert text.count("data-room=") == 2
        assert f'href="{keeper.path}"' in text


async def test_without_the_house_key_nobody_opens_a_room_by_its_id(server: Served) -> None:
    async with Guest.joining(server) as eve:
        answer = await eve.post_form("/", "/cases/open", {"room": OTHER_ROOM})
        assert answer.status == 404


@pytest.mark.parametrize("path", ["/house/guessed", "/house/" + "a" * 43])
async def test_a_house_key_that_nobody_made_opens_nothing(server: Served, path: str) -> None:
    async with Guest.arriving(server) as eve, eve.http.get(path) as answer:
        assert answer.status == 410
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "site",
    [
        Site(names=frozenset()),
        Site(names=frozenset({"rooms.example"})),
        Site(origins=("https://rooms.example",)),
        Site(requires_account=True),
    ],
)
async def test_there_is_no_house_key_where_others_could_come_by(tmp_path: Path, site: Site) -> None:
    assert await house_link(Entrance(site), tmp_path) is None


async def test_a_house_key_opens_nothing_once_there_are_accounts(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with house(tmp_path / "data", pool) as at_home:
        path = await house_link(Entrance(), tmp_path / "data")
        assert path is not None
        await at_home.add()
        async with Guest.arriving(at_home.server) as eve, eve.http.get(path) as answer:
            assert answer.status == 410


async def test_an_account_s_card_says_its_role_and_when_it_was_last_opened(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with house(tmp_path / "data", pool) as at_home:
        await at_home.add()
        async with Guest.arriving(at_home.server) as ana:
            await sign_in(ana)
            await ana.join(await at_home.server.link(Role.OBSERVER), "ignored")
            text = await home(ana)
            assert "Observer" in text
            assert re.search(r"Opened 20\d\d-\d\d-\d\d", text)


async def test_an_owner_deletes_a_room_and_brings_it_back(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with served(tmp_path, pool) as server, Guest.joining(server, Role.OWNER) as ana:
        revision = (await server.hosted()).room.revision
        status, answer = await act(ana, "/cases/delete", {"room": ROOM})
        assert status == 200
        assert ROOM not in server.hosting.room_ids()
        assert (await ana.get("")).status == 401
        assert "This is a Commissure server" in await home(ana)
        status, answer = await act_at_door(ana, {"undo": answer["undo"]})
        assert (status, answer) == (200, {"room": ROOM})
        assert "Two solids" in await home(ana)
        assert (await server.hosted()).room.revision == revision
        assert (await ana.get("")).status == 200
        assert list(deleted_in(server.hosting.data).iterdir()) == []
    kinds = [it.event.kind for it in read_trail(tmp_path / FILE_NAME)]
    assert kinds.index(Kind.ROOM_REMOVED) < kinds.index(Kind.IMPORTED)


async def act_at_door(guest: Guest, fields: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Undo from a page that was drawn before: its form token stands."""
    data = {**fields, "form_token": guest.form_token}
    async with guest.http.post(
        "/cases/undo", data=data, headers={"Origin": guest.origin}
    ) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("role", [Role.SURGEON, Role.OBSERVER])
async def test_nobody_but_an_owner_deletes_a_room(server: Served, role: Role) -> None:
    async with Guest.joining(server, role) as eve:
        status, answer = await act(eve, "/cases/delete", {"room": ROOM})
        assert status == 403
        assert "owner" in answer["problem"]
        assert ROOM in server.hosting.room_ids()


async def test_a_room_of_others_cannot_be_deleted(server: Served) -> None:
    async with Guest.joining(server, Role.OWNER) as eve:
        assert (await act(eve, "/cases/delete", {"room": OTHER_ROOM}))[0] == 403
        assert (await act(eve, "/cases/delete", {"room": "../accounts"}))[0] == 403


async def test_an_undo_that_nobody_offered_is_too_late(server: Served) -> None:
    async with Guest.joining(server, Role.OWNER) as eve:
        status, answer = await act(eve, "/cases/undo", {"undo": "guessed"})
        assert status == 410
        assert "too late" in answer["problem"]


async def test_another_site_deletes_nothing(server: Served) -> None:
    async with Guest.joining(server, Role.OWNER) as ana:
        data = {"room": ROOM}
        for headers in ({"Origin": "https://evil.example"}, {"Origin": ana.origin}):
            async with ana.http.post("/cases/delete", data=data, headers=headers) as answer:
                assert answer.status == 403
        assert ROOM in server.hosting.room_ids()


@pytest.mark.parametrize(
    ("asked", "lang", "words"), [("pt-BR", "pt-BR", "Suas salas"), ("es", "es", "Sus salas")]
)
async def test_the_page_speaks_the_browser_s_language(
    server: Served, asked: str, lang: str, words: str
) -> None:
    async with Guest.joining(server) as ana:
        text = await home(ana, asked)
        assert f'<html lang="{lang}"' in text
        assert words in text


async def test_a_chosen_language_is_remembered_and_leads_back(server: Served) -> None:
    async with Guest.joining(server) as ana:
        chosen = await ana.http.get(f"/language/es?next={ana.path}", allow_redirects=False)
        assert (chosen.status, chosen.headers["Location"]) == (303, ana.path)
        assert '<html lang="es"' in await home(ana, "pt")
        page = await (await ana.get("")).text()
        assert '<html lang="es"' in page
        assert "Abriendo la sala…" in page


@pytest.mark.parametrize(
    "wish",
    ["", "https://evil.example/", "//evil.example", "/\\evil.example", "/a\nb", "javascript:"],
)
async def test_choosing_a_language_leads_nowhere_else(server: Served, wish: str) -> None:
    async with Guest.arriving(server) as eve:
        answer = await eve.http.get("/language/pt", params={"next": wish}, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/")


async def test_a_language_that_there_is_not_is_not_found(server: Served) -> None:
    async with Guest.arriving(server) as eve, eve.http.get("/language/tlh") as answer:
        assert answer.status == 404


async def test_a_browser_forgets_the_rooms_that_it_opened_longest_ago(server: Served) -> None:
    async with Guest.arriving(server) as ana:
        link = await server.link()
        for n in range(MOST + 1):
            await ana.join(link, f"Ana {n}")
        text = await home(ana)
        assert text.count("data-room=") == MOST
