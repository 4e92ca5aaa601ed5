"""What whoever reads counts alone is told in the place of a list: whose it is, and who gives the right."""

import streamlit as st


def say_withheld() -> None:
    """One line in the place of a list."""
    st.caption(
        ":material/lock: Patients and single courses are for clinicians, and for a practice manager to whom "
        "an administrator gives the right to names."
    )
