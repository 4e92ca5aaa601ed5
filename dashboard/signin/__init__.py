"""The way in: a gate in front of the whole app, a page to sign in on, and who is signed in where.

It runs in the server's process and before Streamlit: nothing of the app, neither script nor socket nor file,
answers anybody who has no session in the record.
"""
