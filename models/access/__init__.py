"""Who may enter: passwords, second factors, recovery codes, tokens, waiting times and the clinic's key.

Pure: nothing here knows a database, a request or a page. What is stored is handed in, and what is to be
stored is handed back.
"""
