from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nhactruong.foundation.access import rules
from nhactruong.kernel.states import Role

ids = st.integers(min_value=1, max_value=2_000_000)


@given(ids, ids, st.sampled_from(Role), st.sampled_from(Role))
def test_no_two_things_share_a_token(one: int, other: int, role: Role, second: Role) -> None:
    tokens = {
        ("post", one): rules.post_token(one),
        ("unit", one): rules.unit_token(one),
        ("list", one): rules.list_token(one),
        ("role", role, one): rules.role_token(role, one),
        ("post", other): rules.post_token(other),
        ("role", second, other): rules.role_token(second, other),
    }
    assert len(set(tokens.values())) == len(tokens)
    assert all(0 < token < 2**31 for token in tokens.values())
