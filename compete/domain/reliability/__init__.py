"""Agreement of judges, and how each of them judges: figures that advise, never decide.

Nothing here touches a mark. Marks come in as floats, for statistics alone: no
figure from here ever enters a result. Where too little is known the value is
None, and a message says what is missing.
"""
