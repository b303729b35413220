"""The diagrams of the architecture page are those of the tables."""
from tools.generate_state_diagrams import PAGE, with_diagrams


def test_diagrams_are_up_to_date() -> None:
    assert PAGE.read_text() == with_diagrams(PAGE.read_text()), 'run `make docs`'
