"""The two readers of pages, axe-core and the keyboard's walk, find what is wrong with a page of ours."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.keyboard import walk
from tests.browser.test_ground import visit


def test_axe_looks_into_shadow_trees_and_frames(desk: Page) -> None:
    visit(
        desk,
        "<main><h1>Probe</h1><p id=host></p><iframe title=inner srcdoc='<html lang=en><title>In</title>"
        "<main><h1>In</h1><img src=data:,></main>'></iframe></main>"
        "<script>host.attachShadow({mode: 'open'}).innerHTML = '<button></button>'</script>",
    )
    told = "\n".join(violations(desk))
    assert "html-has-lang" in told
    assert "button-name: #host button" in told
    assert "image-alt" in told


def test_what_the_keyboard_misses_is_told(desk: Page) -> None:
    visit(
        desk,
        "<style>#plain:focus {outline: none} #lid {position: fixed; inset: auto 0 0; height: 60%}</style>"
        "<button>First</button><div tabindex=0 id=plain>Plain</div>"
        "<p id=host></p><iframe title=inner srcdoc='<button>Framed</button>'></iframe>"
        "<button id=trap>Trap</button><a href=x>Beyond</a>"
        "<button style='position: fixed; bottom: 40px'>Beneath</button><div id=lid></div>"
        "<script>host.attachShadow({mode: 'open'}).innerHTML = '<button>Shadowed</button>';"
        "document.querySelector('a').onfocus = () => trap.focus()</script>",
    )
    walked = walk(desk)
    assert walked.order[:4] == ["button First", "div Plain", "button Shadowed", "button Framed"]
    assert walked.unseen == ["div Plain"]
    assert "button Beneath" in walked.unreached


def test_what_lies_beneath_something_fixed_is_told(desk: Page) -> None:
    visit(
        desk,
        "<style>#lid {position: fixed; inset: auto 0 0; height: 60%; background: white}</style>"
        "<button>Free</button><button style='position: fixed; bottom: 40px'>Beneath</button>"
        "<div id=lid></div>",
    )
    assert walk(desk).covered == ["button Beneath"]


def test_one_of_a_group_of_radio_buttons_stands_for_all(desk: Page) -> None:
    visit(desk, "<form><input type=radio name=a aria-label=1><input type=radio name=a aria-label=2></form>")
    assert walk(desk).faults() == []
